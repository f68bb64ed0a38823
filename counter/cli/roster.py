"""``counter roster``: a unit's people from a spreadsheet (单位批量换卡)."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counter.cli.commands import Commands
from counter.cli.exits import Code, UsageError
from counter.cli.output import Json, document, finding_document, finding_line, note, say
from counter.cli.session import Session, session
from counter.cli.sheets import SheetName, sheet_to_choose
from counter.clock import today
from counter.files import SHARED, write_new
from counter.i18n import t
from counter.rules.case import Mode

if TYPE_CHECKING:
    from counter.roster.checks import RowCheck
    from counter.roster.lists import PrintedList
    from counter.roster.reader import RosterPerson
    from counter.roster.row import Answers
    from counter.rules.finding import Finding
    from counter.rules.reference import CityPolicy, Context, PhotoSpec, Reference
    from counter.rules.unit import Unit
    from counter.sheets.header import Header

app = Commands(help=t("cli.help.roster"))

RosterFile = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help=t("cli.option.roster"))]
ColumnTitles = Annotated[list[str] | None, typer.Option(metavar="ID=TITLE", help=t("cli.option.column"))]

UnitName = Annotated[str, typer.Option(help=t("cli.option.unit_name"))]
UnitUscc = Annotated[str, typer.Option(help=t("cli.option.unit_uscc"))]
UnitContact = Annotated[str, typer.Option(help=t("cli.option.unit_contact"))]
UnitMobile = Annotated[str, typer.Option(help=t("cli.option.unit_mobile"))]
UnitMode = Annotated[Mode, typer.Option(help=t("cli.option.unit_mode"))]
Acknowledge = Annotated[list[str] | None, typer.Option(metavar="CODE", help=t("cli.option.acknowledge"))]

Photos = Annotated[Path | None, typer.Option(exists=True, file_okay=False, help=t("cli.option.roster_photos"))]


@app.command(help=t("cli.help.roster_template"))
def template(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=t("cli.option.roster_new"))],
    city: Annotated[str, typer.Option(help=t("cli.option.city"))] = "",
    json: Json = False,
) -> None:
    from counter.roster.template import template

    here = session(context)
    write_new(file, template(here.reference(), city or here.settings.city), SHARED)
    if json:
        document({"file": str(file)})
    else:
        say(t("cli.roster.written", file=file))


@app.command(help=t("cli.help.roster_check"))
def check(
    context: typer.Context,
    file: RosterFile,
    sheet: SheetName = None,
    column: ColumnTitles = None,
    photos: Photos = None,
    mode: UnitMode = Mode.SAME_NUMBER,
    asked: Annotated[bool, typer.Option("--ask", help=t("cli.option.roster_ask"))] = False,
    hand_over: Annotated[Path | None, typer.Option(metavar="FILE", help=t("cli.option.hand_over"))] = None,
    json: Json = False,
) -> None:
    from counter.roster.checks import Checker, check_roster
    from counter.roster.handover import hand_over as build
    from counter.roster.handover import printed
    from counter.roster.photos import check_files
    from counter.rules.reference import Context
    from counter.rules.unit import Unit

    here = session(context)
    place = here.settings.place if here.settings.branch else None
    judged_in = Context(today=today(), reference=here.reference(), place=place)
    unit = Unit(bank=here.settings.bank, branch=here.settings.branch, mode=mode)
    header, lines, skipped = read_roster(file, judged_in.reference, sheet, column, json=json)
    of_city = judged_in.reference.cities.get(here.settings.city)
    checker = Checker(unit, judged_in)
    answers = _asked(here, lines, unit, judged_in) if asked else {}
    matched = check_files(_photos(lines, photos), _spec(of_city))
    checks = list(check_roster(lines, checker, matched, answers))
    if hand_over:
        write_list(hand_over, printed(build(unit, judged_in, zip(lines, checks, strict=True))), here.settings.font)
    valid = sum(each.valid for each in checks)
    if json:
        document(_documents(checks, valid))
    else:
        _report(header, lines, skipped, checks)
    if valid < len(checks):
        raise typer.Exit(Code.NO)


@app.command("import", help=t("cli.help.roster_import"))
def import_file(
    context: typer.Context,
    file: RosterFile,
    sheet: SheetName = None,
    column: ColumnTitles = None,
    name: UnitName = "",
    uscc: UnitUscc = "",
    contact: UnitContact = "",
    mobile: UnitMobile = "",
    mode: UnitMode = Mode.SAME_NUMBER,
    photos: Photos = None,
    json: Json = False,
) -> None:
    from counter.desk import rosters
    from counter.roster.checks import Checker, check_roster
    from counter.rules.unit import Unit

    here = session(context)
    header, lines, skipped = read_roster(file, here.reference(), sheet, column, json=json)
    with here.desk() as desk:
        store, judged_in, at = desk.store, desk.context(), desk.place
        unit = Unit(name=name, uscc=uscc, contact=contact, mobile=mobile, mode=mode, bank=at.bank, branch=at.branch)
        of_city = judged_in.reference.cities.get(at.city)
        kept = rosters.keep_photos(store, _photos(lines, photos), _spec(of_city))
        made = rosters.create(store, unit, lines, kept)
        elsewhere = rosters.known_elsewhere(store, made.id)
        said: dict[str, Answers] = {}
        if desk.province:
            for answers in rosters.ask(store, rosters.people(store, made.id), unit, desk.province, judged_in):
                said |= answers
            _tell_asked(len(said), len(lines))
        rows = zip(lines, store.batches.keys(made.id), strict=True) if said else ()
        known = {line.row: said[key.id] for line, key in rows if key.id in said}
    checks = list(check_roster(lines, Checker(unit, judged_in, elsewhere), kept, known))
    if json:
        document({"batch": made.id, **_documents(checks, sum(each.valid for each in checks))})
    else:
        _report(header, lines, skipped, checks)
        note(t("cli.roster.imported", batch=made.id))


@app.command("open", help=t("cli.help.roster_open"))
def open_file(context: typer.Context, file: RosterFile) -> None:
    from counter.cli.screen import open_screen

    here = session(context)
    raise typer.Exit(open_screen(here.home, here.lang, file))


def read_roster(
    file: Path, reference: "Reference", sheet: str | None, column: Iterable[str] | None, *, json: bool
) -> "tuple[Header, list[RosterPerson], list[tuple[int, str]]]":
    """A roster file; one that is refused ends the command with its finding."""
    from counter.roster.errors import refusal
    from counter.roster.reader import read_file
    from counter.sheets.errors import SheetFileError

    try:
        with sheet_to_choose():
            return read_file(file, reference, sheet, _columns(column or ()))
    except SheetFileError as error:
        _refused(refusal(error), json=json)
        raise typer.Exit(Code.NO) from None


def _report(
    header: "Header", lines: "Sequence[RosterPerson]", skipped: Iterable[tuple[int, str]], checks: "Sequence[RowCheck]"
) -> None:
    """For people: every row of which something is said, what was passed over, the totals."""
    _tell(lines, checks)
    for row, why in skipped:
        note(t("cli.roster.skipped", row=row, why=t(f"roster.skipped.{why}")))
    if header.unknown:
        note(t("cli.roster.unknown", titles=" | ".join(header.unknown)))
    valid = sum(each.valid for each in checks)
    note(t("cli.roster.checked", rows=len(checks), valid=valid, invalid=len(checks) - valid))


def _columns(given: Iterable[str]) -> dict[str, str]:
    """The titles that ``--column`` gives to columns. Raises `UsageError`."""
    from counter.roster.columns import BY_ID

    columns = {}
    for each in given:
        id, equals, title = each.partition("=")
        if not equals or id not in BY_ID:
            raise UsageError(t("cli.roster.column", known=" ".join(BY_ID)))
        columns[id] = title
    return columns


def _photos(lines: "Iterable[RosterPerson]", folder: Path | None) -> "dict[str, Path]":
    """The photo files of a folder by document number."""
    from counter.roster.photos import match_photos

    if folder is None:
        return {}
    matched = match_photos(folder, (line.person.number for line in lines))
    if matched.left_over:
        note(t("cli.roster.left_over", count=len(matched.left_over)))
    return matched.files


def _spec(city: "CityPolicy | None") -> "PhotoSpec":
    from counter.rules.reference import PhotoSpec

    return city.photo if city else PhotoSpec()


def _asked(here: Session, lines: "Sequence[RosterPerson]", unit: "Unit", context: "Context") -> "dict[int, Answers]":
    """What the province says of the people of a file, by row; whom it does not answer for is deferred."""
    from counter.desk.rosters import question
    from counter.province.errors import OutOfReachError, RefusedError

    said: dict[int, Answers] = {}
    with here.desk() as desk, suppress(OutOfReachError, RefusedError):
        if desk.province:
            for answers in question(((line.row, line.person) for line in lines), unit, desk.province, context):
                said |= answers
    _tell_asked(len(said), len(lines))
    return said


def _tell_asked(answered: int, rows: int) -> None:
    note(t("cli.roster.asked", answered=answered, deferred=rows - answered))


def _documents(checks: "Sequence[RowCheck]", valid: int) -> dict[str, object]:
    results = [
        {"row": each.row, "valid": each.valid, "findings": [finding_document(one) for one in each.findings]}
        for each in checks
    ]
    return {"rows": len(checks), "valid": valid, "invalid": len(checks) - valid, "results": results}


def _refused(finding: "Finding", *, json: bool) -> None:
    """A file that cannot be read: row 0 is the file, as in `branches import`."""
    if json:
        row = {"row": 0, "valid": False, "findings": [finding_document(finding)]}
        document({"rows": 0, "valid": 0, "invalid": 0, "results": [row]})
    else:
        say(finding_line(finding))


def _tell(lines: "Sequence[RosterPerson]", checks: "Sequence[RowCheck]") -> None:
    from counter.rules.masking import mask_name, mask_number

    for line, each in zip(lines, checks, strict=True):
        if each.findings:
            mark = "+" if each.valid else "!"
            say(f"{mark} {each.row}  {mask_name(line.person.name)}  {mask_number(line.person.number)}")
            for finding in each.findings:
                say(finding_line(finding))


def write_list(file: Path, made: "PrintedList", font: Path | None) -> None:
    """Write a list as the file's name says; `font` is the setting. Raises `UsageError` for another ending than .xlsx
    and .pdf, `NoFontError`."""
    from counter.paper.fonts import find_fonts
    from counter.roster.lists import as_pdf, as_xlsx

    match file.suffix.lower():
        case ".xlsx":
            write_new(file, as_xlsx(made), SHARED)
        case ".pdf":
            write_new(file, as_pdf(made, find_fonts(font)), SHARED)
        case _:
            raise UsageError(t("cli.roster.hand_over"))
