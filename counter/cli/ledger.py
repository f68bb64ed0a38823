"""``counter ledger``: what was done, read and kept safe."""

import csv
import io
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from counter.cli import kept, returned
from counter.cli.commands import Commands
from counter.cli.exits import Code
from counter.cli.output import Json, document, note, say, table, yuan
from counter.cli.second import Checker, CheckerPassphraseFile, checker_passphrase
from counter.cli.session import session
from counter.cli.slips import entry_of, slip
from counter.i18n import t
from counter.rules.masking import mask_name, mask_number
from counter.store.deeds import EXPORT, REVEAL_ENTRY
from counter.store.errors import StoreError
from counter.store.records import LedgerEntry, SendState

if TYPE_CHECKING:
    from counter.desk.desk import Desk

app = Commands(help=t("cli.help.ledger"))

_COLUMNS = ("seq", "number", "business_date", "kind", "holder", "document", "fee", "maker", "state")
"""What a list shows of an entry; the headings are ``cli.ledger.column.<name>``."""

Day = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help=t("cli.option.on"))]


@app.command("list", help=t("cli.help.ledger_list"))
def list_entries(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help=t("cli.option.search"), show_default=False)] = "",
    on: Day = None,
    state: Annotated[SendState | None, typer.Option(help=t("cli.option.state"))] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help=t("cli.option.limit"))] = 50,
    json: Json = False,
) -> None:
    with session(context).store() as store:
        found = store.ledger.search(text, on=_date(on), state=state, limit=limit)
        entries = [summary(entry, store.ledger.quote_number(entry)) for entry in found]
        count = store.ledger.count()
    if json:
        document({"entries": entries, "count": count})
    else:
        table([t(f"cli.ledger.column.{name}") for name in _COLUMNS], map(_row, entries))
        note(t("cli.ledger.shown", shown=len(entries), count=count))


@app.command(help=t("cli.help.ledger_show"))
def show(
    context: typer.Context,
    entry: Annotated[str, typer.Argument(metavar="SEQ|ID", help=t("cli.option.entry"))],
    reveal: Annotated[bool, typer.Option("--reveal", help=t("cli.option.reveal"))] = False,
    json: Json = False,
) -> None:
    with session(context).store() as store:
        found = entry_of(store, entry)
        if reveal:
            store.audit.note(REVEAL_ENTRY, found.id)
        whole = details(found, store.ledger.quote_number(found), reveal=reveal) | {
            "corrects": (found.record.case.corrects or None) if found.record else None,
            "cleared": store.clearing.of(found.id),
        }
    if json:
        document(whole)
    else:
        say(msgspec.json.format(msgspec.json.encode(whole)).decode())


app.command(help=t("cli.help.ledger_slip"))(slip)


@app.command(help=t("cli.help.ledger_reverse"))
def reverse(
    context: typer.Context,
    entry: Annotated[str, typer.Argument(metavar="SEQ|ID", help=t("cli.option.entry"))],
    reason: Annotated[str, typer.Option(help=t("cli.option.reversal"))],
    checker: Checker = None,
    checker_passphrase_file: CheckerPassphraseFile = None,
    json: Json = False,
) -> None:
    with session(context).desk() as desk:
        found = entry_of(desk.store, entry)
        passphrase = checker_passphrase(checker_passphrase_file) if checker else ""
        asked = desk.reverse(found.id, reason)
        back = _authorised(desk, asked.id, checker, passphrase) if checker else None
        number = desk.store.ledger.quote_number(back) if back else None
    if json:
        state = "recorded" if back else "awaiting"
        seq = back.seq if back else None
        document({"id": asked.id, "reverses": found.id, "state": state, "seq": seq, "quote_number": number})
    else:
        say(t("cli.ledger.reversed", number=number) if back else t("cli.ledger.reversal_waits", id=asked.id))


@app.command(help=t("cli.help.ledger_verify"))
def verify(context: typer.Context, json: Json = False) -> None:
    with session(context).store() as store:
        found = store.ledger.verify(_checked)
    if json:
        flaws = [{"what": flaw.what, "which": flaw.which} for flaw in found.flaws]
        said = {"entries": found.entries, "valid": found.valid, "first_bad_seq": found.first_bad_seq}
        document(said | {"flaws": flaws})
    elif found.valid:
        say(t("cli.ledger.valid", entries=found.entries))
    elif found.first_bad_seq is not None:
        say(t("cli.ledger.invalid", entries=found.entries, seq=found.first_bad_seq))
    for flaw in found.flaws if not json else ():
        say(t(f"ledger.flaw.{flaw.what}", which=flaw.which))
    if not found.valid:
        raise typer.Exit(Code.DAMAGED)


def _checked(stage: str, done: int, total: int) -> None:
    note(f"{t(f'ledger.stage.{stage}')}  {done}/{total}")


@app.command(help=t("cli.help.ledger_export"))
def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=t("cli.option.csv"))],
    on: Day = None,
    json: Json = False,
) -> None:
    from counter.files import write_whole

    with session(context).store() as store:
        found = store.ledger.search(on=_date(on), limit=store.ledger.count() or 1)
        entries = [summary(entry, store.ledger.quote_number(entry)) for entry in reversed(found)]
        store.audit.note(EXPORT)
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([t(f"cli.ledger.column.{name}") for name in _COLUMNS])
    writer.writerows(map(_row, entries))
    write_whole(file, target.getvalue().encode("utf-8-sig"))  # the mark makes Excel read Chinese
    if json:
        document({"entries": len(entries), "file": str(file)})
    else:
        say(t("cli.ledger.exported", entries=len(entries), file=file))


app.command(help=t("cli.help.ledger_correct"))(returned.correct)
app.command("write-off", help=t("cli.help.ledger_write_off"))(returned.write_off)
app.command(help=t("cli.help.ledger_backup"))(kept.backup)
app.command(help=t("cli.help.ledger_restore"))(kept.restore)
app.command("carry-over", help=t("cli.help.ledger_carry_over"))(kept.carry_over)


def _authorised(desk: "Desk", id: str, checker: str, passphrase: str) -> LedgerEntry:
    """Authorise what was just asked for; where the second person may not, nothing is left waiting."""
    try:
        return desk.authorise(id, checker, passphrase).entry
    except StoreError:
        desk.refuse(id, "")
        raise


def summary(entry: LedgerEntry, number: str) -> dict[str, Any]:
    """An entry as it is listed: the person masked, the fee in fen."""
    holder = entry.record.case.holder if entry.record else None
    return {
        "seq": entry.seq,
        "id": entry.id,
        "quote_number": number,
        "business_date": entry.business_date,
        "recorded_at": entry.recorded_at,
        "kind": entry.kind,
        "fee_fen": entry.fee_fen,
        "maker": entry.maker,
        "checker": entry.checker,
        "reverses": entry.reverses,
        "state": entry.state,
        "code": entry.code,
        "rule": entry.rule,
        "holder": mask_name(holder.name) if holder else None,
        "document": mask_number(holder.document.number) if holder else None,
    }


def details(entry: LedgerEntry, number: str, *, reveal: bool) -> dict[str, Any]:
    """An entry with its link in the chain; the record itself only when it is to be revealed."""
    link = {
        "body_digest": entry.body_digest,
        "previous": entry.previous,
        "hash": entry.hash,
        "algorithm": entry.algorithm,
    }
    return summary(entry, number) | link | ({"record": entry.record} if reveal else {})


def _row(entry: dict[str, Any]) -> list[str]:
    shown = entry | {
        "number": entry["quote_number"],
        "fee": yuan(entry["fee_fen"]),
        "kind": t(f"service.{entry['kind']}.name"),
        "state": t(f"choice.state.{entry['state']}"),
    }
    return [str(shown[name] if shown[name] is not None else "-") for name in _COLUMNS]


def _date(given: datetime | None) -> date | None:
    return given.date() if given else None
