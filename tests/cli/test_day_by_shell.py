"""A day's end by the shell: corrected, written off, closed by two, reported, and verified without the province."""

from pathlib import Path

import msgspec
import openpyxl
import pytest

from counter.clock import today
from counter.gateway.seeding.customers import demo_rows
from counter.gateway.seeding.seed import ApplicationRow
from counter.rules.case import Case
from tests.support.demonstration import customer_of
from tests.support.province_world import World
from tests.support.readback import text_of
from tests.support.shell import Shell, a_shell, case_of, write_case

ON = today().isoformat()


@pytest.fixture
def shell(world: World, tmp_path: Path) -> Shell:
    world.plant(*demo_rows(today()))
    return a_shell(world, tmp_path)


@pytest.fixture
def two(shell: Shell) -> tuple[object, ...]:
    """The supervisor comes to the window."""
    return "--checker", "li", "--checker-passphrase-file", shell.passphrase


@pytest.fixture
def back(shell: Shell, world: World, tmp_path: Path) -> Shell:
    """A counter whose first entry came back: done without the province, whose answer would have been no."""
    person = customer_of("exchange")
    world.plant(ApplicationRow(number=person.number))
    recorded = shell.away()("case", "submit", write_case(tmp_path, case_of("exchange")))
    assert (recorded.code, recorded.json["state"]) == (0, "recorded")
    synced = shell("sync")
    assert (synced.code, synced.json["rejected"], synced.json["matched"]) == (1, 1, True)
    return shell


def test_a_returned_entry_is_corrected_by_a_file(back: Shell, world: World, tmp_path: Path) -> None:
    shown = back.say("ledger", "correct", "1")
    assert shown.code == 0 and "ONE-1" in shown.stderr
    case = msgspec.json.decode(shown.stdout, type=Case)
    assert case.holder.document.number == customer_of("exchange").number
    refused = back("ledger", "correct", "1", write_case(tmp_path, Case(service="exchange")))
    assert (refused.code, refused.json["state"]) == (1, "refused")
    world.query("DELETE FROM dossier")
    world.plant(*demo_rows(today()))
    done = back("ledger", "correct", "1", write_case(tmp_path, case))
    assert (done.code, done.json["state"], done.json["seq"]) == (0, "recorded", 2)
    first, second = (back("ledger", "show", seq).json for seq in (1, 2))
    assert (second["corrects"], first["cleared"]["how"], first["cleared"]["seq"]) == (first["id"], "corrected", 2)
    assert (back("sync").json["created"], back("ledger", "correct", "1").code) == (1, 1)
    total = back("day", "show").json["total"]
    assert [total[name]["count"] for name in ("done", "accepted", "returned", "cleared")] == [2, 1, 1, 1]


def test_a_day_is_closed_by_two_reported_and_verified_offline(
    back: Shell, two: tuple[object, ...], tmp_path: Path
) -> None:
    open_ = back("close", *two)
    assert (open_.code, open_.json["closed"]) == (1, False)
    assert [(each["kind"], each["count"]) for each in open_.json["open"]] == [("returned", 1), ("till", 1)]
    assert back("till", "count", f"1={back('till', 'show').json['expected_fen'] // 100}").code == 0
    own = back("ledger", "write-off", "1", "--reason", "客户不办了", "--checker", "zhang",
               "--checker-passphrase-file", back.passphrase)  # fmt: skip
    assert own.code == 4
    off = back("ledger", "write-off", "1", "--reason", "客户不办了", *two)
    assert (off.code, off.json["decision"]["checker"]) == (0, "li")
    assert back("close", "--reason", "nonsense=x", *two).code == 2

    away = back.away()
    closed = away("close", *two)
    assert (closed.code, closed.json["date"], closed.json["closed"], closed.json["open_dates"]) == (0, ON, True, [])
    assert away("case", "submit", write_case(tmp_path, case_of("exchange"))).code == 1
    assert (back("sync").code, back("day", "show").json["closed"]) == (0, True)

    for kind in ("txt", "pdf", "xlsx"):
        assert away("day", "report", tmp_path / f"day.{kind}").code == 0
    receipt = away("day", "show").json["signature"]
    text = (tmp_path / "day.txt").read_text("utf-8")
    assert receipt in text and "客户不办了" not in text.split("省平台回执")[1] and "已关账" in text
    assert ON in text_of((tmp_path / "day.pdf").read_bytes())
    assert len(openpyxl.load_workbook(tmp_path / "day.xlsx").sheetnames) == 4
    assert away("day", "report", tmp_path / "day.doc").code == 2
    verified = away("day", "verify")
    assert (verified.code, verified.json["valid"], verified.json["days"][0]["date"]) == (0, True, ON)
    assert away("day", "verify", "--on", "2020-01-02").code == 1

    assert back("day", "reopen", "--on", ON, "--reason", "还有一位客户", *two).json["closed"] is False
    assert away("day", "show").json["open_dates"] == [ON]
    assert back("ledger", "verify").json["valid"]
