"""Retention (保存期限) at a counter: what its ledger, its saved papers and its backups hold past their time is erased.

The periods are data (`counter.reference.retention`). Sync does it every day, `counter ledger erase` at once.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from counter.clock import business_date
from counter.paper.letter import file_name
from counter.reference.load import ReferenceDataError
from counter.reference.retention import Periods, periods
from counter.store.anchor import FILE_NAME as ANCHOR
from counter.store.backup import SUFFIXES
from counter.store.database import FILE_NAME
from counter.store.deeds import BACK_UP, ERASE
from counter.store.errors import LedgerUnavailableError
from counter.store.keys import FILE_NAME as KEYRING
from counter.store.retention import Cutoffs
from counter.store.schema import COPIES
from counter.store.store import Store

PAPERS: Final = ("slips", "rosters")
"""The folders of a home into which papers are saved."""
ORPHAN_DAYS: Final = 1
"""A picture is kept before the case that names it: a day later it is nobody's."""


class Past(NamedTuple):
    """How many of each kind are past their time, or were erased; the first six as `counter.store.retention.Erased`."""

    entries: int = 0
    drafts: int = 0
    rosters: int = 0
    cards: int = 0
    photos: int = 0
    orphans: int = 0
    papers: int = 0
    backups: int = 0


def due(store: Store, now: datetime, kept: Periods | None = None) -> Past:
    """What is past its time."""
    kept = kept or periods()
    files = (len(list(found)) for found in _files(store, now, kept).values())
    return Past(*store.retention.due(_cutoffs(now, kept)), *files)


def erase(store: Store, now: datetime, kept: Periods | None = None) -> Past:
    """Erase it. What cannot be deleted now (a viewer on Windows has it open) is past its time the next day too."""
    kept = kept or periods()
    rows = store.retention.erase(_cutoffs(now, kept))
    counts = []
    for name, found in _files(store, now, kept).items():
        gone = sum(map(_DELETE[name], found))
        if gone:
            store.audit.note(f"{ERASE} {name}", f"({gone})")
        counts.append(gone)
    return Past(*rows, *counts)


def erase_daily(store: Store, now: datetime) -> None:
    """What is past its time goes at the end of a day; on a disk that takes nothing, once there is room. Without periods
    that can be read nothing does: `counter retention` says so."""
    with suppress(LedgerUnavailableError, ReferenceDataError):
        erase(store, now)


def sweep_letters(home: Path, name: str = file_name("*")) -> None:
    """Letters have name and numbers whole: one goes when its screen is left, and what a killed program has left of
    them when the next one opens the ledger."""
    for letter in (home / PAPERS[0]).glob(f"{name}.pdf"):
        _unlinked(letter)


def _cutoffs(now: datetime, kept: Periods) -> Cutoffs:
    before = _before(now)
    return Cutoffs(
        entries=business_date(now) - timedelta(kept.entries) if kept.entries else date.min,
        photos=before(kept.photos),
        drafts=before(kept.drafts),
        rosters=before(kept.rosters),
        orphans=before(ORPHAN_DAYS),
    )


def _before(now: datetime) -> Callable[[int], datetime | None]:
    return lambda days: now - timedelta(days) if days else None


def _files(store: Store, now: datetime, kept: Periods) -> dict[str, Iterator[Path]]:
    """Saved papers, and the folders of backups, past their time."""
    papers = (path for name in PAPERS for path in (store.home / name).glob("*"))
    noted = map(Path, store.audit.subjects(BACK_UP))
    backups = dict.fromkeys([*store.home.glob(COPIES), *noted])
    return {
        "papers": _older(papers, _before(now)(kept.papers)),
        "backups": (
            folder
            for folder in backups
            if any(_older([folder / FILE_NAME], _before(now)(kept.backups))) and _is_at_rest(folder, store.home)
        ),
    }


def _older(paths: Iterable[Path], cutoff: datetime | None) -> Iterator[Path]:
    """The files among these that were last written before."""
    for path in paths:
        with suppress(OSError):
            if cutoff and path.is_file() and not path.is_symlink() and path.stat().st_mtime < cutoff.timestamp():
                yield path


def _is_at_rest(folder: Path, home: Path) -> bool:
    """Is this a backup still, and not a home that somebody works in?"""
    beside = [folder / (FILE_NAME + suffix) for suffix in SUFFIXES[1:]]
    return (folder / KEYRING).is_file() and folder != home and not any(path.exists() for path in beside)


def _delete_backup(folder: Path) -> bool:
    gone = _unlinked(folder / FILE_NAME)
    if gone:
        for name in (KEYRING, ANCHOR):
            _unlinked(folder / name)
        with suppress(OSError):  # somebody's own file lies there too
            folder.rmdir()
    return gone


def _unlinked(path: Path) -> bool:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True


_DELETE: Final = {"papers": _unlinked, "backups": _delete_backup}
