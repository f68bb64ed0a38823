"""``counter day``: a business date's report and the province's receipt, shown, written and checked again offline."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counter.cli.close import On, date_of, open_document, reopen
from counter.cli.commands import Commands
from counter.cli.exits import Code, UsageError
from counter.cli.output import Json, document, note, say
from counter.cli.session import session
from counter.i18n import listed, t
from counter.store.deeds import EXPORT, PRINT

if TYPE_CHECKING:
    from counter.desk.day_report import DayReport, ReceiptCheck
    from counter.roster.lists import PrintedList

app = Commands(help=t("cli.help.day"))


@app.command(help=t("cli.help.day_show"))
def show(context: typer.Context, on: On = None, json: Json = False) -> None:
    from counter.desk.day_report import as_text, printed, read_report

    with session(context).desk() as desk:
        report = read_report(desk, date_of(on) or desk.today())
        dates = desk.store.decisions.open_dates()
    if json:
        document(_document(report, dates))
        return
    say(as_text(printed(report)))
    if dates:
        note(t("day.not_closed", dates=listed(map(str, dates))))


@app.command(help=t("cli.help.day_report"))
def report(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help=t("cli.option.day_report"))] = None,
    on: On = None,
    print_it: Annotated[bool, typer.Option("--print", help=t("cli.option.print"))] = False,
    json: Json = False,
) -> None:
    from counter.desk.day_report import narrow, printed, read_report
    from counter.desk.printing import print_paper
    from counter.files import write_whole

    here = session(context)
    if file is None and not print_it:
        raise UsageError(t("cli.day.no_file"))
    if print_it and not here.settings.slip_printer:
        raise UsageError(t("cli.ledger.no_printer"))
    with here.desk() as desk:
        found = read_report(desk, date_of(on) or desk.today())
        paper = printed(found)
        if file:
            write_whole(file, _written(paper, file, here.settings.font))
            desk.store.audit.note_if_room(EXPORT)
        if print_it:
            print_paper(desk.printer, desk.font, narrow(paper))
            desk.store.audit.note_if_room(PRINT, found.on.isoformat())
    if json:
        document({"date": found.on, "file": str(file) if file else None, "printed": print_it})
        return
    if file:
        note(t("cli.day.written", file=file))
    if print_it:
        note(t("result.printed"))


@app.command(help=t("cli.help.day_verify"))
def verify(context: typer.Context, on: On = None, json: Json = False) -> None:
    from counter.desk.day_report import check, checked

    with session(context).desk() as desk:
        dates = [found] if (found := date_of(on)) else desk.store.days.with_receipt()
        checks = {day: check(desk, day) for day in dates}
    if json:
        document({"days": [_check(day, found) for day, found in checks.items()], "valid": _all_valid(checks)})
    else:
        for day, each in checks.items():
            say(f"{day}  {checked(each)}")
        if not checks:
            note(t("cli.day.no_receipt"))
    if not _all_valid(checks):
        raise typer.Exit(Code.DAMAGED if any(each.there for each in checks.values()) else Code.NO)


app.command(help=t("cli.help.day_reopen"))(reopen)


def _all_valid(checks: "dict[date, ReceiptCheck]") -> bool:
    return bool(checks) and all(each.valid for each in checks.values())


def _check(day: date, found: "ReceiptCheck") -> dict[str, Any]:
    return {"date": day, "there": found.there, "signed": found.signed, "equal": found.equal, "valid": found.valid}


def _document(report: "DayReport", dates: list[date]) -> dict[str, Any]:
    receipt = report.receipt
    return {
        "date": report.on,
        "closed": report.closed,
        "balance": report.balance,
        "total": report.balance.total,
        "open": [open_document(each) for each in report.open],
        "decisions": report.decisions,
        "receipt": report.said,
        "signature": receipt.signature if receipt else None,
        "check": _check(report.on, report.check),
        "open_dates": dates,
    }


def _written(paper: "PrintedList", file: Path, font: Path | None) -> bytes:
    """The report in the kind of file that the name says. Raises `UsageError` for another."""
    from counter.desk.day_report import as_text
    from counter.paper.fonts import find_fonts
    from counter.roster.lists import as_pdf, as_xlsx

    match file.suffix.lower():
        case ".pdf":
            return as_pdf(paper, find_fonts(font))
        case ".xlsx":
            return as_xlsx(paper)
        case ".txt":
            return as_text(paper).encode()
    raise UsageError(t("cli.day.no_kind"))
