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
from counter.rules.normal import normalise
from counter.rules.reference import Place
from counter.rules.services import SERVICES
from counter.rules.services.referrals import REFERRALS
from counter.store import slots
from counter.store.keys import Cost
from tests.support.demonstration import PEOPLE
from tests.support.made_up import EQUIPPED, PLAIN
from tests.support.province_world import World
from tests.support.shell import WITH_FILE, Shell, a_shell, case_of


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
        assert [notice.rpartition(".")[2] for notice in record.notices] == [
            "what", "who", "where", "bring", "call", "steps",
        ]  # fmt: skip
        assert len(told["notices"]) == len(record.notices), "given as recorded"


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
