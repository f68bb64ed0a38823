"""``counter roster``: a unit's people from a spreadsheet (单位批量换卡)."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counter.cli.exits import Code, UsageError
from counter.cli.output import Json, document, finding_document, finding_line, note, say
from counter.cli.session import session
from counter.i18n import t
from counter.store.clock import today

if TYPE_CHECKING:
    from counter.roster.checks import RowCheck
    from counter.roster.errors import RosterFileError
    from counter.roster.photos import PhotoFile
    from counter.roster.reader import Line
    from counter.roster.row import Unit
    from counter.rules.reference import CityPolicy

app = typer.Typer(help=t("cli.help.roster"), no_args_is_help=True)

RosterFile = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help=t("cli.option.roster"))]


@app.command(help=t("cli.help.roster_template"))
def template(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=t("cli.option.roster_new"))],
    city: Annotated[str, typer.Option(help=t("cli.option.city"))] = "",
    json: Json = False,
) -> None:
    from counter.roster.template import template

    here = session(context)
    _write_new(file, template(here.reference(), city or here.settings.city))
    if json:
        document({"file": str(file)})
    else:
        say(t("cli.roster.written", file=file))


@app.command(help=t("cli.help.roster_check"))
def check(
    context: typer.Context,
    file: RosterFile,
    sheet: Annotated[str | None, typer.Option(help=t("cli.option.sheet"))] = None,
    column: Annotated[list[str] | None, typer.Option(metavar="ID=TITLE", help=t("cli.option.column"))] = None,
    photos: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help=t("cli.option.roster_photos"))
    ] = None,
    hand_over: Annotated[Path | None, typer.Option(metavar="FILE", help=t("cli.option.hand_over"))] = None,
    json: Json = False,
) -> None:
    from counter.roster.checks import Checker, check_roster
    from counter.roster.errors import ChooseSheetError, RosterFileError
    from counter.roster.reader import read_file
    from counter.roster.row import Unit
    from counter.rules.reference import Context

    here = session(context)
    place = here.settings.place if here.settings.branch else None
    judged_in = Context(today=today(), reference=here.reference(), place=place)
    unit = Unit(bank=here.settings.bank, branch=here.settings.branch)
    try:
        header, lines, skipped = read_file(file, judged_in.reference, sheet, _columns(column or ()))
    except ChooseSheetError as error:
        raise UsageError(t("cli.roster.choose_sheet", sheets=" | ".join(error.sheets))) from None
    except RosterFileError as error:
        _refused(error, json=json)
        raise typer.Exit(Code.NO) from None
    of_city = judged_in.reference.cities.get(here.settings.city)
    checker = Checker(unit, judged_in)
    checks = list(check_roster(lines, checker, judged_in, _photos(lines, photos, of_city)))
    if hand_over:
        _hand_over(hand_over, unit, list(zip(lines, checks, strict=True)))
    valid = sum(each.valid for each in checks)
    if json:
        document(_documents(checks, valid))
    else:
        _tell(lines, checks)
        for row, why in skipped:
            note(t("cli.roster.skipped", row=row, why=t(f"roster.skipped.{why}")))
        if header.unknown:
            note(t("cli.roster.unknown", titles=" | ".join(header.unknown)))
        note(t("cli.roster.checked", rows=len(checks), valid=valid, invalid=len(checks) - valid))
    if valid < len(checks):
        raise typer.Exit(Code.NO)


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


def _photos(lines: "Iterable[Line]", folder: Path | None, city: "CityPolicy | None") -> "dict[str, PhotoFile]":
    """The photos of a folder by document number, checked."""
    from counter.roster.photos import check_files, match_photos
    from counter.rules.reference import PhotoSpec

    if folder is None:
        return {}
    matched = match_photos(folder, (line.person.number for line in lines))
    if matched.left_over:
        note(t("cli.roster.left_over", count=len(matched.left_over)))
    return check_files(matched.files, city.photo if city else PhotoSpec())


def _documents(checks: "Sequence[RowCheck]", valid: int) -> dict[str, object]:
    results = [
        {"row": each.row, "valid": each.valid, "findings": [finding_document(one) for one in each.findings]}
        for each in checks
    ]
    return {"rows": len(checks), "valid": valid, "invalid": len(checks) - valid, "results": results}


def _refused(error: "RosterFileError", *, json: bool) -> None:
    """A file that cannot be read: row 0 is the file, as in `branches import`."""
    if json:
        row = {"row": 0, "valid": False, "findings": [finding_document(error.finding)]}
        document({"rows": 0, "valid": 0, "invalid": 0, "results": [row]})
    else:
        say(finding_line(error.finding))


def _tell(lines: "Sequence[Line]", checks: "Sequence[RowCheck]") -> None:
    from counter.rules.masking import mask_name, mask_number

    for line, each in zip(lines, checks, strict=True):
        if each.findings:
            mark = "+" if each.valid else "!"
            say(f"{mark} {each.row}  {mask_name(line.person.name)}  {mask_number(line.person.number)}")
            for finding in each.findings:
                say(finding_line(finding))


def _hand_over(file: Path, unit: "Unit", rows: "list[tuple[Line, RowCheck]]") -> None:
    from counter.roster.handover import as_pdf, as_xlsx, hand_over

    made = hand_over(unit, today(), rows)
    match file.suffix.lower():
        case ".xlsx":
            _write_new(file, as_xlsx(made))
        case ".pdf":
            _write_new(file, as_pdf(made))
        case _:
            raise UsageError(t("cli.roster.hand_over"))


def _write_new(file: Path, content: bytes) -> None:
    """Write a file that is not there yet: what a unit has filled in is never written over."""
    with file.open("xb") as new:
        new.write(content)
