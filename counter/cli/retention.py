"""``counter retention``: what is past its time, and gone."""

from typing import TYPE_CHECKING

import msgspec
import typer

from counter.cli.commands import Commands
from counter.cli.output import Json, document, say, table
from counter.cli.session import session
from counter.i18n import t

if TYPE_CHECKING:
    from counter.desk.retention import Past

app = Commands(help=t("cli.help.retention"))


@app.command("list", help=t("cli.help.retention_list"))
def list_due(context: typer.Context, json: Json = False) -> None:
    from counter.desk.retention import due
    from counter.reference.retention import periods

    with session(context).desk() as desk:
        past = due(desk.store, desk.clock())
    days = msgspec.structs.asdict(periods())
    if json:
        document({"days": days, "due": past._asdict()})
    else:
        headings = [t(f"cli.retention.column.{name}") for name in ("kind", "days", "due")]
        rows = past._asdict().items()
        table(headings, ([t(f"cli.retention.kind.{kind}"), _days(days, kind), str(count)] for kind, count in rows))


@app.command(help=t("cli.help.retention_erase"))
def erase(context: typer.Context, json: Json = False) -> None:
    from counter.desk.retention import erase as erase_past

    with session(context).desk() as desk:
        gone = erase_past(desk.store, desk.clock())
    if json:
        document({"erased": gone._asdict()})
    else:
        say(_told(gone))


def _days(days: dict[str, int], kind: str) -> str:
    """What has no period of its own (a picture of nobody) goes the next day, a card's holder with the rosters."""
    return str(days.get("rosters" if kind == "cards" else kind, 1) or "-")


def _told(gone: "Past") -> str:
    parts = [f"{t(f'cli.retention.kind.{kind}')} {count}" for kind, count in gone._asdict().items() if count]
    return t("cli.retention.erased", parts=", ".join(parts)) if parts else t("cli.retention.nothing")
