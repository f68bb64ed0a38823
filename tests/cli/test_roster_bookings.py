"""A unit's change of bank from the shell: booked, reviewed, submitted, made, listed. EXC-6, EXC-7."""

import csv
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from counter.clock import today
from counter.gateway import server
from counter.province.client import Province
from counter.rules.masking import mask_number
from counter.store import slots
from counter.store.keys import Cost
from tests.support.bank_change import NAMES, UNIT, card_of, decide, lapsed, of, original_bank, people, rows
from tests.support.province_world import World
from tests.support.shell import Shell, a_shell

GIVEN = ("--name", UNIT.name, "--uscc", UNIT.uscc, "--contact", UNIT.contact, "--mobile", UNIT.mobile)


@pytest.fixture
def shell(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A counter of the new bank; one of the people has let an approval lapse."""
    monkeypatch.setattr(slots, "COST", Cost(passes=1, memory_kib=8, lanes=1))
    world.plant(*people(len(NAMES)), lapsed())
    return a_shell(world, tmp_path)


@pytest.fixture
def icbc(world: World, shell: Shell) -> Iterator[Province]:
    with original_bank(world, f"9{shell.home.parent.name[-20:]}") as bank:
        yield bank


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    with path.open("w", encoding="utf-8", newline="") as written:
        lines = [(row.name, row.number, row.mobile, "工人") for row in rows(len(NAMES))]
        csv.writer(written).writerows([("姓名", "身份证号", "手机", "职业"), *lines])
    return path


@pytest.mark.rule("EXC-6")
@pytest.mark.rule("EXC-7")
def test_from_the_file_to_the_list_of_new_numbers(
    shell: Shell, icbc: Province, world: World, file: Path, tmp_path: Path
) -> None:
    booked = shell("roster", "book", file, *GIVEN)
    assert booked.code == 0, booked.stderr
    batch = booked.json["batch"]
    assert {name: booked.json[name] for name in ("booked", "had", "later", "wrong", "refused", "left")} == {
        "booked": 5, "had": 0, "later": 0, "wrong": 0, "refused": 0, "left": 0,
    }  # fmt: skip
    assert {each["booking"] for each in booked.json["results"]} == {"review"}
    for same in (batch, file):
        again = shell("roster", "book", same, *GIVEN).json
        assert (again["batch"], again["booked"], again["had"]) == (batch, 0, 5), "the same file is the same batch"

    early = shell("roster", "submit", batch).json
    assert (early["recorded"], early["left"]) == (0, 5), "nobody is approved yet"
    decide(icbc, refused=("李测",), left=("张测",))
    done = shell("roster", "submit", batch)
    assert (done.code, done.json["recorded"], done.json["wrong"]) == (1, 3, 2), "asked again, and the others go on"
    now = shell("roster", "book", batch).json
    assert [(each["row"], each["came"], each["booking"]) for each in now["results"]] == [
        (2, "booked", "review"),
        (3, "had", "review"),
    ]
    synced = shell("sync").json
    assert (synced["rejected"], synced["matched"]) == (0, True)

    server.advance_cards(world.running.database, world.folder, to="sent")
    xlsx, pdf = tmp_path / "numbers.xlsx", tmp_path / "numbers.pdf"
    listed = shell("roster", "numbers", batch, "--xlsx", xlsx, "--pdf", pdf)
    assert (listed.code, listed.json["ready"], listed.json["waiting"]) == (0, 3, 2)
    assert pdf.read_bytes().startswith(b"%PDF")
    ready, waiting = (list(sheet.values)[4:] for sheet in load_workbook(xlsx))
    numbers = dict(
        world.query(
            "SELECT number, card -> 'held' ->> 'number' FROM dossier, jsonb_array_elements(content -> 'cards') AS card"
            " WHERE card ->> 'state' = 'at_branch'"
        )
    )
    made = today().isoformat()
    assert ready == [
        (str(each), NAMES[each - 1], mask_number(of(each)), card_of(each)[-4:], numbers[of(each)], "农业银行", made)
        for each in (1, 4, 5)
    ]
    assert [(row[0], row[1], row[3]) for row in waiting] == [
        ("2", "李测", "尚未提交换卡。"),
        ("3", "张测", "尚未提交换卡。"),
    ]
    assert of(2) not in str(waiting)
    assert shell("roster", "numbers", batch, "--xlsx", xlsx).code == 2, "not written over"


def test_out_of_reach_and_usage(shell: Shell, file: Path, tmp_path: Path) -> None:
    away = shell.away()
    first = away("roster", "book", file, *GIVEN)
    assert first.code == 1
    assert {each["findings"][0]["code"] for each in first.json["results"]} == {"booking.bank_unknown"}
    batch = first.json["batch"]
    assert away("roster", "numbers", batch, "--xlsx", tmp_path / "a.xlsx").code == 0, (
        "nobody is submitted: none is asked"
    )
    assert shell("roster", "numbers", batch).code == 2
    assert shell("roster", "numbers", batch, "--pdf", tmp_path / "a.xlsx").code == 2
    assert shell("roster", "book", tmp_path / "none.csv").code == 2
    assert shell("roster", "book", "77").code == 2
    assert shell("roster", "book", batch).json["booked"] == 5


def test_the_unit_holds_its_rows_up(shell: Shell, file: Path) -> None:
    held = shell("roster", "book", file)
    assert (held.code, held.json["booked"]) == (1, 0)
    assert "unit.name" in {finding["field"] for finding in held.json["findings"]}
    same = shell("roster", "import", file, *GIVEN).json["batch"]
    refused = shell("roster", "book", same)
    assert (refused.code, [each["code"] for each in refused.json["findings"]]) == (1, ["roster.no_change_of_bank"])


def test_for_people(shell: Shell, file: Path) -> None:
    said = shell.say("roster", "book", file, *GIVEN)
    assert (said.code, "新预约 5 人" in said.stderr) == (0, True)
    held = shell.away().say("roster", "numbers", "1", "--xlsx", file.with_suffix(".xlsx"))
    assert "尚无新卡 5 人" in held.stderr


KILLED = """
import os, signal, sys
from counter.cli.root import app
from counter.desk import bookings
from counter.province.client import Province

bookings.MAX_PERSONS, tell, told = 2, Province.book_group, []

def killed(province, changes):
    if told:
        if sys.argv[1] == "told":
            tell(province, changes)
        os.kill(os.getpid(), signal.SIGKILL)
    told.append(changes)
    return tell(province, changes)

Province.book_group = killed
app(["roster", "book", sys.argv[2]])
"""
"""Books, and is killed at the second request: before it is sent, or before its answer is kept."""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.parametrize("when", ["recorded", "told"])
def test_killed_on_the_way_nobody_is_booked_twice(shell: Shell, icbc: Province, file: Path, when: str) -> None:
    batch = shell("roster", "import", file, *GIVEN, "--mode", "change_bank").json["batch"]
    environ = os.environ | {
        "COUNTER_HOME": str(shell.home),
        "COUNTER_OPERATOR": "zhang",
        "COUNTER_PASSPHRASE_FILE": str(shell.passphrase),
    }
    command = [sys.executable, "-c", KILLED, when, str(batch)]
    assert subprocess.run(command, env=environ, capture_output=True, check=False).returncode == -signal.SIGKILL
    assert shell("ledger", "list").json["count"] == 4, "two were told, two more recorded"
    assert len(icbc.reviews().waiting) == (4 if when == "told" else 2)
    again = shell("roster", "book", batch).json
    assert (again["had"], again["booked"]) == ((4, 1) if when == "told" else (2, 3))
    assert shell("ledger", "list").json["count"] == 5
    assert len(icbc.reviews().waiting) == 5
    assert shell("ledger", "verify").json["valid"]
    synced = shell("sync").json
    assert (synced["created"], synced["rejected"], synced["matched"]) == (5, 0, True)
