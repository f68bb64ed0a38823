"""`counter audit`: who revealed, exported, printed, failed; whole or not; for supervisors."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from counter.store import slots
from counter.store.database import Database
from counter.store.errors import LedgerReadOnlyError
from counter.store.keys import read_keyring
from counter.store.triggers import TRIGGERS
from tests.cli.conftest import PASSPHRASE, Counter
from tests.cli.test_case import a_case, write
from tests.support.cheap import cheap_slots


@pytest.fixture(autouse=True)
def _cheap_slots() -> Iterator[None]:
    with cheap_slots():
        yield


@pytest.fixture
def recorded(ledger: Counter, tmp_path: Path, branch: str) -> Counter:
    """`counter` with one entry in its ledger."""
    assert ledger("case", "submit", write(tmp_path, a_case(branch))).code == 0
    return ledger


def test_each_deed_is_noted_and_found(recorded: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert recorded("ledger", "show", "1", "--reveal").code == 0
    assert recorded("ledger", "slip", "1").code == 0
    assert recorded("ledger", "export", tmp_path / "ledger.csv").code == 0
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("another passphrase altogether\n")
    with monkeypatch.context() as patch:
        patch.setenv("COUNTER_PASSPHRASE_FILE", str(wrong))
        assert recorded("ledger", "list").code == 4
    found = {}
    for deed in ("revealed", "exported", "printed", "failed"):
        notes = recorded("audit", "list", "--only", deed, "--json").json["notes"]
        found[deed] = [(note["operator"], note["action"]) for note in notes]
    assert found == {
        "revealed": [("li", "ledger.reveal")],
        "exported": [("li", "ledger.export")],
        "printed": [("li", "print paper")],
        "failed": [("li", "fail passphrase")],
    }
    assert recorded("audit", "list", "--of", "nobody", "--json").json == {"notes": []}
    assert "查看一笔账的完整信息" in recorded("audit", "list").stdout


def test_the_export_is_whole_and_notes_itself(recorded: Counter, tmp_path: Path) -> None:
    file = tmp_path / "audit.csv"
    count = recorded("audit", "export", file, "--json").json["notes"]
    heading, *rows = csv.reader(file.read_text("utf-8-sig").splitlines())
    assert (heading[0], len(rows)) == ("序号", count)
    assert [int(row[0]) for row in rows] == list(range(1, count + 1))
    assert rows[-1][3] == "导出审计记录"


def test_a_missing_note_is_found(recorded: Counter, tmp_path: Path) -> None:
    assert recorded("audit", "verify", "--json").json["valid"]
    home = tmp_path / "home"
    file_key = slots.open_with_passphrase(read_keyring(home), "li", PASSPHRASE).file_key
    with_key = Database(home / "ledger.db", file_key)
    with with_key.write() as session:
        run = session.connection().exec_driver_sql
        run("DROP TRIGGER audit_is_not_deleted")
        run("DELETE FROM audit WHERE seq = 2")
        run(TRIGGERS["audit_is_not_deleted"])
    with_key.close()
    found = recorded("audit", "verify", "--json")
    assert (found.code, found.json["first_bad_seq"]) == (5, 2)


def test_only_for_supervisors(recorded: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = tmp_path / "zhang.txt"
    theirs.write_text("zhang's passphrase\n")
    assert recorded("operator", "add", "zhang", "--name", "张敏", "--new-passphrase-file", theirs).code == 0
    monkeypatch.setenv("COUNTER_OPERATOR", "zhang")
    monkeypatch.setenv("COUNTER_PASSPHRASE_FILE", str(theirs))
    assert [recorded("audit", *rest).code for rest in (["list"], ["verify"], ["export", tmp_path / "a.csv"])] == [4] * 3
    assert not (tmp_path / "a.csv").exists()


def test_a_slip_is_printed_where_the_ledger_can_only_be_read(
    recorded: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(self: Database) -> None:
        raise LedgerReadOnlyError("the ledger can only be read")

    monkeypatch.setattr(Database, "write", read_only)
    assert recorded("ledger", "slip", "1").code == 0
    assert recorded("ledger", "show", "1", "--reveal").code == 6, "what is whole is not shown unnoted"
