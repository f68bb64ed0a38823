"""What the province could never take is not recorded here: names, ids and sizes are looked at before the ledger."""

import json
from pathlib import Path

import pytest

from counter.i18n import t
from counter.rules.link import BODY_BYTES
from tests.cli.conftest import PLACE, Counter
from tests.cli.test_case import a_case


def test_the_id_of_a_case_is_a_uuid(ledger: Counter, branch: str) -> None:
    done = ledger("case", "submit", "-", "--id", "x" * 70, "--json", input=json.dumps(a_case(branch)))
    assert (done.code, done.stdout) == (2, "")
    assert ledger("ledger", "verify", "--json").json["entries"] == 0


def test_a_case_that_is_too_large_is_not_recorded(ledger: Counter, branch: str) -> None:
    case = a_case(branch) | {"acknowledged": [f"made.up.{n:020}" for n in range(BODY_BYTES // 20)]}
    done = ledger("case", "submit", "-", "--json", input=json.dumps(case))
    assert (done.code, done.stdout) == (1, "")
    assert t("error.OversizeError") in done.stderr
    assert ledger("ledger", "verify", "--json").json["entries"] == 0


@pytest.mark.parametrize("id", ["张敏", "zhang min", "z" * 65, ""])
def test_an_operator_s_id_goes_over_the_wire(ledger: Counter, passphrase_file: Path, id: str) -> None:
    done = ledger("operator", "add", id, "--name", "张敏", "--new-passphrase-file", passphrase_file, "--json")
    assert (done.code, done.stdout) == (2, "")
    assert t("error.UnusableNameError") in done.stderr


def test_a_window_s_number_goes_over_the_wire(counter: Counter, branch: str) -> None:
    done = counter("init", *PLACE[:-1], "二号", "--branch", branch, "--name", "李国强", "--json")
    assert (done.code, done.stdout) == (2, "")
    assert t("cli.init.counter") in done.stderr
