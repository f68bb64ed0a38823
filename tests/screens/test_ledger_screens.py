"""The result, its slip, and the ledger."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs
from textual.widgets import DataTable, Input

from counter import i18n
from counter.desk.desk import Desk
from counter.devices.loopback import LoopbackPrinter
from counter.province.wire import EntryAnswer, Event, EventKind, Outcome
from counter.rules.case import Case, OldCard, Pickup, PickupMethod
from counter.rules.parcel import Parcel, ParcelCard
from counter.rules.record import CaseRecord
from counter.rules.services.parcels import SIGN_PARCEL
from counter.screens.audit import AuditScreen
from counter.screens.case.result import ResultScreen
from counter.screens.day import DayScreen
from counter.screens.dialogs.text import TextScreen
from counter.screens.find import FindScreen
from counter.screens.home import HomeScreen
from counter.screens.ledger import EntryScreen, PersonScreen
from counter.store.errors import NotAllowedError
from counter.store.records import LedgerEntry
from counter.store.store import Store
from counter.widgets.prose import Prose
from tests.support.made_up import EXCHANGE, number
from tests.support.readback import with_pictures
from tests.support.screen_world import (
    EQUIPPED,
    PASSPHRASE,
    REFERENCE,
    SUPERVISOR,
    Clerk,
    SetClock,
    Sitting,
    at,
    drawn,
    until,
)


def recorded(desk: Desk, name: str, document: str = "") -> str:
    holder = structs.replace(EXCHANGE.holder, name=name)
    if document:
        holder = structs.replace(holder, document=structs.replace(holder.document, number=document))
    case = structs.replace(EXCHANGE, branch=EQUIPPED.id, holder=holder)
    return desk.store.ledger.quote_number(desk.confirm(desk.store.drafts.new_id(), case).entry)


async def test_the_slip_is_saved_masked(clerk: Clerk, home: Path) -> None:
    await at(clerk, "confirm")
    await clerk.types("f10")
    assert isinstance(clerk.screen, ResultScreen)
    await clerk.types("f2")
    (slip,) = (home / "slips").glob("*.txt")
    assert slip.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    text = slip.read_text("utf-8")
    assert slip.stem in text, "the number to quote"
    assert "王*试" in text
    assert "20.00 元" in text
    for secret in (EXCHANGE.holder.name, EXCHANGE.holder.document.number, EXCHANGE.holder.mobile, "B00000019"):
        assert secret not in text
        assert secret not in slip.name


async def test_the_preview_is_the_slip_to_come(clerk: Clerk) -> None:
    await at(clerk, "confirm")
    await clerk.types("f2")
    assert isinstance(clerk.screen, TextScreen)
    preview = clerk.screen.text
    assert "王*试" in preview
    assert EXCHANGE.holder.document.number not in preview
    await clerk.types("escape", "f10")
    assert isinstance(clerk.screen, ResultScreen)


@pytest.mark.parametrize(
    ("command", "said"), [(("cat",), "已送打印机"), (("false",), "没有打印成功"), (("/nowhere",), "没有打印成功")]
)
async def test_printing_says_how_it_went(sitting: Sitting, desk: Desk, command: tuple[str, ...], said: str) -> None:
    desk.printer = command
    async with sitting(desk) as clerk:
        await at(clerk, "confirm")
        await clerk.types("f10")
        await clerk.types("f7")
        await until(lambda: any(said in note.message for note in clerk.app._notifications))


async def test_a_slip_that_failed_is_printed_again_from_result_and_ledger(sitting: Sitting, desk: Desk) -> None:
    """On a receipt printer: what comes out is the slip that the screen shows, with the number to quote as a QR code."""
    with LoopbackPrinter().standing() as printer:
        desk.printer, printer.paper = (printer.address,), False
        async with sitting(desk) as clerk:
            await at(clerk, "confirm")
            await clerk.types("f10")
            await clerk.types("f7")
            await until(lambda: any("没有纸" in note.message for note in clerk.app._notifications))
            assert printer.slips == []
            printer.paper = True
            await clerk.types("f7")
            await until(lambda: len(printer.slips) == 1)
            await clerk.types("enter", "f3", "enter", "enter", "f2", "f7")
            await until(lambda: len(printer.slips) == 2)
            assert isinstance(clerk.screen, ResultScreen)
            shown, quote = clerk.screen.text, clerk.screen.quote
    first, again = printer.slips
    assert first == again
    assert first.text.rstrip("\n") == with_pictures(shown)
    assert first.codes == (quote,)


async def test_the_transfer_letter_is_whole_and_noted(sitting: Sitting, desk: Desk, home: Path) -> None:
    """EXC-3: the old bank needs to know whose balance it moves; F9 after the slip, and again from the ledger."""
    old = OldCard(number="B00000019", bank="icbc", in_hand=True, status="1")
    case = structs.replace(EXCHANGE, service="transfer_letter", branch=EQUIPPED.id, old_card=old, mode=None)
    entry = desk.confirm(desk.store.drafts.new_id(), case).entry
    i18n.use_language("en")
    async with sitting(desk) as clerk:
        await clerk.types("f3", "enter", "enter", "f2", "f9")
        for part in (
            case.holder.name,
            case.holder.document.number,
            "B00000019",
            "工商银行",
            EQUIPPED.name,
            "转移个账接收函",
        ):
            assert part in clerk.text, part
        await clerk.types("f2")
        (file,) = (home / "slips").iterdir()
        assert file.name == f"{desk.store.ledger.quote_number(entry)}-letter.pdf"
    assert [one.subject for one in desk.store.audit.list() if one.action == "letter"] == [entry.id]


async def test_a_letter_with_a_name_that_no_font_has_is_not_made(sitting: Sitting, desk: Desk, home: Path) -> None:
    old = OldCard(number="B00000019", bank="icbc", in_hand=True, status="1")
    holder = structs.replace(EXCHANGE.holder, name="张\U0003106c")
    case = structs.replace(
        EXCHANGE, service="transfer_letter", branch=EQUIPPED.id, old_card=old, mode=None, holder=holder
    )
    desk.confirm(desk.store.drafts.new_id(), case)
    async with sitting(desk) as clerk:
        await clerk.types("f3", "enter", "enter", "f2", "f9", "f2")
        await until(lambda: any("U+3106C" in note.message for note in clerk.app._notifications))
    assert not (home / "slips").exists() or not list((home / "slips").iterdir())


async def test_only_a_transfer_has_a_letter(clerk: Clerk) -> None:
    await at(clerk, "confirm")
    await clerk.types("f10", "f9")
    assert type(clerk.screen) is ResultScreen


async def test_without_a_printer_the_key_rests(clerk: Clerk) -> None:
    await at(clerk, "confirm")
    await clerk.types("f10")
    await clerk.types("f7")
    assert isinstance(clerk.screen, ResultScreen)
    assert not list(clerk.app._notifications)


async def test_the_ledger_is_searched_by_quote_number_name_and_document(
    desk: Desk, sitting: Sitting, clock: SetClock
) -> None:
    quote = recorded(desk, "王测试")
    clock.now += timedelta(days=1)
    other = number("19850505")
    recorded(desk, "𠮷测珍", other)
    async with sitting(desk) as clerk:
        await clerk.types("f3")
        assert isinstance(clerk.screen, FindScreen)
        for typed, shown, hidden in (
            (quote, "王*试", "𠮷*珍"),
            ("王测试", "王*试", "𠮷*珍"),
            (other, "𠮷*珍", "王*试"),
            ("𠮷测珍", "𠮷*珍", "王*试"),
        ):
            await clerk.pastes(typed)
            assert shown in clerk.text, typed
            assert hidden not in clerk.text, typed
            clerk.screen.query_one("#wanted", Input).value = ""
            await clerk.rest()
        await clerk.types("nobody")
        assert "没有找到" in clerk.text


async def test_every_column_is_on_the_screen(desk: Desk, sitting: Sitting) -> None:
    recorded(desk, "王测试")
    async with sitting(desk) as clerk:
        await clerk.types("f3")
        line = clerk.line("王*试")
        for part in ("1", "2026-11-20", "换发三代卡", "441621*********015", "20.00 元", "待同步"):
            assert part in line
        assert EXCHANGE.holder.document.number not in clerk.text


async def test_an_entry_in_full(desk: Desk, sitting: Sitting) -> None:
    recorded(desk, "王测试")
    async with sitting(desk) as clerk:
        await clerk.types("f3")
        await clerk.types("enter", "enter")
        assert isinstance(clerk.screen, EntryScreen)
        assert "第 1 笔" in clerk.text
        assert "SM3" in clerk.text
        assert "zhang" in clerk.text
        assert "王测试" not in clerk.text
        await clerk.types("escape", "escape")
        assert isinstance(clerk.screen, HomeScreen)


async def test_without_a_province_the_day_cannot_be_sent(clerk: Clerk) -> None:
    await clerk.types("f9")
    before = clerk.text
    await clerk.types("f5")
    assert clerk.text == before


async def test_a_list_keeps_its_place(desk: Desk, sitting: Sitting) -> None:
    """What was found, and the list of a person's entries."""
    for name in ("王测试", "李测试", "赵测试"):
        recorded(desk, name)
    async with sitting(desk) as clerk:
        await clerk.types("f3", "down", "enter", "escape", "enter")
        assert isinstance(clerk.screen, EntryScreen) and clerk.screen.entry.seq == 2
        await clerk.types("escape", "up", *EXCHANGE.holder.document.number, "enter")
        assert isinstance(clerk.screen, PersonScreen)
        await clerk.types("down", "enter", "escape")
        assert clerk.one(DataTable).cursor_row == 1
        assert clerk.line("李*试").startswith(" 2")


async def test_a_reversal_typed_at_once_reaches_each_question(desk: Desk, sitting: Sitting) -> None:
    """The ledger is asked in between, and no key is lost meanwhile: reason, Enter, the supervisor's passphrase."""
    recorded(desk, "王测试")
    async with sitting(desk) as clerk:
        await clerk.types("f3", "enter", "enter")
        await clerk.bursts("f7", "交错了人", "enter", PASSPHRASE, "enter")
        assert isinstance(clerk.screen, FindScreen)
    reversal = desk.store.ledger.get(2)
    assert reversal is not None
    assert reversal.kind == "reversal"
    assert reversal.checker == SUPERVISOR.id


def lived(desk: Desk, clock: SetClock) -> LedgerEntry:
    """An exchange that the province took, whose card came to the branch, was told of, and was handed out."""
    recorded(desk, EXCHANGE.holder.name)
    entry = desk.store.ledger.get(1)
    assert entry is not None
    desk.store.outbox.settle([EntryAnswer(id=entry.id, outcome=Outcome.CREATED)])
    clock.now += timedelta(days=9)
    made = Event(cursor=1, kind=EventKind.PROGRESS, at=clock(), entry=entry.id, code="city")
    desk.store.outbox.advance(1, [made])
    clock.now += timedelta(days=3)
    person = EXCHANGE.holder.document.number
    card = ParcelCard(number="B00000027", name=EXCHANGE.holder.name, document=person)
    parcel = Parcel(number="P1", counted=("B00000027",), known=(card,))
    desk.store.ledger.append(
        "s", SIGN_PARCEL.id, CaseRecord(case=Case(service=SIGN_PARCEL.id, parcel=parcel), fee_fen=0)
    )
    desk.store.parcels.tell(["B00000027"])
    clock.now += timedelta(days=1)
    collect = structs.replace(EXCHANGE, service="collect", old_card=OldCard(number="B00000027"))
    desk.store.ledger.append("c", "collect", CaseRecord(case=collect, fee_fen=0))
    return entry


async def test_an_entry_shows_what_became_of_it(clerk: Clerk, desk: Desk, clock: SetClock) -> None:
    """Recorded, taken by the province, made, its card at the branch, the holder told, handed out."""
    entry = lived(desk, clock)
    clerk.app.push_screen(EntryScreen(desk, entry))
    await clerk.rest()
    life = [line.strip() for line in drawn(clerk.one(Prose, "#life"))]
    assert [line[:1] for line in life[2:]] == ["+", "+", "+", "+", "+", ">"]
    for said in (
        "2026-11-20 09:41 记账（第 1 笔，zhang）",
        "省平台已入库",
        "2026-11-29 09:41 制卡进度  市卡中心已完成",
        "2026-12-02 09:41 卡到网点（第 2 笔签收）",
        "已通知客户（zhang）",
    ):
        assert any(said in line for line in life), (said, life)
    assert "2026-12-03 09:41 已领卡（第 3 笔）" in life[-1]


async def test_what_holds_an_entry_up_is_marked_in_its_life(clerk: Clerk, desk: Desk) -> None:
    """It opens with what stands now, not with what stood when it was listed."""
    recorded(desk, EXCHANGE.holder.name)
    entry = desk.store.ledger.get(1)
    assert entry is not None
    desk.store.outbox.settle([EntryAnswer(id=entry.id, outcome=Outcome.REJECTED, code="province.expired")])
    clerk.app.push_screen(EntryScreen(desk, entry))
    await clerk.rest()
    assert drawn(clerk.one(Prose, "#life"))[-1].split() == ["!", "省平台退回，等柜员处理"]


def test_a_card_made_while_the_customer_waits_is_not_waited_for(desk: Desk) -> None:
    """What the province sent back is said once, with its day."""
    at_once = structs.replace(EXCHANGE, pickup=Pickup(method=PickupMethod.INSTANT))
    entry = desk.store.ledger.append("i", "exchange", CaseRecord(case=at_once, fee_fen=2000))
    back = Event(cursor=1, kind=EventKind.REJECTED, at=desk.clock(), entry=entry.id, code="province.expired")
    desk.store.outbox.advance(1, [back])
    assert [stage.name for stage in desk.store.lives.of(entry.seq)] == ["recorded", "handed_out", "event"]


async def test_a_clerk_does_not_see_the_audit(clerk: Clerk) -> None:
    await clerk.types("f9", "f7")
    assert isinstance(clerk.screen, DayScreen), "a clerk has no such key"
    with pytest.raises(NotAllowedError):
        AuditScreen(clerk.desk()).read("")


async def test_a_supervisor_sees_who_printed(home: Path, clock: SetClock, sitting: Sitting) -> None:
    with Desk(Store.unlock(home, SUPERVISOR.id, PASSPHRASE, clock), REFERENCE, clock=clock) as desk:
        desk.store.audit.note("print paper", "a number")
        async with sitting(desk) as supervisor:
            await supervisor.types("f9", "f7")
            assert isinstance(supervisor.screen, AuditScreen)
            assert len(supervisor.screen.rows) > 1
            await supervisor.types("f5", "f5", "f5")
            assert [(row.action, row.subject) for row in supervisor.screen.rows] == [("print paper", "a number")]
