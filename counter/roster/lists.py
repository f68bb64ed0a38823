"""A list for the unit (清单) as a workbook, and as pages of A4 with a line to sign; what stands on it, others say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from string import digits
from typing import Final

from rich.cells import set_cell_size

from counter.paper.fonts import Fonts
from counter.paper.pages import A4, Pages
from counter.paper.pdf import said_of
from counter.terminal.wrapping import hang

_NONCHARACTERS: Final = dict.fromkeys((0xFFFE, 0xFFFF), "?")  # which XML does not allow
_LEFT, _TOP, _BOTTOM, _FOOT, _STEP, _SIZE = 48, 52, 60, 30, 15, 10  # points
_HEAD_CELLS: Final = 92  # columns of the page, two a Chinese character


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column: its title, its width in the workbook (characters), where it begins on the page (points from the left
    margin) and how many columns of the page it has there, two a Chinese character."""

    title: str
    width: int
    at: int
    cells: int


@dataclass(frozen=True, slots=True)
class ListPart:
    """A part with a name of its own: a sheet of the workbook. On paper a text is cut at its column's end, but the last
    one of a row goes on below, line by line."""

    name: str
    columns: tuple[ListColumn, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def titled(self) -> bool:
        """Has any column a title?"""
        return any(column.title for column in self.columns)


@dataclass(frozen=True, slots=True)
class PrintedList:
    """What stands above, the parts in the order of the sheets, and the line below to sign; `on_paper` is the order of
    the parts there, by their places, where it is another."""

    head: tuple[str, ...]
    parts: tuple[ListPart, ...]
    sign: str
    on_paper: tuple[int, ...] = ()


def as_xlsx(list_: PrintedList) -> bytes:
    """The list as a workbook, a sheet a part; all of it text."""
    from openpyxl import Workbook  # noqa: PLC0415 - each kind of file brings its library
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - see above
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - see above

    workbook = Workbook(write_only=True)
    for part in list_.parts:
        sheet = workbook.create_sheet(part.name)
        for at, column in enumerate(part.columns, 1):
            sheet.column_dimensions[get_column_letter(at)].width = column.width

        def texts(values: Iterable[str], sheet: object = sheet) -> Iterator[object]:
            for value in values:
                cell = WriteOnlyCell(sheet, value.translate(_NONCHARACTERS))  # type: ignore[arg-type]  # the stubs lack the write-only sheet
                cell.data_type = "s"  # whatever a unit wrote into a name: never a formula
                yield cell

        for head in list_.head:
            sheet.append(texts([head]))
        if part.titled:
            sheet.append(texts(column.title for column in part.columns))
        for row in part.rows:
            sheet.append(texts(row))
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def as_pdf(list_: PrintedList, fonts: Fonts) -> bytes:
    """The list as pages of A4. A character that no font has is marked, and named above the line to sign."""
    drawn = list(lines(list_))
    text = "".join(text for line in drawn for _, text in line)
    lacking = said_of(fonts.lacking(text), fonts.mark)
    title = next(iter(list_.head), "")
    pages = Pages(title, A4, fonts, "".join((text, list_.sign, *lacking, *digits)), _SIZE)
    y, page = A4[1], 0
    for line in chain(drawn, (((_LEFT, said),) for said in lacking), [(), ((_LEFT, list_.sign),)]):
        if y > A4[1] - _BOTTOM - _STEP:
            pages.page()
            page, y = page + 1, _TOP
            pages.draw_right(A4[0] - _LEFT, A4[1] - _FOOT, str(page))
        for x, said in line:
            pages.draw(x, y, said)
        y += _STEP
    return pages.finish()


_Drawn = tuple[tuple[int, str], ...]


def lines(list_: PrintedList) -> Iterator[_Drawn]:
    """The list line by line: what to draw on the page, and where."""
    for head in list_.head:
        for piece in hang("", head, _HEAD_CELLS):
            yield ((_LEFT, piece),)
    for part in [list_.parts[place] for place in list_.on_paper] or list_.parts:
        yield ()
        yield ((_LEFT, part.name),)
        places = [_LEFT + column.at for column in part.columns]
        if part.titled:
            yield tuple(zip(places, (column.title for column in part.columns), strict=True))
        *cut, last = part.columns
        for row in part.rows:
            pieces = (piece for text in row[-1].split("\n") for piece in hang("", text, last.cells))
            first, *others = list(pieces) or [""]
            cells = (_cut(text, column.cells) for text, column in zip(row[:-1], cut, strict=True))
            yield tuple(zip(places, (*cells, first), strict=True))
            yield from (((places[-1], other),) for other in others)


def _cut(text: str, cells: int) -> str:
    return set_cell_size(text, cells).rstrip()
