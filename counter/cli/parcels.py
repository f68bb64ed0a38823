"""``counter parcels``: the cards that arrive at the branch and lie there (网点签收)."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from msgspec import structs

from counter.cli.commands import Commands
from counter.cli.exits import Code
from counter.cli.output import Json, document, finding_document, finding_line, note, say, table
from counter.cli.session import session
from counter.cli.sheets import SheetName, sheet_to_choose
from counter.cli.told import exit_if_refused, say_told, told_document
from counter.clock import SHANGHAI
from counter.i18n import t
from counter.rules.masking import mask_card, mask_mobile, mask_name, mask_number
from counter.store.deeds import REVEAL_PARCELS

if TYPE_CHECKING:
    from counter.desk.desk import Desk, Done
    from counter.rules.case import Case
    from counter.rules.finding import Finding
    from counter.rules.parcel import Parcel
    from counter.store.records import LyingCard

app = Commands(help=t("cli.help.parcels"))

Acknowledge = Annotated[list[str] | None, typer.Option(metavar="CODE", help=t("cli.option.acknowledge"))]
Cards = Annotated[list[str], typer.Argument(metavar="CARD...", help=t("cli.option.cards"))]
Reveal = Annotated[bool, typer.Option("--reveal", help=t("cli.option.reveal"))]

_LYING = ("card", "holder", "parcel", "since", "days", "told_at", "told_by")
"""What a list shows of a card; the headings are ``cli.parcels.column.<name>``."""


@app.command(help=t("cli.help.parcels_receive"))
def receive(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help=t("cli.option.parcel_list"))],
    parcel: Annotated[str, typer.Option(metavar="NUMBER", help=t("cli.option.parcel"))] = "",
    sheet: SheetName = None,
    acknowledge: Acknowledge = None,
    json: Json = False,
) -> None:
    from counter.rules.parcel import Parcel
    from counter.sheets.errors import SheetFileError

    try:
        number, cards = _read(file, sheet)
    except SheetFileError as error:
        _refused(error.finding("PIC-7"), json=json)
        raise typer.Exit(Code.NO) from None
    _sign(context, Parcel(number=parcel or number, counted=cards), acknowledge, json=json)


@app.command(help=t("cli.help.parcels_returned"))
def returned(
    context: typer.Context,
    cards: Cards,
    acknowledge: Acknowledge = None,
    json: Json = False,
) -> None:
    from counter.desk.parcel_list import read_lines
    from counter.rules.parcel import Parcel

    _sign(context, Parcel(returned=True, counted=read_lines(_given(cards))), acknowledge, json=json)


@app.command("list", help=t("cli.help.parcels_list"))
def list_lying(context: typer.Context, reveal: Reveal = False, json: Json = False) -> None:
    _list(context, late=False, reveal=reveal, json=json)


@app.command(help=t("cli.help.parcels_overdue"))
def overdue(context: typer.Context, reveal: Reveal = False, json: Json = False) -> None:
    _list(context, late=True, reveal=reveal, json=json)


@app.command(help=t("cli.help.parcels_show"))
def show(
    context: typer.Context,
    parcel: Annotated[str, typer.Argument(metavar="NUMBER", help=t("cli.option.parcel"))],
    json: Json = False,
) -> None:
    from counter.desk.parcels import counted
    from counter.rules.parcel import Parcel

    with session(context).desk() as desk:
        case = counted(desk, Parcel(number=parcel.strip().upper()))
        known = case.parcel.known if case.parcel else None
        here = [card for card in desk.store.parcels.lying() if card.parcel == parcel.strip().upper()]
        lying = [_lying(desk, card) for card in here]
    if known is None and not lying:
        note(t("cli.parcels.unanswered"))
        raise typer.Exit(Code.OUT_OF_REACH)
    sent = [
        {"card": mask_card(card.number), "holder": mask_name(card.name), "signed": card.signed} for card in known or ()
    ]
    if json:
        document({"parcel": parcel, "answered": known is not None, "sent": sent, "lying": lying})
    else:
        for card in sent:
            signed = t("cli.parcels.signed_before") if card["signed"] else ""
            say("  ".join((str(card["card"]), str(card["holder"]), signed)).rstrip())
        _table(lying)


@app.command(help=t("cli.help.parcels_told"))
def told(context: typer.Context, cards: Cards, json: Json = False) -> None:
    from counter.desk.parcel_list import read_lines

    numbers = dict.fromkeys(read_lines(_given(cards)))
    with session(context).desk() as desk:
        lying = desk.store.parcels.find(numbers)
        found = {card.number for card in lying}
        desk.store.parcels.tell(found)
    named = {name for card in lying for name in (card.number, card.document)}
    strangers = [number for number in numbers if number not in named]
    if json:
        document({"told": sorted(found), "not_here": strangers})
    else:
        say(t("cli.parcels.told", count=len(found)))
        for number in strangers:
            note(t("cli.parcels.not_here", card=mask_card(number)))
    if strangers:
        raise typer.Exit(Code.NO)


@app.command(help=t("cli.help.parcels_coming"))
def coming(context: typer.Context, json: Json = False) -> None:
    from counter.desk.parcels import on_the_way

    with session(context).desk() as desk:
        found = on_the_way(desk)
    if found is None:
        note(t("cli.parcels.unanswered"))
        raise typer.Exit(Code.OUT_OF_REACH)
    if json:
        document({"parcels": found})
    else:
        headings = [t(f"cli.parcels.column.{name}") for name in ("parcel", "packed_on", "cards")]
        table(headings, ([each.number, each.packed_on.isoformat(), str(each.cards)] for each in found))


def _read(file: str, sheet: str | None) -> tuple[str, tuple[str, ...]]:
    from counter.desk.parcel_list import read_lines, read_list

    if file == "-":
        return "", read_lines(sys.stdin)
    with sheet_to_choose():
        return read_list(Path(file), sheet)


def _given(cards: Iterable[str]) -> Iterable[str]:
    """What stands on the command line, and for ``-`` the lines of standard input."""
    return (line for card in cards for line in (sys.stdin if card == "-" else (card,)))


def _refused(finding: "Finding", *, json: bool) -> None:
    if json:
        document({"state": "refused", "findings": [finding_document(finding)]})
    else:
        say(finding_line(finding))


def _sign(context: typer.Context, parcel: "Parcel", words: Sequence[str] | None, *, json: bool) -> None:
    """Count, say what differs, and sign for what is right where nothing holds it up."""
    from counter.desk.parcels import counted, entry_id

    done = None
    with session(context).desk() as desk:
        case = structs.replace(counted(desk, parcel), acknowledged=tuple(words or ()))
        judgement = desk.judge(case)
        if judgement.allowed:
            done = desk.confirm(entry_id(desk, case), case)
        number = desk.store.ledger.quote_number(done.entry) if done else None
    findings = judgement.findings
    if json:
        document(_signed(case, done, number) | _with_findings(findings, done))
    else:
        for finding in findings:
            say(f"{finding_line(finding)}  {finding.code}")
        _say_cards(case)
        if done:
            say(t("cli.parcels.signed", number=number))
            say_told(done.telling)
    if done is None:
        raise typer.Exit(Code.NO)
    exit_if_refused(done.telling)


def _signed(case: "Case", done: "Done | None", number: str | None) -> dict[str, Any]:
    from counter.rules.counting import count
    from counter.rules.parcel import Parcel

    parcel = case.parcel or Parcel()
    found = count(parcel)
    return {
        "state": "recorded" if done else "refused",
        "id": done.entry.id if done else None,
        "quote_number": number,
        "parcel": parcel.number,
        "returned": parcel.returned,
        "answered": parcel.known is not None,
        "counted": len(parcel.counted),
        "right": len(found.right),
        "missing": found.missing,
        "strays": [{"card": card.number, "branch": card.branch} for card in found.strays],
        "unknown": found.unknown,
        "before": found.before,
        "doubled": found.doubled,
    }


def _with_findings(findings: Sequence["Finding"], done: "Done | None") -> dict[str, Any]:
    told = told_document(done.telling) if done else {"told": None, "findings": []}
    return {"told": told["told"], "findings": [*map(finding_document, findings), *told["findings"]]}


def _say_cards(case: "Case") -> None:
    """The cards with which something is to be done, by what it is."""
    from counter.rules.counting import count
    from counter.rules.parcel import Parcel

    found = count(case.parcel or Parcel())
    named = (
        *((number, "missing") for number in found.missing),
        *((card.number, "strays") for card in found.strays),
        *((number, "unknown") for number in found.unknown),
        *((number, "doubled") for number in found.doubled),
    )
    for number, what in named:
        say(f"    {number}  {t(f'choice.parcel.{what}')}")


def _list(context: typer.Context, *, late: bool, reveal: bool, json: bool) -> None:
    from counter.desk import parcels

    with session(context).desk() as desk:
        found = parcels.lying(desk)
        if late:
            found = parcels.overdue(desk, found)
        if reveal:
            desk.store.audit.note(REVEAL_PARCELS)
        cards = [_lying(desk, card, reveal=reveal) for card in found]
    if json:
        document({"cards": cards, "count": len(cards)})
    else:
        _table(cards)


def _lying(desk: "Desk", card: "LyingCard", *, reveal: bool = False) -> dict[str, Any]:
    """A card that lies here; whoever it is for is masked."""
    return {
        "card": card.number if reveal else mask_card(card.number),
        "holder": card.name if reveal else mask_name(card.name),
        "document": card.document if reveal else mask_number(card.document),
        "mobile": card.mobile if reveal else mask_mobile(card.mobile),
        "parcel": card.parcel,
        "since": card.since,
        "days": (desk.today() - card.since).days,
        "told_at": card.told_at,
        "told_by": card.told_by,
    }


def _table(cards: Sequence[dict[str, Any]]) -> None:
    shown = (
        card | {"told_at": f"{card['told_at'].astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if card["told_at"] else None}
        for card in cards
    )
    rows = ([str(each[name]) if each[name] is not None else "-" for name in _LYING] for each in shown)
    table([t(f"cli.parcels.column.{name}") for name in _LYING], rows)
    note(t("cli.parcels.shown", count=len(cards)))
