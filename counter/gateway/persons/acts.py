"""What counters do to the files of persons, each act once: told at the window, or by the entry at sync.

An act's id is its ledger entry's. What it changed is kept beside it, so that the same act again changes nothing, and a
reversal (冲正) puts back what was there.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from counter.gateway.call import Call, Caller, M, ProblemError
from counter.gateway.database import Connection
from counter.gateway.events import News, Origin, tell
from counter.gateway.persons.deed import Deed, RefusalError
from counter.gateway.persons.dossier import Card, Change, Dossier, DossierBooking, Files, Whom, lock, save
from counter.gateway.persons.effects import perform
from counter.gateway.persons.finding import people_of
from counter.province.wire import EventKind, Person
from counter.rules.card_life import CardState
from counter.rules.case import BookingStatus, Case, Document, Holder
from counter.rules.service import Effect
from counter.rules.services import service

_CHANGES: Final = msgspec.json.Decoder(tuple[Change, ...])
_DECIDED: Final = frozenset({BookingStatus.APPROVED, BookingStatus.REFUSED})


@dataclass(slots=True)
class Acts:
    """The acts of one transaction over the files that they are about."""

    caller: Caller
    files: Files
    done: dict[str, tuple[Change, ...]]
    fresh: dict[str, tuple[Change, ...]]

    def do(self, deed: Deed) -> None:
        """Do it, unless it is done; `RefusalError` where the rules do not allow it."""
        if deed.id in self.done or deed.service.effect is Effect.NOTHING:
            return
        before = {person: self.files[person] for person in deed.persons}
        perform(self.files, deed)
        self._keep(deed.id, tuple(_changes(before, self.files)))

    def undo(self, id: str, reversed_id: str) -> None:
        """Put back what the reversed act changed; refused where something has followed from it (see `_put_back`)."""
        if id in self.done:
            return
        before = {change.whom: self.files[change.whom] for change in self.done.get(reversed_id, ())}
        files = dict(before)
        for change in self.done.get(reversed_id, ()):
            files[change.whom] = _put_back(files[change.whom], change)
        for person, file in files.items():
            self.files[person] = file
        self._keep(id, tuple(_changes(before, self.files)))

    def _keep(self, id: str, changes: tuple[Change, ...]) -> None:
        self.done[id] = self.fresh[id] = changes

    def news(self) -> Iterator[News]:
        """What the counters are to hear of it."""
        for id, changes in self.fresh.items():
            for change in changes:
                yield from _news(id, change, Origin(self.caller.branch, self.caller.counter))


async def open_acts(connection: Connection, caller: Caller, ids: Iterable[str], persons: Iterable[Whom]) -> Acts:
    """The acts of a counter with these ids (those reversed among them), over the locked files of these persons."""
    cursor = await connection.execute(
        "SELECT id, changes::text FROM act WHERE branch = %s AND counter = %s AND id = ANY(%s)",
        (caller.branch, caller.counter, list(ids)),
    )
    done = {row["id"]: _CHANGES.decode(row["changes"]) for row in await cursor.fetchall()}
    changed = (change.whom for changes in done.values() for change in changes)
    return Acts(caller, await lock(connection, (*persons, *changed)), done, {})


async def close_acts(connection: Connection, acts: Acts) -> None:
    """Write what was done: the files, the acts, and the news."""
    await save(connection, acts.files)
    rows = [
        {"branch": acts.caller.branch, "counter": acts.caller.counter, "id": id, "changes": changes}
        for id, changes in acts.fresh.items()
    ]
    if rows:
        await connection.execute(
            "INSERT INTO act SELECT * FROM jsonb_populate_recordset(NULL::act, %s::jsonb) ON CONFLICT DO NOTHING",
            (msgspec.json.encode(rows).decode(),),
        )
    await tell(connection, acts.news())


async def act(call: Call[M], id: str, case: Case) -> Dossier:
    """Do at once what an entry of this id will say at sync; the holder's file after it. 409 where it is refused."""
    (done,) = await act_together(call, ((id, case),))
    if isinstance(done, RefusalError):
        raise ProblemError(409, done.code, rule=done.rule)
    return done


async def act_together(call: Call[M], cases: Iterable[tuple[str, Case]]) -> list[Dossier | RefusalError]:
    """The same for many cases by their entries' ids, in their order; of each the holder's file, or why it is refused.

    What is asked and written is one statement each for all of them. 422 for a case of nobody.
    """
    deeds = [await _deed(call, id, case) for id, case in cases]
    if not all(deed.persons or deed.service.effect is Effect.SIGNING for deed in deeds):
        raise ProblemError(422, "person")
    persons = [person for deed in deeds for person in deed.persons]
    acts = await open_acts(call.connection, call.caller, [deed.id for deed in deeds], persons)
    done = [_done(acts, deed) for deed in deeds]
    await close_acts(call.connection, acts)
    return done


def _done(acts: Acts, deed: Deed) -> Dossier | RefusalError:
    try:
        acts.do(deed)
    except RefusalError as refused:
        return refused
    return acts.files[deed.persons[0]] if deed.persons else Dossier()


async def _deed(call: Call[M], id: str, case: Case) -> Deed:
    gateway, caller = call.gateway, call.caller
    return Deed(
        id=id,
        service=service(case.service),
        case=case,
        on=gateway.today(),
        origin=Origin(caller.branch, caller.counter),
        bank=gateway.bank_of(caller),
        reference=gateway.reference,
        people=await people_of(call.connection, service(case.service), case),
    )


def holder(person: Person) -> Holder:
    """The person of a message as a case names them."""
    return Holder(name=person.name, document=Document(kind=person.kind, number=person.number))


def _changes(before: Mapping[Whom, Dossier], after: Files) -> Iterator[Change]:
    for person, file in before.items():
        old, new = _parts(file), _parts(after[person])
        for key in dict.fromkeys((*old, *new)):
            if old.get(key) != new.get(key):
                yield Change(person, old.get(key), new.get(key))


def _parts(file: Dossier) -> dict[tuple[type, str], Card | DossierBooking]:
    parts: tuple[Card | DossierBooking, ...] = (*file.cards, *file.bookings)
    return {(type(part), part.id): part for part in parts}


def _put_back(file: Dossier, change: Change) -> Dossier:
    """What an act made is taken away, what it changed is as before.

    Refused where it has changed again since; only a card that is still being made can be stopped on its way.
    """
    part = change.after or change.before
    assert part is not None, "a change is of something"
    now = _parts(file).get((type(part), part.id))
    stopped = change.before is None and isinstance(now, Card) and now.under_way
    if now != change.after and not stopped:
        raise RefusalError("moved_on", "")
    if change.before is None:
        return file.without(part)
    return file.with_card(change.before) if isinstance(change.before, Card) else file.with_booking(change.before)


def _news(id: str, change: Change, origin: Origin) -> Iterator[News]:
    before, after = change.before, change.after
    if isinstance(after, DossierBooking) and before is not None and after.status in _DECIDED:
        yield News(after.origin, EventKind.BOOKING, after.id, after.status.value, after.reason)
    if isinstance(after, Card):
        if after.held.bank_lock_failed and not (isinstance(before, Card) and before.held.bank_lock_failed):
            yield News(origin, EventKind.LOSS, id, "bank_failed")
        if isinstance(before, Card) and after.state is CardState.AT_BRANCH and before.state is not after.state:
            yield News(after.origin, EventKind.PROGRESS, after.id, "sent", after.lies_at)
        if isinstance(before, Card) and after.milestones.collected_on and not before.milestones.collected_on:
            yield News(after.origin, EventKind.PROGRESS, after.id, "collected")
