"""The pictures in README and guides are what the program looks like now: `make pictures` has them made by these runs.

A clerk serves one customer from home to the slip, at a real province on a day that stands still; what is seen on the
way are the pictures, and all of it together the moving one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import structs

from counter import i18n
from counter.demo import IN_ROSTER
from counter.desk import rosters
from counter.desk.desk import Desk
from counter.gateway.seeding.customers import demo_rows
from counter.gateway.seeding.seed import CodeRow
from counter.province.client import enrol
from counter.province.wire import EntryAnswer, Outcome
from counter.roster.columns import RosterRow
from counter.roster.reader import RosterPerson
from counter.rules.case import Case
from counter.screens.roster.screen import RosterScreen
from counter.store.store import Store
from tests.screens.test_pictures import ELSEWHERE
from tests.support.demonstration import PEOPLE
from tests.support.drawn import Frame, frame, picture
from tests.support.painted import assert_readable
from tests.support.province_world import World, a_world
from tests.support.rosters import UNIT
from tests.support.screen_world import CLERK, PASSPHRASE, PLACE, REFERENCE, Clerk, SetClock, Sitting, at, reach, until
from tests.support.shell import case_of
from tests.support.svg_compare import assert_as_kept

PICTURES = Path(__file__).parent.parent.parent / "docs" / "pictures"
SIZE = (110, 30)
HEAVY = 400_000
"""Bytes; no picture is."""
XMLNS = 'xmlns="http://www.w3.org/2000/svg"'
LANGUAGES: dict[str, i18n.Language] = {"zh": "zh_CN", "en": "en"}
CODE = "SHOW-TEST-0001"
SMS, MOBILE = "381604", "13800138000"
CUSTOMER = PEOPLE["same_number"]
SERVED = ("exchange", "lost_replaced"), ("exchange", "no_photo"), ("collect", "collect"), ("activate", "activate")
HELD = {"booking_review": "details", "pin_locked": "photo"}
ON_ROSTER = (*IN_ROSTER, "preference", "elsewhere", "lost", "change_details")


@dataclass
class Film:
    """What the clerk did so far; `stills` are the frames that are a picture of their own."""

    clerk: Clerk
    frames: list[Frame] = field(default_factory=list)
    stills: dict[str, Frame] = field(default_factory=dict)

    async def does(self, pressed: str, *keys: str, seconds: float = 1.6, named: str = "") -> None:
        """Type these; what is seen then stays for so long."""
        await self.clerk.types(*keys)
        assert_readable(self.clerk)
        self.frames.append(frame(self.clerk, pressed, seconds))
        if named:
            self.stills[named] = frame(self.clerk)

    async def see(self, named: str) -> None:
        """A picture that does not belong to the film."""
        await self.clerk.rest()
        assert_readable(self.clerk)
        self.stills[named] = frame(self.clerk)


@pytest.fixture(scope="module")
def that_day(postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Ed25519PrivateKey]]:
    """The demonstration's province on the day of the pictures, and the key of this folder's counter there."""
    clock = SetClock()
    rows = CodeRow(code=CODE, branch=PLACE.branch, counter=PLACE.counter), *demo_rows(clock().date())
    with a_world(postgresql, tmp_path_factory.mktemp("shown"), *rows, clock=clock) as world:
        key, _ = enrol(world.url, CODE, PLACE.branch, PLACE.counter, way=world.way)
        yield world, key


@pytest.fixture
def busy(
    home: Path, that_day: tuple[World, Ed25519PrivateKey], clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """A counter in the middle of that day: four entries, one returned, two held cases; its SMS codes are always one."""
    world, key = that_day
    monkeypatch.setattr("counter.gateway.persons.answers.secrets.randbelow", lambda _below: int(SMS))
    desk = Desk(Store.unlock(home, CLERK.id, PASSPHRASE, clock), REFERENCE, reach(world, key, world.url), clock=clock)
    entries = [desk.confirm(uuid(n), brings(*one)).entry for n, one in enumerate(SERVED)]
    returned = EntryAnswer(id=entries[1].id, outcome=Outcome.REJECTED, code="province.expired", rule="WHO-4")
    desk.store.outbox.settle([EntryAnswer(id=entries[0].id, outcome=Outcome.CREATED), returned])
    for n, (who, step) in enumerate(HELD.items(), len(SERVED)):
        desk.keep(uuid(n), brings("exchange", who), step).result()
    yield desk
    desk.close()


def uuid(n: int) -> str:
    return f"00000000-0000-7000-8000-00000000000{n}"


def brings(service: str, who: str) -> Case:
    """What one of the demonstration's customers brings."""
    return structs.replace(case_of(service, PEOPLE[who]), branch=PLACE.branch)


@pytest.mark.parametrize("short", LANGUAGES)
async def test_the_pictures_are_current(sitting: Sitting, busy: Desk, short: str) -> None:
    i18n.use_language(LANGUAGES[short])
    async with sitting(busy, size=SIZE) as clerk:
        await until(lambda: i18n.t("screen.online") in clerk.text)
        film = Film(clerk)
        await exchange(film)
        await elsewhere(film)
    made = {name: picture([one], SIZE[0]) for name, one in film.stills.items()}
    made["exchange"] = picture(film.frames, SIZE[0], shown=STANDS)
    for name, svg in made.items():
        assert_as_kept(PICTURES / f"{short}-{name}.svg", svg)
    assert not [name for name, svg in made.items() if len(svg.encode()) > HEAVY or "://" in svg.replace(XMLNS, "")]
    assert {f"{short}-{name}" for name in made} == {one.stem for one in PICTURES.glob(f"{short}-*.svg")}


STANDS = 10
"""Where nothing moves the confirmation is seen."""


async def exchange(film: Film) -> None:
    """From home to the slip."""
    await film.does("", "tab", "shift+tab", named="home")
    await film.does("2  Enter", "2", "enter")
    await film.does(CUSTOMER.number, CUSTOMER.number)
    await film.does(f"{CUSTOMER.name}  Enter", CUSTOMER.name, "enter")
    await film.does("20180301  20380301", "20180301", "20380301")
    await film.does("0  Enter", "0", "enter", seconds=2)
    await film.does("1  1", "1", "1", seconds=2, named="step")
    await film.does("20310501", "20310501")
    await film.does(f"01  {MOBILE}  30000  441621", "01", MOBILE, "30000", "441621")
    await film.does("紫城镇东风路1号302房  Enter  1", "紫城镇东风路1号302房", "enter", "1", seconds=2)
    await film.does(SMS, SMS, seconds=3, named="confirm")
    await film.does("F10", "f10", seconds=4)
    await film.clerk.types("enter")


async def elsewhere(film: Film) -> None:
    """A stop, a roster, the day's end."""
    clerk, desk = film.clerk, film.clerk.desk()
    await at(clerk, "one_card", ELSEWHERE)
    await film.see("stop")
    clerk.app.pop_screen()
    people = [RosterRow(name=PEOPLE[who].name, number=PEOPLE[who].number, mobile=MOBILE) for who in ON_ROSTER]
    people[2] = structs.replace(people[2], mobile=MOBILE[:3])
    read = rosters.create(desk.store, UNIT, [RosterPerson(at, row) for at, row in enumerate(people, 2)])
    clerk.app.push_screen(RosterScreen(desk, read.id))
    await clerk.rest()
    await clerk.types("f8")
    await film.see("roster")
    clerk.app.pop_screen()
    await clerk.rest()
    await clerk.types("f9")
    await film.see("day")
