"""The hand-over list (交接清单) for the unit: who is in, who is not and why, and what each holder has to do next.

People are masked; as XLSX and PDF.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import chain
from typing import Final

from rich.cells import set_cell_size

from counter.i18n import notice, sentence, t
from counter.roster.checks import RowCheck
from counter.roster.columns import RosterRow
from counter.roster.reader import RosterPerson
from counter.roster.row import kind_of, to_case
from counter.rules.finding import Finding, Level
from counter.rules.masking import mask_name, mask_number
from counter.rules.reference import Context
from counter.rules.services.exchange import EXCHANGE
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
    """A person on the list: the row of the unit's sheet, name and number masked.

    `document` is what they bring when it is their turn (居民身份证), `reasons` are why they are not in.
    """

    row: int
    name: str
    number: str
    document: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What stands in the last column."""
        return self.reasons or (self.document,)


@dataclass(frozen=True, slots=True)
class HandOver:
    """The list: the unit's name, the day, who is in (`taken`), who is not (`left`), what every holder is `told`;
    `ready`: the notices on when the cards will be ready (TIM-1), several where they were recorded on several days."""

    unit: str
    day: date
    taken: tuple[Listed, ...]
    left: tuple[Listed, ...]
    told: tuple[str, ...] = ()
    ready: tuple[str, ...] = ()


def hand_over(
    unit: Unit, context: Context, rows: Iterable[tuple[RosterPerson, RowCheck]], ready: tuple[str, ...] = ()
) -> HandOver:
    """The list of rows that were judged, in the language in use: the valid ones are in."""
    taken: list[Listed] = []
    left: list[Listed] = []
    for line, check in rows:
        reasons = tuple(reason(each) for each in check.findings if each.level is Level.STOP)
        person, document = line.person, t(f"choice.document.{kind_of(line.person)}")
        entry = Listed(line.row, mask_name(person.name), mask_number(person.number), document, reasons)
        (left if reasons else taken).append(entry)
    return HandOver(unit.name, context.today, tuple(taken), tuple(left), _told(unit, context), ready)


def _told(unit: Unit, context: Context) -> tuple[str, ...]:
    """What the slip of each holder says too, of nobody in particular."""
    anybody = to_case(RosterRow(), unit, context)
    return tuple(notice(each) for each in EXCHANGE.notices(anybody, EXCHANGE, context))


def reason(finding: Finding) -> str:
    """A finding of a row in words for the unit, with the title of its column."""
    said = sentence(finding)
    return t("roster.reason", column=t(f"roster.column.{finding.field}"), said=said) if finding.field else said


def as_xlsx(list_: HandOver) -> bytes:
    """The list as a workbook: a sheet for those who are in, one for those who are not, one of what they are told."""
    from openpyxl import Workbook  # noqa: PLC0415 - each kind of file brings its library
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - see above

    workbook = Workbook(write_only=True)
    heads = [[head] for head in _head(list_)]
    for name, widths, rows in (
        ("taken", (8, 12, 24, 90), [*heads, _titles("taken"), *map(_cells, list_.taken)]),
        ("left", (8, 12, 24, 90), [*heads, _titles("left"), *map(_cells, list_.left)]),
        ("told", (120,), [*heads, *([told] for told in list_.told)]),
    ):
        sheet = workbook.create_sheet(t(f"roster.handover.{name}"))
        for letter, width in zip("ABCD", widths, strict=False):
            sheet.column_dimensions[letter].width = width

        def texts(values: Iterable[str], sheet: object = sheet) -> Iterator[object]:
            for value in values:
                cell = WriteOnlyCell(sheet, value.translate(_NONCHARACTERS))  # type: ignore[arg-type]  # the stubs lack the write-only sheet
                cell.data_type = "s"  # whatever a unit wrote into a name: never a formula
                yield cell

        for row in rows:
            sheet.append(texts(row))
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def _cells(each: Listed) -> list[str]:
    return [str(each.row), each.name, each.number, "\n".join(each.remarks)]


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
        yield tuple(zip(_AT, _titles(name), strict=True))
        for each in entries:
            first, *others = [line for remark in each.remarks for line in hang("", remark, _REASON_CELLS)]
            cells = (str(each.row), _cut(each.name, _NAME_CELLS), _cut(each.number, _NUMBER_CELLS), first)
            yield tuple(zip(_AT, cells, strict=True))
            yield from (((_AT[3], other),) for other in others)
    if list_.told:
        yield ()
        yield ((_LEFT, t("roster.handover.told")),)
    for told in list_.told:
        yield from (((_LEFT, piece),) for piece in hang("- ", told, _HEAD_CELLS))


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


def _titles(part: str) -> list[str]:
    last = "document" if part == "taken" else "reason"
    return [t(f"roster.handover.column.{name}") for name in ("row", "name", "number", last)]
