"""``counter gateway``: the reference province."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from counter.cli.commands import Commands
from counter.cli.exits import Code, UsageError
from counter.cli.output import Json, document, note, say
from counter.cli.session import session
from counter.i18n import t
from counter.rules.link import is_name
from counter.terminal.encoding import decoded

app = Commands(help=t("cli.help.gateway"))


class LogForm(StrEnum):
    """The forms of a gateway's log (`counter.gateway.log`)."""

    TEXT = "text"
    JSON = "json"


Database = Annotated[str | None, typer.Option(envvar="COUNTER_DATABASE", help=t("cli.option.database"))]
DataDir = Annotated[Path | None, typer.Option(file_okay=False, help=t("cli.option.data_dir"))]


@app.command(help=t("cli.help.gateway_serve"))
def serve(
    context: typer.Context,
    database: Database = None,
    data_dir: DataDir = None,
    host: Annotated[str, typer.Option(help=t("cli.option.host"))] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help=t("cli.option.port"))] = 8441,
    status_port: Annotated[int | None, typer.Option(min=0, max=65535, help=t("cli.option.status_port"))] = None,
    tls_certificate: Annotated[Path | None, typer.Option(exists=True, help=t("cli.option.tls_certificate"))] = None,
    tls_key: Annotated[Path | None, typer.Option(exists=True, help=t("cli.option.tls_key"))] = None,
    plain: Annotated[bool, typer.Option("--plain", help=t("cli.option.plain"))] = False,
    pool: Annotated[int, typer.Option(min=1, help=t("cli.option.pool"))] = 8,
    at_once: Annotated[int, typer.Option(min=1, help=t("cli.option.at_once"))] = 128,
    connections: Annotated[int, typer.Option(min=1, help=t("cli.option.connections"))] = 1000,
    log_form: Annotated[LogForm, typer.Option("--log", help=t("cli.option.log_form"))] = LogForm.TEXT,
    sms_echo: Annotated[bool, typer.Option("--sms-echo", help=t("cli.option.sms_echo"))] = False,
    json: Json = False,
) -> None:
    from counter.gateway import log, server
    from counter.gateway.setup import Setup
    from counter.gateway.tls import Certificate
    from counter.province.transport import LOOPBACK
    from counter.rules.signing import fingerprint

    if (tls_certificate is None) != (tls_key is None) or (plain and tls_key):
        raise UsageError(t("cli.gateway.tls_halves"))
    here = folder(context, data_dir)
    tls = Certificate(tls_certificate, tls_key) if tls_certificate and tls_key else not plain
    public = host not in LOOPBACK
    if plain and public:
        raise UsageError(t("cli.gateway.plain_public"))
    for warned, sentence in ((sms_echo, "sms_echo"), (public, "public"), (public and sms_echo, "public_echo")):
        if warned:
            note(f"!!! {t(f'cli.gateway.warning.{sentence}', host=host)}")

    def ready(running: server.Running) -> None:
        shown = fingerprint(running.public_key)
        if json:
            ca = here / "tls" / "ca.pem" if running.ca else None
            document(
                {
                    "url": running.url,
                    "public_key": running.public_key,
                    "fingerprint": shown,
                    "ca": ca,
                    "status": running.status,
                }
            )
            sys.stdout.flush()
        else:
            note(t("cli.gateway.ready", url=running.url, key=running.public_key, fingerprint=shown))
            if running.ca:
                note(t("cli.gateway.ca", file=here / "tls" / "ca.pem"))
            note(t("cli.gateway.status", url=running.status))

    log.set_up(as_json=log_form is LogForm.JSON)
    beside = port + 1 if 0 < port < 65535 else 0
    server.serve(
        database,
        here,
        host=host,
        port=port,
        setup=Setup(tls, beside if status_port is None else status_port, connections, at_once, pool),
        sms_echo=sms_echo,
        ready=ready,
    )


Branch = Annotated[str, typer.Argument(metavar="BRANCH", help=t("cli.option.enrolled_branch"))]
Window = Annotated[str, typer.Argument(metavar="COUNTER", help=t("cli.option.enrolled_counter"))]


@app.command(help=t("cli.help.gateway_code"))
def code(
    context: typer.Context,
    branch: Branch,
    counter: Window,
    database: Database = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    from counter.gateway import enrolment, server
    from counter.rules.signing import fingerprint

    here = folder(context, data_dir)
    _check_names(branch, counter)
    made = server.make_code(database, here, branch, counter)
    hours = int(enrolment.CODE_LIFE.total_seconds() // 3600)
    shown = fingerprint(server.public_key_of(here))
    if json:
        document({"code": made, "branch": branch, "counter": counter, "hours": hours, "fingerprint": shown})
    else:
        say(made)
        note(t("cli.gateway.code", branch=branch, counter=counter, hours=hours, fingerprint=shown))


@app.command(help=t("cli.help.gateway_revoke"))
def revoke(
    context: typer.Context,
    branch: Branch,
    counter: Window,
    database: Database = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    from counter.gateway import server

    _check_names(branch, counter)
    revoked = server.revoke(database, folder(context, data_dir), branch, counter)
    if json:
        document({"branch": branch, "counter": counter, "revoked": revoked})
    else:
        say(t("cli.gateway.revoked" if revoked else "cli.gateway.no_key", branch=branch, counter=counter))
    if not revoked:
        raise typer.Exit(Code.NO)


@app.command(help=t("cli.help.gateway_audit"))
def audit(context: typer.Context, database: Database = None, data_dir: DataDir = None, json: Json = False) -> None:
    from counter.gateway import server

    notes = server.enrolment_notes(database, folder(context, data_dir))
    if json:
        document({"notes": notes})
    else:
        for one in notes:
            action = one.action.replace(" ", "_")
            said = t(f"cli.gateway.note.{action}")
            say(f"{one.at:%Y-%m-%d %H:%M:%S %z}  {one.branch}/{one.counter}  {said}  {one.public_key}".rstrip())


def _check_names(branch: str, counter: str) -> None:
    if not (is_name(branch) and is_name(counter)):
        raise UsageError(t("cli.init.counter"))


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
