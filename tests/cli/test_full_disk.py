"""A disk that is full or may only be read: its own sentence and exit code, and reading goes on."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from counter.cli.exits import Code
from counter.i18n import t
from tests.cli.conftest import Counter
from tests.cli.test_case import a_case
from tests.support.small_disk import SmallDisk, small_disk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "home") as mounted:
        yield mounted


def test_a_full_disk_is_no_tampering(disk: SmallDisk, ledger: Counter, branch: str) -> None:
    case = json.dumps(a_case(branch))
    disk.fill()
    done = ledger("case", "submit", "-", "--json", input=case)
    assert (done.code, done.stdout) == (Code.UNWRITABLE, "")
    assert t("error.LedgerFullError") in done.stderr
    disk.make_room()
    assert ledger("case", "submit", "-", "--json", input=case).code == 0
    assert ledger("ledger", "verify", "--json").json["entries"] == 1


def test_a_protected_disk_is_read_and_not_written(disk: SmallDisk, ledger: Counter, branch: str) -> None:
    case = json.dumps(a_case(branch))
    assert ledger("case", "submit", "-", "--json", input=case).code == 0
    disk.protect()
    assert len(ledger("ledger", "list", "--json").json["entries"]) == 1
    assert ledger("ledger", "verify", "--json").json == {
        "entries": 1,
        "valid": True,
        "first_bad_seq": None,
        "flaws": [],
    }
    done = ledger("case", "submit", "-", "--json", input=case)
    assert (done.code, done.stdout) == (Code.UNWRITABLE, "")
    assert t("error.LedgerReadOnlyError") in done.stderr
