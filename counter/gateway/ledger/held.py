"""What the province holds of a counter's entries: a home that was restored takes over what came after its backup."""

from typing import Any

from counter.gateway.call import Call
from counter.gateway.ledger.signers import keys_of
from counter.province.wire import MAX_BYTES, HeldEntries, HeldEntry, Outcome
from counter.rules.link import SignedLink

COLUMNS = ", ".join((*SignedLink.__struct_fields__, "body", "salt", "outcome", "code", "rule"))
PAGE = 200
BODY_BYTES = MAX_BYTES // 2
"""Of bodies on one page; they are base64 in JSON."""


async def held(call: Call[None]) -> HeldEntries:
    """The entries of this counter after a seq, in their order, with the keys that sign them; a page of them."""
    cursor = await call.connection.execute(
        f"SELECT {COLUMNS} FROM entry"  # noqa: S608 - constants
        " WHERE branch = %s AND counter = %s AND seq > %s ORDER BY seq LIMIT %s".encode(),
        (call.caller.branch, call.caller.counter, call.after, PAGE + 1),
    )
    rows = await cursor.fetchall()
    page = _page(rows)
    return HeldEntries(
        entries=tuple(_held(row) for row in page),
        signers=tuple(await keys_of(call.connection, call.caller)),
        more=len(page) < len(rows),
    )


def _page(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As many of them as one answer may have, always one."""
    size = 0
    page: list[dict[str, Any]] = []
    for row in rows[:PAGE]:
        size += len(row["body"])
        if page and size > BODY_BYTES:
            break
        page.append(row)
    return page


def _held(row: dict[str, Any]) -> HeldEntry:
    return HeldEntry(**row | {"outcome": Outcome(row["outcome"]).value})
