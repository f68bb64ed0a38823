"""What the province answers at the counter, asked through the real client over real HTTP."""

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256

import pytest

from counter.gateway.seeding.customers import (
    DemoPerson,
    demo_people,
    demo_rows,
)
from counter.province.client import Province
from counter.province.errors import RefusedError
from counter.province.wire import MAX_PERSONS, BankChange, Person
from counter.rules.case import BookingStatus, IdentityAnswer, OldCard, OneCardAnswer
from tests.support.province_world import World, a_world

PEOPLE = {person.purpose: person for person in demo_people()}


@pytest.fixture(scope="module")
def demo(postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with a_world(postgresql, tmp_path_factory.mktemp("demo"), *demo_rows(date.today())) as running:
        yield running


@pytest.fixture(scope="module")
def province(demo: World) -> Iterator[Province]:
    with demo.province() as client:
        yield client


def asked(purpose: str) -> Person:
    person: DemoPerson = PEOPLE[purpose]
    return Person(kind=person.kind, number=person.number, name=person.name)


@pytest.mark.parametrize(
    ("purpose", "answer"),
    [
        ("same_number", IdentityAnswer.MATCH),
        ("rare_name", IdentityAnswer.MATCH),
        ("hong_kong", IdentityAnswer.MATCH),
        ("mismatch", IdentityAnswer.MISMATCH),
    ],
)
def test_identity(province: Province, purpose: str, answer: IdentityAnswer) -> None:
    assert province.identity(asked(purpose)).answer is answer


def test_identity_of_nobody_is_not_found(province: Province) -> None:
    nobody = Person(kind=asked("same_number").kind, number="44162119000101001X", name="无")
    assert province.identity(nobody).answer is IdentityAnswer.NOT_FOUND


@pytest.mark.parametrize(
    ("purpose", "answer"),
    [
        ("same_number", OneCardAnswer.HERE),
        ("first_application", OneCardAnswer.NONE),
        ("elsewhere", OneCardAnswer.ELSEWHERE),
        ("pending", OneCardAnswer.PENDING),
    ],
)
def test_one_card(province: Province, purpose: str, answer: OneCardAnswer) -> None:
    assert province.one_card(asked(purpose), "441621").answer is answer


def test_a_units_people_are_answered_as_each_by_itself(province: Province) -> None:
    people = tuple(asked(purpose) for purpose in ("same_number", "mismatch", "elsewhere_two", "pending", "hong_kong"))
    people += (Person(kind=people[0].kind, number="44162119000101001X", name="无"), people[0])
    for said, person in zip(province.group(people, "441621"), people, strict=True):
        assert said.identity == province.identity(person)
        assert said.one_card == province.one_card(person, "441621")
    assert province.group((), "441621") == ()
    with pytest.raises(RefusedError):
        province.group(people[:1] * (MAX_PERSONS + 1), "441621")


@pytest.mark.rule("EXC-7")
def test_a_units_bookings_and_progress_are_answered_as_each_by_itself(province: Province) -> None:
    """EXC-6, EXC-7."""
    people = tuple(asked(purpose) for purpose in ("change_bank", "booking_lapsed", "pending", "same_number", "collect"))
    people += (Person(kind=people[0].kind, number="44162119000101001X", name="无"), people[0])
    for said, person in zip(province.group(people, "441621", bookings=True), people, strict=True):
        assert said.booking == province.booking(person)
    assert {said.booking for said in province.group(people, "441621")} == {None}, "where nobody asks, nothing is said"
    progress = province.group_progress(people)
    assert progress == tuple(province.progress(person) for person in people)
    assert any(reply.cards for reply in progress)
    with pytest.raises(RefusedError):
        province.group_progress(people[:1] * (MAX_PERSONS + 1))


@pytest.mark.rule("EXC-6")
def test_a_group_is_booked_each_by_itself_and_once(province: Province) -> None:
    """EXC-6: the no to one is not a no to the others; asked twice, it is done once."""

    def change(id: str, purpose: str, card: str = "") -> BankChange:
        person = PEOPLE[purpose]
        held = OldCard(number=card or person.card, bank=person.bank)
        return BankChange(id=id, person=asked(purpose), city="441621", card=held, to_bank="icbc")

    changes = (
        change("group-1", "new_number"),
        change("group-2", "booking_review"),
        change("group-3", "pending"),
        change("group-4", "report_loss", card="B99999999"),
        change("group-5", "rare_name"),
    )
    first, under_review, pending, no_card, last = province.book_group(changes)
    assert first.booking and last.booking
    assert (first.booking.id, first.booking.status, first.booking.from_bank) == ("group-1", BookingStatus.REVIEW, "abc")
    assert (under_review.booking, under_review.rule) == (None, "EXC-6")
    assert (pending.booking, pending.code, pending.rule) == (None, "province.pending", "ONE-1")
    assert (no_card.booking, no_card.code) == (None, "province.no_card")
    assert province.book_group(changes) == (first, under_review, pending, no_card, last)
    assert province.booking(asked("new_number")) == first.booking
    assert province.book(changes[0]) == first.booking, "the same act by itself"
    assert province.book_group(()) == ()
    with pytest.raises(RefusedError):
        province.book_group(changes[:1] * (MAX_PERSONS + 1))


def test_after_the_clean_up_the_card_elsewhere_is_gone_and_asking_twice_says_the_same(province: Province) -> None:
    person = asked("elsewhere")
    assert [card.city for card in province.one_card(person, "441621").cards] == ["440100"]
    assert province.clean_up(person, "441621").cleaned == province.clean_up(person, "441621").cleaned == 1
    assert province.one_card(person, "441621").answer is OneCardAnswer.NONE


def test_a_photo_receipt_is_its_holders_and_runs_out(province: Province) -> None:
    holder, receipt = asked("first_application"), PEOPLE["first_application"].receipt
    found = province.photo(holder, receipt.lower())
    assert found.photo is not None and found.photo.startswith(b"\xff\xd8")
    assert province.photo(asked("same_number"), receipt).reason == "other_person"
    assert province.photo(asked("receipt_expired"), PEOPLE["receipt_expired"].receipt).reason == "expired"
    assert province.photo(holder, "ZJ00000000").reason == "not_found"
    assert province.photo(holder).reason == "not_found"
    assert province.photo(asked("same_number")).photo is not None


def test_booking(province: Province) -> None:
    approved = province.booking(asked("change_bank"))
    assert (approved.status, approved.to_bank) == (BookingStatus.APPROVED, "abc")
    assert approved.approved_on == date.today() - timedelta(days=2)
    assert province.booking(asked("booking_review")).status is BookingStatus.REVIEW
    assert province.booking(asked("same_number")).status is BookingStatus.NONE


def test_sms_code_holds_five_attempts_and_is_not_kept_in_clear(demo: World, province: Province) -> None:
    sent = province.send_sms("13800000000")
    assert province.check_sms(sent.ticket, sent.echo)
    wrong = "000000" if sent.echo != "000000" else "000001"
    for _ in range(4):
        assert not province.check_sms(sent.ticket, wrong)
    assert not province.check_sms(sent.ticket, sent.echo)
    (digest,) = demo.query("SELECT digest FROM sms WHERE ticket = %s", sent.ticket)
    assert sent.echo not in digest[0] and sha256(sent.echo.encode()).hexdigest() != digest[0]


def test_sms_code_expires(demo: World, province: Province) -> None:
    sent = province.send_sms("13800000000")
    demo.query("UPDATE sms SET expires_at = now() - interval '1 second' WHERE ticket = %s", sent.ticket)
    assert not province.check_sms(sent.ticket, sent.echo)


def test_no_sms_to_what_is_no_mobile(province: Province) -> None:
    with pytest.raises(RefusedError) as refused:
        province.send_sms("12345")
    assert refused.value.code == "mobile"


@pytest.mark.rule("QRY-1")
@pytest.mark.parametrize(
    ("purpose", "states"),
    [("same_number", ["active"]), ("being_made", ["applied"]), ("lost_replaced", ["applied", "replaced"])],
)
def test_cards_by_the_number_of_one(province: Province, purpose: str, states: list[str]) -> None:
    """That one, and the one that is being made in its place, with how far it has come."""
    card = PEOPLE[purpose].card
    assert [each.state for each in province.cards(None, card).cards] == states
    made = province.progress(None, card).cards
    assert [each.state for each in made] == [state for state in states if state == "applied"]
    assert province.cards(asked(purpose)).cards == province.cards(None, card).cards


@pytest.mark.rule("QRY-1")
def test_by_a_card_no_other_card_of_its_holder_is_told(province: Province) -> None:
    every = province.cards(asked("elsewhere_two")).cards
    (told,) = province.cards(None, PEOPLE["elsewhere_two"].card).cards
    assert len(every) == 2 and told in every
    assert province.cards(None, "B99999992").cards == ()


def test_about_nobody_and_no_card_nothing_is_answered(province: Province) -> None:
    with pytest.raises(RefusedError) as refused:
        province.cards(None)
    assert refused.value.code == "person"
    with pytest.raises(RefusedError):
        province.progress(None, "")


def test_identity_by_a_number_of_15_digits(province: Province) -> None:
    person = asked("same_number")
    legacy = Person(kind=person.kind, number=person.number[:6] + person.number[8:17], name=person.name)
    assert province.identity(legacy).answer is IdentityAnswer.MATCH
    assert province.cards(legacy) == province.cards(person)
