"""What the province is told at once by the shell, and what is said when it does not answer. LOS-1, LOS-2, EXC-6."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from counter.clock import today
from counter.gateway.seeding.customers import DemoPerson, demo_rows
from counter.gateway.seeding.seed import BookingRow, CardRow
from counter.reference.load import load_reference
from counter.rules.case import BookingStatus, Mode
from counter.rules.service import StepId
from counter.rules.services import SERVICES
from counter.store import slots
from counter.store.errors import LedgerUnavailableError
from counter.store.keys import Cost
from counter.store.ledger import Ledger
from tests.cli.conftest import Outcome
from tests.support.demonstration import PEOPLE
from tests.support.province_world import World
from tests.support.shell import Shell, a_shell, case_of, write_case

HOTLINE = load_reference().cities["441621"].hotlines[0]
BANK = load_reference().banks["abc"].hotline
AT_ONCE = [each.id for each in SERVICES.values() if each.at_once and StepId.PARCEL not in each.steps]
"""A parcel is told in `test_parcels`: it has to be on its way first."""


@pytest.fixture(scope="module")
def made(shared_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A home, made once: its keys and its ledger are the slow part."""
    shared_world.empty()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slots, "COST", Cost(passes=1, memory_kib=8, lanes=1))
        yield a_shell(shared_world, tmp_path_factory.mktemp("told"))


@pytest.fixture(params=["zh_CN", "en"])
def shell(made: Shell, world: World, tmp_path: Path, request: pytest.FixtureRequest) -> Shell:
    """A home of the test's own, and the demonstration's customers as on the first day; in each language."""
    world.plant(*demo_rows(today()))
    home = Path(shutil.copytree(made.home, tmp_path / "home"))
    return replace(made, home=home, lang=request.param)


def locked(shell: Shell, text: str) -> bool:
    """Does it say that both accounts are locked?"""
    return any(each in text for each in ("同时锁定。", "are locked together", "the bank's side are locked"))


@pytest.mark.rule("LOS-1")
def test_a_loss_is_at_the_province_before_any_sync(shell: Shell, tmp_path: Path) -> None:
    person, file = PEOPLE["report_loss"], write_case(tmp_path, case_of("report_loss"))
    assert shell.cards(person) == ["active"]
    submitted = shell("case", "submit", file)
    assert submitted.code == 0, submitted.stderr
    assert shell.cards(person) == ["lost"]
    said = submitted.json
    assert (said["state"], said["told"]) == ("recorded", "done")
    assert "loss.locked" in [finding["code"] for finding in said["findings"]]
    assert any(locked(shell, notice) for notice in said["notices"])

    again = shell("case", "submit", file, "--id", said["id"])
    assert (again.code, again.json["seq"], again.json["told"]) == (0, said["seq"], "done")
    synced = shell("sync")
    assert (synced.code, synced.json["created"], synced.json["matched"]) == (0, 1, True)
    assert shell.cards(person) == ["lost"]


@pytest.mark.rule("LOS-1")
def test_a_loss_without_an_answer_is_not_said_to_be_locked_and_sync_does_it(shell: Shell, tmp_path: Path) -> None:
    person, file = PEOPLE["report_loss"], write_case(tmp_path, case_of("report_loss"))
    submitted = shell.away().say("case", "submit", file, "--id", "01990000-0000-7000-8000-0000000000a1")
    assert submitted.code == 0, submitted.stderr
    not_yet = {"zh_CN": "卡还没有锁定", "en": "not locked yet"}[str(shell.lang)]
    assert not_yet in submitted.stdout
    assert HOTLINE in submitted.stdout and BANK in submitted.stdout, "whom to phone"
    assert not locked(shell, submitted.stdout)
    assert shell.cards(person) == ["active"]

    said = shell.away()("case", "submit", file, "--id", "01990000-0000-7000-8000-0000000000a1").json
    assert (said["state"], said["seq"], said["told"]) == ("recorded", 1, "later"), "recorded once"
    assert "loss.locked_later" in [finding["code"] for finding in said["findings"]]
    assert any(not_yet in notice for notice in said["notices"])

    synced = shell("sync")
    assert (synced.code, synced.json["created"], synced.json["matched"]) == (0, 1, True)
    assert shell.cards(person) == ["lost"]


@pytest.mark.rule("LOS-1")
def test_submitted_again_when_the_province_is_back_it_is_told(shell: Shell, tmp_path: Path) -> None:
    """The same submission is the same act: what was later becomes done, also where the bank's side fails."""
    for purpose, told in (("report_loss", "done"), ("loss_bank_fails", "bank_failed")):
        file = write_case(tmp_path, case_of("report_loss", PEOPLE[purpose]))
        first = shell.away()("case", "submit", file).json
        again = shell("case", "submit", file, "--id", first["id"])
        assert (again.code, again.json["seq"], again.json["told"]) == (0, first["seq"], told), again
        assert shell.cards(PEOPLE[purpose]) == ["lost"]
    assert shell("sync").json["matched"]


@pytest.mark.rule("LOS-1")
def test_where_the_banks_side_fails_the_bank_is_to_be_called(shell: Shell, tmp_path: Path) -> None:
    file = write_case(tmp_path, case_of("report_loss", PEOPLE["loss_bank_fails"]))
    said = shell("case", "submit", file).json
    assert said["told"] == "bank_failed"
    assert "card.bank_lock_failed" in [finding["code"] for finding in said["findings"]]
    assert not any(locked(shell, notice) for notice in said["notices"])
    assert BANK in said["notices"][0]
    again = shell("case", "submit", file, "--id", said["id"]).json
    assert (again["seq"], again["told"]) == (said["seq"], "bank_failed")


@pytest.mark.rule("LOS-2")
def test_a_withdrawal_is_told_once_the_second_person_has_authorised_it(shell: Shell, tmp_path: Path) -> None:
    person, file = PEOPLE["lost"], write_case(tmp_path, case_of("withdraw_loss"))
    asked = shell("case", "submit", file).json
    assert (asked["state"], asked["told"]) == ("awaiting", None)
    assert shell.cards(person) == ["lost"], "nobody has authorised it"
    approved = shell("authorise", "approve", asked["id"], operator="li")
    assert (approved.code, approved.json["told"]) == (0, "done")
    assert [finding["code"] for finding in approved.json["findings"]] == ["loss.withdrawn"]
    assert shell.cards(person) == ["active"]
    assert shell("sync").json["matched"]


@pytest.mark.rule("LOS-2")
def test_a_withdrawal_without_an_answer_stays_locked_and_says_so(shell: Shell, tmp_path: Path) -> None:
    person, file = PEOPLE["lost"], write_case(tmp_path, case_of("withdraw_loss"))
    asked = shell.away()("case", "submit", file).json
    approved = shell.away().say("authorise", "approve", asked["id"], operator="li")
    assert approved.code == 0
    assert {"zh_CN": "此前卡仍锁定", "en": "stays locked"}[str(shell.lang)] in approved.stdout
    assert shell.away()("authorise", "approve", asked["id"], operator="li").json["told"] == "later", "the same again"
    assert shell.cards(person) == ["lost"]
    assert shell("sync").json["matched"]
    assert shell.cards(person) == ["active"]


@pytest.mark.rule("LOS-2")
def test_what_the_province_refuses_is_a_no_and_nothing_else_is_told(shell: Shell, tmp_path: Path) -> None:
    """The card in the customer's hand was replaced meanwhile; nobody could ask before it went to the supervisor."""
    file = write_case(tmp_path, case_of("withdraw_loss", PEOPLE["lost_replaced"]))
    asked = shell.away()("case", "submit", file).json
    approved = shell("authorise", "approve", asked["id"], operator="li")
    assert (approved.code, approved.json["told"]) == (1, "refused")
    assert [(finding["level"], finding["rule"]) for finding in approved.json["findings"]] == [("stop", "LOS-2")]
    assert (approved.json["state"], approved.json["rule"]) == ("pending", "LOS-2"), "the entry says it itself"
    again = shell("case", "submit", file, "--id", asked["id"])
    assert (again.code, again.json["state"], len(again.json["notices"])) == (1, "recorded", 1)
    said = shell.say("case", "submit", file, "--id", asked["id"])
    assert {"zh_CN": "没有办成", "en": "not done"}[str(shell.lang)] in said.stdout
    synced = shell("sync")
    assert (synced.code, synced.json["rejected"]) == (1, 1), "as was said"


# --- what is asked before anything is recorded


def stopped(done: Outcome) -> list[tuple[str, str]]:
    """Rule and code of what stops a submission that has recorded nothing."""
    said = done.json
    assert (done.code, said["state"], said["allowed"], said["told"], said["seq"]) == (1, "refused", False, None, None)
    return [(finding["rule"], finding["code"]) for finding in said["findings"] if finding["level"] == "stop"]


def stands(shell: Shell, person: DemoPerson, **particular: Any) -> None:
    """The person's card stands so at the province."""
    values: dict[str, Any] = {"number": person.number, "card": person.card, "city": "441621", "bank": person.bank}
    shell.world.query("DELETE FROM dossier WHERE number = %s", person.number)
    shell.world.plant(CardRow(**(values | particular)))


@pytest.mark.rule("EXC-6")
def test_a_booking_for_somebody_who_has_one_in_review_is_stopped(shell: Shell, tmp_path: Path) -> None:
    """The shell's file does not say how the booking stands: the province is asked before the confirmation."""
    person = PEOPLE["booking_review"]
    file = write_case(tmp_path, structs.replace(case_of("book_bank_change", person), booking=None))
    assert stopped(shell("case", "submit", file)) == [("EXC-6", "booking.review_already")]
    said = shell.say("case", "submit", file)
    assert "EXC-6" in said.stdout and said.code == 1
    assert shell("ledger", "list").json["count"] == 0
    assert shell.world.query("SELECT count(*) FROM act") == [(0,)]
    away = shell.away()("case", "submit", file)
    assert (away.code, away.json["state"], away.json["told"]) == (0, "recorded", "later"), "no answer stops nobody"


@pytest.mark.rule("LOS-1")
@pytest.mark.parametrize(
    ("service", "particular", "found"),
    [
        ("report_loss", {"status": "9"}, ("LOS-1", "card.life")),
        ("report_loss", {"status": "2"}, ("LOS-1", "card.life")),
        ("report_loss", {"status": "2", "replacement_filed": True}, ("LOS-1", "card.life")),
        ("report_loss", {"bank": "icbc"}, ("BNK-2", "bank.other_counter")),
        ("report_loss", {"card": "B0009999"}, ("LOS-1", "province.no_card")),
        ("withdraw_loss", {"status": "9"}, ("LOS-2", "card.life")),
        ("withdraw_loss", {"status": "1"}, ("LOS-2", "card.life")),
        ("book_bank_change", {"status": "9"}, ("EXC-6", "card.life")),
        ("book_bank_change", {"bank": "abc"}, ("EXC-3", "bank.same_as_old")),
        ("book_bank_change", {"card": "B0009999"}, ("BNK-2", "province.no_card")),
    ],
)
def test_a_card_that_does_not_allow_it_stops_it_before_the_confirmation(
    shell: Shell, tmp_path: Path, service: str, particular: dict[str, Any], found: tuple[str, str]
) -> None:
    case = case_of(service)
    person = next(each for each in PEOPLE.values() if each.number == case.holder.document.number)
    stands(shell, person, **particular)
    assert stopped(shell("case", "submit", write_case(tmp_path, case))) == [found]
    assert shell("ledger", "list").json["count"] == 0
    assert shell("authorise", "list").json["count"] == 0, "nor does it wait for anybody"


@pytest.mark.rule("EXC-6")
def test_a_review_of_a_booking_that_no_longer_waits_is_stopped(shell: Shell, tmp_path: Path) -> None:
    case = case_of("review_bank_change")
    assert case.booking is not None
    number = case.holder.document.number
    shell.world.plant(
        BookingRow(number=number, id=case.booking.id, to_bank="icbc", status=BookingStatus.REFUSED, from_bank="abc")
    )
    assert ("EXC-6", "booking.not_under_review") in stopped(shell("case", "submit", write_case(tmp_path, case)))
    assert shell("authorise", "list").json["count"] == 0


@pytest.mark.rule("EXC-6")
def test_an_exchange_by_a_booking_that_is_not_approved_is_stopped(shell: Shell, tmp_path: Path) -> None:
    for purpose, code in (("booking_review", "booking.review"), ("booking_lapsed", "booking.lapsed")):
        case = case_of("exchange", PEOPLE[purpose])
        case = structs.replace(case, mode=Mode.CHANGE_BANK, booking=None)
        assert stopped(shell("case", "submit", write_case(tmp_path, case))) == [("EXC-6", code)]


@pytest.mark.rule("LOS-1")
def test_what_was_told_and_not_recorded_is_recorded_when_it_is_submitted_again(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program dies between the province's answer and the entry: the loss that it finds is its own."""
    file, id = (
        write_case(tmp_path, case_of("report_loss", PEOPLE["loss_bank_fails"])),
        "01990000-0000-7000-8000-0000000000a3",
    )

    def dies(*_anything: object) -> None:
        raise LedgerUnavailableError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "append", dies)
        assert shell("case", "submit", file, "--id", id).code == 6
    assert shell.cards(PEOPLE["loss_bank_fails"]) == ["lost"]
    assert shell("case", "alarms", "list").json["count"] == 0
    again = shell("case", "submit", file, "--id", id)
    assert (again.code, again.json["state"], again.json["told"]) == (0, "recorded", "bank_failed")
    assert shell("case", "alarms", "list").json["count"] == 1


# --- the bank's side is not locked


@pytest.mark.rule("LOS-1")
def test_an_alarm_waits_until_it_is_settled(shell: Shell, tmp_path: Path) -> None:
    file = write_case(tmp_path, case_of("report_loss", PEOPLE["loss_bank_fails"]))
    submitted = shell.say("case", "submit", file)
    (alarm,) = shell("case", "alarms", "list").json["alarms"]
    assert f"counter case alarms settle {alarm['id']}" in submitted.stderr
    assert (alarm["bank"], alarm["hotline"], alarm["seen"]) == ("abc", BANK, False)
    assert alarm["quote_number"] in submitted.stdout
    assert shell("sync").json["matched"]
    assert shell("case", "alarms", "list").json["count"] == 1, "the news of the same loss raises no other"
    listed = shell.say("case", "alarms", "list")
    assert alarm["quote_number"] in listed.stdout and BANK in listed.stdout

    for wrong in (("--at", "25:00"), ("--at", "2999-01-01 10:00"), ("--by", " "), ("--result", "")):
        given = {"--by": "客户本人", "--at": "2020-01-01 10:20", "--result": "已锁定", wrong[0]: wrong[1]}
        refused = shell("case", "alarms", "settle", alarm["id"], *(word for pair in given.items() for word in pair))
        assert (refused.code, bool(refused.stderr)) == (2, True), wrong
    said = ("--by", "客户本人", "--at", "2020-01-01 10:20", "--result", "已锁定")
    assert shell("case", "alarms", "settle", alarm["id"], *said).json == {"id": alarm["id"], "settled": True}
    assert shell("case", "alarms", "list").json == {"alarms": [], "count": 0}
    again = shell("case", "alarms", "settle", alarm["id"], *said)
    assert (again.code, bool(again.stderr)) == (1, True)
    assert shell("case", "submit", file, "--id", alarm["id"]).json["told"] == "bank_failed"
    assert shell("case", "alarms", "list").json["count"] == 0, "settled is settled"


@pytest.mark.rule("LOS-1")
def test_an_alarm_comes_at_sync_too(shell: Shell, tmp_path: Path) -> None:
    """Reported without an answer: the entry did it at sync, and the bank's side failed then."""
    file = write_case(tmp_path, case_of("report_loss", PEOPLE["loss_bank_fails"]))
    assert shell.away()("case", "submit", file).json["told"] == "later"
    assert shell("case", "alarms", "list").json["count"] == 0
    synced = shell("sync")
    assert (synced.json["matched"], synced.json["alarms"]) == (True, 1)
    (alarm,) = shell("case", "alarms", "list").json["alarms"]
    assert (alarm["bank"], alarm["hotline"]) == ("abc", BANK)
    assert BANK in shell.say("case", "alarms", "list").stdout


@pytest.mark.rule("EXC-6")
@pytest.mark.parametrize("service", AT_ONCE)
def test_each_act_is_told_once_and_with_no_answer_later(shell: Shell, tmp_path: Path, service: str) -> None:
    """What a service declares as told at once, and nothing else."""
    file = write_case(tmp_path, case_of(service))
    for at, told in ((shell.away(), "later"), (shell, "done")):
        said = at("case", "submit", file, "--id", "01990000-0000-7000-8000-0000000000a2").json
        if said["state"] == "awaiting":
            assert said["told"] is None
            said = at("authorise", "approve", said["id"], operator="li").json
        assert said["told"] == told
    assert shell.world.query("SELECT count(*) FROM act") == [(1,)]
    synced = shell("sync")
    assert (synced.code, synced.json["created"]) == (0, 1)
    assert shell.world.query("SELECT count(*) FROM act") == [(1,)]


def test_an_exchange_is_nothing_to_be_told_at_once(shell: Shell, tmp_path: Path) -> None:
    said = shell("case", "submit", write_case(tmp_path, case_of("exchange"))).json
    assert (said["state"], said["told"]) == ("recorded", None)


def test_a_loss_that_was_taken_back_is_not_told_again(shell: Shell, tmp_path: Path) -> None:
    """Reported without an answer and reversed before sync: the same submission again locks nobody's card."""
    person, file = PEOPLE["report_loss"], write_case(tmp_path, case_of("report_loss"))
    id = shell.away()("case", "submit", file).json["id"]
    checker = ("--checker", "li", "--checker-passphrase-file", shell.passphrase)
    assert shell.away()("ledger", "reverse", id, "--reason", "wrong card", *checker).code == 0
    again = shell("case", "submit", file, "--id", id)
    assert (again.code, again.json["told"]) == (0, None)
    assert shell.cards(person) == ["active"]


def test_an_id_of_another_case_tells_nothing(shell: Shell, tmp_path: Path) -> None:
    """An exchange stands under this id: a loss under it is refused before the province hears of it."""
    id = shell("case", "submit", write_case(tmp_path, case_of("exchange"))).json["id"]
    other = shell("case", "submit", write_case(tmp_path, case_of("report_loss")), "--id", id)
    assert (other.code, other.stdout) == (1, "")
    assert shell.cards(PEOPLE["report_loss"]) == ["active"]


def test_checking_a_loss_unlocks_nothing_and_tells_nobody(shell: Shell, tmp_path: Path) -> None:
    file = write_case(tmp_path, case_of("report_loss"))
    without = replace(shell, passphrase=tmp_path / "none.txt", home=tmp_path / "no home")
    checked = without("case", "check", file)
    assert (checked.code, checked.json["allowed"]) == (0, True)
    assert shell.cards(PEOPLE["report_loss"]) == ["active"]


# --- what came of it stays said


def said_again(shell: Shell, id: str) -> tuple[str, bool]:
    """The slip as it is printed again from the ledger, and whether the entry itself says that the bank's side failed."""
    card = shell("ledger", "show", id, "--reveal").json["record"]["case"]["old_card"]
    slip = "".join(shell.say("ledger", "slip", id).stdout.split())
    return slip, card.get("bank_lock_failed", False)


@pytest.mark.rule("LOS-1")
@pytest.mark.parametrize(
    ("purpose", "told"), [("report_loss", "done"), ("loss_bank_fails", "bank_failed"), ("report_loss", "later")]
)
def test_what_came_of_a_loss_is_on_the_slip_and_in_the_entry(
    shell: Shell, tmp_path: Path, purpose: str, told: str
) -> None:
    """Never as done where nobody has heard of it, nor the bank's side where that failed: now, again, and after sync."""
    at = shell.away() if told == "later" else shell
    submitted = at("case", "submit", write_case(tmp_path, case_of("report_loss", PEOPLE[purpose]))).json
    assert submitted["told"] == told
    for _ in range(2):
        slip, bank_failed = said_again(shell, submitted["id"])
        assert bank_failed is (told == "bank_failed")
        assert BANK in slip or told != "bank_failed"
        assert told == "bank_failed" or any(each in slip for each in ("答复后", "hasanswered")), "what holds anyway"
        assert not any(each in slip for each in ("已同时锁定", "arelockedtogether"))
        shell("sync")
