"""``counter roster``: what becomes of the rosters in the ledger (批次)."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counter.cli.exits import Code
from counter.cli.output import Json, document, finding_document, finding_line, note, say, table, yuan
from counter.cli.roster import Acknowledge, app, write_list
from counter.cli.session import session
from counter.clock import SHANGHAI
from counter.i18n import t

if TYPE_CHECKING:
    from counter.rules.finding import Finding

__all__ = ["app"]  # the group, with the commands of both modules

Number = Annotated[int, typer.Argument(metavar="BATCH", help=t("cli.option.batch"))]

_BATCH = ("id", "unit", "state", "rows", "submitted", "fees", "operator", "created_at")
"""What a list shows of a roster; the headings are ``cli.roster.batch.<name>``."""


@app.command("list", help=t("cli.help.roster_list"))
def list_batches(context: typer.Context, json: Json = False) -> None:
    from dataclasses import asdict

    with session(context).desk() as desk:
        store = desk.store
        found = [(each, store.batches.fees(each.id)) for each in store.batches.list()]
    if json:
        document({"batches": [asdict(each) | {"fee_fen": fee_fen} for each, fee_fen in found]})
    else:
        rows = (
            (
                str(each.id),
                each.unit.name,
                t(f"choice.batch.{each.state}"),
                str(each.rows),
                str(each.submitted),
                yuan(fee_fen),
                each.operator,
                f"{each.created_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
            )
            for each, fee_fen in found
        )
        table([t(f"cli.roster.batch.{heading}") for heading in _BATCH], rows)


@app.command(help=t("cli.help.roster_submit"))
def submit(
    context: typer.Context,
    number: Number,
    acknowledge: Acknowledge = None,
    json: Json = False,
) -> None:
    from counter.desk import rosters

    refused: Sequence[Finding] = ()
    done = rosters.SubmitResult(0, 0, 0)
    with session(context).desk() as desk:
        store, judged_in = desk.store, desk.context()
        unit = rosters.batch_of(store, number).unit
        waiting = rosters.unanswered(rosters.people(store, number), unit, judged_in, again=True)
        for _ in rosters.ask(store, waiting, unit, desk.province, judged_in):
            pass  # the ledger keeps them, and the rows are judged with them
        try:
            done = rosters.submit(store, number, judged_in, tuple(acknowledge or ()))
        except rosters.UnitRefusedError as error:
            refused = error.findings
        now, fee_fen = rosters.batch_of(store, number), store.batches.fees(number)
    left = now.rows - now.submitted
    if json:
        counts = {"recorded": done.recorded, "wrong": done.wrong, "changed": done.changed, "left": left}
        findings = [finding_document(one) for one in refused]
        document({"batch": number, **counts, "fee_fen": fee_fen, "findings": findings})
    else:
        for finding in refused:
            say(f"{finding_line(finding)}  {finding.code}")
        note(t("cli.roster.submitted", recorded=done.recorded, left=left, yuan=yuan(fee_fen)))
    if left:
        raise typer.Exit(Code.NO)


@app.command(help=t("cli.help.roster_handover"))
def handover(
    context: typer.Context,
    number: Number,
    out: Annotated[Path, typer.Option(metavar="FILE", help=t("cli.option.hand_over"))],
    json: Json = False,
) -> None:
    from counter.desk import rosters
    from counter.roster.handover import printed

    here = session(context)
    with here.desk() as desk:
        made = rosters.hand_over_of(desk.store, number, desk.context())
    write_list(out, printed(made), here.settings.font)
    if json:
        document({"batch": number, "file": str(out), "taken": len(made.taken), "left": len(made.left)})
    else:
        note(t("cli.roster.handed_over", file=out, taken=len(made.taken), left=len(made.left)))


@app.command(help=t("cli.help.roster_finish"))
def finish(context: typer.Context, number: Number, json: Json = False) -> None:
    with session(context).desk() as desk:
        desk.store.batches.finish(number)
    _done("finished", number, json=json)


@app.command(help=t("cli.help.roster_discard"))
def discard(context: typer.Context, number: Number, json: Json = False) -> None:
    with session(context).desk() as desk:
        desk.store.batches.discard(number)
    _done("discarded", number, json=json)


def _done(what: str, number: int, *, json: bool) -> None:
    if json:
        document({"batch": number, "state": what})
    else:
        note(t(f"cli.roster.{what}", batch=number))
