"""``counter case alarms``: losses whose bank's side is not locked (银行账户未锁定), LOS-1."""

from typing import Annotated

import typer

from counter.cli.commands import Commands
from counter.cli.output import Json, document, note, say, table
from counter.cli.session import session
from counter.clock import SHANGHAI
from counter.i18n import t

app = Commands(help=t("cli.help.case_alarms"))

_COLUMNS = ("id", "number", "bank", "hotline", "since")
"""What the list shows; the headings are ``cli.alarms.column.<name>``."""


@app.command("list", help=t("cli.help.case_alarms_list"))
def list_alarms(context: typer.Context, json: Json = False) -> None:
    from counter.desk.alarms import bank_of

    with session(context).desk() as desk:
        waiting = [(alarm, *bank_of(alarm, desk.reference)) for alarm in desk.store.alarms.list()]
    if json:
        alarms = [
            {
                "id": alarm.entry,
                "quote_number": alarm.number or None,
                "bank": alarm.bank or None,
                "hotline": hotline or None,
                "since": alarm.raised_at,
                "seen": alarm.seen,
            }
            for alarm, _bank, hotline in waiting
        ]
        document({"alarms": alarms, "count": len(alarms)})
    else:
        rows = [
            (alarm.entry, alarm.number, bank, hotline, f"{alarm.raised_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}")
            for alarm, bank, hotline in waiting
        ]
        table([t(f"cli.alarms.column.{name}") for name in _COLUMNS], rows)
        note(t("cli.alarms.shown", count=len(waiting)))


@app.command(help=t("cli.help.case_alarms_settle"))
def settle(
    context: typer.Context,
    id: Annotated[str, typer.Argument(metavar="ID", help=t("cli.option.alarm"))],
    by: Annotated[str, typer.Option(help=t("cli.option.phoned_by"))],
    at: Annotated[str, typer.Option(metavar="TIME", help=t("cli.option.phoned_at"))],
    result: Annotated[str, typer.Option(help=t("cli.option.phone_result"))],
    json: Json = False,
) -> None:
    from counter.desk.alarms import settle as settle_alarm

    with session(context).desk() as desk:
        settle_alarm(desk, id, by, at, result)
    if json:
        document({"id": id, "settled": True})
    else:
        say(t("cli.alarms.settled"))
