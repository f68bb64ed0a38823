"""Other terminals and other hands: a scanner's burst, a window pulled small, no colours, a locked screen."""

import re
import sys
from pathlib import Path

import pytest

from counter.i18n import t
from tests.support.branch_at_work import PASSPHRASE, Counter
from tests.support.clerk_at_work import PEOPLE, Clerk
from tests.support.pty_terminal import Terminal

PALETTE = re.compile(rb"[34]8;5;")
TRUE_COLOUR = re.compile(rb"[34]8;2;")
COLOUR = re.compile(rb"\x1b\[(?:[0-9]*;)*(?:[34][0-9]|9[0-7]|10[0-7])(?:[;:][0-9]*)*m|\x1b\](?:4|1[0-9]);")
"""Any sequence that sets a colour, the default one too, or asks for one."""
REVERSED = re.compile(rb"\x1b\[(?:[0-9]*;)*7m")


def test_a_scanner_types_a_whole_step_in_one_write(counter: Counter, clerk: Clerk) -> None:
    """Number, name, dates and papers, and the service before them: every value lands in its field."""
    person = PEOPLE["same_number"]
    clerk.terminal.type(f"2\r{person.number}\r{person.name}\r20180301\r20380301\r12\r")
    clerk.passed("one_card")
    clerk.terminal.press("f4")
    clerk.home()
    (held,) = counter.held()
    holder = held.case.holder
    assert (holder.name, holder.document.number) == (person.name, person.number)
    assert (str(holder.document.valid_from), str(holder.document.valid_to)) == ("2018-03-01", "2038-03-01")
    assert held.case.papers == ("id_card_front", "id_card_back")


def test_the_window_is_pulled_small_and_large(clerk: Clerk) -> None:
    terminal = clerk.terminal
    clerk.start(2)
    clerk.identity_typed(PEOPLE["same_number"])
    terminal.resize(60, 15)
    terminal.wait_for(lambda text: "F1" in text.split("\n")[14], f">{t('step.identity')}")
    terminal.resize(1, 1)
    terminal.resize(120, 40)
    terminal.wait_for(lambda text: "F1" in text.split("\n")[39], t("rule.APP-2.title"))
    terminal.resize(80, 24)
    terminal.wait_for(lambda text: "F1" in text.split("\n")[23], t("field.identity_check"))
    terminal.press("1", "2", "enter")
    clerk.one_card("here")
    clerk.at("mode")


@pytest.mark.parametrize(
    ("environ", "forbidden"),
    [
        ({"NO_COLOR": "1"}, COLOUR),
        ({"TERM": "xterm"}, PALETTE),
        ({"COLORTERM": None}, TRUE_COLOUR),
    ],
    ids=["NO_COLOR", "16 colours", "no true colour"],
)
def test_without_colours(environ: dict[str, str | None], forbidden: re.Pattern[bytes], counter: Counter) -> None:
    """The marks say it in text: the step and what is wrong are read without a colour."""
    with counter.open(environ=environ) as terminal:
        clerk = Clerk(terminal)
        clerk.sign_in()
        clerk.start(2)
        clerk.identity_typed(PEOPLE["same_number"], until="20200101")
        clerk.refused("WHO-4")
        terminal.wait_for(re.compile(rf"^  ! {t('field.holder.document.valid_to')}", re.MULTILINE).search)
        written = bytes(terminal.raw)
        assert not forbidden.search(written[: written.rfind(b"\x1b")])  # the last sequence may be on its way
        assert REVERSED.search(written) or "NO_COLOR" not in environ


def test_a_screen_reader_finds_the_cursor_at_the_focus(counter: Counter) -> None:
    """It is shown and stands where the passphrase is typed, and no frame is read out."""
    with counter.open(environ={"COUNTER_SCREEN_READER": "true"}) as terminal:
        text = terminal.wait_for(t("sign_in.passphrase"))
        assert "+-" not in text
        terminal.press("2")
        terminal.type("abc")
        terminal.wait_for("***")
        line = next(at for at, shown in enumerate(terminal.lines) if "***" in shown)
        terminal.wait_for(lambda _: terminal.cursor[1] == line)
        assert terminal.raw.rfind(b"\x1b[?25h") > terminal.raw.rfind(b"\x1b[?25l")


def test_a_locked_screen_shows_nothing_and_loses_nothing(clerk: Clerk) -> None:
    terminal, person = clerk.terminal, PEOPLE["same_number"]
    clerk.start(2)
    terminal.type(f"{person.number}\r{person.name}\r")
    terminal.wait_for("钟*一")
    terminal.press("ctrl+l")
    locked = terminal.wait_for(t("lock.title", name="张敏"))
    assert "钟" not in locked
    assert "4416" not in locked
    terminal.type("somebody else's\r")
    terminal.wait_for(t("lock.wrong"))
    terminal.type(f"{PASSPHRASE}\r")
    terminal.wait_for("钟*一", lambda text: t("lock.title", name="张敏") not in text)
    terminal.type("20180301\r")
    terminal.wait_for("2018-03-01")


def test_title_and_clipboard_carry_nobody(clerk: Clerk) -> None:
    """Ctrl+C in a name, a number, on the confirmation's slip: no OSC sequence carries a person, and none is OSC 52."""
    terminal, person = clerk.terminal, PEOPLE["same_number"]
    clerk.start(2)
    terminal.type(person.number)
    terminal.press("ctrl+a", "ctrl+c", "enter")
    terminal.type(person.name)
    terminal.type("\x1b[1;2H")  # Shift+Home marks it all
    terminal.press("ctrl+c", "ctrl+x", "enter")
    clerk.refused("APP-1")
    said = terminal.osc()
    assert not [one for one in said if one.startswith(b"52;")]
    assert not [one for one in said if person.number.encode() in one or person.name.encode() in one]


def test_the_demonstration_comes_up_with_its_customers(tmp_path: Path) -> None:
    """`counter demo`, as `make demo` starts it: the sign-in, the customers to type, F12 for them later, Ctrl+Q."""
    home = tmp_path / "demo"
    with Terminal(sys.executable, "-m", "counter", "demo", "--home", str(home)) as terminal:
        terminal.wait_for(t("sign_in.hint"), t("demo.place", branch="@", counter="2").partition("@")[0])
        assert PEOPLE["same_number"].number in terminal.text
        clerk = Clerk(terminal)
        terminal.type(f"{(home / 'demo-passphrase.txt').read_text('utf-8').strip()}\r")  # the clerk is chosen already
        clerk.home()
        terminal.press("f12")
        terminal.wait_for(PEOPLE["same_number"].number, PEOPLE["pending"].number)
        terminal.press("esc")
        clerk.home()
        terminal.press("ctrl+q")
        assert terminal.wait() == 0
