"""``counter gateway``: the reference province."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from counter.cli.commands import Commands
from counter.cli.exits import UsageError
from counter.cli.output import Json, document, note, say
from counter.cli.session import session
from counter.i18n import t
from counter.terminal.encoding import decoded

app = Commands(help=t("cli.help.gateway"))

Database = Annotated[str | None, typer.Option(envvar="COUNTER_DATABASE", help=t("cli.option.database"))]
DataDir = Annotated[Path | None, typer.Option(file_okay=False, help=t("cli.option.data_dir"))]


@app.command(help=t("cli.help.gateway_serve"))
def serve(
    context: typer.Context,
    database: Database = None,
    data_dir: DataDir = None,
    host: Annotated[str, typer.Option(help=t("cli.option.host"))] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help=t("cli.option.port"))] = 8441,
    sms_echo: Annotated[bool, typer.Option("--sms-echo", help=t("cli.option.sms_echo"))] = False,
    json: Json = False,
) -> None:
    from counter.gateway import server

    def ready(running: server.Running) -> None:
        if json:
            document({"url": running.url, "public_key": running.public_key})
            sys.stdout.flush()
        else:
            note(t("cli.gateway.ready", url=running.url, key=running.public_key))

    server.serve(database, folder(context, data_dir), host=host, port=port, sms_echo=sms_echo, ready=ready)


@app.command(help=t("cli.help.gateway_seed"))
def seed(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=t("cli.option.seed"))],
    database: Database = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    from counter.gateway import server
    from counter.gateway.seeding.seed import SeedError

    text = decoded(sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes())
    try:
        rows = server.seed_lines(database, folder(context, data_dir), text.splitlines())
    except SeedError as error:
        raise UsageError(t("cli.gateway.not_a_row", line=error.line)) from None
    if json:
        document({"rows": rows})
    else:
        say(t("cli.gateway.seeded", rows=rows))


class Stage(StrEnum):
    """The milestones of a card's making (`counter.gateway.persons.advance.STAGES`), and mail that comes back."""

    BANK_OPENED = "bank_opened"
    BANK_DONE = "bank_done"
    INSURER = "insurer"
    PROVINCE = "province"
    CITY = "city"
    SENT = "sent"
    RETURNED = "returned"


@app.command(help=t("cli.help.gateway_advance"))
def advance(
    context: typer.Context,
    entry: Annotated[str, typer.Option(metavar="ID", help=t("cli.option.advance_entry"))] = "",
    to: Annotated[Stage | None, typer.Option(help=t("cli.option.advance_to"))] = None,
    database: Database = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    from counter.gateway import server

    cards = server.advance_cards(database, folder(context, data_dir), entry, to or "")
    if json:
        document({"cards": cards})
    else:
        say(t("cli.gateway.advanced", cards=cards))


def folder(context: typer.Context, data_dir: Path | None) -> Path:
    """Where the province keeps its key and its own PostgreSQL: beside the counter's home unless named."""
    return data_dir or session(context).settings.home / "gateway"
