"""The operators' signing keys: made with a passphrase's slot, vouched for, known to the ledger by their public half.

What counts as a voucher is said in `counter.rules.signers`.
"""

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session, col, select, update

from counter.clock import Clock
from counter.rules.link import SignerKey
from counter.rules.reference import Place
from counter.rules.signers import public, vouched
from counter.store import slots, tables
from counter.store.database import Database
from counter.store.keys import read_keyring, write_keyring
from counter.store.records import Operator

new = Ed25519PrivateKey.generate
"""A new signing key."""


def register(
    session: Session,
    place: Place,
    operator: Operator,
    key: Ed25519PrivateKey,
    clock: Clock,
    by: Ed25519PrivateKey | None = None,
) -> None:
    """Make an operator's key known, on the word of another key, or of its own."""
    said = SignerKey(
        public_key=public(key), operator=operator.id, role=operator.role, made_at=clock(), voucher="0" * 64
    )
    values = msgspec.structs.asdict(vouched(said, by or key, place.branch, place.counter))
    session.add(tables.Signer(**values))


def introduce(
    database: Database,
    place: Place,
    operator: Operator,
    passphrase: str,
    signer: Ed25519PrivateKey | None,
    clock: Clock,
) -> Ed25519PrivateKey | None:
    """The key of who has signed in; one who was there before entries were signed gets theirs now.

    The keyring comes first: a key that only the ledger knew nobody could sign with. None where the ledger does not
    know the key and has no reason to believe it: it then signs nothing.
    """
    with database.read() as session:
        if signer and is_known(session, operator.id, signer):
            return signer
    with database.write() as session:
        rings = read_keyring(database.path.parent)
        slot = rings.slot(operator.id)
        row = session.get(tables.Operator, operator.id)
        if slot is None or row is None or not row.from_before or keys_of(session, operator.id):
            return None
        if signer is None:
            signer = new()
            write_keyring(database.path.parent, rings.with_slot(slots.with_signer(slot, passphrase, signer)))
        register(session, place, operator, signer, clock)
    return signer


def is_known(session: Session, operator: str, key: Ed25519PrivateKey) -> bool:
    """Does the ledger know this key as this operator's?"""
    return any(known.public_key == public(key) for known in keys_of(session, operator))


def keys_of(session: Session, operator: str) -> list[tables.Signer]:
    """The keys of an operator, oldest first."""
    mine = select(tables.Signer).where(tables.Signer.operator == operator).order_by(col(tables.Signer.seq))
    return list(session.exec(mine))


class Signers:
    """The public keys of this counter's operators, for verification and for the province."""

    def __init__(self, database: Database, place: Place) -> None:
        self._database = database
        self._place = place

    def unsent(self) -> list[SignerKey]:
        """The keys that the province has not been told of, oldest first."""
        query = select(tables.Signer).where(~col(tables.Signer.sent)).order_by(col(tables.Signer.seq))
        with self._database.read() as session:
            return [said(row) for row in session.exec(query)]

    def sent(self, keys: list[SignerKey]) -> None:
        """The province knows these keys."""
        told = col(tables.Signer.public_key).in_([key.public_key for key in keys])
        with self._database.write() as session:
            session.connection().execute(update(tables.Signer).where(told).values(sent=True))

    def tell_again(self) -> None:
        """A province that has lost entries may have lost the keys that sign them."""
        with self._database.write() as session:
            session.connection().execute(update(tables.Signer).values(sent=False))

    def before(self) -> tuple[tuple[str, ...], int]:
        """Who was here before entries were signed, and the last entry that was not."""
        there = select(tables.Operator.id).where(tables.Operator.from_before).order_by(tables.Operator.id)
        last = select(tables.Entry.seq).where(tables.Entry.form == 1).order_by(col(tables.Entry.seq).desc()).limit(1)
        with self._database.read() as session:
            return tuple(session.exec(there)), session.exec(last).first() or 0


def said(row: tables.Signer) -> SignerKey:
    """The key as it was vouched for."""
    return SignerKey(**{name: getattr(row, name) for name in SignerKey.__struct_fields__})
