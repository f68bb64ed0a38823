"""What is wrong with this counter, and what to do: one check each, none of which may fail itself."""

import locale
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from counter.settings import Settings, SettingsError, home_of, load_settings

_MIB: Final = 1024 * 1024
_COLUMNS: Final, _LINES = 80, 24


class Health(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Check:
    """One answer: ``cli.doctor.<id>.<code>`` in the catalogs is the sentence, with what to do where it is not good."""

    id: str
    health: Health
    code: str
    params: dict[str, object]


def good(id: str, code: str = "good", **params: object) -> Check:
    return Check(id, Health.GOOD, code, params)


def warning(id: str, code: str, **params: object) -> Check:
    return Check(id, Health.WARNING, code, params)


def wrong(id: str, code: str, **params: object) -> Check:
    return Check(id, Health.WRONG, code, params)


def examine(home: Path | None, lang: str | None, now: Callable[[], datetime] | None = None) -> Iterator[Check]:
    """Every check, in the order in which they matter."""
    try:
        settings = load_settings(home, lang)
    except SettingsError as error:
        yield wrong("settings", "wrong", reason=str(error))
        settings = Settings(home=home_of(home))
    else:
        yield good("settings", home=settings.home)
    yield _terminal()
    yield _encoding()
    yield _disk(settings.home)
    yield _ledger(settings)
    yield _branches(settings)
    yield from _province(settings, now or (lambda: datetime.now(UTC)))


def _terminal() -> Check:
    if not sys.stdout.isatty():
        return warning("terminal", "none")
    columns, lines = shutil.get_terminal_size()
    if columns < _COLUMNS or lines < _LINES:
        return wrong("terminal", "small", columns=columns, lines=lines)
    if os.environ.get("TERM", "") in ("", "dumb"):
        return wrong("terminal", "dumb")
    return good("terminal", columns=columns, lines=lines)


def _encoding() -> Check:
    encoding = (sys.stdout.encoding or locale.getencoding()).lower().replace("-", "")
    return good("encoding") if encoding in ("utf8", "gb18030") else wrong("encoding", "wrong", encoding=encoding)


def _disk(home: Path) -> Check:
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(there).free // _MIB
    if not os.access(there, os.W_OK):
        return wrong("disk", "read_only", folder=there)
    if free < 100:
        return wrong("disk", "full", free=free)
    return warning("disk", "low", free=free) if free < 1024 else good("disk", free=free)
