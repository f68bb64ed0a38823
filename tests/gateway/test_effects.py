"""What each service does to a person's file, what it may not do, and that a reversal puts back what was there."""

import dataclasses
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from counter.gateway.call import Caller
from counter.gateway.events import Origin
from counter.gateway.persons.acts import Acts
from counter.gateway.persons.deed import Deed, RefusalError
from counter.gateway.persons.dossier import Card, Dossier, DossierBooking, Files, Whom
from counter.gateway.persons.moves import at
from counter.province.wire import EventKind
from counter.reference.load import load_reference
from counter.rules import case as cases
from counter.rules.card_life import CardState, state_of
from counter.rules.case import (
    BookingStatus,
    Case,
    Changes,
    Document,
    Holder,
    Mode,
    OldCard,
    OneCard,
    Pickup,
    PickupMethod,
    PresentedBy,
)
from counter.rules.services import SERVICES

TODAY = date(2026, 3, 12)
ZIJIN, GUANGZHOU = "441621", "440100"
NUMBER, NEW_NUMBER = "441621198703129615", "441621198703129623"
ME, RENAMED = Whom("id_card", NUMBER), Whom("id_card", NEW_NUMBER)
CARD = OldCard(number="B00000165", bank="abc", status="1", account_active=True)
INSTANT, BRANCH = Pickup(method=PickupMethod.INSTANT), Pickup(method=PickupMethod.BRANCH)
HELD = replace(CARD, in_hand=True)


def a_card(state: CardState = CardState.ACTIVE, city: str = ZIJIN, id: str = "", **held: Any) -> Card:
    """A card as the province has it."""
    number = held.setdefault("number", CARD.number)
    return at(Card(id=id or number, held=replace(CARD, **held), city=city, state=state, branch="441621-abc-01"), state)


def a_file(*cards: Card, **bookings: Any) -> Dossier:
    return Dossier(cards=cards, bookings=tuple(bookings.values()))


def approved(days: int, to_bank: str = "abc") -> DossierBooking:
    """A booking that was approved so many days ago."""
    return DossierBooking(
        id="YY-1",
        status=BookingStatus.APPROVED,
        from_bank="icbc",
        to_bank=to_bank,
        city=ZIJIN,
        approved_on=TODAY - timedelta(days=days),
    )


REVIEW = DossierBooking(
    id="YY-1", status=BookingStatus.REVIEW, from_bank="abc", to_bank="icbc", city=ZIJIN, origin=Origin("icbc-1", "2")
)


def a_deed(service: str, **said: Any) -> Deed:
    holder = Holder(name="钟试一", document=Document(number=NUMBER))
    values: dict[str, Any] = {"city": ZIJIN, "bank": "abc", "holder": holder, "pickup": BRANCH} | said
    case = Case(service=service, **values)
    return Deed("entry-1", SERVICES[service], case, TODAY, Origin("abc-1", "1"), "abc", load_reference())


def replace_id(deed: Deed, id: str) -> Deed:
    return dataclasses.replace(deed, id=id)


def acts_over(file: Dossier) -> Acts:
    return Acts(Caller("abc-1", "1"), Files({ME: file, RENAMED: Dossier()}), {}, {})


def states(file: Dossier) -> list[str]:
    return [card.state.value for card in file.cards]


CHANGE_BANK = {"mode": Mode.CHANGE_BANK, "old_card": replace(HELD, bank="icbc")}
ICBC = a_card(bank="icbc")
AT_BRANCH, BEING_MADE = a_card(CardState.AT_BRANCH), a_card(CardState.MADE)
ELSEWHERE = a_card(city=GUANGZHOU, number="B00000999")
AGREED = OneCard(clean_up_confirmed=True)
DECIDED = {"booking": cases.Booking(id="YY-1", decision=BookingStatus.APPROVED)}
CLOSED = {"old_card": HELD, "medical_account_closed": True}

DONE = [
    ("apply", a_file(), {}, ["applied"]),
    ("apply", a_file(), {"pickup": INSTANT}, ["collected"]),
    ("apply", a_file(a_card(kind="blue")), {}, ["active", "applied"]),
    ("apply", a_file(ELSEWHERE), {"one_card": AGREED}, ["cleaned_up", "applied"]),
    ("apply", a_file(a_card(CardState.CANCELLED)), {}, ["cancelled", "applied"]),
    ("exchange", a_file(), {}, ["applied"]),
    ("exchange", a_file(), {"old_card": HELD}, ["replaced", "applied"]),
    ("exchange", a_file(a_card()), {"old_card": HELD, "mode": Mode.SAME_NUMBER}, ["replaced", "applied"]),
    ("exchange", a_file(a_card()), {"old_card": HELD, "pickup": INSTANT}, ["cancelled", "collected"]),
    ("exchange", a_file(ICBC, at=approved(10)), CHANGE_BANK, ["replaced", "applied"]),
    ("replace", a_file(a_card(CardState.LOST)), {"old_card": CARD}, ["replaced", "applied"]),
    ("replace", a_file(a_card()), {"old_card": HELD}, ["replaced", "applied"]),
    ("change_photo", a_file(a_card()), {"old_card": HELD}, ["replaced", "applied"]),
    ("collect", a_file(AT_BRANCH), {"old_card": CARD}, ["collected"]),
    ("activate", a_file(a_card(CardState.COLLECTED)), {"old_card": HELD}, ["active"]),
    ("reset_pin", a_file(a_card(CardState.LOCKED)), {"old_card": HELD}, ["active"]),
    ("unlock", a_file(a_card(CardState.LOCKED)), {"old_card": HELD}, ["active"]),
    ("report_loss", a_file(a_card()), {"old_card": CARD}, ["lost"]),
    ("report_loss", a_file(a_card()), {"old_card": OldCard(bank="abc")}, ["lost"]),
    ("report_loss", a_file(a_card(CardState.LOST)), {"old_card": CARD}, ["lost"]),
    ("report_loss", a_file(), {"old_card": CARD}, ["lost"]),
    ("withdraw_loss", a_file(a_card(CardState.LOST)), {"old_card": HELD}, ["active"]),
    ("cancel", a_file(a_card()), CLOSED, ["cancelled"]),
    ("clean_up", a_file(a_card(), ELSEWHERE), {}, ["active", "cleaned_up"]),
    ("query", a_file(a_card()), {}, ["active"]),
    ("e_card", a_file(a_card()), {}, ["active"]),
    ("book_bank_change", a_file(ICBC), {"old_card": replace(CARD, bank="icbc")}, ["active"]),
    ("book_bank_change", a_file(ICBC, late=approved(11)), {"old_card": replace(CARD, bank="icbc")}, ["active"]),
    ("review_bank_change", a_file(a_card(), booked=REVIEW), DECIDED, ["active"]),
]


@pytest.mark.parametrize(("service", "before", "said", "after"), DONE)
def test_what_a_service_does_and_that_a_reversal_puts_it_back(
    service: str, before: Dossier, said: dict[str, Any], after: list[str]
) -> None:
    acts = acts_over(before)
    acts.do(a_deed(service, **said))
    done = acts.files[ME]
    assert states(done) == after
    for card in done.cards:
        if card.state not in {CardState.APPLIED, CardState.CLEANED_UP}:
            seen = state_of(card.held)
            assert seen is card.state, "a counter sees the card where the province has it"
    acts.do(a_deed(service, **said))
    assert acts.files[ME] == done, "twice is as once"
    assert msgspec.json.decode(msgspec.json.encode(done), type=Dossier) == done
    acts.undo("entry-2", "entry-1")
    assert acts.files[ME] == before
    acts.undo("entry-2", "entry-1")
    assert acts.files[ME] == before


REFUSED = [
    ("apply", a_file(a_card()), {}, ("here", "ONE-1")),
    ("apply", a_file(AT_BRANCH), {}, ("pending", "ONE-1")),
    ("apply", a_file(ELSEWHERE), {}, ("elsewhere", "ONE-1")),
    ("apply", a_file(replace(ELSEWHERE, cleanable=False)), {"one_card": AGREED}, ("uncleanable", "ONE-2")),
    ("exchange", a_file(BEING_MADE), {"old_card": HELD}, ("pending", "ONE-1")),
    ("exchange", a_file(a_card()), {"old_card": replace(HELD, number="B00000999")}, ("no_card", "REP-1")),
    ("exchange", a_file(a_card(CardState.LOST)), {"old_card": HELD}, ("card_state", "REP-1")),
    ("exchange", a_file(a_card(kind="yellow")), {"old_card": HELD}, ("not_financial", "REP-2")),
    ("exchange", a_file(ICBC), CHANGE_BANK, ("booking", "EXC-6")),
    ("exchange", a_file(ICBC, at=approved(1, "boc")), CHANGE_BANK, ("booking", "EXC-6")),
    ("exchange", a_file(ICBC, at=approved(11)), CHANGE_BANK, ("booking_lapsed", "EXC-6")),
    ("exchange", a_file(a_card(preference=True)), {"old_card": HELD, "pickup": INSTANT}, ("preference", "PIC-6")),
    ("replace", a_file(a_card()), {"old_card": CARD}, ("not_lost", "REP-1")),
    ("collect", a_file(BEING_MADE), {"old_card": CARD}, ("not_at_branch", "PIC-5")),
    ("collect", a_file(a_card()), {"old_card": CARD}, ("not_at_branch", "PIC-5")),
    (
        "collect",
        a_file(a_card(CardState.AT_BRANCH, applied_by_agent=True)),
        {"old_card": CARD, "presented_by": PresentedBy.AGENT},
        ("collect_in_person", "AGT-3"),
    ),
    ("activate", a_file(a_card(CardState.LOST)), {"old_card": HELD}, ("card_state", "ACT-1")),
    ("withdraw_loss", a_file(a_card(CardState.REPLACED)), {"old_card": HELD}, ("card_state", "LOS-2")),
    ("withdraw_loss", a_file(a_card()), {"old_card": HELD}, ("card_state", "LOS-2")),
    ("report_loss", a_file(a_card(CardState.CANCELLED)), {"old_card": CARD}, ("card_state", "LOS-1")),
    ("cancel", a_file(a_card()), {"old_card": HELD}, ("medical_account", "CAN-1")),
    ("clean_up", a_file(replace(ELSEWHERE, cleanable=False)), {}, ("uncleanable", "ONE-2")),
    ("book_bank_change", a_file(ICBC, at=approved(10)), {}, ("booking", "EXC-6")),
    ("book_bank_change", a_file(BEING_MADE), {}, ("pending", "ONE-1")),
    ("review_bank_change", a_file(), DECIDED, ("booking", "EXC-6")),
    ("review_bank_change", a_file(at=approved(1)), DECIDED, ("other_bank", "EXC-6")),
    ("review_bank_change", a_file(at=replace(approved(1), from_bank="abc")), DECIDED, ("booking", "EXC-6")),
]


@pytest.mark.parametrize(("service", "before", "said", "why"), REFUSED)
def test_what_the_rules_do_not_allow_changes_nothing(
    service: str, before: Dossier, said: dict[str, Any], why: tuple[str, str]
) -> None:
    acts = acts_over(before)
    with pytest.raises(RefusalError) as refused:
        acts.do(a_deed(service, **said))
    assert (refused.value.code, refused.value.rule) == (f"province.{why[0]}", why[1])
    assert acts.files[ME] == before and not acts.fresh


@pytest.mark.rule("AGT-3")
@pytest.mark.rule("AGT-4")
@pytest.mark.parametrize(("service", "in_person"), [("apply", True), ("replace", False), ("exchange", False)])
def test_agt_3_only_a_first_card_that_an_agent_applied_for_is_the_holder_s_to_collect(
    service: str, *, in_person: bool
) -> None:
    file = a_file() if service == "apply" else a_file(a_card())
    acts = acts_over(file)
    acts.do(a_deed(service, old_card=HELD, presented_by=PresentedBy.AGENT))
    waiting = acts.files[ME].cards[-1]
    assert waiting.held.applied_by_agent is in_person
    acts.files[ME] = acts.files[ME].with_card(replace(waiting, state=CardState.AT_BRANCH))
    collected = replace_id(a_deed("collect", old_card=OldCard(), presented_by=PresentedBy.AGENT), "entry-2")
    if in_person:
        with pytest.raises(RefusalError):
            acts.do(collected)
    else:
        acts.do(collected)
        assert states(acts.files[ME]) == ["cancelled", "collected"]


@pytest.mark.rule("EXC-1")
def test_a_new_card_ends_the_old_one_when_it_is_collected() -> None:
    """EXC-1: the same number, two cards for a while."""
    acts = acts_over(a_file(a_card()))
    acts.do(a_deed("exchange", old_card=HELD, mode=Mode.SAME_NUMBER))
    new = acts.files[ME].cards[-1]
    assert (new.held.number, new.held.generation, new.milestones.applied_on) == (CARD.number, 3, TODAY)
    acts.files[ME] = acts.files[ME].with_card(at(new, CardState.AT_BRANCH))
    acts.do(replace_id(a_deed("collect", old_card=CARD), "entry-2"))
    assert states(acts.files[ME]) == ["cancelled", "collected"]
    assert acts.files[ME].cards[-1].milestones.collected_on == TODAY
    acts.do(replace_id(a_deed("activate", old_card=HELD), "entry-3"))
    assert states(acts.files[ME]) == ["cancelled", "active"]


def test_what_has_gone_on_is_not_taken_back() -> None:
    acts = acts_over(a_file(a_card()))
    acts.do(a_deed("exchange", old_card=HELD, pickup=INSTANT))
    acts.files[ME] = acts.files[ME].with_card(at(acts.files[ME].cards[-1], CardState.LOST))
    with pytest.raises(RefusalError) as refused:
        acts.undo("entry-2", "entry-1")
    assert refused.value.code == "province.moved_on"


def test_a_card_that_is_being_made_is_stopped_on_its_way() -> None:
    before = a_file(a_card())
    acts = acts_over(before)
    acts.do(a_deed("exchange", old_card=HELD))
    acts.files[ME] = acts.files[ME].with_card(at(acts.files[ME].cards[-1], CardState.AT_BRANCH))
    acts.undo("entry-2", "entry-1")
    assert acts.files[ME] == before


@pytest.mark.rule("INF-2")
def test_under_a_new_number_the_person_keeps_their_cards() -> None:
    """INF-2; the reversal gives them back to the old number."""
    before = a_file(a_card())
    acts = acts_over(before)
    acts.do(a_deed("change_details", old_card=HELD, changes=Changes(number=NEW_NUMBER)))
    assert acts.files[ME] == Dossier() and states(acts.files[RENAMED]) == ["replaced", "applied"]
    acts.undo("entry-2", "entry-1")
    assert acts.files[ME] == before and acts.files[RENAMED] == Dossier()
    acts.files[RENAMED] = a_file(ELSEWHERE)
    with pytest.raises(RefusalError) as refused:
        acts.do(replace_id(a_deed("change_details", old_card=HELD, changes=Changes(number=NEW_NUMBER)), "entry-3"))
    assert refused.value.rule == "INF-2"


def test_a_refused_booking_is_reviewed_again_when_the_holder_asks() -> None:
    """EXC-6: the reason is kept, the counter that booked hears of it."""
    acts = acts_over(a_file(a_card(), booked=REVIEW))
    refuse = cases.Booking(id="YY-1", decision=BookingStatus.REFUSED)
    acts.do(a_deed("review_bank_change", booking=refuse, reason="账户未清"))
    assert acts.files[ME].bookings[-1].reason == "账户未清"
    (news,) = acts.news()
    assert (news.to, news.kind, news.entry, news.code) == (Origin("icbc-1", "2"), EventKind.BOOKING, "YY-1", "refused")
    acts.do(replace_id(a_deed("book_bank_change", old_card=CARD, bank="icbc"), "entry-2"))
    assert [each.status for each in acts.files[ME].bookings] == [BookingStatus.REFUSED, BookingStatus.REVIEW]
