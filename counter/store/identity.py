"""This counter's identity (终端身份): where it stands, its signing key, the province that it is enrolled with."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session, update

from counter.rules.reference import Place
from counter.store import audit, tables
from counter.store.errors import DamagedLedgerError
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

    def enrol(self, private_key: Ed25519PrivateKey, province_url: str, province_key: str) -> None:
        """Keep what an enrolment agreed on, in place of an earlier one."""
        with self._unlocked.database.write() as session:
            row = identity_row(session)
            row.private_key = private_key.private_bytes_raw()
            row.province_url, row.province_key = province_url, province_key
            session.connection().execute(update(tables.Signer).values(sent=False))  # told anew
            audit.record(session, self._unlocked, "enrol")
