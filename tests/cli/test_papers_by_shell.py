"""Papers, fees, letters and queries from the shell to a real province and back."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from counter.clock import today
from counter.gateway.seeding.customers import demo_rows
from counter.rules.case import Booking, BookingStatus, Case, Holder, IdentityCheck, OldCard, OneCard, OneCardAnswer
from counter.store import slots
from counter.store.keys import Cost
from tests.support.demonstration import PEOPLE
from tests.support.made_up import IN_GUANGZHOU
from tests.support.province_world import World
from tests.support.shell import Shell, a_shell, case_of, write_case


@pytest.fixture
def shell(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    world.plant(*demo_rows(today()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slots, "COST", Cost(passes=1, memory_kib=8, lanes=1))
        yield a_shell(world, tmp_path_factory.mktemp("papers"))


def synced(shell: Shell) -> tuple[int, int]:
    """How many entries the province took, and how many it sent back."""
    done = shell("sync").json
    return done["created"], done["rejected"]


@pytest.mark.rule("INF-2")
def test_inf_2_a_promise_in_place_of_the_insurer_s_paper(shell: Shell, tmp_path: Path) -> None:
    case = case_of("change_details")
    without = tuple(paper for paper in case.papers if paper != "insurance_proof")
    refused = shell("case", "check", write_case(tmp_path, structs.replace(case, papers=without)))
    assert refused.code == 1
    (finding,) = (each for each in refused.json["findings"] if each["level"] == "stop")
    assert finding["message"] == "缺材料：参保信息变更材料（原件），或个人书面承诺（原件）。"
    checklist = {paper["id"]: paper for paper in refused.json["checklist"]}
    assert checklist["police_proof"]["form"] == "original"
    assert checklist["insurance_proof"] == {
        "id": "insurance_proof", "form": "original", "rule": "INF-2",
        "otherwise": [["written_promise"]],
    }  # fmt: skip
    said = shell("case", "submit", write_case(tmp_path, structs.replace(case, papers=(*without, "written_promise"))))
    assert said.json["state"] == "awaiting"
    assert shell("authorise", "approve", said.json["id"], operator="li").code == 0
    assert synced(shell) == (1, 0)
    assert "written_promise" in shell.at_the_province(said.json["id"]).case.papers


def letter(who: str, booking: Booking | None) -> Case:
    return structs.replace(case_of("transfer_letter", PEOPLE[who]), booking=booking)


CLAIMS = [None, Booking(status=BookingStatus.APPROVED, to_bank="abc", approved_on=today())]


@pytest.mark.rule("EXC-10")
def test_exc_10_the_letter_without_a_booking_and_with_an_approved_one(shell: Shell, tmp_path: Path) -> None:
    refused = shell("case", "submit", write_case(tmp_path, letter("book", Booking())))
    assert (refused.code, refused.json["state"]) == (1, "refused")
    assert {(each["rule"], each["code"]) for each in refused.json["findings"] if each["level"] == "stop"} == {
        ("EXC-10", "booking.no_letter")
    }
    approved = Booking(status=BookingStatus.APPROVED, to_bank="abc", approved_on=today() - timedelta(2))
    file = write_case(tmp_path, letter("change_bank", approved))
    assert any("办结后" in each for each in shell("case", "check", file).json["notices"])
    issued = shell("case", "submit", file).json
    assert issued["state"] == "recorded"
    assert any("已开具" in each for each in issued["notices"]) and not any(
        "办结后" in each for each in issued["notices"]
    )
    assert synced(shell) == (1, 0)


@pytest.mark.rule("EXC-10")
@pytest.mark.parametrize("claimed", CLAIMS)
def test_exc_10_a_no_of_the_province_comes_before_the_letter(
    shell: Shell, tmp_path: Path, claimed: Booking | None
) -> None:
    """Nobody has been asked, or a booking is claimed that the province knows nothing of: no letter leaves the bank."""
    refused = shell("case", "submit", write_case(tmp_path, letter("book", claimed)))
    assert (refused.code, refused.json["state"]) == (1, "refused")
    assert ("EXC-10", "booking.no_letter") in {(each["rule"], each["code"]) for each in refused.json["findings"]}
    assert synced(shell) == (0, 0)


@pytest.mark.rule("EXC-10")
@pytest.mark.parametrize("claimed", CLAIMS)
def test_exc_10_the_province_sends_back_a_letter_for_nobody(
    shell: Shell, tmp_path: Path, claimed: Booking | None
) -> None:
    """Recorded while the province was out of reach."""
    said = shell.away()("case", "submit", write_case(tmp_path, letter("book", claimed))).json
    assert said["state"] == "recorded"
    assert ("booking" in said["deferred"]) is (claimed is None)
    assert synced(shell) == (0, 1)
    (row,) = shell.world.query("SELECT code, rule FROM entry WHERE id = %s", said["id"])
    assert row == ("province.letter", "EXC-10")


@pytest.mark.rule("QRY-1")
def test_qry_1_by_the_card_alone(shell: Shell, tmp_path: Path) -> None:
    asked = structs.replace(
        case_of("query"),
        holder=Holder(),
        papers=(),
        identity_check=IdentityCheck(),
        one_card=OneCard(answer=OneCardAnswer.DEFERRED),
        old_card=OldCard(number=PEOPLE["same_number"].card),
    )
    said = shell("case", "submit", write_case(tmp_path, asked)).json
    assert (said["state"], said["papers"], said["deferred"]) == ("recorded", [], [])
    assert synced(shell) == (1, 0)
    record = shell.at_the_province(said["id"])
    assert record.case.old_card and record.case.old_card.number == PEOPLE["same_number"].card


@pytest.mark.rule("FEE-1")
def test_fee_1_a_waiver_that_the_city_grants(shell: Shell, tmp_path: Path) -> None:
    case = case_of("replace", PEOPLE["elsewhere"])
    card: Any = case.old_card
    tested = structs.replace(card, tested_undamaged=True, issued=today() - timedelta(100))
    case = structs.replace(case, city="440100", branch=IN_GUANGZHOU.id, waiver="unreadable", old_card=tested)
    checked = shell("case", "check", write_case(tmp_path, case)).json
    assert (checked["fee_fen"], checked["waived"], checked["authorised"]) == (0, "unreadable", "waiver")
    here = structs.replace(case, city="441621")
    assert "fee.no_such_waiver" in {
        each["code"] for each in shell("case", "check", write_case(tmp_path, here)).json["findings"]
    }


@pytest.mark.rule("WHO-2")
def test_who_2_a_number_of_15_digits_reaches_the_province_as_18(shell: Shell, tmp_path: Path) -> None:
    person = PEOPLE["same_number"]
    case = case_of("report_loss", person)
    legacy = person.number[:6] + person.number[8:17]
    document = structs.replace(case.holder.document, number=legacy)
    case = structs.replace(case, holder=structs.replace(case.holder, document=document))
    said = shell("case", "submit", write_case(tmp_path, case)).json
    assert (said["state"], said["told"]) == ("recorded", "done"), "the province knows whose card it is"
    assert "number.upgraded" in {each["code"] for each in said["findings"]}
    assert shell.cards(person) == ["lost"]
    assert synced(shell) == (1, 0)
    assert shell.at_the_province(said["id"]).case.holder.document.number == person.number
