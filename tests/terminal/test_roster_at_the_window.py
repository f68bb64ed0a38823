"""A roster in a real terminal: from the command to its rows; what was mended is in the ledger when the program is killed."""

import sys
from pathlib import Path

from counter.desk import rosters
from counter.i18n import t
from counter.roster.columns import RosterRow
from tests.support.branch_at_work import PASSPHRASE, Counter
from tests.support.clerk_at_work import PEOPLE
from tests.support.pty_terminal import Terminal, until
from tests.support.rosters import number

PASTED = 3000


def test_a_workplace_is_pasted_and_typed(counter: Counter, tmp_path: Path) -> None:
    """One person typed, 3,000 out of a spreadsheet's clipboard; all stand in the ledger when the program is killed."""
    file = tmp_path / "roster.csv"
    file.write_text("姓名,身份证号,手机\n虚一,,\n", "utf-8")
    block = "\n".join(f"虚{n}\t{nobody(n)}\t{13800000000 + n}" for n in range(2, PASTED + 2))
    command = (sys.executable, "-m", "counter", "--home", str(counter.home), "roster", "open", str(file))
    with Terminal(*command) as terminal:
        terminal.wait_for(t("sign_in.passphrase"))
        terminal.press("2")
        terminal.type(f"{PASSPHRASE}\r")
        terminal.wait_for(t("batch.columns", row=1)[:10])
        terminal.press("f10")
        terminal.wait_for("虚*", t("batch.counts", rows=1, right=0, wrong=1, submitted=0))
        terminal.press("f8")
        terminal.type(f"{nobody(1)}\r")
        terminal.press("home")
        terminal.type(f"\x1b[200~{block}\x1b[201~")
        terminal.wait_for(lambda text: f"{PASTED + 1} " in text)
        terminal.press("ctrl+end")
        terminal.wait_for(f" {PASTED + 1} ")
        until(lambda: len(kept(counter)) == PASTED + 1)
        terminal.kill()
    assert [row.number for row in kept(counter)] == [nobody(n) for n in range(1, PASTED + 2)]


def nobody(n: int) -> str:
    """The nth of many numbers that nobody has."""
    return number(n % 1000, f"1990{n // 1000 + 1:02}01")


def kept(counter: Counter) -> list[RosterRow]:
    """The rows of the only roster as the ledger has them now."""
    with counter.store() as store:
        (made,) = store.batches.list()
        return [person.row for person in rosters.people(store, made.id)]


def test_what_was_mended_outlives_the_program(counter: Counter, tmp_path: Path) -> None:
    person = PEOPLE["same_number"]  # whom the province knows: it is asked while the roster is on the screen
    number = person.number
    file = tmp_path / "roster.csv"
    file.write_text(f"姓名,身份证号,手机\n{person.name},{number},138\n", "utf-8")
    command = (sys.executable, "-m", "counter", "--home", str(counter.home), "roster", "open", str(file))
    with Terminal(*command) as terminal:
        terminal.wait_for(t("sign_in.passphrase"))
        terminal.press("2")
        terminal.type(f"{PASSPHRASE}\r")
        terminal.wait_for(t("batch.columns", row=1)[:10], "手机号码")
        terminal.press("f10")
        terminal.wait_for("钟*一", t("batch.counts", rows=1, right=0, wrong=1, submitted=0))
        assert number not in terminal.text
        terminal.press("f8")
        terminal.type("13800000001\r")
        terminal.wait_for("138****0001", t("batch.counts", rows=1, right=1, wrong=0, submitted=0))
        terminal.kill()
    with counter.store() as store:
        (made,) = store.batches.list()
        (row,) = (one.row for one in rosters.people(store, made.id))
        assert (row.number, row.mobile) == (number, "13800000001")
