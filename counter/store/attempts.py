"""Failed passphrases (口令试错), counted in a file beside the keyring: before unlocking there is no ledger to tell.

After the third in a row each try has to wait, twice as long as the one before. A wait is measured by how long the
machine has been running, so that setting its clock helps neither way; switching it off lets the wait begin anew. Who
may write in the home can take the file away. An id of nobody is not written down: it may be a passphrase, typed in
the wrong place.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from filelock import FileLock, Timeout

from counter.clock import Clock
from counter.files import write_whole
from counter.store import audit, slots
from counter.store.deeds import FAIL
from counter.store.errors import (
    DisabledOperatorError,
    LedgerBusyError,
    LedgerFullError,
    LedgerReadOnlyError,
    SlowedDownError,
    WrongCredentialsError,
    unavailable,
)
from counter.store.keys import Keyring
from counter.store.slots import OpenedSlot
from counter.store.unlocked import Unlocked

FILE_NAME: Final = "attempts.json"
FREE: Final = 3
"""So many may fail in a row without a wait."""
FIRST_WAIT: Final = 5
LONGEST_WAIT: Final = 15 * 60
"""Seconds."""
UNKNOWN: Final = "?"
"""Whose a passphrase was that came with an id of nobody."""
_LOCK_SECONDS: Final = 10


class Failures(msgspec.Struct, frozen=True):
    """What has failed for one id: in a row, not noted in the audit yet, when the last one did.

    `ticks`: seconds that the machine had been running then.
    """

    in_a_row: int
    unnoted: int
    at: datetime
    ticks: float

    def left(self, ticks: float) -> float:
        """Seconds until the next try, after so many seconds that the machine has been running."""
        if self.in_a_row < FREE:
            return 0
        wait = min(FIRST_WAIT * 2.0 ** min(self.in_a_row - FREE, 20), LONGEST_WAIT)
        passed = ticks - self.ticks if ticks >= self.ticks else ticks
        return max(wait - passed, 0)


class Attempts:
    """The tries at the keyring of one home."""

    def __init__(self, home: Path, clock: Clock, ticks: Callable[[], float] = time.monotonic) -> None:
        self._home = home
        self._clock = clock
        self._ticks = ticks

    def opened(self, keyring: Keyring, id: str, passphrase: str) -> OpenedSlot:
        """What the slot holds that a passphrase opens.

        Raises `SlowedDownError` where it is not even tried, `WrongCredentialsError`, `DisabledOperatorError`.
        """
        with self.counted(id if keyring.slot(id) else UNKNOWN):
            return slots.open_with_passphrase(keyring, id, passphrase)

    @contextmanager
    def counted(self, id: str) -> Iterator[None]:
        """One try, one at a time: refused while there is a wait, counted where it fails.

        That a slot is closed is noted and slows nobody down: there is nothing to guess.
        """
        with self._alone():
            found = self._read().get(id)
            if found is not None and (left := found.left(self._ticks())):
                raise SlowedDownError(left)
            try:
                yield
            except (WrongCredentialsError, DisabledOperatorError) as error:
                self._count(id, in_a_row=isinstance(error, WrongCredentialsError))
                raise
            if found is not None:
                self._forget(id)

    def note(self, unlocked: Unlocked) -> None:
        """Carry what has failed into the audit, now that there is one to write into; twice rather than never."""
        found = {id: failures for id, failures in self._read().items() if failures.unnoted}
        if not found:
            return
        with unlocked.database.write() as session:
            for id, failures in found.items():
                audit.record(session, unlocked, FAIL, f"{failures.unnoted} {failures.at.isoformat()}", by=id)
        with self._alone():
            now = self._read()
            for id, failures in found.items():
                if id in now:
                    now[id] = msgspec.structs.replace(now[id], unnoted=now[id].unnoted - failures.unnoted)
            self._write(now)

    def _count(self, id: str, *, in_a_row: bool) -> None:
        found = self._read()
        former = found.get(id, Failures(0, 0, self._clock(), 0))
        found[id] = Failures(former.in_a_row + in_a_row, former.unnoted + 1, self._clock(), self._ticks())
        self._write(found)

    def _forget(self, id: str) -> None:
        found = self._read()
        if id in found:
            found[id] = msgspec.structs.replace(found[id], in_a_row=0)
            self._write(found)

    def _read(self) -> dict[str, Failures]:
        try:
            return msgspec.json.decode((self._home / FILE_NAME).read_bytes(), type=dict[str, Failures])
        except (OSError, msgspec.MsgspecError):
            return {}

    def _write(self, found: Mapping[str, Failures]) -> None:
        """A medium that takes nothing has no ledger to guess at for long: what cannot be written is not counted."""
        kept = {id: failures for id, failures in found.items() if failures.in_a_row or failures.unnoted}
        try:
            if kept:
                write_whole(self._home / FILE_NAME, msgspec.json.encode(kept))
            else:
                (self._home / FILE_NAME).unlink(missing_ok=True)
        except OSError as error:
            _take(error)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        lock = FileLock(self._home / "attempts.lock", _LOCK_SECONDS, mode=0o600)
        try:
            lock.acquire()
        except Timeout:
            raise LedgerBusyError("another program tries a passphrase") from None
        except OSError as error:
            _take(error)
        try:
            yield
        finally:
            lock.release()


def _take(error: OSError) -> None:
    """What can only be read, or is full, can still be read."""
    reason = unavailable(error)
    if not isinstance(reason, LedgerReadOnlyError | LedgerFullError):
        raise reason from error
