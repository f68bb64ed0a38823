"""The same case through the screen and through `counter case check`: one set of rules (issue 2)."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs
from typer.testing import CliRunner

from counter.cli.root import app as commands
from counter.clock import system_clock
from counter.desk.desk import Desk
from counter.province.questions import QUESTIONS
from counter.rules.case import (
    Booking,
    BookingStatus,
    Case,
    KnownCard,
    Mode,
    OneCard,
    OneCardAnswer,
    Photo,
    PhotoSource,
    Pickup,
    PickupMethod,
)
from counter.rules.filling import with_value
from counter.screens.case.screen import CaseScreen
from counter.settings import Settings, write_settings
from counter.widgets.lines import FindingsStrip
from tests.support.demonstration import PEOPLE as CUSTOMERS
from tests.support.made_up import APPLY, EXCHANGE, HONG_KONG, number
from tests.support.screen_world import (
    PLACE,
    Clerk,
    Sitting,
    at,
    exchange,
    found,
    serve,
    without,
)

Check = Callable[[Case], dict[str, Any]]


@pytest.fixture
def check(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """`counter case check --json` at this counter."""
    placed = structs.replace(settings, operator="", **structs.asdict(PLACE))
    write_settings(placed)
    monkeypatch.setenv("COUNTER_HOME", str(settings.home))

    def run(case: Case) -> dict[str, Any]:
        file = tmp_path / "case.json"
        file.write_bytes(msgspec.json.encode(case))
        said = CliRunner().invoke(commands, ["case", "check", str(file), "--json"]).stdout
        answer: dict[str, Any] = json.loads(said)
        return answer

    return run


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Both look at the same calendar: today's."""
    desk.clock = system_clock
    return desk


def reported(answer: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(finding["level"], finding["rule"], finding["field"]) for finding in answer["findings"]}


async def shown(clerk: Clerk, screen: CaseScreen) -> set[tuple[str, str, str]]:
    """What the clerk gets to see on the steps, one after the other, once F8 has asked for the problems."""
    seen: set[tuple[str, str, str]] = set()
    for step in range(1, len(screen.open.steps) + 1):
        await clerk.types(f"alt+{step}")
        screen.open.strict.add(screen.open.step)
        screen.open.asked.update(QUESTIONS)  # what waits for an answer is said once somebody has asked
        screen.show()
        seen |= found(screen.query_one(FindingsStrip).findings)
    return seen


ELSEWHERE = OneCard(
    answer=OneCardAnswer.ELSEWHERE, cards=(KnownCard(city="440300", bank="cmb", number="B00000019", status="1"),)
)
MAIL = Pickup(method=PickupMethod.MAIL, recipient="收件人", mobile="13811112222", region="441621", address="紫城镇")
CASES: dict[str, Case] = {
    "exchange": EXCHANGE,
    "apply": APPLY,
    "empty exchange": Case(service="exchange", city="441621"),
    "empty application": Case(service="apply"),
    "hong kong": HONG_KONG,
    "hong kong by mail": structs.replace(HONG_KONG, pickup=MAIL),
    "elsewhere": structs.replace(EXCHANGE, one_card=ELSEWHERE),
    "cleaned up": structs.replace(EXCHANGE, one_card=structs.replace(ELSEWHERE, clean_up_confirmed=True)),
    "pending": structs.replace(APPLY, one_card=OneCard(answer=OneCardAnswer.PENDING)),
    "deferred": structs.replace(APPLY, one_card=OneCard(answer=OneCardAnswer.DEFERRED)),
    "wrong check digit": with_value(EXCHANGE, "holder.document.number", number("19900101")[:-1] + "0"),
    "a child": with_value(APPLY, "holder.document.number", number("20200101")),
    "expired": with_value(EXCHANGE, "holder.document.valid_to", date(2020, 1, 1)),
    "another bank": structs.replace(EXCHANGE, bank="icbc"),
    "a bank that is not there": structs.replace(EXCHANGE, bank="cmb", mode=Mode.CHANGE_BANK),
    "change of bank": with_value(
        structs.replace(EXCHANGE, mode=Mode.CHANGE_BANK, booking=Booking(status=BookingStatus.REVIEW)),
        "old_card.bank",
        "icbc",
    ),
    "same number at once": structs.replace(EXCHANGE, pickup=Pickup(method=PickupMethod.INSTANT)),
    "by mail": structs.replace(APPLY, pickup=MAIL),
    "short address": with_value(EXCHANGE, "holder.address", "紫城镇"),
    "receipt": structs.replace(EXCHANGE, photo=Photo(source=PhotoSource.RECEIPT, receipt="!")),
    "no papers": structs.replace(EXCHANGE, papers=()),
    "no consents": structs.replace(APPLY, consents=()),
    "full width": with_value(EXCHANGE, "holder.mobile", "＋８６ １３８００００００００"),
    "nothing known of the old card": without("old_card.number", "old_card.bank", "old_card.in_hand"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_a_case_that_is_resumed(clerk: Clerk, check: Check, case: Case) -> None:
    screen = await at(clerk, "confirm", case)
    await clerk.rest()
    answer = check(screen.open.case)
    assert found(screen.open.judgement.findings) == reported(answer)
    assert screen.open.judgement.allowed == answer["allowed"]
    assert screen.open.judgement.fee_fen == answer["fee_fen"]
    assert list(screen.open.judgement.papers) == answer["papers"]


@pytest.mark.parametrize("name", ["elsewhere", "wrong check digit", "another bank", "same number at once", "by mail"])
async def test_what_the_clerk_gets_to_see(clerk: Clerk, check: Check, name: str) -> None:
    screen = await at(clerk, "confirm", CASES[name])
    answer = check(screen.open.case)
    assert answer["findings"]
    assert await shown(clerk, screen) == reported(answer)


@pytest.mark.parametrize(
    ("mode", "pickup", "who"), [("1", "1", "same_number"), ("1", "2", "same_number"), ("2", "2", "new_number")]
)
async def test_a_case_that_is_typed(clerk: Clerk, check: Check, mode: str, pickup: str, who: str) -> None:
    await serve(clerk, exchange(who, mode=mode, pickup=pickup), until="confirm")
    answer = check(clerk.open.case)
    stock = {("tell", "PIC-1", "pickup.blank_card")}  # of blank cards is the ledger's, which `case check` does not open
    assert found(clerk.open.judgement.findings) - stock == reported(answer)
    assert clerk.open.judgement.allowed == answer["allowed"] == (clerk.open.step == "confirm" or mode == "2")


async def test_the_screen_writes_what_the_check_allowed(sitting: Sitting, desk: Desk, check: Check) -> None:
    async with sitting(desk) as clerk:
        await serve(clerk, exchange())
        (entry,) = desk.store.ledger.search(CUSTOMERS["same_number"].number)
        assert entry.record is not None
        answer = check(entry.record.case)
        assert answer["allowed"]
        assert entry.record.fee_fen == answer["fee_fen"]
