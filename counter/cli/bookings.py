"""``counter roster book`` and ``numbers``: a change of bank for a unit's people together, EXC-6, EXC-7."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counter.cli.batches import Number, app
from counter.cli.exits import Code, UsageError
from counter.cli.output import Json, document, finding_document, finding_line, note, say
from counter.cli.roster import (
    Acknowledge,
    ColumnTitles,
    UnitContact,
    UnitMobile,
    UnitName,
    UnitUscc,
    read_roster,
    write_list,
)
from counter.cli.session import session
from counter.cli.sheets import SheetName
from counter.i18n import t
from counter.rules.case import Mode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter.desk.bookings import BookResult
    from counter.desk.desk import Desk
    from counter.roster.reader import RosterPerson
    from counter.rules.finding import Finding
    from counter.rules.unit import Unit

__all__ = ["app"]  # the group, with the commands of all its modules


@app.command(help=t("cli.help.roster_book"))
def book(
    context: typer.Context,
    roster: Annotated[str, typer.Argument(metavar="FILE|BATCH", help=t("cli.option.file_or_batch"))],
    sheet: SheetName = None,
    column: ColumnTitles = None,
    name: UnitName = "",
    uscc: UnitUscc = "",
    contact: UnitContact = "",
    mobile: UnitMobile = "",
    acknowledge: Acknowledge = None,
    json: Json = False,
) -> None:
    from counter.desk import bookings, rosters
    from counter.rules.unit import Unit

    here, file = session(context), Path(roster)
    lines: Sequence[RosterPerson] = ()
    if not roster.isdecimal():
        if not file.is_file():
            raise UsageError(t("cli.roster.no_file", file=file))
        _, lines, _ = read_roster(file, here.reference(), sheet, column, json=json)
    refused: Sequence[Finding] = ()
    done = bookings.BookResult((), 0)
    with here.desk() as desk:
        unit = Unit(name=name, uscc=uscc, contact=contact, mobile=mobile, mode=Mode.CHANGE_BANK)
        number = _taken_in(desk, lines, unit) if lines else int(roster)
        try:
            done = bookings.book(desk, number, tuple(acknowledge or ()), _progressed)
        except rosters.UnitRefusedError as error:
            refused = error.findings
        results = _results(desk, number, done) if json else []
    counts = done.counts()
    if json:
        findings = [finding_document(each) for each in refused]
        document({"batch": number, **counts, "left": done.left, "findings": findings, "results": results})
    else:
        _tell(refused, done)
        note(t("cli.roster.booked", batch=number, **counts))
    if refused or done.left or counts["wrong"] or counts["refused"]:
        raise typer.Exit(Code.NO)


def _taken_in(desk: "Desk", lines: "Sequence[RosterPerson]", unit: "Unit") -> int:
    """The roster of a file: the one that it became before, else a new one."""
    from msgspec import structs

    from counter.desk import rosters

    known = rosters.of_same_people(desk.store, lines, Mode.CHANGE_BANK)
    if known is not None:
        return known.id
    made = rosters.create(desk.store, structs.replace(unit, bank=desk.place.bank, branch=desk.place.branch), lines)
    note(t("cli.roster.imported", batch=made.id))
    return made.id


def _results(desk: "Desk", batch: int, done: "BookResult") -> list[dict[str, object]]:
    """What came of it for each row, and how its booking stands now."""
    from counter.desk import rosters
    from counter.roster.booked import last_day_of, standing

    context, came = desk.context(), {row.place: row for row in done.rows}
    return [
        {
            "row": place,
            "came": came[place].came,
            "booking": standing(person.answers.booking, context),
            "until": (last_day_of(person.answers.booking, context) if person.answers.booking else "") or None,
            "reason": person.answers.booking.reason if person.answers.booking else "",
            "findings": [finding_document(each) for each in came[place].findings],
        }
        for place, person in enumerate(rosters.people(desk.store, batch), 1)
        if place in came
    ]


def _tell(refused: "Sequence[Finding]", done: "BookResult") -> None:
    for finding in refused:
        say(f"{finding_line(finding)}  {finding.code}")
    for row in done.rows:
        if row.findings:
            say(f"! {row.place}  {t(f'roster.came.{row.came}')}")
            for finding in row.findings:
                say(finding_line(finding))


def _progressed(done: int, total: int) -> None:
    note(t("cli.roster.progressed", done=done, total=total))


@app.command(help=t("cli.help.roster_numbers"))
def numbers(
    context: typer.Context,
    number: Number,
    xlsx: Annotated[Path | None, typer.Option(metavar="FILE", help=t("cli.option.numbers_xlsx"))] = None,
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help=t("cli.option.numbers_pdf"))] = None,
    json: Json = False,
) -> None:
    from counter.desk.new_numbers import new_numbers_of
    from counter.roster.new_numbers import printed

    files = [file for file in (xlsx, pdf) if file]
    if not files or (xlsx and xlsx.suffix.lower() != ".xlsx") or (pdf and pdf.suffix.lower() != ".pdf"):
        raise UsageError(t("cli.roster.numbers_files"))
    here = session(context)
    with here.desk() as desk:
        made = new_numbers_of(desk, number, _progressed)
    assert made is not None, "nobody cancels it here"
    for file in files:
        write_list(file, printed(made), here.settings.font)
    counts = {"ready": len(made.ready), "waiting": len(made.waiting)}
    if json:
        document({"batch": number, "files": [str(file) for file in files], **counts})
    else:
        note(t("cli.roster.numbers_written", files=" ".join(map(str, files)), **counts))
