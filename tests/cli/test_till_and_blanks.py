"""A day of till and blank cards from the shell: cash short by ten yuan, one card spoilt, equal to the fen. PIC-1, FEE-1."""

from pathlib import Path

import pytest

from counter.cli.exits import Code
from counter.rules.numbers import check_character
from counter.store import slots
from counter.store.keys import Cost
from tests.cli.conftest import PASSPHRASE, Counter
from tests.cli.test_case import a_case, write

SECOND = ("--checker", "li", "--checker-passphrase-file")


@pytest.fixture(autouse=True)
def _cheap_slots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "COST", Cost(passes=1, memory_kib=8, lanes=1))


@pytest.fixture
def clerk(ledger: Counter, passphrase_file: Path, monkeypatch: pytest.MonkeyPatch) -> Counter:
    """The counter, its clerk signed in; the supervisor ``li`` is about."""
    theirs = passphrase_file.with_name("zhang.txt")
    theirs.write_text(f"{PASSPHRASE} of zhang\n", "utf-8")
    assert ledger("operator", "add", "zhang", "--name", "张敏", "--new-passphrase-file", theirs).code == 0
    monkeypatch.setenv("COUNTER_OPERATOR", "zhang")
    monkeypatch.setenv("COUNTER_PASSPHRASE_FILE", str(theirs))
    return ledger


def at_once(branch: str, folder: Path, blank: str, at: int, **changes: object) -> Path:
    body = f"44162119800115{at:03}"
    case = a_case(branch, mode="new_number", pickup={"method": "instant", "blank_card": blank}, **changes)
    case["holder"]["document"]["number"] = body + check_character(body)
    return write(folder, case)


def test_a_day_that_is_ten_yuan_short_and_one_card_spoilt(
    clerk: Counter, branch: str, tmp_path: Path, passphrase_file: Path
) -> None:
    assert clerk("till", "open", "500").code == Code.DONE
    assert clerk("blanks", "receive", "AB0001", "AB0010").code == Code.DONE
    cash = clerk("case", "submit", at_once(branch, tmp_path, "AB0001", 991), "--json")
    assert (cash.code, cash.json["state"]) == (Code.DONE, "recorded"), cash.stdout + cash.stderr
    account = at_once(branch, tmp_path, "AB0002", 971, payment="account")
    assert clerk("case", "submit", account).code == Code.DONE
    assert "20.00 元（扣账户）" in clerk("ledger", "slip", "2").stdout
    again = clerk("case", "submit", at_once(branch, tmp_path, "AB0001", 951), "--json")
    (found,) = [each for each in again.json["findings"] if each["level"] == "stop"]
    assert (again.code, found["rule"], found["code"]) == (Code.NO, "PIC-1", "blanks.used")
    assert cash.json["quote_number"] in found["message"], "it says when and where"
    unknown = clerk("case", "submit", at_once(branch, tmp_path, "AB0011", 951), "--json")
    (found,) = [each for each in unknown.json["findings"] if each["level"] == "stop"]
    assert (unknown.code, found["code"]) == (Code.NO, "blanks.unknown") and "receive" in found["message"]

    alone = clerk("blanks", "spoil", "AB0003", "--reason", "打印偏移", "--checker", "zhang",
                  "--checker-passphrase-file", passphrase_file.with_name("zhang.txt"))  # fmt: skip
    assert alone.code == Code.LOCKED
    spoilt = clerk("blanks", "spoil", "AB0003", "--reason", "打印偏移", *SECOND, passphrase_file, "--json")
    (lot,) = spoilt.json["ranges"]
    assert (lot["came"], lot["used"], lot["spoilt"], lot["left"], lot["next"]) == (10, 2, 1, 7, "AB0004")
    assert clerk("blanks", "count", "6").code == Code.NO, "a difference has a reason"
    counted = clerk("blanks", "count", "7", "--json").json
    assert counted["problem"] is None and counted["count"] == {"counted": 7, "expected": 7, "reason": ""}

    assert clerk("till", "out", "300", "--reason", "上缴", *SECOND, passphrase_file).code == Code.DONE
    short = ("till", "count", "100=2", "10=1")
    refused = clerk(*short)
    assert refused.code == Code.NO and "写差额原因" in refused.stderr
    till = clerk(*short, "--reason", "找零少收", "--json").json
    assert (till["expected_fen"], till["counted_fen"], till["difference_fen"]) == (22000, 21000, -1000)
    assert (till["problem"], till["reason"]) == (None, "找零少收")
    paid = till["payments"]["total"]
    assert (paid["cash"]["fee_fen"], paid["account"]["fee_fen"], till["payments"]["cash_fen"]) == (2000, 2000, 2000)
    assert [(each["act"], each["checker"]) for each in till["moves"]] == [
        *(("opening", None), ("out", "li"), ("count", None))
    ]
    assert clerk("ledger", "verify", "--json").json["valid"]


def test_what_the_shell_says_in_words(clerk: Counter, branch: str, tmp_path: Path, passphrase_file: Path) -> None:
    nothing = clerk("blanks", "list").stdout
    assert "没有登记过空白卡库存" in nothing
    told = clerk("case", "submit", at_once(branch, tmp_path, "000231", 991), "--json")
    assert [each["code"] for each in told.json["findings"] if each["code"].startswith("blanks.")] == ["blanks.not_kept"]
    assert told.code == Code.DONE, "no stock is kept: said, not refused"
    assert clerk("blanks", "receive", "AB0001", "AB0003").code == Code.DONE
    assert clerk("blanks", "move-out", "AB0003", "--to", "02", *SECOND, passphrase_file).code == Code.DONE
    assert clerk("blanks", "move-in", "AB0003", "--from", "02").code == Code.DONE
    overlap = clerk("blanks", "receive", "AB0002", "AB0009")
    assert overlap.code == Code.NO and "AB0002" in overlap.stderr
    assert clerk("blanks", "where", "AB0001").code == Code.DONE
    where = clerk("blanks", "where", "000231", "--json")
    assert (where.code, where.json["state"]) == (Code.NO, "used")
    assert clerk("till", "in", "1.234").code == Code.NO
    assert clerk("till", "count", "100").code == Code.USAGE
    assert "请写" in clerk("till", "count", "0.5=1").stderr
    said = clerk("till", "show").stdout
    assert "现金工本费 20.00" in said and "今天还没有清点" in said
