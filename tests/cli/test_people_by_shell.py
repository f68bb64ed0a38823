"""Guardians, agents and overseas Chinese from the shell to a real province and back: AGE-1, AGT-3 to AGT-5, GRD-1."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from msgspec import structs

from counter.clock import today
from counter.gateway import server
from counter.gateway.seeding.customers import DemoPerson, demo_rows
from counter.gateway.seeding.portraits import portrait
from counter.rules.case import Case, Document, DocumentKind, OldCard, PresentedBy
from counter.store import slots
from counter.store.keys import Cost
from tests.support.customers import CITIES, CUSTOMERS, GUANGZHOU
from tests.support.demonstration import PEOPLE
from tests.support.made_up import ZIJIN
from tests.support.province_world import World
from tests.support.shell import Shell, a_shell, case_of, write_case

HUKOU_PAGES = ("guardian_id_front", "guardian_id_back", "hukou_householder", "hukou_member")


@pytest.fixture(scope="module")
def shell(shared_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    shared_world.empty()
    shared_world.plant(*demo_rows(today()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slots, "COST", Cost(passes=1, memory_kib=8, lanes=1))
        yield a_shell(shared_world, tmp_path_factory.mktemp("people"))


def created(shell: Shell, folder: Path, case: Case) -> str:
    """Submit a case, have it authorised where need be, and see it taken by the province; the entry's id."""
    said = shell("case", "submit", write_case(folder, case))
    assert said.code == 0, (said.stdout, said.stderr)
    if said.json["authorised"]:
        assert shell("authorise", "approve", said.json["id"], operator="li").code == 0
    done = shell("sync")
    assert (done.code, done.json["created"], done.json["rejected"], done.json["matched"]) == (0, 1, 0, True), done
    return str(said.json["id"])


def refused_by(shell: Shell, folder: Path, case: Case) -> set[str]:
    """The rules that stop a case which the shell refuses to record."""
    said = shell("case", "submit", write_case(folder, case))
    assert said.code == 1, said.stderr
    return {finding["rule"] for finding in said.json["findings"] if finding["level"] == "stop"}


def made_and_delivered(shell: Shell, entry: str) -> None:
    server.advance_cards(shell.world.running.database, shell.world.folder, entry, "sent")


def collection(person: DemoPerson, city: str = ZIJIN) -> Case:
    """An agent comes for whatever card waits there."""
    case = case_of("collect", person, presented_by=PresentedBy.AGENT, city=city)
    return structs.replace(case, old_card=OldCard(bank="abc", at_branch=True, status="0"))


@pytest.mark.rule("AGT-3")
@pytest.mark.rule("AGT-4")
@pytest.mark.rule("PIC-5")
def test_agt_4_a_replacement_through_an_agent_is_collected_by_an_agent(shell: Shell, tmp_path: Path) -> None:
    person = PEOPLE["new_number"]
    entry = created(shell, tmp_path, case_of("replace", person, presented_by=PresentedBy.AGENT))
    made_and_delivered(shell, entry)
    assert shell.cards(person) == ["replaced", "at_branch"]
    case = collection(person)
    assert "admission_record" in case.papers
    papers = tuple(each for each in case.papers if each != "admission_record")
    assert refused_by(shell, tmp_path, structs.replace(case, papers=papers)) == {"AGT-4"}
    created(shell, tmp_path, case)
    assert shell.cards(person) == ["cancelled", "collected"]


@pytest.mark.rule("AGT-3")
def test_agt_3_what_an_agent_applied_for_the_province_hands_to_no_agent(shell: Shell, tmp_path: Path) -> None:
    """Even where the counter does not know that an agent applied."""
    person = PEOPLE["first_application"]
    case = case_of("apply", person, presented_by=PresentedBy.AGENT)
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(portrait(7))
    said = shell("case", "submit", write_case(tmp_path, case), "--photo", photo)
    assert said.code == 0, (said.stdout, said.stderr)
    assert shell("sync").json["created"] == 1
    made_and_delivered(shell, said.json["id"])
    asked = shell("case", "submit", write_case(tmp_path, collection(person))).json
    shell("authorise", "approve", asked["id"], operator="li")
    assert shell("sync").json["rejected"] == 1
    assert shell.cards(person) == ["at_branch"]
    in_person = structs.replace(case_of("collect", person), old_card=collection(person).old_card)
    created(shell, tmp_path, in_person)
    assert shell.cards(person) == ["collected"]


def of_the_child(service: str, presented_by: PresentedBy, document: Document) -> Case:
    case = case_of(service, PEOPLE["minor_card"], "child under 14, hukou book", presented_by)
    return structs.replace(case, holder=structs.replace(case.holder, document=document))


@pytest.mark.rule("AGE-1")
@pytest.mark.rule("LOS-1")
def test_age_1_a_child_reports_the_loss_and_the_hukou_pages_do_for_the_replacement(
    shell: Shell, tmp_path: Path
) -> None:
    person = PEOPLE["minor_card"]
    book = Document(
        kind=DocumentKind.HUKOU, number=person.number, valid_from=date(2015, 6, 1), valid_to=date(2031, 5, 5)
    )
    loss = of_the_child("report_loss", PresentedBy.HOLDER, book)
    assert (loss.papers, loss.guardian) == (("hukou_member",), None)
    created(shell, tmp_path, loss)
    assert shell.cards(person) == ["lost"]

    replacement = of_the_child("replace", PresentedBy.GUARDIAN, book)
    assert refused_by(shell, tmp_path, structs.replace(replacement, presented_by=PresentedBy.HOLDER)) == {"AGE-1"}
    entry = created(shell, tmp_path, structs.replace(replacement, papers=HUKOU_PAGES))
    made_and_delivered(shell, entry)
    card = Document(number=person.number, valid_from=date(2024, 1, 1), valid_to=date(2029, 1, 1))
    fetched = of_the_child("collect", PresentedBy.GUARDIAN, card)
    fetched = structs.replace(
        fetched,
        old_card=OldCard(bank="abc", at_branch=True, status="0"),
        papers=("id_card_front", "id_card_back", *HUKOU_PAGES),
    )
    without = tuple(paper for paper in fetched.papers if not paper.startswith("hukou"))
    assert refused_by(shell, tmp_path, structs.replace(fetched, papers=without)) == {"AGE-1"}
    created(shell, tmp_path, fetched)
    assert shell.cards(person) == ["cancelled", "collected"]


@pytest.mark.rule("GRD-1")
def test_grd_1_an_adult_without_capacity_through_the_guardian(shell: Shell, tmp_path: Path) -> None:
    person = PEOPLE["incapable"]
    case = case_of("replace", person, "adult without capacity", PresentedBy.GUARDIAN)
    adult = structs.replace(case, holder=structs.replace(case.holder, incapable=False))
    assert refused_by(shell, tmp_path, adult) == {"AGE-1"}
    papers = tuple(each for each in case.papers if each != "guardianship_proof")
    assert refused_by(shell, tmp_path, structs.replace(case, papers=papers)) == {"GRD-1"}
    entry = created(shell, tmp_path, case)
    assert shell.at_the_province(entry).case.holder.incapable
    made_and_delivered(shell, entry)
    fetched = case_of("collect", person, "adult without capacity", PresentedBy.GUARDIAN)
    created(shell, tmp_path, structs.replace(fetched, old_card=OldCard(bank="abc", at_branch=True, status="0")))
    assert shell.cards(person) == ["cancelled", "collected"]


@pytest.mark.rule("WHO-6")
def test_who_6_overseas_chinese_apply_with_the_chinese_passport(shell: Shell, tmp_path: Path) -> None:
    person = PEOPLE["overseas_chinese"]
    assert CUSTOMERS["overseas Chinese, Chinese passport"].document.kind is person.kind
    case = case_of("apply", person, "overseas Chinese, Chinese passport")
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(portrait(7))
    said = shell("case", "submit", write_case(tmp_path, case), "--photo", photo)
    assert said.code == 0, (said.stdout, said.stderr)
    assert ("WHO-6", "tell") in {(finding["rule"], finding["level"]) for finding in said.json["findings"]}
    assert shell("sync").json["created"] == 1
    assert shell.cards(person) == ["applied"]


@pytest.mark.rule("AGT-5")
def test_agt_5_an_exchange_through_an_agent_in_guangzhou_and_in_zijin(
    shell: Shell, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    zijin = case_of("exchange", PEOPLE["same_number"], presented_by=PresentedBy.AGENT)
    assert refused_by(shell, tmp_path, zijin) == {"AGT-5"}
    there = a_shell(shell.world, tmp_path_factory.mktemp("guangzhou"), CITIES[GUANGZHOU])
    person = PEOPLE["elsewhere"]
    entry = created(there, tmp_path, case_of("exchange", person, presented_by=PresentedBy.AGENT, city=GUANGZHOU))
    made_and_delivered(there, entry)
    created(there, tmp_path, collection(person, GUANGZHOU))
    assert there.cards(person) == ["cancelled", "collected"]
