"""Find anything (查找): people, entries, rosters and who is in them, cards and parcels, branches, by any fragment.

What is looked through is in memory only, read out of the encrypted file: no person stands in an index that could be
read without the key. Entries are only ever added to it; what changes is read anew once the ledger's stamp is another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import Final, TypeAlias

from counter.reference.pinyin import typed_as
from counter.rules.case import Case
from counter.rules.fragments import Fragments, words_of
from counter.rules.reference import Branch, Reference
from counter.store.listing import folded
from counter.store.records import AwaitingCase, Batch, Draft, LedgerEntry, LyingCard
from counter.store.store import Stamp, Store

ENTRIES: Final = 40
"""Entries that a search shows where nobody says how many; the next letter finds better than the next page."""
OTHERS: Final = 12
"""Things of any other kind."""


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody with more than one entry: the newest first."""

    document: str
    entries: tuple[LedgerEntry, ...]


@dataclass(frozen=True, slots=True)
class RosterName:
    """Somebody in a roster who is no entry yet."""

    batch: int
    name: str
    document: str


@dataclass(frozen=True, slots=True)
class SignedParcel:
    """A parcel that was signed for, by its entry."""

    number: str
    entry: str


Found: TypeAlias = (
    Draft | AwaitingCase | Customer | LedgerEntry | LyingCard | RosterName | Batch | SignedParcel | Branch
)
_Moving: TypeAlias = Draft | AwaitingCase | LyingCard | RosterName | Batch | SignedParcel
_ORDER: Final[tuple[type[_Moving], ...]] = (Draft, AwaitingCase, LyingCard, RosterName, Batch, SignedParcel)


class Everything:
    """All that can be found at a counter. Any thread may ask; one at a time is answered."""

    def __init__(self, store: Store, reference: Reference) -> None:
        self._store = store
        self._reference = reference
        self._lock = Lock()
        self._entries: Fragments[int] = Fragments()
        self._last = 0
        self._moving: Fragments[_Moving] = Fragments()
        self._branches: Fragments[Branch] = Fragments()
        self._stamp: Stamp | None = None

    def find(self, query: str, limit: int = ENTRIES) -> list[Found]:
        """What has every word of the query in it: what is under way first, then people, entries from the newest on,
        branches. Without a query the newest entries.

        At most `limit` entries, for it is reading them that takes time. Raises what the store raises.
        """
        with self._lock:
            if not words_of(query):
                return list(self._store.ledger.search(limit=limit))
            self._bring_up()
            entries = self._found_entries(query, limit)
            moving = list(self._found_moving(query))
            return [*moving, *self._people(entries), *entries, *islice(self._branches.find(query), OTHERS)]

    def of(self, document: str) -> list[LedgerEntry]:
        """All entries of a document number, newest first."""
        with self._lock:
            self._bring_up()
            return self._store.ledger.of_numbers(self._entries.find(document))

    def bring_up(self) -> None:
        """Read what is new, so that the first search need not."""
        with self._lock:
            self._bring_up()

    def _bring_up(self) -> None:
        stamp = self._store.stamp()
        if stamp == self._stamp:
            return
        if self._stamp is None:
            nearest_last = sorted(self._reference.branches.values(), key=self._nearness, reverse=True)
            self._branches = Fragments((branch, self._words_of(branch)) for branch in reversed(nearest_last))
        new = self._store.ledger.finders(self._last)
        self._entries.add((seq, (name, *typed_as(name), document)) for seq, name, document in new)
        self._last = new[-1][0] if new else self._last
        self._moving = Fragments(self._all_moving())
        self._stamp = stamp

    def _found_entries(self, query: str, limit: int) -> list[LedgerEntry]:
        ledger = self._store.ledger
        quoted = ledger.quoted(query)
        numbers = {entry.seq for entry in quoted}
        found = ledger.of_numbers(islice(self._entries.find(query), limit))
        return [*quoted, *(entry for entry in found if entry.seq not in numbers)]

    def _found_moving(self, query: str) -> Iterator[_Moving]:
        found = list(islice(self._moving.find(query), OTHERS * len(_ORDER)))
        for kind in _ORDER:
            yield from islice((thing for thing in found if isinstance(thing, kind)), OTHERS)

    def _people(self, entries: Sequence[LedgerEntry]) -> list[Customer]:
        by_number: dict[str, list[LedgerEntry]] = {}
        for entry in entries:
            if entry.record and (number := folded(entry.record.case.holder.document.number)):
                by_number.setdefault(number, []).append(entry)
        people = [Customer(number, tuple(theirs)) for number, theirs in by_number.items() if len(theirs) > 1]
        return people[:OTHERS]

    def _all_moving(self) -> Iterator[tuple[_Moving, Sequence[str]]]:
        """Latest last."""
        store = self._store
        for number, entry in store.parcels.signed():
            yield SignedParcel(number, entry), (number,)
        for batch in reversed(store.batches.list()):
            name = batch.unit.name
            yield batch, (name, *typed_as(name), batch.unit.uscc, str(batch.id))
        for of, name, document in store.batches.people():
            yield RosterName(of, name, document), (name, *typed_as(name), document)
        for card in reversed(store.parcels.lying()):
            yield card, (card.number, card.parcel, card.name, *typed_as(card.name), card.document)
        for awaiting in reversed(store.awaiting.list()):
            yield awaiting, _words(awaiting.record.case)
        for draft in reversed(store.drafts.list()):
            yield draft, _words(draft.case)

    def _nearness(self, branch: Branch) -> tuple[bool, bool]:
        """This bank's branches of this city first, then the city's, then this bank's."""
        return branch.city == self._store.place.city, branch.bank == self._store.place.bank

    def _words_of(self, branch: Branch) -> Sequence[str]:
        district = self._reference.regions.get(branch.district)
        bank = self._reference.banks.get(branch.bank)
        near = (district.name, district.initials) if district else ()
        of_bank = (bank.short, bank.en, bank.initials) if bank else ()
        return (
            branch.id,
            branch.name,
            *typed_as(branch.name),
            branch.initials,
            branch.address,
            branch.phone,
            *near,
            *of_bank,
        )


def _words(case: Case) -> Sequence[str]:
    holder = case.holder
    return (folded(holder.name), *typed_as(holder.name), folded(holder.document.number))
