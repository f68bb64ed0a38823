"""When the card will be ready, TIM-1: a day for everybody who gets one, marked where nobody vouches for it."""

from datetime import date

import pytest
from msgspec import structs

from counter import i18n
from counter.paper.slip import slip_of
from counter.rules.case import Mode, PickupMethod, PresentedBy
from counter.rules.judge import judge
from counter.rules.ready import is_ready
from counter.rules.reference import Context, Making
from counter.rules.service import MAKES_A_CARD, Service
from counter.rules.services import SERVICES
from tests.support.customers import PICKUPS, complete
from tests.support.made_up import EXCHANGE, REFERENCE, SHELL, TODAY, WINDOW, ZIJIN, policy

MAKING = [service for service in SERVICES.values() if service.effect in MAKES_A_CARD]
PUBLISHED = Making(branch=12, mail=14, source="the city")


def told(service: Service, method: PickupMethod, context: Context, city: str = ZIJIN) -> list[str]:
    """The notices about the day."""
    case = complete(service, "citizen", PresentedBy.HOLDER, pickup=PICKUPS[method])
    return [notice for notice in judge(structs.replace(case, city=city), context).notices if is_ready(notice)]


@pytest.mark.rule("TIM-1")
@pytest.mark.parametrize("service", MAKING, ids=lambda service: service.id)
def test_tim_1_whoever_gets_a_card_is_told_a_day(service: Service) -> None:
    """2026-11-20 is a Friday; twelve working days on it is a Tuesday, fourteen on a Thursday."""
    expected = {
        PickupMethod.BRANCH: ["ready_on?days=12&day=2026-12-08"],
        PickupMethod.MAIL: ["ready_on?days=14&day=2026-12-10"],
        PickupMethod.INSTANT: ["ready_today?day=2026-11-20"],
    }
    for method in service.pickup_methods:
        assert told(service, method, policy(making=PUBLISHED)) == expected[method]


@pytest.mark.rule("TIM-1")
@pytest.mark.parametrize("mode", Mode)
def test_tim_1_in_each_mode_of_an_exchange(mode: Mode) -> None:
    notices = judge(structs.replace(EXCHANGE, mode=mode), policy(making=PUBLISHED)).notices
    assert notices[0] == "ready_on?days=12&day=2026-12-08", "it is what every customer asks"


@pytest.mark.rule("TIM-1")
@pytest.mark.parametrize("city", ["440100", "440500"])
def test_tim_1_guangzhou_and_shantou_publish_twelve_working_days(city: str) -> None:
    known = REFERENCE.cities[city].making
    assert known.published and "2022-2024" in known.source
    assert told(SERVICES["apply"], PickupMethod.BRANCH, SHELL, city) == ["ready_on?days=12&day=2026-12-08"]


@pytest.mark.rule("TIM-1")
def test_tim_1_what_no_city_has_published_is_an_estimate_and_says_so() -> None:
    assert not REFERENCE.cities[ZIJIN].making.published
    (notice,) = told(SERVICES["exchange"], PickupMethod.BRANCH, SHELL)
    assert notice == "ready_estimated?days=20&day=2026-12-18"
    assert "没有公布" in i18n.notice(notice) and "约在 2026-12-18" in i18n.notice(notice)
    with i18n.speaking("en"):
        assert "has not published" in i18n.notice(notice) and "about 2026-12-18" in i18n.notice(notice)


@pytest.mark.rule("TIM-1")
def test_tim_1_where_nobody_has_said_anything_there_is_no_day() -> None:
    for method in (PickupMethod.BRANCH, PickupMethod.MAIL):
        assert told(SERVICES["apply"], method, policy(making=Making())) == ["ready_unknown"]


@pytest.mark.rule("TIM-1")
def test_tim_1_a_day_past_the_published_holidays_is_not_certain() -> None:
    late = structs.replace(policy(making=PUBLISHED), today=date(2031, 9, 25))
    (notice,) = told(SERVICES["apply"], PickupMethod.BRANCH, late)
    assert notice.startswith("ready_about?days=12&day=2031-10-")
    assert "节假日安排未定" in i18n.notice(notice)


@pytest.mark.rule("TIM-1")
def test_tim_1_the_citys_own_holidays_count() -> None:
    at_home = {date(2026, 11, day): False for day in (23, 24)}
    known = policy(making=PUBLISHED)
    context = structs.replace(known, reference=structs.replace(known.reference, holidays=at_home))
    assert told(SERVICES["apply"], PickupMethod.BRANCH, context) == ["ready_on?days=12&day=2026-12-10"]


@pytest.mark.rule("TIM-1")
def test_tim_1_no_card_no_day() -> None:
    for service in SERVICES.values():
        if service.effect not in MAKES_A_CARD:
            assert not told(service, PickupMethod.BRANCH, SHELL), service.id
    undecided = structs.replace(EXCHANGE, pickup=structs.replace(EXCHANGE.pickup, method=None))
    assert not any(map(is_ready, judge(undecided, SHELL).notices))


@pytest.mark.rule("TIM-1")
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_tim_1_a_slip_printed_later_says_the_day_that_was_told(language: str) -> None:
    record = judge(EXCHANGE, WINDOW).record(EXCHANGE)
    assert WINDOW.place is not None and date(2026, 11, 20) == TODAY
    other = structs.replace(REFERENCE, cities=policy(making=PUBLISHED).reference.cities)
    with i18n.speaking(language):
        slips = {slip_of(record, reference, WINDOW.place) for reference in (REFERENCE, other)}
        day = i18n.dated(date(2026, 12, 18))
    (slip,) = slips
    assert day in slip
