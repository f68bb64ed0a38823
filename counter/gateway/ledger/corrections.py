"""Corrections (更正): an entry may name one of its own counter's that came back; each is corrected once."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from counter.gateway.call import Caller
from counter.gateway.database import Connection
from counter.province.wire import Entry, Outcome
from counter.rules.record import CaseRecord

RETURNED = """
    SELECT named.id, correction.entry AS corrected FROM unnest(%(ids)s::text[]) AS named (id)
    LEFT JOIN entry ON entry.branch = %(branch)s AND entry.counter = %(counter)s AND entry.id = named.id
    LEFT JOIN correction ON correction.branch = %(branch)s AND correction.counter = %(counter)s
      AND correction.returned = named.id
    WHERE entry.outcome = %(outcome)s
      OR EXISTS (SELECT 1 FROM event WHERE event.branch = %(branch)s AND event.counter = %(counter)s
        AND event.entry = entry.id AND event.kind = %(kind)s)
      OR entry.id IS NULL AND EXISTS (SELECT 1 FROM entry AS place WHERE place.branch = %(branch)s
        AND place.counter = %(counter)s AND place.id = place.hash)
"""
"""What came back. Of what was withheld only its place is here, under its hash for an id: its own id is unknown."""


def corrects(entry: Entry, record: CaseRecord | None) -> str:
    """The id of the entry that this one corrects, '' for none; a reversal repeats the case that it takes back."""
    return record.case.corrects if record is not None and entry.reverses is None else ""


@dataclass
class Correctable:
    """The entries that came back and that a batch may correct, by id with what corrects them already ('' nothing); it
    changes as the batch is judged. `made` are the corrections that were taken: the new entry by the returned one."""

    returned: dict[str, str]
    made: dict[str, str] = field(default_factory=dict)

    def allows(self, entry: Entry, record: CaseRecord | None) -> bool:
        """Does it correct nothing, or what came back and was not corrected by another?"""
        id = corrects(entry, record)
        return not id or self.returned.get(id) in ("", entry.id)

    def accept(self, entry: Entry, record: CaseRecord | None) -> None:
        """Go on from an entry that has been taken."""
        if id := corrects(entry, record):
            self.returned[id] = self.made[id] = entry.id

    def refuse(self, entry: Entry) -> None:
        """Go on from one that comes back."""
        self.returned.setdefault(entry.id, "")


async def correctable(connection: Connection, caller: Caller, named: Mapping[str, str]) -> Correctable:
    """What came back of these; `named` is by entry the id that it corrects."""
    ids = sorted(filter(None, named.values()))
    if not ids:
        return Correctable({})
    values = {"ids": ids, "branch": caller.branch, "counter": caller.counter}
    values |= {"outcome": Outcome.REJECTED, "kind": "rejected"}
    cursor = await connection.execute(RETURNED, values)
    return Correctable({row["id"]: row["corrected"] or "" for row in await cursor.fetchall()})


async def keep(connection: Connection, caller: Caller, found: Correctable) -> None:
    """Remember what was corrected."""
    if found.made:
        await connection.execute(
            "INSERT INTO correction (branch, counter, returned, entry) SELECT %s, %s, * FROM unnest(%s::text[],"
            " %s::text[]) ON CONFLICT DO NOTHING",
            (caller.branch, caller.counter, list(found.made), list(found.made.values())),
        )
