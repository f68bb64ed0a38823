"""Photos (相片): JPEG blobs in the encrypted file, by digest, atomic with the entry that names them."""

from hashlib import sha256

from sqlalchemy import delete, exists, or_
from sqlmodel import Session, col

from counter.store import tables
from counter.store.errors import DamagedLedgerError
from counter.store.unlocked import Unlocked


class Photos:
    """The photos of this counter."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def put(self, jpeg: bytes) -> str:
        """Keep a photo; its SHA-256 in hex. The same bytes again are kept once."""
        digest = sha256(jpeg).hexdigest()
        with self._unlocked.database.write() as session:
            if session.get(tables.Photo, digest) is None:
                session.add(tables.Photo(digest=digest, jpeg=jpeg))
        return digest

    def get(self, digest: str) -> bytes | None:
        """The JPEG, or None. Raises `DamagedLedgerError` for one that is not as it was kept.

        The last page of a long value is read as zeros where it is damaged (SQLCipher 4.19), so the digest is checked.
        """
        with self._unlocked.database.read() as session:
            row = session.get(tables.Photo, digest)
        if row is not None and sha256(row.jpeg).hexdigest() != digest:
            raise DamagedLedgerError("a photo is not as it was kept")
        return row.jpeg if row else None

    def forget(self, digest: str) -> None:
        """Drop a photo that was taken for a case that came to nothing."""
        with self._unlocked.database.write() as session:
            release(session, digest)


def release(session: Session, digest: str) -> None:
    """Delete a photo that no entry, no open case and no roster names any more: what is not needed is not kept."""
    named_by = (tables.Upload.digest, tables.Draft.photo, tables.Awaiting.photo, tables.BatchRow.photo)
    # that it is none of the empty ones lets SQLite use the index of the rows' photos
    wanted = or_(*(exists().where(col(name) == digest, col(name) != "") for name in named_by))
    session.connection().execute(delete(tables.Photo).where(col(tables.Photo.digest) == digest, ~wanted))
