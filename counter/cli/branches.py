"""``counter branches``: where a card can be collected (网点)."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from counter.cli.commands import Commands
from counter.cli.exits import Code
from counter.cli.output import Json, document, finding_document, note, say, table
from counter.cli.session import session
from counter.cli.sheets import SheetName, sheet_to_choose
from counter.i18n import sentence, t
from counter.rules.reference import Branch

app = Commands(help=t("cli.help.branches"))

City = Annotated[str, typer.Option(help=t("cli.option.city"))]
Bank = Annotated[str, typer.Option(help=t("cli.option.bank"))]

_COLUMNS = ("id", "bank", "city", "name", "address", "hours", "phone", "source")


@app.command("list", help=t("cli.help.branches_list"))
def list_branches(context: typer.Context, city: City = "", bank: Bank = "", json: Json = False) -> None:
    _print(_of(session(context).reference().branches.values(), city, bank), json=json)


@app.command(help=t("cli.help.branches_search"))
def search(
    context: typer.Context,
    words: Annotated[str, typer.Argument(metavar="TEXT", help=t("cli.option.words"))],
    city: City = "",
    bank: Bank = "",
    json: Json = False,
) -> None:
    from counter.rules.search import search_branches

    reference = session(context).reference()
    there = list(_of(reference.branches.values(), city, bank))
    _print(search_branches(words, there, reference.regions, limit=len(there)), json=json)


@app.command("import", help=t("cli.help.branches_import"))
def import_list(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help=t("cli.option.branches"))],
    sheet: SheetName = None,
    json: Json = False,
) -> None:
    from counter.reference.branches import import_branches, save_branches

    here = session(context)
    with sheet_to_choose():
        report = import_branches(file, here.reference(), sheet)
    imported = len(report.rows) if report.valid else 0
    if report.valid:
        save_branches(here.settings.home, report.rows)
    if json:
        rows = [
            {"row": row, "findings": [finding_document(finding) for finding in findings]}
            for row, findings in report.findings.items()
        ]
        document({"imported": imported, "results": rows})
    else:
        for row, findings in report.findings.items():
            for finding in findings:
                say(t("cli.branches.row", row=row, message=sentence(finding)))
        say(t("cli.branches.imported", imported=imported) if report.valid else t("cli.branches.refused"))
    if not report.valid:
        raise typer.Exit(Code.NO)


def _of(branches: Iterable[Branch], city: str, bank: str) -> Iterable[Branch]:
    return (
        branch for branch in branches if branch.city == (city or branch.city) and branch.bank == (bank or branch.bank)
    )


def _print(branches: Iterable[Branch], *, json: bool) -> None:
    found = list(branches)
    if json:
        document({"branches": found})
    else:
        headings = [t(f"cli.branches.column.{name}") for name in _COLUMNS]
        table(headings, ([str(getattr(branch, name)) for name in _COLUMNS] for branch in found))
        note(t("cli.branches.found", count=len(found)))
