"""What can go wrong in the store: one purpose each, and never a person, a number or a passphrase in the text."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from math import ceil
from pathlib import Path
from typing import Final


class StoreError(Exception):
    """What every error of the store is."""


class MissingLedgerError(StoreError):
    """There is no ledger in this home: `counter init` makes one."""


class ExistingLedgerError(StoreError):
    """There is a ledger (or a keyring) in this home already: it is never overwritten."""


class WrongCredentialsError(StoreError):
    """Operator and passphrase, or key file, do not open a slot; which part was wrong is not said."""


class DisabledOperatorError(StoreError):
    """The operator's slot has been closed by a supervisor."""


class ExposedError(StoreError):
    """The home, or the timer's key file, can be read or written by others than its owner."""

    def __init__(self, path: Path, mode: str) -> None:
        super().__init__("others can read what only its owner should")
        self.said = {"path": str(path), "mode": mode}


class SlowedDownError(StoreError):
    """Too many passphrases were wrong: the next one has to wait (`counter.store.attempts`)."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too many passphrases were wrong")
        minutes, rest = divmod(ceil(seconds), 60)
        self.said = {"minutes": minutes, "seconds": rest}


class WeakPassphraseError(StoreError):
    """The passphrase is shorter than `counter.rules.passphrase.SHORTEST` characters."""


class CommonPassphraseError(WeakPassphraseError):
    """The passphrase is one of those that everybody tries first, or a character or two again and again."""


class OwnNamePassphraseError(WeakPassphraseError):
    """The passphrase is little more than its operator's id or name."""


class SamePassphraseError(WeakPassphraseError):
    """The new passphrase is the old one."""


class LastSupervisorError(StoreError):
    """The last active supervisor cannot be disabled: nobody could open a slot again."""


class NotAllowedError(StoreError):
    """The operator's role does not include this (clerk, supervisor, timer)."""


class SessionEndedError(DisabledOperatorError, NotAllowedError):
    """Who has signed in was disabled meanwhile: what they had open does nothing more."""


class SecondSupervisorError(NotAllowedError):
    """Nobody makes a supervisor alone: another one has to confirm it (`counter.store.operators`)."""


class SecondPersonError(NotAllowedError):
    """This needs a second person: it waits for them (`counter.store.awaiting`), and becomes an entry by nobody else."""


class NoSigningKeyError(NotAllowedError):
    """The ledger knows no signing key of this operator's that it believes: what they record could not be signed."""


class UnsignedCaseError(NotAllowedError):
    """What waits was asked before entries were signed: its maker signs in and has it authorised, or it goes back."""


class OwnCaseError(NotAllowedError):
    """Nobody authorises what they have made themselves."""


class UnknownOperatorError(StoreError):
    """There is no operator with this id."""


class ForeignHomeError(StoreError):
    """The folder is no home of this counter's: nothing of it is carried over."""


class ConflictError(StoreError):
    """This id (or this reversal) stands in the ledger already, with other content."""


class UnusableNameError(StoreError):
    """The id of an operator, or of this counter, has a character (or a length) that does not go to the province."""


class OversizeError(StoreError):
    """The case is larger than an entry may be (`counter.rules.link.BODY_BYTES`)."""


class UnreasonableError(StoreError):
    """A date or a fee that no entry can have: the machine's clock is wrong, or the reference data are."""


class NotAwaitingError(StoreError):
    """No case of this id waits for authorisation."""


class NotReturnedError(StoreError):
    """The province has not returned this entry, or it has been corrected or written off already."""


class ClosedDayError(StoreError):
    """The business date is closed (关账): nothing is recorded on it until two persons open it again."""

    def __init__(self, on: date) -> None:
        super().__init__("this business date is closed")
        self.said = {"date": on.isoformat()}


class NotClosedError(StoreError):
    """The business date is not closed, so that it cannot be opened again."""


class NoReasonError(StoreError):
    """What two persons decide has a reason, and so has each thing that stays open when a day is closed."""


class NotReversibleError(StoreError):
    """This cannot be taken back: no entry, erased, a reversal, reversed (or about to be) already, or no reason."""


class UsedBlankError(StoreError):
    """The blank card has become somebody's: by the entry with this number to quote, on this date."""

    def __init__(self, number: str, on: str) -> None:
        super().__init__("this blank card was used")
        self.said = {"number": number, "date": on}


class UnknownBlankError(StoreError):
    """The blank card is not in the stock that this counter keeps: it was never received, was moved away, or spoilt."""


class MissingPhotoError(StoreError):
    """The case names a photo that the store does not hold."""


class NoAlarmError(StoreError):
    """No alarm of this id waits to be settled."""


class UnknownBatchError(StoreError):
    """There is no such batch, or no such row in it."""


class FinishedBatchError(StoreError):
    """The batch is done with: nothing of it is submitted any more."""


class SubmittedRowError(StoreError):
    """A row that has become an entry is not changed any more."""


class NewerSchemaError(StoreError):
    """The ledger was written by a newer program: this one must not touch it."""


class DamagedLedgerError(StoreError):
    """The ledger or its keyring is damaged or was tampered with: it is no ledger, or not as it was written."""


class CutLedgerError(DamagedLedgerError):
    """The ledger ends before its anchor, is another than its anchor says, or has none: a copy without its WAL, or cut.

    `counter ledger restore` takes such a folder into a new home, and says what is missing.
    """


class LedgerUnavailableError(StoreError):
    """The file cannot be written or read now, and is not damaged: nothing was recorded, what is there is whole."""


class LedgerFullError(LedgerUnavailableError):
    """The disk, or the quota, is full."""


class LedgerReadOnlyError(LedgerUnavailableError):
    """The medium, the folder or the file may only be read."""


class RestoredLedgerError(LedgerUnavailableError):
    """This home was restored from a backup, and the province may hold more: `counter sync` asks it, then it goes on."""


class LedgerBusyError(LedgerUnavailableError):
    """Another program has held the file for longer than anybody waits."""


class LedgerDiskError(LedgerUnavailableError):
    """The disk failed to read or write, or the file cannot be opened."""


_BY_ERRNO: Final = {
    errno.ENOSPC: LedgerFullError,
    getattr(errno, "EDQUOT", errno.ENOSPC): LedgerFullError,
    errno.EFBIG: LedgerFullError,
    errno.EROFS: LedgerReadOnlyError,
    errno.EACCES: LedgerReadOnlyError,
    errno.EPERM: LedgerReadOnlyError,
}


def unavailable(error: OSError) -> LedgerUnavailableError:
    """What the operating system says of a file that belongs to the ledger, in the store's words."""
    return _BY_ERRNO.get(error.errno or 0, LedgerDiskError)("a file of the ledger cannot be written or read")


@contextmanager
def disk_errors() -> Iterator[None]:
    """Say in the store's words that a disk is full, protected or failing; of a wrong path the OSError is left."""
    try:
        yield
    except OSError as error:
        if error.errno in _BY_ERRNO or error.errno == errno.EIO:
            raise unavailable(error) from error
        raise
