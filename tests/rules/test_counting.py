"""A parcel that was counted, against what was sent (清点): PIC-7, and mail that came back, PIC-8."""

import pytest
from msgspec import structs

from counter.rules.case import Case
from counter.rules.counting import MAX_CARDS, Count, count, is_card_number
from counter.rules.finding import Level
from counter.rules.judge import Judgement, judge
from counter.rules.numbers import social_card_check
from counter.rules.parcel import Parcel, ParcelCard
from counter.rules.services import SERVICES
from tests.support.made_up import OF_ICBC, PLAIN, WINDOW, ZIJIN


def card(at: int) -> str:
    body = f"H{at:07d}"
    return body + social_card_check(body)


ONE, TWO, THREE, FOUR, FIVE = map(card, range(1, 6))
SENT = (
    ParcelCard(number=ONE, name="苏试包一"),
    ParcelCard(number=TWO, name="蒋试包二"),
    ParcelCard(number=THREE, name="贺试包三", signed=True),
    ParcelCard(number=FOUR, branch=PLAIN.id),
)


@pytest.mark.rule("PIC-7")
def test_what_was_counted_against_what_was_sent() -> None:
    parcel = Parcel(number="ZJ1", counted=(ONE, FOUR, ONE, FIVE), known=SENT)
    assert count(parcel) == Count(right=(ONE,), missing=(TWO,), strays=SENT[3:], unknown=(FIVE,), doubled=(ONE,))
    assert count(structs.replace(parcel, before=(ONE,))).before == (ONE,), "signed for once"
    assert count(structs.replace(parcel, counted=(THREE,))).right == (THREE,), "the province's answer to it was lost"


def test_without_an_answer_every_number_that_can_be_one_is_right() -> None:
    found = count(Parcel(number="ZJ1", counted=(ONE, "H00000019", "6222000000000000"), known=None))
    assert (found.right, found.unknown, found.differs) == ((ONE,), ("H00000019", "6222000000000000"), True)
    assert is_card_number(ONE) and not is_card_number(ONE.lower())


def judged(**said: object) -> Judgement:
    parcel = structs.replace(Parcel(number="ZJ1", counted=(ONE, TWO), known=SENT[:2]), **said)
    return judge(Case(service="sign_parcel", city=ZIJIN, parcel=parcel), WINDOW)


@pytest.mark.rule("PIC-7")
@pytest.mark.parametrize(
    ("said", "level", "codes"),
    [
        ({}, Level.STOP, set()),
        ({"number": ""}, Level.STOP, {"missing"}),
        ({"counted": ()}, Level.STOP, {"parcel.empty"}),
        ({"counted": tuple(map(card, range(MAX_CARDS + 1)))}, Level.STOP, {"parcel.many"}),
        ({"counted": (FOUR,), "known": SENT[3:]}, Level.STOP, {"parcel.nothing"}),
        ({"before": (ONE, TWO)}, Level.STOP, {"parcel.nothing"}),
        ({"counted": (ONE,)}, Level.ASK, {"parcel.missing"}),
        ({"counted": (ONE, TWO, FOUR), "known": SENT}, Level.ASK, {"parcel.strays"}),
        ({"counted": (ONE, TWO, FIVE)}, Level.ASK, {"parcel.unknown"}),
    ],
)
def test_what_holds_a_parcel_up(said: dict[str, object], level: Level, codes: set[str]) -> None:
    judgement = judged(**said)
    assert {finding.code for finding in judgement.findings if finding.level is level} == codes
    assert judgement.allowed is not bool(codes)


@pytest.mark.rule("PIC-8")
def test_mail_that_came_back_has_no_number() -> None:
    judgement = judged(returned=True, number="")
    assert judgement.allowed and ("PIC-8", "parcel.to_sign") in {(each.rule, each.code) for each in judgement.findings}


def test_the_branch_of_a_stray_is_named() -> None:
    known = (*SENT[:2], structs.replace(SENT[3], branch=OF_ICBC.id))
    (asked,) = (each for each in judged(counted=(ONE, TWO, FOUR), known=known).findings if each.level is Level.ASK)
    assert asked.params["branches"] == OF_ICBC.name


def test_without_an_answer_it_is_deferred() -> None:
    assert judged(known=None).deferred == ("parcel",)
    assert SERVICES["sign_parcel"].presented_by == ()
