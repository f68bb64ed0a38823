"""The hand-over list (交接清单) for the unit: who is in, who is not and why; people masked; as XLSX and PDF."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import chain
from typing import Final

from rich.cells import set_cell_size

from counter.i18n import notice, sentence, t
from counter.roster.checks import RowCheck
from counter.roster.reader import RosterPerson
from counter.rules.finding import Finding, Level
from counter.rules.masking import mask_name, mask_number
from counter.rules.unit import Unit
from counter.terminal.wrapping import hang

_FONT: Final = "STSong-Light"  # every PDF reader has it or stands in for it: nothing to ship
_RARE: Final = "〓"  # for what that font cannot show; the workbook shows it
_NONCHARACTERS: Final = dict.fromkeys((0xFFFE, 0xFFFF), "?")  # which XML does not allow
_LEFT, _TOP, _BOTTOM, _STEP = 48, 790, 60, 15
_AT: Final = (_LEFT, _LEFT + 40, _LEFT + 110, _LEFT + 240)
_HEAD_CELLS: Final = 92  # columns of the page, two a Chinese character
_NAME_CELLS: Final = 13
_NUMBER_CELLS: Final = 24
_REASON_CELLS: Final = 46


@dataclass(frozen=True, slots=True)
class Listed:
    """A person on the list: the row of the unit's sheet, name and number masked, why they are not in."""

    row: int
    name: str
    number: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HandOver:
    """The list: the unit's name, the day, who is in (`taken`), who is not (`left`); `ready`: the notices on when the
    cards will be ready (TIM-1), several where they were recorded on several days."""

    unit: str
    day: date
    taken: tuple[Listed, ...]
    left: tuple[Listed, ...]
    ready: tuple[str, ...] = ()


def hand_over(
    unit: Unit, day: date, rows: Iterable[tuple[RosterPerson, RowCheck]], ready: tuple[str, ...] = ()
) -> HandOver:
    """The list of rows that were judged, in the language in use: the valid ones are in."""
    taken: list[Listed] = []
    left: list[Listed] = []
    for line, check in rows:
        reasons = tuple(reason(each) for each in check.findings if each.level is Level.STOP)
        entry = Listed(line.row, mask_name(line.person.name), mask_number(line.person.number), reasons)
        (left if reasons else taken).append(entry)
    return HandOver(unit.name, day, tuple(taken), tuple(left), ready)


def reason(finding: Finding) -> str:
    """A finding of a row in words for the unit, with the title of its column."""
    said = sentence(finding)
    return t("roster.reason", column=t(f"roster.column.{finding.field}"), said=said) if finding.field else said


def as_xlsx(list_: HandOver) -> bytes:
    """The list as a workbook: a sheet for those who are in, one for those who are not."""
    from openpyxl import Workbook  # noqa: PLC0415 - each kind of file brings its library
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - see above

    workbook = Workbook(write_only=True)
    for name, entries in (("taken", list_.taken), ("left", list_.left)):
        sheet = workbook.create_sheet(t(f"roster.handover.{name}"))
        for letter, width in zip("ABCD", (8, 12, 24, 90), strict=True):
            sheet.column_dimensions[letter].width = width

        def texts(values: Iterable[str], sheet: object = sheet) -> Iterator[object]:
            for value in values:
                cell = WriteOnlyCell(sheet, value.translate(_NONCHARACTERS))  # type: ignore[arg-type]  # the stubs lack the write-only sheet
                cell.data_type = "s"  # whatever a unit wrote into a name: never a formula
                yield cell

        for head in _head(list_):
            sheet.append(texts([head]))
        sheet.append(texts(_titles()))
        for each in entries:
            sheet.append(texts([str(each.row), each.name, each.number, "\n".join(each.reasons)]))
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def as_pdf(list_: HandOver) -> bytes:
    """The list as pages of A4, those who are not in first, with a line to sign."""
    from reportlab.lib.pagesizes import A4  # noqa: PLC0415 - each kind of file brings its library
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415 - see above
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # noqa: PLC0415 - see above
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - see above

    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.setTitle(t("roster.handover.title"))
    y, page = _BOTTOM, 0
    for line in chain(_pages(list_), [(), ((_LEFT, t("roster.handover.sign")),)]):
        if y < _BOTTOM + _STEP:
            if page:
                canvas.showPage()
            page, y = page + 1, _TOP
            canvas.setFont(_FONT, 10)
            canvas.drawRightString(A4[0] - _LEFT, 30, str(page))
        for x, text in line:
            canvas.drawString(x, y, "".join(char if ord(char) <= 0xFFFF else _RARE for char in text))
        y -= _STEP
    canvas.save()
    return file.getvalue()


_Drawn = tuple[tuple[int, str], ...]


def _pages(list_: HandOver) -> Iterator[_Drawn]:
    """The list line by line: what to draw and where."""
    for head in _head(list_):
        for piece in hang("", head, _HEAD_CELLS):
            yield ((_LEFT, piece),)
    for name, entries in (("left", list_.left), ("taken", list_.taken)):
        yield ()
        yield ((_LEFT, t(f"roster.handover.{name}")),)
        yield tuple(zip(_AT, _titles(), strict=True))
        for each in entries:
            first, *others = [line for reason in each.reasons for line in hang("", reason, _REASON_CELLS)] or [""]
            cells = (str(each.row), _cut(each.name, _NAME_CELLS), _cut(each.number, _NUMBER_CELLS), first)
            yield tuple(zip(_AT, cells, strict=True))
            yield from (((_AT[3], other),) for other in others)


def _cut(text: str, cells: int) -> str:
    return set_cell_size(text, cells).rstrip()


def _head(list_: HandOver) -> tuple[str, ...]:
    counts = t("roster.handover.counts", taken=len(list_.taken), left=len(list_.left))
    return (
        t("roster.handover.title"),
        f"{list_.unit}  {list_.day.isoformat()}".strip(),
        counts,
        *map(notice, list_.ready),
    )


def _titles() -> list[str]:
    return [t(f"roster.handover.column.{name}") for name in ("row", "name", "number", "reason")]
