"""``counter till``: the cash of this counter (钱箱), noted and counted."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counter.cli.commands import Commands
from counter.cli.exits import UsageError
from counter.cli.output import Json, document, note, say, table, yuan
from counter.cli.second import Checker, CheckerPassphraseFile, second_person
from counter.cli.session import session
from counter.clock import SHANGHAI
from counter.i18n import t

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from counter.rules.till import Till
    from counter.store.movements import Noted
    from counter.store.payments import DayPayments, KindPayments
    from counter.store.store import Store
    from counter.store.unlocked import Signatory

app = Commands(help=t("cli.help.till"))

Amount = Annotated[str, typer.Argument(metavar="YUAN", help=t("cli.option.till_amount"))]
Reason = Annotated[str, typer.Option(help=t("cli.option.till_reason"))]
_WAYS = ("cash", "account", "waived", "returned")


@app.command(help=t("cli.help.till_show"))
def show(
    context: typer.Context,
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help=t("cli.option.on"))] = None,
    json: Json = False,
) -> None:
    with session(context).store() as store:
        day = on.date() if on else store.ledger.today()
        _report(store, day, json=json)


@app.command("open", help=t("cli.help.till_open"))
def open_till(context: typer.Context, amount: Amount, json: Json = False) -> None:
    _note(context, "opening", amount, json=json)


@app.command("in", help=t("cli.help.till_in"))
def take_in(context: typer.Context, amount: Amount, reason: Reason = "", json: Json = False) -> None:
    _note(context, "in", amount, reason, json=json)


@app.command("out", help=t("cli.help.till_out"))
def hand_over(
    context: typer.Context,
    amount: Amount,
    reason: Reason = "",
    checker: Checker = None,
    checker_passphrase_file: CheckerPassphraseFile = None,
    json: Json = False,
) -> None:
    _note(context, "out", amount, reason, second_of(checker, checker_passphrase_file), json=json)


@app.command(help=t("cli.help.till_count"))
def count(
    context: typer.Context,
    pieces: Annotated[list[str], typer.Argument(metavar="YUAN=PIECES...", help=t("cli.option.till_pieces"))],
    reason: Annotated[str, typer.Option(help=t("cli.option.till_difference"))] = "",
    json: Json = False,
) -> None:
    from counter.rules.till import counted_of

    counted = counted_of(_pieces(pieces))
    with session(context).store() as store:
        store.till.count(counted, reason)
        _report(store, store.ledger.today(), json=json)


def second_of(checker: str | None, file: "Path | None") -> "Callable[[Store], Signatory]":
    """Asks for the second person once the ledger is open."""

    def verified(store: "Store") -> "Signatory":
        return store.operators.verify(*second_person(checker, file))

    return verified


def moved_document(noted: "Noted") -> dict[str, Any]:
    """A movement as both commands report it."""
    return {
        "seq": noted.seq,
        "date": noted.business_date,
        "at": noted.at,
        "maker": noted.maker,
        "checker": noted.checker,
        "act": noted.move.act,
        "reason": noted.move.reason,
    }


def payments_document(found: "DayPayments") -> dict[str, Any]:
    """A date's fees by kind and by how they were paid: how many, and fen."""

    def ways(of: "KindPayments") -> dict[str, Any]:
        return {way: getattr(of, way) for way in _WAYS}

    kinds = {kind: ways(of) for kind, of in found.by_kind.items()}
    return {"date": found.business_date, "by_kind": kinds, "total": ways(found.total), "cash_fen": found.cash_fen}


def _note(
    context: typer.Context,
    act: str,
    amount: str,
    reason: str = "",
    second: "Callable[[Store], Signatory] | None" = None,
    *,
    json: bool,
) -> None:
    from counter.rules.till import TillAct, fen_of

    fen = fen_of(amount)
    with session(context).store() as store:
        store.till.note(TillAct(act), fen, reason, second(store) if second else None)
        _report(store, store.ledger.today(), json=json)


def _pieces(given: list[str]) -> Mapping[int, int]:
    """``100=3``: fen to number. Raises `UsageError`, `TillError`."""
    from counter.rules.till import fen_of

    found: dict[int, int] = {}
    for each in given:
        value, equals, number = each.partition("=")
        if not (equals and number.isascii() and number.isdecimal() and len(number) < 8):
            raise UsageError(t("cli.till.piece", piece=each))
        found[fen_of(value)] = int(number)
    return found


def _report(store: "Store", on: "date", *, json: bool) -> None:
    till, moves, payments = store.till.of(on), store.movements.list("till", on), store.payments.of(on)
    if json:
        document(_till(till, on) | {"moves": [_moved(each) for each in moves], "payments": payments_document(payments)})
        return
    rows = (
        (
            f"{each['at'].astimezone(SHANGHAI):%H:%M}",
            t(f"till.act.{each['act']}"),
            yuan(each["fen"]),
            each["reason"],
            each["maker"],
            each["checker"] or "",
        )
        for each in map(_moved, moves)
    )
    from counter.desk.counted import till_lines

    table([t(f"till.column.{name}") for name in ("at", "act", "amount", "reason", "maker", "checker")], rows)
    for line in till_lines(till):
        say(line)
    note(t("cli.till.shown", date=on, count=len(moves)))


def _till(till: "Till", on: "date") -> dict[str, Any]:
    count = till.count
    return {
        "date": on,
        "opening_fen": till.opening_fen,
        "fees_fen": till.fees_fen,
        "in_fen": till.in_fen,
        "out_fen": till.out_fen,
        "expected_fen": till.expected_fen,
        "counted_fen": count.fen if count else None,
        "difference_fen": count.difference_fen if count else None,
        "reason": count.reason if count else None,
        "problem": till.problem or None,
    }


def _moved(noted: "Noted") -> dict[str, Any]:
    from counter.rules.till import DENOMINATIONS, TillMove, yuan_of

    move = noted.move
    assert isinstance(move, TillMove), "the book of the till has nothing else"
    counted = {yuan_of(fen): number for fen, number in zip(DENOMINATIONS, move.counted, strict=False) if number}
    said = moved_document(noted) | {"fen": move.fen}
    return said | ({"counted": counted, "difference_fen": move.difference_fen} if move.counted else {})
