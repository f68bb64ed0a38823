"""A roster in a real terminal: from the command to its rows; what was mended is in the ledger when the program is killed."""

import sys
from pathlib import Path

from counter import batch
from counter.i18n import t
from tests.terminal.branch_at_work import PASSPHRASE, Counter
from tests.terminal.clerk_at_work import PEOPLE
from tests.terminal.pty_terminal import Terminal


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
        (row,) = (one.row for one in batch.people(store, made.id))
        assert (row.number, row.mobile) == (number, "13800000001")
