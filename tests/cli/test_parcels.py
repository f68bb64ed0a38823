"""Parcels from the shell to a real province and back (网点签收): counted, signed for, told, handed out. PIC-7, PIC-8."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from msgspec import structs

from counter.gateway import server
from counter.gateway.seeding import seed
from counter.gateway.seeding.customers import DemoPerson
from counter.gateway.seeding.portraits import portrait
from counter.province.wire import Milestones
from counter.rules.case import Case, OldCard
from counter.rules.numbers import check_character, social_card_check
from counter.store import slots
from counter.store.keys import Cost
from tests.support.customers import MAIL
from tests.support.made_up import EQUIPPED, PLAIN
from tests.support.province_world import World
from tests.support.shell import Shell, a_shell, case_of, write_case

PARCEL, OTHER = "ZJ20260001", "ZJ20260002"
MADE = Milestones(applied_on=date(2026, 3, 2), city_on=date(2026, 3, 10))


@pytest.fixture(autouse=True)
def _cheap_slots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "COST", Cost(passes=1, memory_kib=8, lanes=1))


@pytest.fixture
def shell(world: World, tmp_path: Path) -> Shell:
    return a_shell(world, tmp_path)


@pytest.fixture
def elsewhere(world: World, tmp_path: Path) -> Shell:
    """A window of another branch of the same bank."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return a_shell(world, folder, PLAIN)


def person(at: int) -> DemoPerson:
    body = f"44162119800101{at + 1:03d}"
    card = f"H{at:07d}"
    return DemoPerson("parcel", "苏试包", body + check_character(body), card=card + social_card_check(card))


def sent(at: int, branch: str = EQUIPPED.id, parcel: str = PARCEL) -> Iterator[seed.SeedRow]:
    """A card that was made and is on its way in a parcel."""
    one = person(at)
    yield seed.PersonRow(number=one.number, name=one.name)
    yield seed.ApplicationRow(
        number=one.number, entry=f"made-{at}", city="441621", bank="abc", card=one.card, pickup_branch=branch,
        parcel=parcel, mobile="13800000000", milestones=MADE,
    )  # fmt: skip


def on_the_way(world: World, cards: int, strays: int = 0) -> None:
    """A parcel of so many cards to this branch, and cards of another branch, numbered after them."""
    world.plant(
        seed.ParcelRow(parcel=PARCEL, branch=EQUIPPED.id, packed_on=date(2026, 3, 11)),
        seed.ParcelRow(parcel=OTHER, branch=PLAIN.id, packed_on=date(2026, 3, 11)),
        *(row for at in range(cards) for row in sent(at)),
        *(row for at in range(cards, cards + strays) for row in sent(at, PLAIN.id, OTHER)),
    )


def a_list(folder: Path, *at: int) -> Path:
    """The list that comes with a parcel."""
    file = folder / "list.csv"
    file.write_text("序号,社保卡号,姓名\n" + "".join(f"{n},{person(n).card},某人\n" for n in at), "utf-8")
    return file


def states(world: World) -> dict[str, int]:
    rows = world.query(
        "SELECT card ->> 'state', count(*) FROM dossier, jsonb_array_elements(content -> 'cards') AS card GROUP BY 1"
    )
    return dict(rows)


def collecting(at: int, **card: object) -> Case:
    one = person(at)
    case = case_of("collect", one)
    assert case.old_card is not None
    return structs.replace(case, old_card=structs.replace(case.old_card, **card))


@pytest.mark.rule("PIC-7")
def test_a_parcel_of_40_with_2_missing_and_1_of_another_branch(shell: Shell, world: World, tmp_path: Path) -> None:
    """38 are signed for and can be collected; the two stay on their way, the stray stays where it belongs."""
    on_the_way(world, 40, strays=1)
    assert shell("parcels", "coming").json["parcels"] == [{"number": PARCEL, "packed_on": "2026-03-11", "cards": 40}]
    file = a_list(tmp_path, *range(38), 40)
    counted = shell("parcels", "receive", file, "--parcel", PARCEL)
    assert counted.code == 1, "nothing is signed for before the clerk has given their word"
    said = counted.json
    assert (said["state"], said["counted"], said["right"]) == ("refused", 39, 38)
    assert said["missing"] == [person(38).card, person(39).card]
    assert said["strays"] == [{"card": person(40).card, "branch": PLAIN.id}]
    asked = {finding["code"]: finding["message"] for finding in said["findings"] if finding["level"] == "ask"}
    assert set(asked) == {"parcel.missing", "parcel.strays"} and PLAIN.name in asked["parcel.strays"]
    assert states(world) == {"made": 41}

    words = ("--acknowledge", "parcel.missing", "--acknowledge", "parcel.strays")
    done = shell("parcels", "receive", file, "--parcel", PARCEL, *words)
    assert (done.code, done.json["state"], done.json["told"]) == (0, "recorded", "done")
    assert states(world) == {"at_branch": 38, "made": 3}
    assert shell("parcels", "list").json["count"] == 38
    assert shell("parcels", "coming").json["parcels"][0]["cards"] == 2
    assert shell("sync").json["matched"] is True
    assert world.query("SELECT kind, outcome FROM entry") == [("sign_parcel", "created")]
    assert world.query("SELECT count(*) FROM act") == [(1,)], "told at once and sent at sync, it was done once"

    late = shell("parcels", "receive", a_list(tmp_path, 37, 38, 39), "--parcel", PARCEL)
    assert (late.code, late.json["right"], late.json["before"]) == (0, 2, [person(37).card]), "the missing turned up"
    assert states(world) == {"at_branch": 40, "made": 1}
    assert shell("parcels", "list").json["count"] == 40


@pytest.mark.rule("PIC-7")
def test_signing_begun_again_after_the_province_was_told_is_the_same_entry(
    shell: Shell, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the province's answer and the ledger: begun again, the province did it once and so did we."""
    from counter.store.ledger import Ledger

    on_the_way(world, 3)
    file = a_list(tmp_path, 0, 1, 2)
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "append", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        assert shell("parcels", "receive", file, "--parcel", PARCEL).code == 130
    assert states(world) == {"at_branch": 3} and shell("ledger", "list").json["count"] == 0
    again = shell("parcels", "receive", file, "--parcel", PARCEL)
    assert (again.code, again.json["right"]) == (0, 3)
    assert shell("sync").json["matched"] is True
    assert world.query("SELECT id FROM act") == [(again.json["id"],)]
    once_more = shell("parcels", "receive", file, "--parcel", PARCEL)
    assert (once_more.code, once_more.json["before"]) == (1, [person(at).card for at in range(3)])
    assert shell("ledger", "list").json["count"] == 1


@pytest.mark.rule("PIC-7")
def test_without_a_line_the_count_is_signed_for_and_checked_at_sync(shell: Shell, world: World, tmp_path: Path) -> None:
    """The cards are handed out by the counter's own record meanwhile; the stray stays with its branch."""
    on_the_way(world, 3, strays=1)
    away = shell.away()
    signed = away("parcels", "receive", a_list(tmp_path, 0, 1, 3), "--parcel", PARCEL)
    assert (signed.code, signed.json["told"], signed.json["answered"]) == (0, "later", False)
    assert "parcel" not in states(world) and states(world) == {"made": 4}
    assert away("parcels", "list").json["count"] == 3
    handed = away("case", "submit", write_case(tmp_path, collecting(0)))
    assert (handed.code, handed.json["state"]) == (0, "recorded")
    assert away("parcels", "list").json["count"] == 2

    done = shell("sync")
    assert (done.code, done.json["created"], done.json["matched"]) == (0, 2, True)
    assert states(world) == {"collected": 1, "at_branch": 1, "made": 2}
    (left,) = shell("parcels", "list", "--reveal").json["cards"]
    assert (left["card"], left["holder"]) == (person(1).card, person(1).name), "the stray does not lie here"


@pytest.mark.rule("PIC-7")
def test_who_was_told_and_who_has_not_come(shell: Shell, world: World, tmp_path: Path) -> None:
    on_the_way(world, 2)
    shell("parcels", "receive", a_list(tmp_path, 0, 1), "--parcel", PARCEL)
    told = shell("parcels", "told", person(0).card, "H99999999")
    assert (told.code, told.json) == (1, {"told": [person(0).card], "not_here": ["H99999999"]})
    first, second = shell("parcels", "list").json["cards"]
    assert (first["told_by"], second["told_at"]) == ("zhang", None)
    assert first["holder"] == "苏*包" and person(0).card not in json.dumps(first), "masked"
    assert shell("parcels", "overdue").json["count"] == 0
    shell("sync")
    reversed_ = shell("ledger", "reverse", "1", "--reason", "counted twice")
    assert shell("authorise", "approve", reversed_.json["id"], operator="li").code == 0
    assert shell("parcels", "list").json["count"] == 0, "what is taken back lies nowhere"
    assert shell("sync").json["matched"] is True and states(world) == {"made": 2}


@pytest.mark.rule("PIC-7")
def test_a_card_is_refused_at_the_wrong_branch_and_the_right_one_is_named(
    shell: Shell, elsewhere: Shell, world: World, tmp_path: Path
) -> None:
    """By the shell with a line, and by the province at sync where there was none."""
    on_the_way(world, 1)
    assert shell("parcels", "receive", a_list(tmp_path, 0), "--parcel", PARCEL).code == 0
    file = write_case(tmp_path, collecting(0))
    wrong = elsewhere("case", "submit", file)
    assert (wrong.code, wrong.json["state"]) == (1, "refused")
    (why,) = [finding for finding in wrong.json["findings"] if finding["level"] == "stop"]
    assert why["rule"] == "PIC-7"
    assert all(text in why["message"] for text in (EQUIPPED.name, EQUIPPED.address, EQUIPPED.phone))

    blind = elsewhere.away()("case", "submit", file)
    assert blind.json["state"] == "recorded", "nobody could say it"
    assert elsewhere("sync").json["rejected"] == 1
    (entry,) = elsewhere("ledger", "list").json["entries"]
    assert (entry["state"], entry["code"], entry["rule"]) == ("rejected", "province.other_branch", "PIC-7")
    assert world.query("SELECT detail FROM event WHERE entry = %s", entry["id"]) == [(EQUIPPED.id,)]
    assert shell("case", "submit", file).json["state"] == "recorded"
    assert shell("sync").json["matched"] is True and states(world) == {"collected": 1}


@pytest.mark.rule("PIC-8")
def test_mail_that_fails_is_collected_at_the_branch(
    shell: Shell, elsewhere: Shell, world: World, tmp_path: Path
) -> None:
    """Applied for by mail, sent, brought back, signed for at the chosen branch, collected, in use."""
    one = person(7)
    world.plant(seed.PersonRow(number=one.number, name=one.name))
    case, image = structs.replace(case_of("apply", one), pickup=MAIL), tmp_path / "photo.jpg"
    image.write_bytes(portrait(7))
    applied = shell("case", "submit", write_case(tmp_path, case), "--photo", image).json
    assert applied["state"] == "recorded", applied["findings"]
    assert shell("sync").json["created"] == 1

    def advance(to: str) -> None:
        server.advance_cards(world.running.database, world.folder, applied["id"], to)

    advance("sent")
    assert states(world)["sent"] == 1
    ((number,),) = world.query(
        "SELECT card -> 'held' ->> 'number' FROM dossier, jsonb_array_elements(content -> 'cards') AS card"
        " WHERE card ->> 'state' = 'sent'"
    )
    early = structs.replace(case_of("collect", one), old_card=OldCard(number=number, bank="abc", status="0"))
    assert "PIC-5" in {
        finding["rule"] for finding in shell("case", "submit", write_case(tmp_path, early)).json["findings"]
    }
    advance("returned")
    wrong = elsewhere("parcels", "returned", number)
    assert (wrong.code, wrong.json["strays"]) == (1, [{"card": number, "branch": EQUIPPED.id}])
    back = shell("parcels", "returned", number)
    assert (back.code, back.json["returned"], back.json["told"]) == (0, True, "done")
    assert states(world)["at_branch"] == 1

    handed = structs.replace(early, old_card=OldCard(number=number, bank="abc", status="0", at_branch=True))
    file = write_case(tmp_path, structs.replace(handed, papers=case_of("collect").papers))
    assert shell("case", "submit", file).json["state"] == "recorded"
    assert shell("parcels", "list").json["count"] == 0
    assert shell("sync").json["matched"] is True
    assert states(world)["collected"] == 1


@pytest.mark.rule("PIC-7")
def test_a_parcel_of_which_nothing_is_for_this_branch_comes_back(shell: Shell, world: World, tmp_path: Path) -> None:
    """Said at the count, or, signed for without a line, by the province at sync: then it lies nowhere."""
    on_the_way(world, 0, strays=2)
    file = a_list(tmp_path, 0, 1)
    refused = shell("parcels", "receive", file, "--parcel", OTHER)
    assert (refused.code, len(refused.json["strays"])) == (1, 2)
    assert shell.away()("parcels", "receive", file, "--parcel", OTHER).json["state"] == "recorded"
    assert shell("sync").json["rejected"] == 1
    (entry,) = shell("ledger", "list").json["entries"]
    assert (entry["code"], entry["rule"]) == ("province.nothing_signed", "PIC-7")
    assert shell("parcels", "list").json["count"] == 0 and states(world) == {"made": 2}
