"""The end of a business date: the province recounts what it stored, and signs what matches."""

from datetime import date

import msgspec

from counter.clock import system_clock
from counter.gateway.call import Call, encode
from counter.province.wire import DayClose, DayClosed, DayEntry, KindTotal, Outcome, Receipt
from counter.rules import signing
from counter.rules.chain import GENESIS

MAX_DIFFERING = 1000


async def day_close(call: Call[DayClose]) -> DayClosed:
    """Recount a business date (日终对账): a signed receipt when all matches, else the province's totals and entries.

    Rejected entries do not count; the chain's head on the date is that of everything stored.
    """
    asked = call.message
    counted = await _totals(call, asked.business_date)
    last_seq, head, last = await _head_on(call, asked.business_date)
    theirs = tuple(sorted((total for total in asked.totals if total.count), key=lambda total: total.kind))
    matched = theirs == counted and (asked.last_seq, asked.head) == (last_seq, head)
    await _note(call, matched)
    if matched:
        return await _signed(call, counted)
    kinds = {total.kind for total in set(theirs) ^ set(counted)}
    differing = await _counted(call, asked.business_date, kinds) if kinds else last
    return DayClosed(matched=False, totals=counted, differing=differing)


async def _note(call: Call[DayClose], matched: bool) -> None:
    """Keep how the date stands now, for whoever looks after the province."""
    await call.connection.execute(
        "INSERT INTO day_close (branch, counter, business_date, at, matched) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (branch, counter, business_date) DO UPDATE SET at = excluded.at, matched = excluded.matched",
        (call.caller.branch, call.caller.counter, call.message.business_date, system_clock(), matched),
    )


async def _totals(call: Call[DayClose], on: date) -> tuple[KindTotal, ...]:
    cursor = await call.connection.execute(
        "SELECT kind, count(*) AS count, sum(fee_fen)::bigint AS fee_fen FROM entry"
        " WHERE branch = %s AND counter = %s AND business_date = %s AND outcome = %s GROUP BY kind",
        (call.caller.branch, call.caller.counter, on, Outcome.CREATED),
    )
    totals = (KindTotal(**row) for row in await cursor.fetchall())
    return tuple(sorted(totals, key=lambda total: total.kind))


async def _head_on(call: Call[DayClose], on: date) -> tuple[int, str, tuple[DayEntry, ...]]:
    cursor = await call.connection.execute(
        "SELECT seq, hash, id, kind, fee_fen FROM entry WHERE branch = %s AND counter = %s AND business_date = %s"
        " ORDER BY seq DESC LIMIT 1",
        (call.caller.branch, call.caller.counter, on),
    )
    row = await cursor.fetchone()
    if row is None:
        return 0, GENESIS, ()
    return row["seq"], row["hash"], (DayEntry(id=row["id"], kind=row["kind"], fee_fen=row["fee_fen"]),)


async def _counted(call: Call[DayClose], on: date, kinds: set[str]) -> tuple[DayEntry, ...]:
    """What the province counted of these kinds: the counter finds what the other side lacks."""
    cursor = await call.connection.execute(
        "SELECT id, kind, fee_fen FROM entry WHERE branch = %s AND counter = %s AND business_date = %s AND outcome = %s"
        " AND kind = ANY(%s) ORDER BY seq LIMIT %s",
        (call.caller.branch, call.caller.counter, on, Outcome.CREATED, sorted(kinds), MAX_DIFFERING),
    )
    return tuple(DayEntry(**row) for row in await cursor.fetchall())


async def _signed(call: Call[DayClose], totals: tuple[KindTotal, ...]) -> DayClosed:
    """The receipt of this count: the one given before, unless something has been rejected since.

    Of another audit it is a new one: the audit of a home that was restored has gone another way since.
    """
    key = (call.caller.branch, call.caller.counter, call.message.business_date, call.message.last_seq)
    cursor = await call.connection.execute(
        "SELECT receipt, signature FROM day_receipt"
        " WHERE branch = %s AND counter = %s AND business_date = %s AND last_seq = %s",
        key,
    )
    row = await cursor.fetchone()
    if row and _says(msgspec.json.decode(row["receipt"], type=Receipt), call, totals):
        return DayClosed(matched=True, receipt=row["receipt"], signature=row["signature"], totals=totals)
    receipt = _receipt(call, totals)
    signature = signing.sign(call.gateway.key, receipt)
    await call.connection.execute(
        "INSERT INTO day_receipt (branch, counter, business_date, last_seq, receipt, signature)"
        " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (branch, counter, business_date, last_seq)"
        " DO UPDATE SET receipt = excluded.receipt, signature = excluded.signature",
        (*key, receipt, signature),
    )
    return DayClosed(matched=True, receipt=receipt, signature=signature, totals=totals)


def _says(given: Receipt, call: Call[DayClose], totals: tuple[KindTotal, ...]) -> bool:
    asked = call.message
    return (given.totals, given.audit_seq, given.audit_head) == (totals, asked.audit_seq, asked.audit_head)


def _receipt(call: Call[DayClose], totals: tuple[KindTotal, ...]) -> bytes:
    return encode(
        Receipt(
            branch=call.caller.branch,
            counter=call.caller.counter,
            business_date=call.message.business_date,
            totals=totals,
            last_seq=call.message.last_seq,
            head=call.message.head,
            signed_at=system_clock(),
            audit_seq=call.message.audit_seq,
            audit_head=call.message.audit_head,
        )
    )
