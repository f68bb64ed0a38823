"""``counter audit``: who did what, for who answers for the counter."""

import csv
from pathlib import Path
from typing import Annotated

import typer

from counter.cli.commands import Commands
from counter.cli.exits import Code
from counter.cli.output import Json, document, note, say, table
from counter.cli.session import session
from counter.i18n import t
from counter.store.deeds import EXPORT_AUDIT, Watched

app = Commands(help=t("cli.help.audit"))

OfDeed = Annotated[Watched | None, typer.Option("--only", help=t("cli.option.deed"))]
OfOperator = Annotated[str, typer.Option("--of", metavar="ID", help=t("cli.option.audit_of"), show_default=False)]
_EVERYTHING = 2**62


@app.command("list", help=t("cli.help.audit_list"))
def list_notes(
    context: typer.Context,
    only: OfDeed = None,
    of: OfOperator = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help=t("cli.option.audit_limit"))] = 50,
    json: Json = False,
) -> None:
    from counter.desk.trail import COLUMNS, told

    with session(context).desk() as desk:
        desk.store.audit.require_supervisor()
        notes = desk.store.audit.list(limit, only, of)
    if json:
        document({"notes": notes})
    else:
        table([t(f"audit.column.{name}") for name in COLUMNS], map(told, notes))
        note(t("audit.shown", shown=len(notes)))


@app.command(help=t("cli.help.audit_verify"))
def verify(context: typer.Context, json: Json = False) -> None:
    with session(context).desk() as desk:
        desk.store.audit.require_supervisor()
        found = desk.store.audit.verify()
    if json:
        document({"notes": found.notes, "valid": found.valid, "first_bad_seq": found.first_bad_seq})
    elif found.valid:
        say(t("audit.valid", notes=found.notes))
    else:
        say(t("audit.invalid", notes=found.notes, seq=found.first_bad_seq))
    if not found.valid:
        raise typer.Exit(Code.DAMAGED)


@app.command(help=t("cli.help.audit_export"))
def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=t("cli.option.csv"))],
    only: OfDeed = None,
    of: OfOperator = "",
    json: Json = False,
) -> None:
    from counter.desk.trail import COLUMNS, told

    with session(context).desk() as desk:
        desk.store.audit.require_supervisor()
        desk.store.audit.note(EXPORT_AUDIT)
        notes = desk.store.audit.list(_EVERYTHING, only, of)[::-1]
    with file.open("w", encoding="utf-8-sig", newline="") as target:  # the mark makes Excel read Chinese
        writer = csv.writer(target)
        writer.writerow([t(f"audit.column.{name}") for name in COLUMNS])
        writer.writerows(map(told, notes))
    if json:
        document({"notes": len(notes), "file": str(file)})
    else:
        say(t("audit.exported", notes=len(notes), file=file))
