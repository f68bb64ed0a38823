"""The two state machines: what follows from what, and above all what does not."""

from typing import Any

import pytest

from counter.rules.booking import BOOKING
from counter.rules.card_life import CardState, state_of
from counter.rules.case import BookingStatus, OldCard
from counter.rules.machine import Machine
from counter.rules.services import CARD_LIFE, SERVICES

HELD = {CardState.COLLECTED, CardState.ACTIVE, CardState.LOCKED}
LOST = {CardState.PROVISIONAL_LOSS, CardState.LOST}

MAY = {
    "apply": {CardState.NONE},
    "collect": {CardState.AT_BRANCH},
    "sign_parcel": {CardState.MADE, CardState.SENT},
    "activate": {CardState.COLLECTED, CardState.SENT},
    "reset_pin": HELD,
    "unlock": HELD,
    "report_loss": HELD | {CardState.SENT, CardState.PROVISIONAL_LOSS},
    "withdraw_loss": LOST,
    "replace": HELD | LOST,
    "exchange": HELD,
    "change_photo": HELD | LOST,
    "change_details": HELD | LOST,
    "clean_up": HELD | LOST,
    "cancel": HELD | LOST | {CardState.CLEANED_UP},
}
"""From the book of rules: in which states a service is possible."""


@pytest.mark.rule("LOS-2")
@pytest.mark.rule("PIC-5")
@pytest.mark.parametrize("service", MAY)
def test_a_card_s_state_cannot_be_skipped(service: str) -> None:
    possible = {state for state in CardState if CARD_LIFE.follow(state, service)}
    assert possible - {CardState.UNKNOWN} == MAY[service]


def test_what_is_replaced_or_cancelled_stays_so() -> None:
    ends = {CardState.REPLACED, CardState.CANCELLED}
    assert not any(CARD_LIFE.follow(state, event) for state in ends for event in CARD_LIFE.events())
    assert {event for event in CARD_LIFE.events() if CARD_LIFE.follow(CardState.CLEANED_UP, event)} == {"cancel"}


def test_every_state_is_reached_from_none() -> None:
    before: set[CardState] = set()
    reached = {CardState.NONE}
    while reached != before:
        before = set(reached)
        found = (CARD_LIFE.follow(state, event) for state in before for event in CARD_LIFE.events())
        reached |= {transition.after for transition in found if transition}
    assert reached == set(CardState) - {CardState.UNKNOWN}


@pytest.mark.parametrize("machine", [CARD_LIFE, BOOKING])
def test_a_state_and_an_event_have_one_answer(machine: Machine[Any]) -> None:
    pairs = [(each.event, before) for each in machine.transitions for before in each.before]
    assert len(pairs) == len(set(pairs))
    rules = {event: {each.rule for each in machine.transitions if each.event == event} for event in machine.events()}
    assert all(len(found) == 1 for found in rules.values())


def test_services_are_events_by_their_ids() -> None:
    assert set(MAY) <= set(SERVICES)
    assert CARD_LIFE.rule("query") == ""


@pytest.mark.parametrize(
    ("card", "state"),
    [
        (OldCard(), CardState.UNKNOWN),
        (OldCard(at_branch=True), CardState.AT_BRANCH),
        (OldCard(status="0"), CardState.MADE),
        (OldCard(status="0", at_branch=True), CardState.AT_BRANCH),
        (OldCard(status="1"), CardState.COLLECTED),
        (OldCard(status="1", at_branch=True), CardState.COLLECTED),
        (OldCard(status="1", account_active=True), CardState.ACTIVE),
        (OldCard(account_active=True), CardState.ACTIVE),
        (OldCard(status="2"), CardState.LOST),
        (OldCard(status="1", loss_reported=True), CardState.LOST),
        (OldCard(status="3"), CardState.LOCKED),
        (OldCard(status="4", loss_reported=True), CardState.PROVISIONAL_LOSS),
        (OldCard(status="9", loss_reported=True), CardState.CANCELLED),
        (OldCard(status="2", replacement_filed=True), CardState.REPLACED),
    ],
)
def test_where_a_card_stands(card: OldCard, state: CardState) -> None:
    assert state_of(card) is state


@pytest.mark.rule("EXC-6")
def test_exc_6_the_life_of_a_booking() -> None:
    events = {(state, event) for state in BookingStatus for event in BOOKING.events() if BOOKING.follow(state, event)}
    assert events == {
        (BookingStatus.NONE, "book"), (BookingStatus.LAPSED, "book"), (BookingStatus.EXCHANGED, "book"),
        (BookingStatus.REFUSED, "ask_again"), (BookingStatus.REVIEW, "approve"), (BookingStatus.REVIEW, "refuse"),
        (BookingStatus.APPROVED, "exchange"), (BookingStatus.APPROVED, "lapse"),
    }  # fmt: skip
