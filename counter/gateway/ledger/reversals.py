"""Reversals (冲正): one takes an accepted entry of its own counter back, in full, by a second person, and once."""

from collections.abc import Iterable
from dataclasses import dataclass

from counter.gateway.call import Caller
from counter.gateway.database import Connection
from counter.province.wire import Entry, Outcome

KIND = "reversal"
STANDING = (
    "SELECT id, fee_fen FROM entry AS one WHERE branch = %s AND counter = %s AND id = ANY(%s) AND outcome = %s"
    " AND reverses IS NULL AND NOT EXISTS (SELECT 1 FROM entry AS back WHERE back.branch = one.branch"
    " AND back.counter = one.counter AND back.reverses = one.id AND back.outcome = one.outcome)"
)


@dataclass(frozen=True, slots=True)
class Reversible:
    """The accepted entries that a batch may take back, by id with their fees; it changes as the batch is judged."""

    fees: dict[str, int]

    def allows(self, entry: Entry) -> bool:
        """Is this no reversal, or one of an entry that stands?"""
        if entry.reverses is None:
            return entry.kind != KIND
        checked = entry.checker is not None and entry.checker != entry.maker
        return entry.kind == KIND and checked and self.fees.get(entry.reverses) == -entry.fee_fen

    def accept(self, entry: Entry) -> None:
        """Go on from an entry that has been taken."""
        if entry.reverses is None:
            self.fees[entry.id] = entry.fee_fen
        else:
            del self.fees[entry.reverses]


async def standing(connection: Connection, caller: Caller, fresh: Iterable[Entry]) -> Reversible:
    """What the counter's earlier entries leave to be taken back by these."""
    named = [entry.reverses for entry in fresh if entry.reverses is not None]
    cursor = await connection.execute(STANDING, (caller.branch, caller.counter, named, Outcome.CREATED))
    return Reversible({row["id"]: row["fee_fen"] for row in await cursor.fetchall()})
