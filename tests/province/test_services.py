"""The services of a card's life, from the window to the province and back: real ledgers, HTTP and PostgreSQL."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from counter.gateway import server
from counter.gateway.seeding.customers import BRANCH, demo_rows
from counter.province.acts import Told
from counter.province.client import Patience
from counter.province.errors import RefusedError
from counter.province.questions.booking import BOOKING, REVIEWS, ReviewsAnswer, review_case
from counter.province.questions.cards import CARDS, PROGRESS, CardsAnswer
from counter.province.questions.one_card import CLEAN_UP, ONE_CARD
from counter.province.questions.question import person_of
from counter.province.wire import Loss, LossAnswer, Review
from counter.rules.card_life import CardState
from counter.rules.case import Booking, BookingStatus, Case, Mode, OldCard, OneCardAnswer, Pickup, PickupMethod
from counter.rules.finding import Level
from counter.store.records import SendState
from tests.support.desks import (
    PASSPHRASE,
    PEOPLE,
    SECOND,
    Calendar,
    Window,
    a_window,
)
from tests.support.faults import Fault, FaultyNetwork
from tests.support.province_world import World, a_world

TODAY = date(2026, 3, 2)


@pytest.fixture
def calendar() -> Calendar:
    return Calendar(TODAY)


@pytest.fixture(scope="module")
def turning() -> Calendar:
    """The province's own calendar."""
    return Calendar(TODAY)


@pytest.fixture(scope="module")
def province_of_the_module(
    postgresql: str, tmp_path_factory: pytest.TempPathFactory, turning: Calendar
) -> Iterator[World]:
    with a_world(postgresql, tmp_path_factory.mktemp("services"), clock=turning) as world:
        yield world


@pytest.fixture
def world(province_of_the_module: World, turning: Calendar, calendar: Calendar) -> World:
    """The demonstration's customers, as on the first day."""
    turning.day = calendar.day
    province_of_the_module.empty()
    province_of_the_module.plant(*demo_rows(TODAY))
    return province_of_the_module


@pytest.fixture
def windows(world: World, tmp_path: Path, calendar: Calendar) -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def abc(world: World, tmp_path: Path, calendar: Calendar, windows: ExitStack) -> Window:
    return windows.enter_context(a_window(world, tmp_path / f"abc{tmp_path.name[-30:]}", calendar, "abc"))


@pytest.fixture
def icbc(world: World, tmp_path: Path, calendar: Calendar, windows: ExitStack) -> Window:
    return windows.enter_context(a_window(world, tmp_path / f"icbc{tmp_path.name[-30:]}", calendar, "icbc"))


def card_of(window: Window, service: str, purpose: str) -> OldCard:
    """The card that the province fills in."""
    case = window.case(service, purpose)
    card = window.desk.ask(CARDS, case).put_into(case).old_card
    assert card is not None
    return card


def waiting_at(window: Window) -> ReviewsAnswer:
    """The bookings that wait for the review of this window's bank."""
    return window.desk.ask(REVIEWS, window.desk.new_case("review_bank_change"))


def states(answer: CardsAnswer) -> list[str]:
    return [card.state.value for card in answer.cards]


# --- what the province says


def test_every_card_of_a_person_is_told_with_all_that_is_known(abc: Window) -> None:
    case = abc.case("report_loss", "lost_replaced")
    answer = abc.desk.ask(CARDS, case)
    assert states(answer) == ["applied", "replaced"]
    old = answer.put_into(case).old_card
    assert old is not None
    assert (old.number, old.status, old.loss_reported, old.replacement_filed) == (
        PEOPLE["lost_replaced"].card,
        "2",
        True,
        True,
    )
    (waiting,) = abc.desk.ask(CARDS, abc.case("collect", "collect")).cards
    assert (waiting.state, waiting.branch, waiting.card.at_branch) == (CardState.AT_BRANCH, BRANCH, True)


def test_what_only_the_clerk_sees_of_the_card_stays(abc: Window) -> None:
    case = abc.case("exchange", "same_number", old_card=OldCard(in_hand=True, tested_undamaged=True))
    card = abc.desk.ask(CARDS, case).put_into(case).old_card
    assert card is not None and card.in_hand and card.tested_undamaged and card.number == PEOPLE["same_number"].card


@pytest.mark.rule("QRY-1")
def test_a_query_answers_cards_progress_and_booking(abc: Window) -> None:
    """QRY-1."""
    case = abc.case("query", "collect")
    answer = abc.desk.ask(PROGRESS, case)
    assert answer.put_into(case).one_card.answer is OneCardAnswer.PENDING
    (making,) = answer.progress
    dates = making.milestones
    assert dates.applied_on == TODAY - timedelta(days=12) and dates.sent_on == TODAY - timedelta(days=2)
    assert (dates.sent_to, dates.collected_on, making.state) == (BRANCH, None, CardState.AT_BRANCH)
    booked = abc.desk.ask(PROGRESS, abc.case("query", "booking_lapsed"))
    booking = booked.patch["booking"]
    assert isinstance(booking, Booking)
    assert booking.status is BookingStatus.LAPSED


def test_without_a_province_every_question_is_deferred(abc: Window) -> None:
    abc.desk.province = None
    case = abc.case("report_loss", "report_loss", old_card=OldCard(number=PEOPLE["report_loss"].card, bank="abc"))
    assert not abc.desk.ask(CARDS, case).reached and not waiting_at(abc).reached
    status = abc.desk.ask(PROGRESS, case)
    assert not status.reached and status.put_into(case).one_card.answer is OneCardAnswer.DEFERRED
    later = abc.desk.at_once("id", case)
    assert later.told is Told.LATER and [finding.code for finding in later.findings] == ["loss.locked_later"]


# --- loss


@pytest.mark.rule("LOS-1")
def test_a_loss_locks_both_sides_at_once_and_the_entry_is_the_same_act(abc: Window) -> None:
    """LOS-1."""
    case = abc.case("report_loss", "report_loss", old_card=card_of(abc, "report_loss", "report_loss"))
    id = abc.desk.store.drafts.new_id()
    told = abc.desk.at_once(id, case)
    assert [finding.code for finding in told.findings] == ["loss.locked"]
    assert abc.desk.at_once(id, case).findings == told.findings, "asked again"
    assert states(abc.desk.ask(CARDS, case)) == ["lost"]
    abc.enter(told.put_into(case), id)
    assert abc.sync().matched and abc.news() == []
    assert states(abc.desk.ask(CARDS, case)) == ["lost"]


@pytest.mark.rule("LOS-1")
def test_where_the_banks_side_fails_the_customer_must_call_the_bank(abc: Window) -> None:
    """LOS-1, answer 02: told at the window and to be seen on the card."""
    case = abc.case("report_loss", "loss_bank_fails", old_card=card_of(abc, "report_loss", "loss_bank_fails"))
    told = abc.desk.at_once("loss-1", case)
    (finding,) = told.findings
    assert (finding.rule, finding.code, finding.params["hotline"]) == ("LOS-1", "card.bank_lock_failed", "95599")
    card = told.put_into(case).old_card
    assert card is not None and card.bank_lock_failed
    assert card_of(abc, "report_loss", "loss_bank_fails").bank_lock_failed


@pytest.mark.rule("LOS-1")
def test_a_loss_that_was_deferred_is_done_at_sync_and_what_failed_comes_back_as_news(abc: Window) -> None:
    """LOS-1: the counter hears that the customer has to be called."""
    card = card_of(abc, "report_loss", "loss_bank_fails")
    id = abc.enter(abc.case("report_loss", "loss_bank_fails", old_card=card))
    assert abc.sync().created == 1
    assert abc.news() == [("loss", id, "bank_failed")]


def test_a_loss_reported_before_is_said_so(abc: Window) -> None:
    province = abc.desk.province
    assert province is not None
    person = person_of(abc.case("report_loss", "lost"))
    card = card_of(abc, "report_loss", "lost")
    again = Loss(id="loss-2", person=person, city="441621", card=card)
    assert province.report_loss(again).answer is LossAnswer.DONE_BEFORE


@pytest.mark.rule("LOS-2")
@pytest.mark.parametrize(("purpose", "done"), [("lost", True), ("lost_replaced", False)])
def test_a_report_is_withdrawn_only_while_no_replacement_is_filed(abc: Window, purpose: str, done: bool) -> None:
    """LOS-2, told at once and at sync alike."""
    card = card_of(abc, "withdraw_loss", purpose)
    case = abc.case("withdraw_loss", purpose, old_card=msgspec.structs.replace(card, in_hand=True))
    (finding,) = abc.desk.at_once("withdrawal", case).findings
    assert (finding.rule, finding.level is Level.TELL) == ("LOS-2", done)
    abc.enter(case, "withdrawal")
    assert abc.sync().matched
    assert abc.rejected() == ([] if done else [("province.card_state", "LOS-2")])


# --- change of bank


def booked(window: Window, purpose: str) -> str:
    """The new bank's counter books; gives the entry's id."""
    case = window.case("book_bank_change", purpose)
    case = window.desk.ask(CARDS, case).put_into(case)
    id = window.enter(case)
    (told,) = window.desk.at_once(id, case).findings
    assert (told.level, told.code) == (Level.TELL, "booking.booked")
    return id


def reviewed(window: Window, id: str, *, approve: bool = True, reason: str = "") -> None:
    """The original bank's counter takes the booking up from its list and decides."""
    (waiting,) = [each for each in waiting_at(window).waiting if each.booking.id == id]
    case = review_case(window.desk.new_case("review_bank_change"), waiting)
    decision = BookingStatus.APPROVED if approve else BookingStatus.REFUSED
    assert case.booking is not None
    case = msgspec.structs.replace(
        case, booking=msgspec.structs.replace(case.booking, decision=decision), reason=reason
    )
    entry = window.enter(case)
    (told,) = window.desk.at_once(entry, case).findings
    assert (told.level, told.code) == (Level.TELL, "booking.reviewed")


def exchange(window: Window, purpose: str) -> Case:
    card = msgspec.structs.replace(card_of(window, "exchange", purpose), in_hand=True)
    pickup = Pickup(method=PickupMethod.BRANCH)
    return window.case("exchange", purpose, old_card=card, mode=Mode.CHANGE_BANK, pickup=pickup)


def late_by_the_rules(window: Window, purpose: str) -> list[str]:
    """What the rules at the counter say of the booking, as the province tells it there."""
    case = exchange(window, purpose)
    judgement = window.desk.judge(window.desk.ask(BOOKING, case).put_into(case))
    return [each.code for each in judgement.findings if each.rule == "EXC-6" and each.level is Level.STOP]


@pytest.mark.rule("EXC-6")
def test_a_change_of_bank_from_the_booking_to_the_tenth_day_and_the_eleventh(
    icbc: Window, abc: Window, calendar: Calendar, turning: Calendar
) -> None:
    """EXC-6: two customers of ABC go to ICBC; both are approved on one day, one comes in time."""
    early, late = "same_number", "cancel"
    ids = [booked(icbc, purpose) for purpose in (early, late)]
    assert waiting_at(icbc).waiting == (), "only the original bank sees them"
    assert {each.booking.id for each in waiting_at(abc).waiting} >= set(ids)
    for window in (calendar, turning):
        window.pass_days(4)
    approved_on = calendar.day
    for id in ids:
        reviewed(abc, id)
    assert abc.sync().matched and icbc.sync().matched
    assert icbc.news() == [("booking", id, "approved") for id in ids]
    asked = icbc.desk.ask(BOOKING, icbc.case("exchange", early)).patch["booking"]
    assert (asked.status, asked.approved_on) == (BookingStatus.APPROVED, approved_on)  # type: ignore[attr-defined]

    calendar.pass_days(10)
    turning.pass_days(10)
    assert late_by_the_rules(icbc, early) == []
    in_time = icbc.enter(exchange(icbc, early))
    calendar.pass_days(1)
    turning.pass_days(1)
    assert late_by_the_rules(icbc, late) == ["booking.lapsed"]
    too_late = icbc.enter(exchange(icbc, late))
    assert icbc.sync().matched, "on the eleventh day: what counts is the business date"
    assert (icbc.state(in_time), icbc.state(too_late)) == (SendState.CREATED, SendState.REJECTED)
    assert icbc.rejected() == [("province.booking_lapsed", "EXC-6")]
    statuses = [icbc.desk.ask(BOOKING, icbc.case("exchange", who)).patch["booking"] for who in (early, late)]
    assert [each.status for each in statuses] == [BookingStatus.EXCHANGED, BookingStatus.LAPSED]  # type: ignore[attr-defined]


def test_a_refusal_comes_with_its_reason_and_may_be_reviewed_again(icbc: Window, abc: Window) -> None:
    id = booked(icbc, "same_number")
    reviewed(abc, id, approve=False, reason="账户未结清")
    icbc.sync()
    (news,) = icbc.desk.news()
    assert (news.entry, news.code, news.detail) == (id, "refused", "账户未结清")
    again = booked(icbc, "same_number")
    reviewed(abc, again)
    assert icbc.sync().matched and abc.sync().matched
    assert icbc.news()[-1] == ("booking", again, "approved")


@pytest.mark.rule("EXC-6")
def test_nobody_reviews_for_another_bank_or_twice(icbc: Window, abc: Window) -> None:
    id = booked(icbc, "same_number")
    review = Review(id="review-1", person=person_of(icbc.case("query", "same_number")), booking=id, approve=True)
    assert icbc.desk.province is not None and abc.desk.province is not None
    with pytest.raises(RefusedError) as refused:
        icbc.desk.province.review(review)
    assert (refused.value.code, refused.value.rule) == ("province.other_bank", "EXC-6")
    assert abc.desk.province.review(review).status is BookingStatus.APPROVED
    assert abc.desk.province.review(review).status is BookingStatus.APPROVED, "the same act"
    with pytest.raises(RefusedError):
        abc.desk.province.review(msgspec.structs.replace(review, id="review-2", approve=False))


def test_a_counter_of_no_known_bank_sees_nobodys_bookings(world: World) -> None:
    with world.province() as province, pytest.raises(RefusedError) as refused:
        province.reviews()
    assert refused.value.code == "branch"


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.NONE])
def test_on_a_bad_network_a_booking_and_a_loss_are_done_once(
    world: World, tmp_path: Path, calendar: Calendar, fault: Fault
) -> None:
    """Each is asked, goes wrong in this way, is asked again, and comes once more at sync; the id is the counter's."""
    with FaultyNetwork(world.url, script=(fault, Fault.NONE, fault, Fault.NONE)) as network:
        home = tmp_path / f"bad-{fault}"
        with a_window(world, home, calendar, "icbc", url=network.url, patience=Patience(timeout=0.5)) as window:
            hurried = window.desk.province
            assert hurried is not None
            person = PEOPLE["same_number"]
            card = OldCard(number=person.card, bank="abc")
            book = window.case("book_bank_change", "same_number", old_card=card)
            loss = window.case("report_loss", "report_loss", old_card=OldCard(number=PEOPLE["report_loss"].card))
            for case, later, done in (
                (book, "booking.booked_later", "booking.booked"),
                (loss, "loss.locked_later", "loss.locked"),
            ):
                id, said = window.enter(case), []
                for window.desk.province in (hurried, hurried.patiently()):
                    said += [finding.code for finding in window.desk.at_once(id, case).findings]
                assert said == [later, done]
            assert window.sync().matched and window.rejected() == []
        files = [row[0] for row in world.query("SELECT content FROM dossier WHERE number = %s", person.number)]
        assert [len(file["bookings"]) for file in files] == [1]
    assert world.query("SELECT count(*) FROM act") == [(2,)]


# --- the making of a card


@pytest.mark.rule("PIC-5", "QRY-1", "ACT-1")
def test_from_the_application_to_the_card_in_use(world: World, abc: Window, calendar: Calendar) -> None:
    """PIC-5: each milestone has its date, the counter hears of it, and the card is handed out once it is there."""
    apply = abc.case("apply", "first_application", pickup=Pickup(method=PickupMethod.BRANCH))
    applied = abc.enter(apply)
    early = abc.enter(abc.case("collect", "first_application"))
    assert abc.sync().matched
    assert abc.rejected() == [("province.not_at_branch", "PIC-5")] and abc.state(early) is SendState.REJECTED

    def advance(to: str = "") -> int:
        calendar.pass_days(1)
        return server.advance_cards(world.running.database, world.folder, applied, to, calendar)

    assert [advance(), advance(), advance("sent"), advance()] == [1, 1, 1, 0]
    (making,) = abc.desk.ask(PROGRESS, apply).progress
    day = [TODAY + timedelta(days=passed) for passed in range(6)]
    dates = making.milestones
    assert [dates.applied_on, dates.bank_opened_on, dates.bank_done_on] == day[:3]
    assert [dates.insurer_on, dates.province_on, dates.city_on, dates.sent_on] == [day[3]] * 4
    assert (dates.sent_to, making.id) == (abc.desk.place.branch, applied)

    collect = abc.case("collect", "first_application")
    collect = abc.desk.ask(CARDS, collect).put_into(collect)
    assert collect.old_card is not None and collect.old_card.at_branch and collect.old_card.generation == 3
    abc.enter(collect)
    activate = abc.case("activate", "first_application", old_card=collect.old_card)
    abc.enter(activate)
    assert abc.sync().matched
    (held,) = abc.desk.ask(CARDS, activate).cards
    assert (held.state, held.card.status, held.card.account_active) == (CardState.ACTIVE, "1", True)
    assert [code for kind, entry, code in abc.news() if (kind, entry) == ("progress", applied)] == [
        "bank_opened",
        "bank_done",
        "insurer",
        "province",
        "city",
        "sent",
        "collected",
    ]


@pytest.mark.rule("PIC-3")
def test_a_card_in_the_mail_is_received_by_being_activated(world: World, abc: Window, calendar: Calendar) -> None:
    """PIC-3: it is sent, not collected; who shows it at the window has it."""
    id = abc.enter(abc.case("apply", "first_application", pickup=Pickup(method=PickupMethod.MAIL)))
    abc.sync()
    server.advance_cards(world.running.database, world.folder, id, "sent", calendar)
    case = abc.case("activate", "first_application")
    answer = abc.desk.ask(CARDS, case)
    assert [(held.state, held.card.status) for held in answer.cards] == [(CardState.SENT, "0")]
    early = abc.enter(abc.case("collect", "first_application", old_card=answer.cards[0].card))
    abc.enter(answer.put_into(case))
    assert abc.sync().matched and abc.state(early) is SendState.REJECTED
    (held,) = abc.desk.ask(CARDS, case).cards
    assert (held.state, held.card.status, held.card.mailed) == (CardState.ACTIVE, "1", False)
    (making,) = abc.desk.ask(PROGRESS, case).progress
    assert making.milestones.collected_on == calendar.day


@pytest.mark.rule("ONE-2", "ONE-4")
def test_two_cards_elsewhere_are_cleaned_up_inside_an_application(abc: Window) -> None:
    """ONE-2, ONE-4: afterwards the application goes on."""
    case = abc.case("apply", "elsewhere_two", pickup=Pickup(method=PickupMethod.BRANCH))
    asked = abc.desk.ask(ONE_CARD, case).put_into(case).one_card
    assert asked.answer is OneCardAnswer.ELSEWHERE and {card.city for card in asked.cards} == {"440100", "440300"}
    case = abc.desk.ask(CLEAN_UP, case).put_into(case)
    assert abc.desk.ask(ONE_CARD, case).put_into(case).one_card.answer is OneCardAnswer.NONE
    abc.enter(case)
    assert abc.sync().matched and abc.rejected() == []
    assert states(abc.desk.ask(CARDS, case)) == ["applied", "cleaned_up", "cleaned_up"]


def test_a_reversal_gives_the_card_back(abc: Window) -> None:
    case = abc.case("report_loss", "report_loss", old_card=card_of(abc, "report_loss", "report_loss"))
    id = abc.enter(case)
    abc.sync()
    assert states(abc.desk.ask(CARDS, case)) == ["lost"]
    asked = abc.desk.store.ledger.reverse(id, "wrong card")
    abc.desk.authorise(asked.id, SECOND.id, PASSPHRASE)
    assert abc.sync().matched
    assert states(abc.desk.ask(CARDS, case)) == ["active"]
