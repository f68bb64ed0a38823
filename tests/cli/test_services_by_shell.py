"""Every service from the shell to a real province: a case as JSON, submitted, authorised where need be, synced."""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from counter.clock import today
from counter.gateway.seeding.customers import demo_rows
from counter.gateway.seeding.parcel import parcel_rows
from counter.gateway.seeding.portraits import portrait
from counter.i18n import t
from counter.paper.slip import slip_of
from counter.rules.case import Case, Holder, KnownCard, OneCard, OneCardAnswer
from counter.rules.normal import normalise
from counter.rules.reference import Place
from counter.rules.referrals import PARTS
from counter.rules.service import Service
from counter.rules.services import SERVICES, WAYS_ON
from counter.rules.services.referrals import REFERRALS
from counter.store import slots
from counter.store.keys import Cost
from tests.support.demonstration import PEOPLE
from tests.support.made_up import EQUIPPED, PLAIN, REFERENCE, WINDOW
from tests.support.province_world import World
from tests.support.shell import WITH_FILE, Shell, a_shell, case_of, write_case


@pytest.fixture(scope="module")
def shell(shared_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    shared_world.empty()
    here = Place(city="441621", bank="abc", branch=EQUIPPED.id, counter="1")
    shared_world.plant(*demo_rows(today()), *parcel_rows(here, PLAIN.id, today()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slots, "COST", Cost(passes=1, memory_kib=8, lanes=1))
        yield a_shell(shared_world, tmp_path_factory.mktemp("shell"))


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_is_submitted_and_reaches_the_province(shell: Shell, tmp_path: Path, service: str) -> None:
    case, file, image = case_of(service), tmp_path / "case.json", tmp_path / "photo.jpg"
    file.write_bytes(msgspec.json.encode(case))
    image.write_bytes(portrait(7))
    submit = ("case", "submit", file, *(("--photo", image) if service in WITH_FILE else ()))
    said = shell(*submit)
    assert said.code == 0, (said.stdout, said.stderr)
    told = said.json
    if told["authorised"]:
        assert (told["state"], told["seq"], told["quote_number"]) == ("awaiting", None, None)
        assert shell("sync").json["sent"] == 0, "nothing is in the ledger before"
        assert shell("authorise", "approve", told["id"]).code == 4, "nor by who made it"
        entry = shell("authorise", "approve", told["id"], operator="li").json
        assert (entry["maker"], entry["checker"]) == ("zhang", "li")
        again = shell(*submit, "--id", told["id"]).json
        assert (again["state"], again["seq"]) == ("recorded", entry["seq"]), "the same again is that entry"
    else:
        assert told["state"] == "recorded" and told["quote_number"]

    done = shell("sync")
    assert (done.code, done.json["created"], done.json["rejected"], done.json["matched"]) == (0, 1, 0, True), done
    record = shell.at_the_province(told["id"])
    assert record.case == structs.replace(normalise(case), photo=record.case.photo)
    assert bool(record.case.photo.digest) is (service in WITH_FILE)
    assert record.authorised == told["authorised"]
    if SERVICES[service] in REFERRALS:
        assert [notice.partition("?")[0].rpartition(".")[2] for notice in record.notices][:6] == [
            "what", "who", "where", "bring", "call", "steps",
        ]  # fmt: skip
        assert len(told["notices"]) == len(record.notices), "given as recorded"


@pytest.mark.rule("REF-1")
@pytest.mark.parametrize(("service", "kind"), [(each, kind) for each in REFERRALS for kind in each.referrals or ("",)])
def test_ref_1_a_referral_without_a_customer_is_created_and_the_day_matches(
    shell: Shell, tmp_path: Path, service: Service, kind: str
) -> None:
    """Nothing but what the customer is referred for: the province takes it, and counts it as the counter does."""
    file = tmp_path / "case.json"
    file.write_text(json.dumps({"service": service.id, "referral": kind}), "utf-8")
    told = shell("case", "submit", file)
    assert (told.code, told.json["state"]) == (0, "recorded"), told.stdout
    labels = [t(f"screen.referral.{part}") for part in PARTS]
    assert [said.partition(": ")[0] for said in told.json["notices"]][:6] == labels
    done = shell("sync")
    assert (done.code, done.json["created"], done.json["rejected"], done.json["matched"]) == (0, 1, 0, True), done
    record = shell.at_the_province(told.json["id"])
    assert record.case.holder == Holder()
    assert WINDOW.place is not None
    paper = slip_of(record, REFERENCE, WINDOW.place)
    assert all(f"- {label}: " in paper for label in labels), paper


@pytest.mark.rule("ONE-6")
def test_one_6_who_is_sent_to_guangzhou_s_agency_leaves_with_a_referral(shell: Shell, tmp_path: Path) -> None:
    """Stopped, with the number of the way on; that is recorded, created at the province, and the day matches."""
    elsewhere = OneCard(answer=OneCardAnswer.ELSEWHERE, cards=(KnownCard(city="440300", bank="cmb"),))
    case = structs.replace(case_of("apply"), city="440100", one_card=elsewhere)
    refused = shell("case", "submit", write_case(tmp_path, case))
    assert (refused.code, refused.json["state"]) == (1, "refused")
    (stop,) = (finding for finding in refused.json["findings"] if finding["rule"] == "ONE-5")
    way_on = WAYS_ON[stop["code"]]
    assert f"第 {way_on.number} 项业务" in stop["message"] and "12343" in stop["message"]
    told = shell("case", "submit", write_case(tmp_path, Case(service=way_on.id, city="440100")))
    said = "\n".join(told.json["notices"])
    assert told.code == 0 and "社保卡中心" in said and "12343" in said
    done = shell("sync").json
    assert (done["created"], done["rejected"], done["matched"]) == (1, 0, True)


def test_a_case_that_needs_a_second_person_does_not_go_round_them(shell: Shell, tmp_path: Path) -> None:
    """Not by saying that it was authorised, not by an id that is known, and given back it may be corrected."""
    case = case_of("cancel")
    person = PEOPLE["blue_card"]
    document = structs.replace(case.holder.document, number=person.number)
    assert case.old_card is not None
    card = structs.replace(case.old_card, number=person.card)
    case = structs.replace(case, holder=structs.replace(case.holder, document=document), old_card=card)
    file = tmp_path / "case.json"
    file.write_text(json.dumps(msgspec.to_builtins(case) | {"authorised": "li"}), "utf-8")
    before = shell("ledger", "list").json["count"]
    asked = shell("case", "submit", file).json
    assert (asked["state"], asked["authorised"]) == ("awaiting", "cancel")
    assert shell("case", "submit", file, "--id", asked["id"]).json["state"] == "awaiting", "the same again"
    (waiting,) = shell("authorise", "list").json["awaiting"]
    assert (waiting["id"], waiting["reason"], waiting["maker"]) == (asked["id"], "cancel", "zhang")
    file.write_bytes(msgspec.json.encode(structs.replace(case, reason="another")))
    other = shell("case", "submit", file, "--id", asked["id"])
    assert (other.code, other.stdout) == (1, ""), "the id waits with other content"
    assert shell("authorise", "refuse", asked["id"], "--reason", "the account is open", operator="li").code == 0
    assert shell("ledger", "list").json["count"] == before
