"""``counter blanks``: the blank cards for instant issue of this counter (空白卡), by ranges of their numbers, PIC-1."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counter.cli.commands import Commands
from counter.cli.exits import Code
from counter.cli.output import Json, document, note, say, table
from counter.cli.second import Checker, CheckerPassphraseFile
from counter.cli.session import session
from counter.cli.till import moved_document, second_of
from counter.i18n import t

if TYPE_CHECKING:
    from counter.rules.blanks import Lot, Stock
    from counter.store.store import Store
    from counter.store.unlocked import Signatory

app = Commands(help=t("cli.help.blanks"))

First = Annotated[str, typer.Argument(metavar="FIRST", help=t("cli.option.blank_first"))]
Last = Annotated[str, typer.Argument(metavar="LAST", help=t("cli.option.blank_last"))]
Reason = Annotated[str, typer.Option(help=t("cli.option.blank_reason"))]
_COLUMNS = ("range", "act", "came", "moved", "used", "spoilt", "left", "next")


@app.command("list", help=t("cli.help.blanks_list"))
def list_stock(context: typer.Context, json: Json = False) -> None:
    with session(context).store() as store:
        _report(store, json=json)


@app.command(help=t("cli.help.blanks_receive"))
def receive(context: typer.Context, first: First, last: Last = "", json: Json = False) -> None:
    _note(context, "received", first, last, json=json)


@app.command("move-in", help=t("cli.help.blanks_move_in"))
def move_in(
    context: typer.Context,
    first: First,
    last: Last = "",
    window: Annotated[str, typer.Option("--from", help=t("cli.option.blank_window"))] = "",
    json: Json = False,
) -> None:
    _note(context, "moved_in", first, last, window=window, json=json)


@app.command("move-out", help=t("cli.help.blanks_move_out"))
def move_out(
    context: typer.Context,
    first: First,
    last: Last = "",
    window: Annotated[str, typer.Option("--to", help=t("cli.option.blank_window"))] = "",
    checker: Checker = None,
    checker_passphrase_file: CheckerPassphraseFile = None,
    json: Json = False,
) -> None:
    second = second_of(checker, checker_passphrase_file)
    _note(context, "moved_out", first, last, window=window, second=second, json=json)


@app.command(help=t("cli.help.blanks_spoil"))
def spoil(
    context: typer.Context,
    first: First,
    last: Last = "",
    reason: Reason = "",
    checker: Checker = None,
    checker_passphrase_file: CheckerPassphraseFile = None,
    json: Json = False,
) -> None:
    second = second_of(checker, checker_passphrase_file)
    _note(context, "spoilt", first, last, reason=reason, second=second, json=json)


@app.command(help=t("cli.help.blanks_count"))
def count(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help=t("cli.option.blank_count"))],
    reason: Reason = "",
    json: Json = False,
) -> None:
    with session(context).store() as store:
        store.blanks.count(number, reason)
        _report(store, json=json)


@app.command(help=t("cli.help.blanks_where"))
def where(context: typer.Context, number: First, json: Json = False) -> None:
    from counter.rules.text import number_text

    with session(context).store() as store:
        stock, uses = store.blanks.known(number_text(number))
    used = next(iter(uses.get(number_text(number), ())), None)
    kept, said = stock.kept, "used" if used else stock.state(number).value
    if json:
        by = {"quote_number": used.number, "date": used.on} if used else None
        document({"number": number_text(number), "kept": kept, "state": said, "used": by})
    else:
        shown = {"number": used.number, "on": used.on} if used else {}
        say(t("blanks.state.left") if said == "left" else t(f"finding.blanks.{said}", **shown))
    if said != "left":
        raise typer.Exit(Code.NO)


def _note(
    context: typer.Context,
    act: str,
    first: str,
    last: str,
    *,
    window: str = "",
    reason: str = "",
    second: "Callable[[Store], Signatory] | None" = None,
    json: bool,
) -> None:
    from counter.rules.blanks import BlankAct, Serials

    serials = Serials.of(first, last)
    with session(context).store() as store:
        by = second(store) if second else None
        store.blanks.note(BlankAct(act), serials, window=window, reason=reason, second=by)
        _report(store, json=json)


def _report(store: "Store", *, json: bool) -> None:
    from counter.desk.counted import blanks_problem

    stock = store.blanks.stock()
    problem = blanks_problem(store, stock, store.ledger.today())
    if json:
        moves = [_moved(each) for each in store.movements.list("blanks")]
        document(_stock(stock) | {"problem": problem or None, "moves": moves})
        return
    lots = map(_lot, stock.lots)
    table([t(f"blanks.column.{name}") for name in _COLUMNS], [_cells(each) for each in lots])
    say(t("blanks.summary", left=stock.left) if stock.kept else t("blanks.not_kept"))
    if stock.last_count is not None:
        say(t("blanks.counted", counted=stock.last_count.counted, expected=stock.last_count.expected))
    if problem:
        note(t(f"blanks.{problem}"))


def _cells(lot: dict[str, Any]) -> list[str]:
    return [t(f"blanks.act.{lot[name]}") if name == "act" else str(lot[name] or "-") for name in _COLUMNS]


def _lot(lot: "Lot") -> dict[str, Any]:
    return {
        "range": str(lot.came),
        "act": lot.act,
        "came": len(lot.came),
        "moved": lot.moved,
        "used": lot.used,
        "spoilt": lot.spoilt,
        "left": lot.remaining,
        "next": lot.left[0].name(lot.left[0].first) if lot.left else None,
        "left_ranges": [str(each) for each in lot.left],
    }


def _stock(stock: "Stock") -> dict[str, Any]:
    last = stock.last_count
    counted = {"counted": last.counted, "expected": last.expected, "reason": last.reason} if last else None
    return {"kept": stock.kept, "left": stock.left, "ranges": [_lot(each) for each in stock.lots], "count": counted}


def _moved(noted: Any) -> dict[str, Any]:
    move = noted.move
    said = {"first": move.first, "last": move.last, "window": move.window}
    return moved_document(noted) | said | {"counted": move.counted, "expected": move.expected}
