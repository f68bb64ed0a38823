"""Retention (保存期限): what names a person is erased from the ledger file past its time, and the audit notes it.

An entry's number, kind, fee, digest and hash stay, so that the chain still verifies; of a picture that was sent, its
digest, so that what names it can still be taken back. What goes is overwritten with zeros (`secure_delete`, which
SQLCipher has on): who has the file's key finds nothing of it in free pages, nor in the log.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlmodel import Session

from counter.clock import moment_text
from counter.store import audit
from counter.store.database import CHUNK, store_errors
from counter.store.deeds import ERASE
from counter.store.unlocked import Unlocked


class Cutoffs(NamedTuple):
    """What is older is past its time; an empty one keeps everything. `entries` is a business date.

    `orphans`: pictures that nothing names. They are kept before the case that will name them, and so not swept at once.
    """

    entries: date = date.min
    photos: datetime | None = None
    drafts: datetime | None = None
    rosters: datetime | None = None
    orphans: datetime | None = None


class Erased(NamedTuple):
    """How many of each kind."""

    entries: int = 0
    drafts: int = 0
    rosters: int = 0
    cards: int = 0
    photos: int = 0
    orphans: int = 0


class _Kind(NamedTuple):
    """What of a kind is past its time, and the statements that erase those of these ids."""

    past: str
    erase: tuple[str, ...]


_PHOTO: Final = "SELECT digest FROM photo"
_UNNAMED: Final = """
    AND NOT EXISTS (SELECT 1 FROM batch_row WHERE batch_row.photo = photo.digest AND batch_row.photo <> '')
    AND NOT EXISTS (SELECT 1 FROM draft WHERE instr(draft.photo, photo.digest))
    AND NOT EXISTS (SELECT 1 FROM awaiting WHERE instr(awaiting.photo, photo.digest))"""
_KINDS: Final[Mapping[str, _Kind]] = {
    "entries": _Kind(
        """SELECT body.seq FROM body JOIN entry ON entry.seq = body.seq JOIN outbox ON outbox.seq = body.seq
        WHERE entry.business_date < :entries AND outbox.state <> 'pending' ORDER BY body.seq""",
        ("DELETE FROM body WHERE seq IN ({ids})",),
    ),
    "drafts": _Kind("SELECT id FROM draft WHERE updated_at < :drafts", ("DELETE FROM draft WHERE id IN ({ids})",)),
    "rosters": _Kind(
        "SELECT id FROM batch WHERE created_at < :rosters",
        ("DELETE FROM batch_row WHERE batch IN ({ids})", "DELETE FROM batch WHERE id IN ({ids})"),
    ),
    "cards": _Kind(
        """SELECT parcel_card.rowid FROM parcel_card JOIN entry ON entry.id = parcel_card.collected
        WHERE entry.recorded_at < :rosters""",
        ("DELETE FROM parcel_card WHERE rowid IN ({ids})",),
    ),
    "photos": _Kind(
        f"{_PHOTO} JOIN upload USING (digest) WHERE kept_at < :photos AND sent AND length(jpeg) {_UNNAMED}",
        ("UPDATE photo SET jpeg = x'' WHERE digest IN ({ids})",),
    ),
    "orphans": _Kind(
        f"{_PHOTO} LEFT JOIN upload USING (digest) WHERE kept_at < :orphans AND sent IS NULL {_UNNAMED}",
        ("DELETE FROM photo WHERE digest IN ({ids})",),
    ),
}
"""By the fields of `Erased`; what names pictures goes before they do."""


class Retention:
    """What this ledger holds past its time. It takes no right to erase it: nothing here is anybody's choice."""

    def __init__(self, unlocked: Unlocked) -> None:
        self._unlocked = unlocked

    def due(self, cutoffs: Cutoffs) -> Erased:
        """How much is past its time now; pictures of what goes first are not among it yet."""
        with self._unlocked.database.read() as session:
            return Erased(**{name: len(_past(session, kind, cutoffs)) for name, kind in _KINDS.items()})

    def erase(self, cutoffs: Cutoffs) -> Erased:
        """Erase what is past its time, a thousand at most in one transaction with its note; how much that was."""
        done = Erased(**{name: sum(self._erased(name, kind, cutoffs)) for name, kind in _KINDS.items()})
        if any(done):
            database = self._unlocked.database
            with store_errors(database.path), closing(database.connect()) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # as far as nobody is reading
        return done

    def _erased(self, name: str, kind: _Kind, cutoffs: Cutoffs) -> Iterator[int]:
        while True:
            with self._unlocked.database.write() as session:
                ids = _past(session, kind, cutoffs, CHUNK)
                if not ids:
                    return
                connection = session.connection()
                for statement in kind.erase:
                    connection.exec_driver_sql(statement.format(ids=", ".join("?" * len(ids))), tuple(ids))
                audit.record(session, self._unlocked, f"{ERASE} {name}", _subject(ids))
            yield len(ids)


def _past(session: Session, kind: _Kind, cutoffs: Cutoffs, limit: int = -1) -> list[int | str]:
    values = {name: _text(value) for name, value in cutoffs._asdict().items()}
    rows = session.connection().exec_driver_sql(f"{kind.past} LIMIT {limit}", values)
    return [id for (id,) in rows]


def _text(cutoff: date | datetime | None) -> str:
    """As the file holds it; what is empty is earlier than everything."""
    if isinstance(cutoff, datetime):
        return moment_text(cutoff)
    return cutoff.isoformat() if cutoff else ""


def _subject(ids: list[int | str]) -> str:
    """The numbers of entries and rosters; of what has a person's or no number, how many."""
    numbers = f"{ids[0]}-{ids[-1]} " if isinstance(ids[0], int) else ""
    return f"{numbers}({len(ids)})"
