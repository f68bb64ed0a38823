"""``counter branches``: where a card can be collected (网点)."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from counter.cli.exits import Code
from counter.cli.output import Json, document, finding_document, note, say, table
from counter.cli.session import session
from counter.i18n import sentence, t
from counter.rules.reference import Branch

app = typer.Typer(help=t("cli.help.branches"), no_args_is_help=True)

City = Annotated[str, typer.Option(help=t("cli.option.city"))]
Bank = Annotated[str, typer.Option(help=t("cli.option.bank"))]

_COLUMNS = ("id", "bank", "city", "name", "address", "hours", "phone", "source")


@app.command("list", help=t("cli.help.branches_list"))
def list_branches(context: typer.Context, city: City = "", bank: Bank = "", json: Json = False) -> None:
    _print(_of(session(context).reference().branches.values(), city, bank), json=json)


@app.command(help=t("cli.help.branches_search"))
def search(
    context: typer.Context,
    words: Annotated[str, typer.Argument(help=t("cli.option.words"))],
    city: City = "",
    bank: Bank = "",
    json: Json = False,
) -> None:
    from counter.branches import search_branches

    _print(_of(search_branches(session(context).reference(), words), city, bank), json=json)
