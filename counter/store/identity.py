"""This counter's identity (终端身份): where it stands, its signing key, the province that it is enrolled with."""

import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session, update

from counter.rules.reference import Place
from counter.store import anchor, audit, tables
from counter.store.database import Database
from counter.store.errors import CutLedgerError, DamagedLedgerError, RestoredLedgerError, unavailable
from counter.store.operators import require
from counter.store.records import Role
from counter.store.unlocked import Unlocked


def identity_row(session: Session) -> tables.Identity:
    """The one row. Raises `DamagedLedgerError` when it is gone."""
    row = session.get(tables.Identity, 1)
    if row is None:
        raise DamagedLedgerError("the ledger does not say where its counter stands")
    return row


def place_of(row: tables.Identity) -> Place:
    """Where the counter stands."""
    return Place(city=row.city, bank=row.bank, branch=row.branch, counter=row.counter)


def require_caught_up(session: Session) -> None:
    """Raise `RestoredLedgerError` where an enrolled home was restored and has not asked the province since."""
    row = identity_row(session)
    if row.may_be_behind and row.province_url:
        raise RestoredLedgerError("the province may hold more than this ledger")


def check_anchor(database: Database) -> None:
    """Raise `CutLedgerError` unless the ledger has all that its anchor says; one that has no key had none yet.

    The anchor is read first: the ledger only goes on. A home's first may be dropped between the two, so once more.
    """
    if not (_reaches_its_anchor(database) or _reaches_its_anchor(database)):
        raise CutLedgerError("the ledger is not all that its anchor says")


def _reaches_its_anchor(database: Database) -> bool:
    content = anchor.content(database.path.parent)
    with database.read() as session:
        key = identity_row(session).anchor_key
        found = anchor.opened(content, key) if key else None
        return key is None or (found is not None and anchor.holds(session.connection().exec_driver_sql, found))


def drop_anchor(database: Database) -> None:
    """Give a home its first anchor: the file first, for only a ledger with a key misses one.

    Raises `LedgerUnavailableError`.
    """
    with database.write() as session:
        identity = identity_row(session)
        if identity.anchor_key is None:
            identity.anchor_key = secrets.token_bytes(anchor.KEY_BYTES)
            session.flush()
            place_anchor(session, database.path.parent)
        key = identity.anchor_key
    database.anchor_key = key


def place_anchor(session: Session, home: Path) -> None:
    """Put an anchor for the ledger as it stands into a home, unless it is of before there were any.

    Raises `LedgerUnavailableError`.
    """
    run = session.connection().exec_driver_sql
    if not run("SELECT 1 FROM pragma_table_info('identity') WHERE name = 'anchor_key'").first():
        return
    try:
        if key := run("SELECT anchor_key FROM identity").scalar():
            anchor.drop(home, key, anchor.heads(run))
    except OSError as error:
        raise unavailable(error) from error


class Identity:
    """The identity of this counter; the key lies in the encrypted file and nowhere else."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def counter_key(self) -> Ed25519PrivateKey | None:
        """The key that signs requests; None before enrolment."""
        with self._unlocked.database.read() as session:
            raw = identity_row(session).private_key
        return Ed25519PrivateKey.from_private_bytes(raw) if raw else None

    def province(self) -> tuple[str, str] | None:
        """The province's address and its pinned Ed25519 key (hex); None before enrolment."""
        with self._unlocked.database.read() as session:
            row = identity_row(session)
        return (row.province_url, row.province_key) if row.province_url else None

    def province_ca(self) -> str:
        """The certificate (PEM) that the province's TLS is known by; '' where the machine's own trust decides."""
        with self._unlocked.database.read() as session:
            return identity_row(session).province_ca

    def key_to_enrol(self) -> Ed25519PrivateKey:
        """A key to be enrolled: a new one, kept before it is sent where there is no province yet, so that an answer
        that is lost does not lose the code."""
        with self._unlocked.database.write() as session:
            row = identity_row(session)
            if row.province_url:
                return Ed25519PrivateKey.generate()
            row.private_key = row.private_key or Ed25519PrivateKey.generate().private_bytes_raw()
            return Ed25519PrivateKey.from_private_bytes(row.private_key)

    def enrol(
        self, private_key: Ed25519PrivateKey, province_url: str, province_key: str, ca: str = "", checker: str = ""
    ) -> None:
        """Keep what an enrolment agreed on, in place of an earlier one: a supervisor's act.

        `checker` is who has compared the province's fingerprint beside them. Raises `NotAllowedError`.
        """
        with self._unlocked.database.write() as session:
            require(session, self._unlocked.operator.id, Role.SUPERVISOR)
            row = identity_row(session)
            row.private_key = private_key.private_bytes_raw()
            row.province_url, row.province_key, row.province_ca = province_url, province_key, ca
            session.connection().execute(update(tables.Signer).values(sent=False))  # told anew
            audit.record(session, self._unlocked, "enrol", province_key)
            if checker:
                audit.record(session, self._unlocked, "confirm enrolment", province_key, by=checker)
