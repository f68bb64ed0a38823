"""The new card numbers of a roster's people, for the unit's HR (统一收集变更名单), asked in bulk, EXC-7."""

from collections.abc import Callable
from typing import Final

from counter.desk import rosters
from counter.desk.desk import Desk
from counter.desk.rosters import KeptPerson
from counter.i18n import named, t
from counter.province.client import Province
from counter.province.errors import OutOfReachError
from counter.province.questions.question import person_of
from counter.province.wire import MAX_PERSONS, CardProgress
from counter.roster.new_numbers import NewNumber, NewNumbers, NotReady
from counter.roster.row import to_case
from counter.rules.card_life import CardState
from counter.rules.facts import old_card
from counter.rules.masking import mask_number
from counter.rules.reference import Context
from counter.rules.unit import Unit
from counter.store.database import chunks

_LAST: Final = 4


def new_numbers_of(
    desk: Desk,
    batch: int,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> NewNumbers | None:
    """The list as the province knows it now; None where it was cancelled. A row is called by its place.

    Raises `UnknownBatchError`, `OutOfReachError`, `RefusedError`.
    """
    store, context, unit = desk.store, desk.context(), rosters.batch_of(desk.store, batch).unit
    if desk.province is None:
        raise OutOfReachError("not_enrolled")
    people = list(enumerate(rosters.people(store, batch), 1))
    stands = store.ledger.standing(person.id for _, person in people if person.submitted)
    made = dict[str, CardProgress]()
    done = 0
    for chunk in chunks([person for _, person in people if stands.get(person.id)], MAX_PERSONS):
        if cancelled():
            return None
        made |= _asked(desk.province, chunk, unit, context)
        done += len(chunk)
        progress(done, len(people))
    ready, waiting = list[NewNumber](), list[NotReady]()
    for place, person in people:
        card = made.get(person.id)
        if card and card.number and card.state is not CardState.APPLIED:
            ready.append(_ready(place, person, card, unit, context))
        else:
            row, reason = person.row, _why(person, card, stands=stands.get(person.id))
            waiting.append(NotReady(place, row.name, mask_number(row.number), t(f"roster.numbers.{reason}")))
    return NewNumbers(unit.name, context.today, tuple(ready), tuple(waiting))


def _asked(province: Province, people: list[KeptPerson], unit: Unit, context: Context) -> dict[str, CardProgress]:
    """By row: the card that its entry applied for."""
    replies = province.group_progress(tuple(person_of(to_case(person.row, unit, context)) for person in people))
    cards = ((person.id, card) for person, reply in zip(people, replies, strict=True) for card in reply.cards)
    return {id: card for id, card in cards if card.id == id}


def _ready(place: int, person: KeptPerson, card: CardProgress, unit: Unit, context: Context) -> NewNumber:
    row, banks = person.row, context.reference.banks
    return NewNumber(
        row=place,
        name=row.name,
        number=mask_number(row.number),
        old=old_card(to_case(row, unit, context, person.answers)).number[-_LAST:],
        new=card.number,
        bank=named(banks[card.bank]) if card.bank in banks else card.bank,
        day=card.milestones.city_on or card.milestones.collected_on,
    )


def _why(person: KeptPerson, card: CardProgress | None, *, stands: bool | None) -> str:
    """Why there is no new card yet."""
    if not person.submitted:
        return "not_submitted"
    if not stands:
        return "taken_back"
    return "being_made" if card else "not_at_province"
