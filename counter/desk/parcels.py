"""Parcels of cards (网点签收): what arrives is counted and signed for; what lies here, who was told, who has not come.

PIC-7, PIC-8. A parcel is signed for as a case of its service is confirmed; nothing is kept of it before.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

import msgspec
from msgspec import structs

from counter.desk.desk import Desk
from counter.province.errors import OutOfReachError, RefusedError
from counter.province.questions.cards import CARDS
from counter.province.questions.parcel import PARCEL
from counter.province.wire import OnTheWay
from counter.rules.case import Case
from counter.rules.counting import count
from counter.rules.facts import old_card, policy
from counter.rules.filling import with_value
from counter.rules.normal import normalise
from counter.rules.parcel import Parcel
from counter.rules.service import Effect
from counter.rules.services import service
from counter.rules.services.parcels import SIGN_PARCEL
from counter.store.records import LyingCard


def counted(desk: Desk, parcel: Parcel) -> Case:
    """The case of a parcel that was counted, held against what the province says; as it is where that is nothing."""
    case = normalise(structs.replace(desk.new_case(SIGN_PARCEL.id), parcel=parcel))
    return desk.ask(PARCEL, case).put_into(case)


def entry_id(desk: Desk, case: Case) -> str:
    """The id of the entry by which these cards of this parcel are signed for: begun again, it is the same."""
    parcel, place = case.parcel or Parcel(), desk.place
    said = (place.branch, place.counter, parcel.number, sorted(count(parcel).right))
    return str(uuid5(NAMESPACE_URL, msgspec.json.encode(said).decode()))


def on_the_way(desk: Desk) -> Sequence[OnTheWay] | None:
    """The parcels that are on their way here; None where the province does not answer."""
    if desk.province is None:
        return None
    with suppress(OutOfReachError, RefusedError):
        return desk.province.parcels().parcels
    return None


def lying(desk: Desk) -> list[LyingCard]:
    """The cards that lie here, the one that has lain longest first; asks before whose those are that were signed for
    while the province did not answer."""
    settle(desk)
    return desk.store.parcels.lying()


def overdue(desk: Desk, cards: Iterable[LyingCard]) -> list[LyingCard]:
    """Those that nobody has fetched within the city's days (PIC-7)."""
    known = policy(Case(), desk.context())
    if known is None:
        return []
    last = desk.today() - timedelta(days=known.fetch_days)
    return [card for card in cards if card.since < last]


def where_it_lies(desk: Desk, case: Case) -> Case:
    """A case that hands a card out, with the branch that has the card where that is another one (PIC-7)."""
    if service(case.service).effect is not Effect.HAND_OVER:
        return case
    known = old_card(desk.ask(CARDS, case).put_into(case))
    elsewhere = known.at_branch and known.branch not in ("", desk.place.branch)
    return with_value(case, "old_card.branch", known.branch) if elsewhere else case


def settle(desk: Desk) -> None:
    """Ask the province about what was signed for without it: for whom, and which belong to another branch."""
    if desk.province is None:
        return
    with suppress(OutOfReachError, RefusedError):
        for parcel in desk.store.parcels.unasked():
            reply = desk.province.parcel(parcel.number, parcel.cards)
            desk.store.parcels.settle(parcel.entry, reply.cards)
