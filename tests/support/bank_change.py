"""A unit that changes its bank: made-up people whose cards are another bank's, and that bank's counter, which reviews."""

from datetime import date, timedelta
from uuid import uuid4

from counter.clock import today
from counter.gateway.seeding.seed import BookingRow, CardRow, CodeRow, PersonRow
from counter.province.client import Province, enrol
from counter.province.wire import Review
from counter.roster.columns import RosterRow
from counter.rules.case import BookingStatus, Mode
from counter.rules.numbers import social_card_check
from counter.rules.unit import Unit
from tests.support.province_world import HURRIED, QUICK, World
from tests.support.rosters import number

NAMES = ("王测", "李测", "张测", "赵测", "钱测")
UNIT = Unit(
    name="虚构电子厂",
    uscc="91350100M000100Y43",
    contact="赵联系",
    mobile="13900000000",
    bank="abc",
    branch="441621-abc-01",
    mode=Mode.CHANGE_BANK,
)


def card_of(sequence: int) -> str:
    body = f"C{sequence:07d}"
    return body + social_card_check(body)


def people(count: int) -> list[PersonRow | CardRow]:
    """People whose cards are the original bank's, as the province knows them."""
    names = [NAMES[each % len(NAMES)] for each in range(count)]
    return [
        row
        for each, name in enumerate(names, 1)
        for row in (
            PersonRow(number=of(each), name=name),
            CardRow(number=of(each), card=card_of(each), city="441621", bank="icbc", expires=date(2040, 1, 1)),
        )
    ]


def lapsed() -> BookingRow:
    """The fifth person's booking: approved so long ago that it no longer holds."""
    long_ago = today() - timedelta(days=30)
    return BookingRow(
        id="YY-5",
        number=of(5),
        name=NAMES[4],
        city="441621",
        card=card_of(5),
        from_bank="icbc",
        to_bank="abc",
        status=BookingStatus.APPROVED,
        booked_on=long_ago,
        approved_on=long_ago,
    )


def of(each: int) -> str:
    return number(each % 1000, f"1990{each // 1000 + 1:02}01")


def rows(count: int) -> list[RosterRow]:
    return [
        RosterRow(name=NAMES[(each - 1) % len(NAMES)], number=of(each), mobile=f"138{each:08d}", occupation="60000")
        for each in range(1, count + 1)
    ]


def decide(bank: Province, *, refused: tuple[str, ...] = (), left: tuple[str, ...] = ()) -> None:
    """The original bank decides on all that wait for it but `left`, by name."""
    for waiting in bank.reviews().waiting:
        if waiting.person.name not in left:
            approve = waiting.person.name not in refused
            reason = "" if approve else "账户被冻结"
            id, booking = str(uuid4()), waiting.booking.id
            bank.review(Review(id=id, person=waiting.person, booking=booking, approve=approve, reason=reason))


def original_bank(world: World, counter: str) -> Province:
    """A counter of the bank that issued the cards."""
    branch, code = "441621-icbc-01", f"ICBC-{counter}"
    world.plant(CodeRow(code=code, branch=branch, counter=counter))
    key, province_key = enrol(world.url, code, branch, counter, way=world.way)
    return Province(world.url, branch, counter, key, province_key, at_counter=HURRIED, at_sync=QUICK, way=world.way)
