"""``counter authorise``: the second person (授权)."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from counter.cli.commands import Commands
from counter.cli.ledger import summary
from counter.cli.output import Json, document, note, say, table, yuan
from counter.cli.second import Checker, CheckerPassphraseFile, checker_passphrase
from counter.cli.session import session
from counter.cli.told import exit_if_refused, say_told, told_document
from counter.i18n import has, t
from counter.rules.masking import mask_name, mask_number

if TYPE_CHECKING:
    from counter.store.records import AwaitingCase

app = Commands(help=t("cli.help.authorise"))

_COLUMNS = ("id", "business_date", "kind", "reason", "holder", "document", "fee", "maker")
"""What the list shows; the headings are ``cli.authorise.column.<name>``."""

CaseId = Annotated[str, typer.Argument(metavar="ID", help=t("cli.option.awaiting"))]


@app.command("list", help=t("cli.help.authorise_list"))
def list_awaiting(context: typer.Context, json: Json = False) -> None:
    with session(context).desk() as desk:
        waiting = [_summary(one) for one in desk.awaiting()]
    if json:
        document({"awaiting": waiting, "count": len(waiting)})
    else:
        table([t(f"cli.authorise.column.{name}") for name in _COLUMNS], map(_row, waiting))
        note(t("cli.authorise.shown", count=len(waiting)))


@app.command(help=t("cli.help.authorise_approve"))
def approve(
    context: typer.Context,
    id: CaseId,
    checker: Checker = None,
    checker_passphrase_file: CheckerPassphraseFile = None,
    json: Json = False,
) -> None:
    with session(context).desk() as desk:
        if checker:
            done = desk.authorise(id, checker, checker_passphrase(checker_passphrase_file))
        else:
            done = desk.authorise_own(id)
        number = desk.store.ledger.quote_number(done.entry)
    if json:
        document(summary(done.entry, number) | told_document(done.telling))
    else:
        say(t("cli.authorise.approved_not_done" if done.refused else "cli.authorise.approved", number=number))
        say_told(done.telling)
    exit_if_refused(done.telling)


@app.command(help=t("cli.help.authorise_refuse"))
def refuse(
    context: typer.Context,
    id: CaseId,
    reason: Annotated[str, typer.Option(help=t("cli.option.refusal"))],
    json: Json = False,
) -> None:
    with session(context).desk() as desk:
        desk.refuse(id, reason)
    if json:
        document({"id": id, "refused": True})
    else:
        say(t("cli.authorise.refused"))


def _summary(waiting: "AwaitingCase") -> dict[str, Any]:
    """A case that waits, as it is listed: the person masked, the fee in fen."""
    holder = waiting.record.case.holder
    return {
        "id": waiting.id,
        "kind": waiting.kind,
        "reason": waiting.reason,
        "business_date": waiting.business_date,
        "created_at": waiting.created_at,
        "maker": waiting.maker,
        "reverses": waiting.reverses,
        "fee_fen": waiting.record.fee_fen,
        "holder": mask_name(holder.name),
        "document": mask_number(holder.document.number),
    }


def _row(waiting: dict[str, Any]) -> list[str]:
    shown = waiting | {
        "kind": t(f"service.{waiting['kind']}.name"),
        "reason": _reason(waiting["reason"]),
        "fee": yuan(waiting["fee_fen"]),
    }
    return [str(shown[name]) for name in _COLUMNS]


def _reason(code: str) -> str:
    key = f"choice.authorised.{code}"
    return t(key) if has(key) else code
