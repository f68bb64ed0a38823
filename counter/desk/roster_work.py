"""What is still to be done for the rows of an open roster: check them, ask the province about them.

A row that changes is due to be checked; of another person the province is to be asked. Both happen elsewhere, some rows
at a time, while the rows go on changing: what comes back for a row that has changed meanwhile is of no use, and what
failed waits again. Nothing here checks, asks or draws.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from counter.roster.checks import Checker

Key: TypeAlias = Hashable
"""What a row is known by."""

AT_ONCE: Final = 100
"""Rows that are checked together: so many that the clerk sees it move."""


@dataclass(frozen=True, slots=True)
class Checks:
    """Rows that are being checked. `checker` looked at other rosters and the ledger when there had been `renumbered`
    changes of numbers; without one it must be looked there again."""

    keys: tuple[Key, ...]
    checker: Checker | None
    renumbered: int


class RosterWork:
    """Which rows are due to be checked (`due`), which to be asked about (`unasked`), which of them are on their way.

    Rows stand in the order in which they came to be due.
    """

    def __init__(self, due: Iterable[Key] = (), unasked: Iterable[Key] = ()) -> None:
        self.due: dict[Key, None] = dict.fromkeys(due)
        self.unasked: dict[Key, None] = dict.fromkeys(unasked)
        self.checking: Checks | None = None
        self.asking: tuple[Key, ...] = ()
        self.renumbered = 0
        """How many changes of numbers there have been."""
        self.checker: Checker | None = None
        """The latest one, which may know less than `renumbered` by now."""
        self._checker_knows = -1

    # --- rows change

    def changed(self, key: Key, *, renumbered: bool, somebody_else: bool) -> None:
        """A row says something else, or is new; perhaps under another number, perhaps of somebody else."""
        self.due[key] = None
        self.renumbered += renumbered
        if somebody_else:
            self.unasked[key] = None

    def gone(self, key: Key) -> None:
        """A row is no longer there."""
        self.due.pop(key, None)
        self.unasked.pop(key, None)
        self.renumbered += 1

    def judge_anew(self, keys: Iterable[Key]) -> None:
        """What holds for all rows has changed: these are to be checked from the start, by a new checker."""
        self.renumbered += 1
        self.due = dict.fromkeys(keys)

    # --- checking

    def take_checks(self, still_open: Callable[[Key], bool], count: int = AT_ONCE) -> Checks | None:
        """The next rows to check, those that are still open; None when there is nothing to do, or while it is done."""
        if self.checking is not None:
            return None
        taken = [key for key, _ in zip(self.due, range(count), strict=False)]
        for key in taken:
            del self.due[key]
        keys = tuple(filter(still_open, taken))
        checker = self.checker if self._checker_knows == self.renumbered else None
        if keys or checker is None:
            self.checking = Checks(keys, checker, self.renumbered)
        return self.checking

    def checked(self, checks: Checks, checker: Checker) -> None:
        """Those rows have been checked."""
        self.checking = None
        self.checker, self._checker_knows = checker, checks.renumbered

    def not_checked(self, checks: Checks, still_open: Callable[[Key], bool]) -> None:
        """Those rows could not be checked: they are due again."""
        self.checking = None
        self.due.update(dict.fromkeys(filter(still_open, checks.keys)))

    # --- asking

    def take_questions(self) -> tuple[Key, ...]:
        """The rows to ask about, all of them; none while others are being asked about: they come after those."""
        if self.asking:
            return ()
        self.asking, self.unasked = tuple(self.unasked), {}
        return self.asking

    def answered(self, keys: Iterable[Key], still_there: Callable[[Key], bool]) -> list[Key]:
        """The province has answered about these rows; those for which the answer holds are to be checked with it."""
        holds = [key for key in keys if still_there(key) and key not in self.unasked]
        self.due.update(dict.fromkeys(holds))
        return holds

    def asked(self) -> None:
        """The province has said all that it will say now; where it is out of reach, that is nothing."""
        self.asking = ()

    def not_asked(self, still_open: Callable[[Key], bool]) -> None:
        """It could not be asked, or the answers could not be kept: those rows are to be asked about again."""
        asked, self.asking = self.asking, ()
        self.unasked.update(dict.fromkeys(filter(still_open, asked)))
