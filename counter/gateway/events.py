"""What the province has to say to a counter: kept with a cursor until it is asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import msgspec

from counter.gateway.call import Call
from counter.gateway.database import Connection
from counter.province.wire import Event, EventKind, Events

PAGE = 200


class Origin(msgspec.Struct, frozen=True, omit_defaults=True):
    """The counter that is told of what becomes of its entry."""

    branch: str = ""
    counter: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """An event for one counter; `entry` is the ledger entry that it is about."""

    to: Origin
    kind: EventKind
    entry: str = ""
    code: str = ""
    detail: str = ""


async def tell(connection: Connection, news: Iterable[News]) -> None:
    """Keep news for their counters, with one statement each; those of no counter are nobody's.

    The counter's row is locked, so that no cursor becomes visible before a smaller one.
    """
    told = sorted((each for each in news if each.to.branch), key=_counter)
    for where, group in groupby(told, _counter):
        await connection.execute("SELECT 1 FROM counter WHERE branch = %s AND counter = %s FOR UPDATE", where)
        rows = [(each.kind.value, each.entry, each.code, each.detail) for each in group]
        await connection.execute(
            "INSERT INTO event (branch, counter, cursor, kind, entry, code, detail)"
            " SELECT %s, %s, last.cursor + place, kind, entry, code, detail"
            " FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[])"
            " WITH ORDINALITY AS told (kind, entry, code, detail, place),"
            " (SELECT coalesce(max(cursor), 0) AS cursor FROM event WHERE branch = %s AND counter = %s) AS last",
            (*where, *(list(column) for column in zip(*rows, strict=True)), *where),
        )


def _counter(news: News) -> tuple[str, str]:
    return news.to.branch, news.to.counter


async def events(call: Call[None]) -> Events:
    """What the province has to say since a cursor, oldest first."""
    cursor = await call.connection.execute(
        "SELECT cursor, kind, at, entry, code, detail FROM event"
        " WHERE branch = %s AND counter = %s AND cursor > %s ORDER BY cursor LIMIT %s",
        (call.caller.branch, call.caller.counter, call.after, PAGE + 1),
    )
    rows = await cursor.fetchall()
    found = tuple(Event(**row | {"kind": EventKind(row["kind"])}) for row in rows[:PAGE])
    return Events(events=found, more=len(rows) > PAGE)
