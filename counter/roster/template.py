"""The workbook that a unit fills in (名单模板): lists to choose from, numbers as text, made-up people as an example."""

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from counter.i18n import named, t
from counter.roster.columns import COLUMNS
from counter.rules.case import DocumentKind, Mode, PhotoSource
from counter.rules.numbers import check_character
from counter.rules.reference import Reference
from counter.rules.unit import Delivery

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

LAST_ROW: Final = 20_000
_HEADER: Final = 2  # row; above it stands how to fill in
_SHADE: Final = PatternFill("solid", fgColor="DDEBF7")
_UNIT: Final = ("name", "uscc", "contact", "mobile", "bank", "mode", "delivery")
_MODES: Final = (Mode.SAME_NUMBER, Mode.CHANGE_BANK)


def template(reference: Reference, city: str) -> bytes:
    """The workbook in the language in use; its banks are those of the city, of all where the city is not known."""
    workbook = Workbook()
    roster = workbook.worksheets[0]
    roster.title = t("roster.sheet.roster")
    unit = workbook.create_sheet(t("roster.sheet.unit"))
    example = workbook.create_sheet(t("roster.sheet.example"))
    lists = _Lists(workbook.create_sheet(t("roster.sheet.lists")))
    for sheet in (roster, example):
        _roster_sheet(sheet)
        for at, column in enumerate(COLUMNS, start=1):
            if words := column.kind.words(reference):
                lists.offer(sheet, get_column_letter(at), column.id, words)
    for row in _made_up(reference):
        example.append(row)
    _unit_sheet(unit, lists, _banks(reference, city))
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


class _Lists:
    """The hidden sheet with the words that cells may be chosen from, a column a list."""

    def __init__(self, sheet: "Worksheet") -> None:
        self._sheet = sheet
        self._ranges: dict[str, str] = {}
        sheet.sheet_state = "hidden"

    def offer(self, sheet: "Worksheet", column: str, name: str, words: Sequence[str], cell: str = "") -> None:
        """Let the cells of a column (or one cell) be chosen from the words."""
        if name not in self._ranges:
            at = len(self._ranges) + 1
            for row, word in enumerate(words, start=1):
                self._sheet.cell(row, at, word)
            letter = get_column_letter(at)
            self._ranges[name] = f"{quote_sheetname(self._sheet.title)}!${letter}$1:${letter}${len(words)}"
        rule = DataValidation(type="list", formula1=self._ranges[name], allow_blank=True, showErrorMessage=True)
        rule.error = t("roster.template.choose")
        rule.add(cell or f"{column}{_HEADER + 1}:{column}{LAST_ROW}")
        sheet.add_data_validation(rule)


def _roster_sheet(sheet: "Worksheet") -> None:
    sheet.cell(1, 1, t("roster.template.hint")).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(COLUMNS))
    sheet.row_dimensions[1].height = 48
    for at, column in enumerate(COLUMNS, start=1):
        star = "*" if column.needed else ""
        title = sheet.cell(_HEADER, at, star + t(f"roster.column.{column.id}"))
        title.font, title.fill = Font(bold=True), _SHADE
        shape = sheet.column_dimensions[get_column_letter(at)]
        shape.width = column.sheet_width
        shape.number_format = "@"  # text: a number of 18 digits stays whole
    sheet.freeze_panes = f"B{_HEADER + 1}"


def _unit_sheet(sheet: "Worksheet", lists: _Lists, banks: Sequence[str]) -> None:
    words = {
        "bank": banks,
        "mode": [t(f"choice.mode.{mode}") for mode in _MODES],
        "delivery": [t(f"roster.delivery.{delivery}") for delivery in Delivery],
    }
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 40
    for row, name in enumerate(_UNIT, start=1):
        sheet.cell(row, 1, t(f"roster.unit.{name}")).font = Font(bold=True)
        sheet.cell(row, 2).number_format = "@"
        if name in words:
            lists.offer(sheet, "B", name, words[name], cell=f"B{row}")


def _banks(reference: Reference, city: str) -> list[str]:
    policy = reference.cities.get(reference.city_of(city))
    return [named(reference.banks[id]) for id in (policy.banks if policy else reference.banks)]


def _made_up(reference: Reference) -> list[list[str]]:
    """Rows with people who cannot be: born in 1900, as the 999th of their day; the check digits are right."""
    words = {column.id: column.kind.words(reference) for column in COLUMNS}
    rows = []
    for count, name in enumerate(t("roster.template.example_names").split(",")):
        number = f"441621190001{count + 1:02}999"
        said = {
            "name": name,
            "document_kind": t(f"choice.document.{DocumentKind.ID_CARD}"),
            "number": number + check_character(number),
            "ethnicity": words["ethnicity"][0],
            "mobile": f"1380000000{count}",
            "occupation": words["occupation"][5],
            "photo": t(f"choice.photo.{PhotoSource.KEEP}"),
            "remarks": t("roster.template.example_remark"),
        }
        rows.append([said.get(column.id, "") for column in COLUMNS])
    return rows
