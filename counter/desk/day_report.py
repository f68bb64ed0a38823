"""The day's report (日报): the balance, what was returned, who closed it, and the province's signed receipt, checked
again without the province; as text, as pages and as a workbook."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import msgspec
from rich.cells import set_cell_size

from counter.clock import SHANGHAI
from counter.desk.closing import Open, what_is_open
from counter.desk.desk import Desk
from counter.i18n import has, t
from counter.paper.contacts import LINE
from counter.paper.slip import yuan
from counter.province.recounting import says
from counter.province.wire import Receipt
from counter.roster.lists import ListColumn, ListPart, PrintedList
from counter.rules import signing
from counter.rules.decision import Decision
from counter.rules.text import plain
from counter.store.balance import DayBalance, KindBalance, Sum
from counter.store.records import DayReceipt
from counter.terminal.wrapping import hang

COLUMNS: Final = ("done", "accepted", "returned", "cleared", "unsent", "conflict", "reversed")


@dataclass(frozen=True, slots=True)
class ReceiptCheck:
    """What a receipt holds against this ledger, without the province: `there` is one kept, `signed` by the key that was
    pinned at enrolment, `equal` the sums, the last entry and the audit that it names are this ledger's."""

    there: bool = False
    signed: bool = False
    equal: bool = False

    @property
    def valid(self) -> bool:
        return self.there and self.signed and self.equal


@dataclass(frozen=True, slots=True)
class DayReport:
    """A business date as it is reported; `receipt` with what it says, None where there is none that can be read."""

    on: date
    branch: str
    counter: str
    balance: DayBalance
    closed: bool
    decisions: tuple[Decision, ...]
    open: tuple[Open, ...]
    receipt: DayReceipt | None
    said: Receipt | None
    check: ReceiptCheck


def read_report(desk: Desk, on: date) -> DayReport:
    """Read all that is to be said of a date; blocks."""
    store, branch = desk.store, desk.branch
    receipt = store.days.receipt(on)
    return DayReport(
        on=on,
        branch=f"{desk.place.branch} {branch.name}" if branch else desk.place.branch,
        counter=desk.place.counter,
        balance=store.days.balance(on),
        closed=store.decisions.is_closed(on),
        decisions=tuple(store.decisions.list(on)),
        open=tuple(what_is_open(desk, on)),
        receipt=receipt,
        said=_said(receipt),
        check=check(desk, on),
    )


def check(desk: Desk, on: date) -> ReceiptCheck:
    """Verify the kept receipt of a date again: its signature, and all that it says against the ledger."""
    receipt, known = desk.store.days.receipt(on), desk.store.identity.province()
    if receipt is None:
        return ReceiptCheck()
    signed = known is not None and signing.verify(known[1], receipt.signature, receipt.content)
    return ReceiptCheck(there=True, signed=signed, equal=says(receipt.content, desk.store.days.totals(on), desk.store))


def _said(receipt: DayReceipt | None) -> Receipt | None:
    try:
        return msgspec.json.decode(receipt.content, type=Receipt) if receipt else None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def printed(report: DayReport) -> PrintedList:
    """The report as it is written; the line below is signed by the two who close the day."""
    head = (
        t("day.report_of.title", date=report.on),
        t("day.report_of.where", branch=report.branch, counter=report.counter),
        t("day.report_of.closed" if report.closed else "day.report_of.open"),
    )
    parts = (_balance(report.balance), _part("left", _left(report)), _part("decisions", _decided(report)))
    return PrintedList(head, (*parts, _part("receipt", _receipt(report))), t("day.report_of.sign"))


def as_text(list_: PrintedList) -> str:
    """The same as lines of text, in columns."""
    lines = [*list_.head]
    for part in list_.parts:
        lines += ["", part.name]
        rows = ([tuple(column.title for column in part.columns)] if part.titled else []) + list(part.rows)
        for *cells, last in rows:
            fixed = (set_cell_size(text, column.cells) for text, column in zip(cells, part.columns, strict=False))
            lines.append("".join((*fixed, last)).rstrip())
    return "\n".join([*lines, "", list_.sign])


def narrow(list_: PrintedList) -> str:
    """The same for a receipt printer: a value below its name where the line has no room for both."""
    lines = [*list_.head]
    for part in list_.parts:
        lines += ["", part.name]
        titles = [column.title for column in part.columns]
        for first, *values in part.rows:
            said = [" ".join(filter(None, pair)) for pair in zip(titles[1:], values, strict=True)]
            lines += hang("", first, LINE) if first else []
            lines += [piece for value in said if value for piece in hang("  ", value, LINE)]
    return "\n".join([*lines, "", *hang("", list_.sign, LINE)])


def _balance(balance: DayBalance) -> ListPart:
    total = balance.total
    names = [name for name in COLUMNS if name in ("done", "accepted", "returned") or getattr(total, name).count]
    columns = [ListColumn(t("day.service"), 24, 0, 22)]
    for at, name in enumerate(names):
        columns.append(ListColumn(t(f"day.{name}"), 14, 115 + 55 * at, 11))
    rows = [(t(f"service.{kind}.name"), *_cells(row, names)) for kind, row in balance.by_kind.items()]
    rows.append((t("day.total"), *_cells(total, names)))
    rows.append((t("day.fee"), *(f"{getattr(total, name).fee_fen / 100:.2f}" for name in names)))
    return ListPart(t("day.report_of.balance"), tuple(columns), tuple(rows))


def _cells(row: KindBalance, names: list[str]) -> Iterator[str]:
    for name in names:
        found: Sum = getattr(row, name)
        yield str(found.count or "-")


def _part(name: str, lines: Iterator[tuple[str, str]]) -> ListPart:
    columns = (ListColumn("", 24, 0, 22), ListColumn("", 70, 115, 69))
    return ListPart(t(f"day.report_of.{name}"), columns, tuple(lines) or ((t("day.report_of.none"), ""),))


def _left(report: DayReport) -> Iterator[tuple[str, str]]:
    for each in report.open:
        yield t(f"day.left.{each.kind}", count=each.count), ""


def _decided(report: DayReport) -> Iterator[tuple[str, str]]:
    for each in report.decisions:
        at = f"{each.decided_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        who = t("day.report_of.by", maker=each.maker, checker=each.checker)
        yield f"{t(f'day.decision.{each.kind}')} {at}", "  ".join(filter(None, (who, plain(each.reason))))
        for left in each.left_open:
            yield "", f"{t(f'day.left.{left.kind}', count=left.count)}: {plain(left.reason)}"


def _receipt(report: DayReport) -> Iterator[tuple[str, str]]:
    if report.receipt is None:
        return
    yield t("day.report_of.check"), checked(report.check)
    if said := report.said:
        yield t("day.report_of.signed_at"), f"{said.signed_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
        yield t("day.report_of.last"), f"{said.last_seq}  {said.head}"
        for total in said.totals:
            key = f"service.{total.kind}.name"
            yield t(key) if has(key) else plain(total.kind), f"{total.count}  {yuan(total.fee_fen)}"
    yield t("day.report_of.signature"), report.receipt.signature


def checked(found: ReceiptCheck) -> str:
    """What the check of a receipt came to, in a sentence."""
    name = (
        "missing" if not found.there else "unsigned" if not found.signed else "unequal" if not found.equal else "valid"
    )
    return t(f"day.receipt.{name}")
