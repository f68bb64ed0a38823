"""Photos (相片) and images of papers (材料影像): JPEG blobs by digest, atomic with the entry that names them."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, exists, false, or_
from sqlmodel import Session, col

from counter.rules.case import Case
from counter.rules.record import pictures
from counter.store import tables
from counter.store.errors import DamagedLedgerError
from counter.store.unlocked import Unlocked


class Photos:
    """The photos of this counter."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def put(self, jpeg: bytes) -> str:
        """Keep a photo; its SHA-256 in hex. The same bytes again are kept once, and again from now on."""
        digest = sha256(jpeg).hexdigest()
        with self._unlocked.database.write() as session:
            session.merge(tables.Photo(digest=digest, jpeg=jpeg, kept_at=self._unlocked.clock()))
        return digest

    def get(self, digest: str) -> bytes | None:
        """The JPEG, or None where there is none (any more). Raises `DamagedLedgerError` for one not as it was kept.

        The last page of a long value is read as zeros where it is damaged (SQLCipher 4.19), so the digest is checked.
        """
        with self._unlocked.database.read() as session:
            row = session.get(tables.Photo, digest)
        if row is None or not row.jpeg:
            return None
        if sha256(row.jpeg).hexdigest() != digest:
            raise DamagedLedgerError("a photo is not as it was kept")
        return row.jpeg

    def forget(self, digest: str) -> None:
        """Drop a photo that was taken for a case that came to nothing."""
        with self._unlocked.database.write() as session:
            release(session, digest)


def named(case: Case) -> str:
    """The pictures of an open case as its row keeps them: their digests, separated by spaces."""
    return " ".join(sorted(pictures(case)))


def release(session: Session, digests: str, *, kept_until: datetime | None = None) -> None:
    """Delete those pictures, out of `named`, that no entry, open case or roster names any more: 最小必要.

    One that was kept again after `kept_until` stays: a case that is not written yet has it again.
    """
    for digest in digests.split():
        # that it is none of the empty ones lets SQLite use the index of the rows' photos
        alone = (tables.Upload.digest, tables.BatchRow.photo)
        whole = (exists().where(col(name) == digest, col(name) != "") for name in alone)
        among = (exists().where(col(name).contains(digest)) for name in (tables.Draft.photo, tables.Awaiting.photo))
        wanted = or_(*whole, *among)
        again = false() if kept_until is None else col(tables.Photo.kept_at) > kept_until
        session.connection().execute(delete(tables.Photo).where(col(tables.Photo.digest) == digest, ~wanted, ~again))
