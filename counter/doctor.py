"""What is wrong with this counter, and what to do: one check each, none of which may fail itself."""

import locale
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Final

from counter.desk.opening import connect
from counter.devices.card_reader import SlotState, slot_state
from counter.devices.card_slot import found as slots
from counter.devices.printer import PrinterError, look, printer_at, words_of
from counter.devices.reader import ReaderState, found, state_at
from counter.i18n import key_problem, t
from counter.keymap.file import read_keys
from counter.paper.fonts import RARE, Face, NoFontError, codes, find_fonts, readable
from counter.province.client import Province
from counter.province.errors import OutOfReachError, RefusedError, UnknownKeyError, UntrustedProvinceError
from counter.reference.load import ReferenceDataError, load_reference
from counter.settings import Settings, SettingsError, home_of, load_settings
from counter.store.errors import (
    CutLedgerError,
    DamagedLedgerError,
    DisabledOperatorError,
    MissingLedgerError,
    NewerSchemaError,
    StoreError,
    WrongCredentialsError,
)
from counter.store.keys import operators_at
from counter.store.store import Store

_MIB: Final = 1024 * 1024
_COLUMNS: Final = 80
_LINES: Final = 24
_CLOCK_SECONDS: Final = 60


class Verdict(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Check:
    """One answer: ``doctor.<id>.<code>`` in the catalogs is the sentence, with what to do where it is not good."""

    id: str
    health: Verdict
    code: str
    params: dict[str, object]


def good(id: str, code: str = "good", **params: object) -> Check:
    return Check(id, Verdict.GOOD, code, params)


def warning(id: str, code: str, **params: object) -> Check:
    return Check(id, Verdict.WARNING, code, params)


def wrong(id: str, code: str, **params: object) -> Check:
    return Check(id, Verdict.WRONG, code, params)


def examine(home: Path | None, lang: str | None) -> Iterator[Check]:
    """Every check, in the order in which they matter."""
    try:
        settings = load_settings(home, lang)
    except SettingsError as error:
        yield wrong("settings", "wrong", reason=str(error))
        settings = Settings(home=home_of(home))
    else:
        yield good("settings", home=settings.home)
    yield _terminal()
    yield _theme(settings)
    yield _keys(settings.home)
    yield _encoding()
    yield _disk(settings.home)
    yield _branches(settings)
    yield from _id_reader(settings)
    yield from _card_reader(settings)
    yield _fonts(settings)
    if settings.slip_printer:
        yield _printer(settings.slip_printer)
    if settings.operator and settings.passphrase_file:
        yield from _unlocked(settings, datetime.now(UTC))
    else:
        yield _people(settings)


def _terminal() -> Check:
    if not sys.stdout.isatty():
        return warning("terminal", "none")
    columns, lines = shutil.get_terminal_size()
    if columns < _COLUMNS or lines < _LINES:
        return wrong("terminal", "small", columns=columns, lines=lines)
    if os.environ.get("TERM", "") in ("", "dumb"):
        return wrong("terminal", "dumb")
    return good("terminal", columns=columns, lines=lines)


def _theme(settings: Settings) -> Check:
    from counter.look.own import ThemeError, read_theme  # noqa: PLC0415 - Textual, which no other check needs

    try:
        weak = read_theme(settings.theme, settings.home).said
    except ThemeError as error:
        return warning("theme", "wrong", reason=error)
    return warning("theme", "weak", reason=weak[0]) if weak else good("theme", name=settings.theme)


def _keys(home: Path) -> Check:
    """Are the keys that the clerk has put elsewhere those that hold? Of several problems the first is said."""
    found = read_keys(home)
    if found.problems:
        return warning("keys", "wrong", reason=key_problem(found.problems[0]), count=len(found.problems))
    return good("keys", count=len(found.moved))


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


def _id_reader(settings: Settings) -> Iterator[Check]:
    """Does the reader answer that the settings name; where they name none, is there one?"""
    if settings.id_reader:
        state = state_at(settings.id_reader)
        right = state is ReaderState.READY
        yield (good if right else wrong)("id_reader", str(state), address=settings.id_reader)
    else:
        yield from (
            warning("id_reader", "found", address=address) for address in islice(found(settings.slip_printer), 1)
        )


def _card_reader(settings: Settings) -> Iterator[Check]:
    """Is the reader of social security cards there; where none is set, has the machine one?"""
    if setting := settings.card_reader:
        state = slot_state(setting)
        install = t(f"doctor.card_reader.install_{'linux' if sys.platform == 'linux' else 'other'}")
        right = state is SlotState.READY
        yield (good if right else wrong)("card_reader", str(state), address=setting, install=install)
    else:
        yield from (warning("card_reader", "found", address=address) for address in slots()[:1])


def _fonts(settings: Settings) -> Check:
    """Has this machine what paper is set in, for rare names too?"""
    install = t(f"doctor.font.install_{sys.platform if sys.platform in ('win32', 'darwin') else 'linux'}")
    if settings.font and not readable(Face(settings.font)):
        return wrong("font", "unreadable", file=settings.font)
    try:
        fonts = find_fonts(settings.font)
    except NoFontError:
        return warning("font", "missing", install=install)
    if lacking := fonts.lacking(RARE):
        return warning("font", "rare", characters=codes(lacking), install=install)
    return good("font", file=fonts.faces[0].path)


def _printer(setting: str) -> Check:
    """Does the slip printer answer, and has it paper?"""
    try:
        look(printer_at(words_of(setting)))
    except PrinterError as error:
        return warning("printer", "trouble", trouble=t(f"printer.{error.trouble}"))
    return good("printer", printer=setting)


def _people(settings: Settings) -> Check:
    """Is there a ledger? All that can be said while it is locked."""
    try:
        return good("ledger", "locked", operators=len(operators_at(settings.home)))
    except StoreError as error:
        return wrong("ledger", _LEDGER.get(type(error), "unreadable"))


def _unlocked(settings: Settings, now: datetime) -> Iterator[Check]:
    """The ledger's chain, and the province that it is enrolled with."""
    try:
        with Store.unlock(settings.home, settings.operator, settings.passphrase()) as store:
            found = store.ledger.verify()
            yield good("ledger", entries=found.entries) if found.valid else wrong("ledger", "damaged")
            yield from _province(connect(store, settings), now)
    except (StoreError, OSError) as error:
        yield wrong("ledger", _LEDGER.get(type(error), "unreadable"))


_LEDGER: Final[dict[type[Exception], str]] = {
    MissingLedgerError: "missing",
    WrongCredentialsError: "credentials",
    DisabledOperatorError: "credentials",
    NewerSchemaError: "newer",
    DamagedLedgerError: "damaged",
    CutLedgerError: "cut",
}


def _province(province: Province | None, now: datetime) -> Iterator[Check]:
    """Does it answer, and do its clock and ours agree?"""
    if province is None:
        yield warning("province", "not_enrolled")
        return
    try:
        with province:
            there = province.health().time
    except (RefusedError, UnknownKeyError, UntrustedProvinceError):
        yield wrong("province", "refused")
    except OutOfReachError:
        yield warning("province", "out_of_reach")
    else:
        yield good("province")
        apart = round(abs((there - now).total_seconds()))
        yield wrong("clock", "apart", seconds=apart) if apart > _CLOCK_SECONDS else good("clock")


def _branches(settings: Settings) -> Check:
    """Is the branch list the city's own, or the samples that come with the program?"""
    try:
        reference = load_reference(settings.home)
    except ReferenceDataError as error:
        return wrong("branches", "unreadable", place=error.place)
    here = [branch for branch in reference.branches.values() if branch.city == settings.city]
    if any(branch.source == "sample" for branch in here):
        return warning("branches", "sample", city=settings.city)
    return good("branches", count=len(here) or len(reference.branches))
