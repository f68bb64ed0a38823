"""What the screens look like; look at a picture before you renew it."""

from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from msgspec import structs

from counter import i18n
from counter.desk import rosters
from counter.desk.desk import Desk
from counter.gateway.seeding.portraits import portrait
from counter.paper import slip
from counter.province.wire import EntryAnswer, Outcome
from counter.roster.columns import RosterRow
from counter.roster.mapping import preview
from counter.roster.reader import RosterPerson
from counter.rules.case import (
    Case,
    Document,
    IdentityAnswer,
    IdentityCheck,
    KnownCard,
    OldCard,
    OneCard,
    OneCardAnswer,
    Photo,
    PhotoSource,
)
from counter.rules.filling import with_value
from counter.rules.services import SERVICES
from counter.rules.unit import Unit
from counter.screens import services
from counter.screens.roster.collect import CollectScreen
from counter.screens.roster.importing import ColumnsScreen
from counter.screens.roster.screen import RosterScreen
from counter.settings import Settings
from counter.store.records import Batch
from tests.support.demonstration import PEOPLE as CUSTOMERS
from tests.support.made_up import APPLY, EXCHANGE
from tests.support.screen_world import (
    EQUIPPED,
    Clerk,
    Sitting,
    at,
)
from tests.support.svg_compare import assert_picture

PERSON = CUSTOMERS["same_number"]
ASKED = structs.replace(
    EXCHANGE,
    branch=EQUIPPED.id,
    holder=structs.replace(
        EXCHANGE.holder,
        name=PERSON.name,
        document=Document(number=PERSON.number, valid_from=date(2018, 3, 1), valid_to=date(2038, 3, 1)),
        mobile_verified=True,
    ),
    identity_check=IdentityCheck(answer=IdentityAnswer.MATCH),
    old_card=OldCard(number=PERSON.card, bank="abc", in_hand=True, expires=date(2031, 5, 1)),
)
CARDS = (
    KnownCard(city="440300", bank="cmb", number="B00000019", status="1"),
    KnownCard(city="441621", bank="abc", number=PERSON.card, status="1"),
)
ELSEWHERE = structs.replace(ASKED, one_card=OneCard(answer=OneCardAnswer.ELSEWHERE, cards=CARDS))
LONG = structs.replace(
    APPLY,
    branch=EQUIPPED.id,
    holder=structs.replace(
        APPLY.holder,
        name="阿卜杜热合曼·买买提伊明·吐尔逊江",
        address="紫城镇东风路一百二十三号紫金花园第十二栋第三单元二十八楼二八零一房" * 2,
    ),
)


@pytest.fixture(autouse=True)
def designed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Home lists the design's services: a further one draws no picture anew; nor does an entry's hash."""
    monkeypatch.setattr(slip, "check_of", lambda _entry: "c341bdd28e567a34 b2a68f910b5add90")
    monkeypatch.setattr(services, "SERVICES", {id: each for id, each in SERVICES.items() if each.number <= 24})


def person(name: str, case: Case = ASKED) -> Case:
    return structs.replace(case, holder=structs.replace(case.holder, name=name))


def filled(desk: Desk) -> None:
    """A counter in the middle of its day: three entries, one returned, two held cases."""
    names = ("王测试", "陈测珍", "𠮷试九")
    ids = [
        desk.confirm(f"00000000-0000-7000-8000-00000000000{n}", person(name)).entry.id for n, name in enumerate(names)
    ]
    desk.store.outbox.settle([EntryAnswer(id=ids[1], outcome=Outcome.REJECTED, code="province.expired", rule="WHO-4")])
    desk.store.outbox.settle([EntryAnswer(id=ids[0], outcome=Outcome.CREATED)])
    desk.keep("00000000-0000-7000-8000-0000000000a1", person("李测"), "details").result()
    desk.keep("00000000-0000-7000-8000-0000000000a2", person("阿卜杜热合曼·买买提伊明"), "photo").result()


async def home(clerk: Clerk) -> None:
    await clerk.types("h")


async def waiting(clerk: Clerk) -> None:
    await clerk.types("tab")


def step(name: str, case: Case = ASKED, *keys: str) -> Callable[[Clerk], Awaitable[None]]:
    async def show(clerk: Clerk) -> None:
        await at(clerk, name, case)
        await clerk.types(*keys)

    return show


def keys(*pressed: str) -> Callable[[Clerk], Awaitable[None]]:
    async def press(clerk: Clerk) -> None:
        await clerk.types(*pressed)

    return press


async def photo(clerk: Clerk) -> None:
    digest = clerk.desk().store.photos.put(portrait(3))
    await at(clerk, "photo", structs.replace(APPLY, photo=Photo(source=PhotoSource.PROVINCE, digest=digest)))


def roster(desk: Desk) -> Batch:
    """Two people who are right, one whose mobile is not."""
    people = [
        RosterRow(name=name, number=CUSTOMERS[who].number, mobile=mobile, occupation="60000")
        for name, who, mobile in (
            ("欧阳测试", "rare_name", "13800000001"),
            ("阿卜杜热合曼·买买提伊明", "new_number", "138"),
            ("𠮷试九", "change_bank", "13800000003"),
        )
    ]
    unit = Unit(
        name="虚构电子厂",
        uscc="91350100M000100Y43",
        contact="赵联系",
        mobile="13900000000",
        bank=desk.place.bank,
        branch=desk.place.branch,
    )
    return rosters.create(desk.store, unit, [RosterPerson(at, row) for at, row in enumerate(people, 2)])


async def mended(clerk: Clerk) -> None:
    clerk.app.push_screen(RosterScreen(clerk.desk(), roster(clerk.desk()).id))
    await clerk.rest()
    await clerk.types("f8", "f7")


async def columns(clerk: Clerk) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "a.csv"
        text = (
            f"名单,,,\n姓名,身份证号,员工手机号(必填),家庭住址\n欧阳测试,{PERSON.number},13800000001,紫城镇某路一号\n"
        )
        file.write_text(text, "utf-8")
        clerk.app.push_screen(ColumnsScreen(clerk.desk(), file, preview(file)))
        await clerk.rest()


async def collecting(clerk: Clerk) -> None:
    desk = clerk.desk()
    made = roster(desk)
    rosters.submit(desk.store, made.id, desk.context())
    clerk.app.push_screen(CollectScreen(desk, made))
    await clerk.rest()
    await clerk.types("space", "right", "space")


SMALL: dict[str, Callable[[Clerk], Awaitable[None]]] = {
    "home": home,
    "home-waiting": waiting,
    "identity-new": keys("2", "enter"),
    "identity-wrong": keys("2", "enter", "44162119800115123", "f10"),
    "identity": step("identity"),
    "one-card-none": step("one_card"),
    "one-card-elsewhere": step("one_card", ELSEWHERE),
    "photo": step("photo"),
    "photo-taken": photo,
    "mode": step("mode"),
    "mode-search": step("mode", with_value(ASKED, "old_card.bank", ""), "y"),
    "details": step("details"),
    "details-long": step("details", LONG),
    "bank": step("bank"),
    "pickup": step("pickup"),
    "confirm": step("confirm"),
    "confirm-apply": step("confirm", structs.replace(LONG, consents=())),
    "confirm-long": step("confirm", LONG),
    "preview": step("confirm", ASKED, "f2"),
    "result": step("confirm", ASKED, "f10"),
    "ask": step("details", with_value(ASKED, "holder.address", "紫城镇"), "f10"),
    "ledger": keys("f3"),
    "ledger-none": keys("f3", "zzz"),
    "entry": keys("f3", "down", "enter"),
    "day": keys("f9"),
    "help": step("identity", with_value(ASKED, "holder.document.valid_to", date(2020, 1, 1)), "f1"),
    "help-home": keys("f1"),
    "roster": mended,
    "roster-columns": columns,
    "roster-collecting": collecting,
    "lock": keys("ctrl+l"),
    "palette": keys("ctrl+p"),
}


@pytest.mark.parametrize("name", SMALL)
async def test_in_chinese(sitting: Sitting, desk: Desk, name: str) -> None:
    filled(desk)
    async with sitting(desk) as clerk:
        await SMALL[name](clerk)
        await assert_picture(clerk, f"zh-{name}")


IN_ENGLISH = (
    *("home", "identity", "mode", "details", "one-card-elsewhere", "confirm", "result", "day", "ledger"),
    *("roster", "roster-collecting"),
)


@pytest.mark.parametrize("name", IN_ENGLISH)
async def test_in_english(sitting: Sitting, desk: Desk, name: str) -> None:
    i18n.use_language("en")
    filled(desk)
    async with sitting(desk) as clerk:
        await SMALL[name](clerk)
        await assert_picture(clerk, f"en-{name}")


@pytest.mark.parametrize("name", ["identity-wrong", "confirm"])
async def test_on_a_wide_screen(sitting: Sitting, desk: Desk, name: str) -> None:
    filled(desk)
    async with sitting(desk, size=(120, 40)) as clerk:
        await SMALL[name](clerk)
        await assert_picture(clerk, f"wide-{name}")


async def test_an_empty_day(sitting: Sitting, desk: Desk) -> None:
    async with sitting(desk) as clerk:
        await assert_picture(clerk, "zh-home-empty")
        await clerk.types("f9")
        await assert_picture(clerk, "zh-day-empty")


async def test_sign_in(sitting: Sitting, settings: Settings) -> None:
    async with sitting() as clerk:
        await clerk.types("secret")
        await assert_picture(clerk, "zh-sign-in")
