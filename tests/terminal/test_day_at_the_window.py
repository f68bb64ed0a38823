"""A day at the window in both languages: three exchanges and a first application, from sign-in to the province."""

import operator
import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from counter.gateway.seeding.portraits import portrait
from counter.i18n import Language, t
from counter.reference.load import read_folder
from tests.support.branch_at_work import Counter
from tests.support.clerk_at_work import ADDRESS, MOBILE, MODES, PEOPLE, Clerk
from tests.support.pty_terminal import Terminal

TODAYS_FOUR = (*MODES, "first_application")
CUSTOMERS = [PEOPLE[purpose] for purpose in TODAYS_FOUR]
CLEAR = [text for person in CUSTOMERS for text in (person.name, person.number, person.card) if text]
PERSONAL = [text.encode() for text in (*CLEAR, MOBILE, ADDRESS)]
JPEG = (b"JFIF", portrait(100 + 1 + list(PEOPLE).index("first_application"))[4000:4032])
"""A photo's header, and a piece of the photo that belongs to the receipt."""
FEE = read_folder(Path(__file__).parents[2] / "data").cities["441621"].fees["exchange"] / 100
"""What the program that runs here charges for an exchange, in yuan: it reads the shipped data."""


def exchange(clerk: Clerk, mode: str) -> None:
    """An exchange up to its confirmation."""
    clerk.exchange(mode)
    if mode == "new_number":
        clerk.pickup_at_once()
    elif mode == "change_bank":
        clerk.pickup()
    clerk.at("confirm")


def read_on(terminal: Terminal, text: str) -> None:
    """Down the confirmation until this is seen."""
    while not on_this_page(terminal, text):
        before = terminal.text
        terminal.press("space")
        terminal.wait_for(partial(operator.ne, before))


def on_this_page(terminal: Terminal, text: str) -> bool:
    """Is it there, or does it come? A page comes in pieces, and the piece that has it may be the last."""
    with suppress(AssertionError):
        terminal.wait_for(text, timeout=0.5)
    return text in terminal.text


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_three_exchanges_and_a_first_application(lang: Language, counter: Counter, clerk: Clerk) -> None:
    terminal = clerk.terminal
    for seq, mode in enumerate(MODES, 1):
        exchange(clerk, mode)
        terminal.wait_for(t("slip.yuan", amount=f"{FEE:.2f}"))
        clerk.looked()  # nothing but reading changes the screen from here
        read_on(terminal, t(f"choice.mode.{mode}"))
        if mode == "new_number":
            read_on(terminal, "000231")
        clerk.record(seq)
        terminal.press("enter")
        clerk.home()
    clerk.first_application()
    clerk.held_up(f"APP-5  {t('screen.why')}")
    terminal.press("space", "space")
    terminal.wait_for(lambda text: "APP-5" not in text)
    clerk.record(4)
    slip = clerk.slip(counter.home)
    assert t("service.apply.name") in slip
    assert t("choice.identity.match") in slip
    terminal.press("enter")
    fees = t("slip.yuan", amount=f"{3 * FEE:.2f}")
    terminal.wait_for(t("home.figure.done", count=4), t("home.figure.pending", count=4), t("home.fee", fee=fees))
    terminal.press("ctrl+q")
    assert terminal.wait() == 0

    assert not [said for said in terminal.osc() if any(text in said for text in PERSONAL)]
    code, first = counter.sync()
    assert (code, first | report(sent=4, created=4, photos=1)) == (0, first)
    code, second = counter.sync()
    assert (code, second | report()) == (0, second)
    assert counter.run("ledger", "verify")[:2] == (0, {"entries": 4, "valid": True, "first_bad_seq": None, "flaws": []})
    nothing_in_clear(counter.home)


def report(**counts: int) -> dict[str, object]:
    """A sync's report; what is not named is zero."""
    names = ("sent", "created", "exists", "rejected", "conflict", "pending", "photos")
    return {**{name: counts.get(name, 0) for name in names}, "matched": True, "waiting": [], "alarms": 0}


def nothing_in_clear(home: Path) -> None:
    """No name, number, mobile, address or photo in any file of the home; no SQL client reads the ledger."""
    files = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    assert {"ledger.db", "keyring.json", "counter.toml"} <= {path.name for path in files}
    assert any(path.parent.name == "slips" for path in files)
    for path, content in files.items():
        assert not [text.decode() for text in PERSONAL if text in content], path.name
        assert not any(mark in content for mark in JPEG), path.name
    query = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT * FROM sqlite_master')"
    command = [sys.executable, "-c", query, str(home / "ledger.db")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "file is not a database" in done.stderr


def test_a_wide_terminal_and_a_photo_from_a_file(counter: Counter, tmp_path: Path) -> None:
    """120 x 40: the rule stands at the side; the photo comes from a file; the bank is seen to from the confirmation."""
    file = tmp_path / "a made-up photo.jpg"
    file.write_bytes(portrait(7))
    person = PEOPLE["first_application"]
    with counter.open(size=(120, 40)) as terminal:
        clerk = Clerk(terminal)
        clerk.sign_in()
        clerk.start(1)
        clerk.identity(person)
        clerk.one_card("none")
        clerk.file_photo(file)
        clerk.details()
        clerk.pickup()
        clerk.held_up("APP-5", t("rule.APP-5.text")[:10])
        terminal.press("5")  # the address is wrong: back to the bank, and here again (APP-3)
        clerk.at("bank")
        terminal.press("f10")
        clerk.looked()
        terminal.wait_for(lambda text: "[ ]" not in text)  # what was changed is in sight
        clerk.held_up("[ ]")  # leads to what was not ticked; nothing is ticked out of sight
        terminal.press("space", "space")
        terminal.wait_for(lambda text: "APP-5" not in text)
        clerk.record()
    code, said = counter.sync()
    assert (code, said["created"], said["photos"], said["matched"]) == (0, 1, 1, True)
