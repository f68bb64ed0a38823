"""What is asked of the terminal's keyboard, what an input method sends, and how the terminal is left."""

import re
import signal

import pytest

from tests.support.branch_at_work import Counter
from tests.support.clerk_at_work import Clerk

KITTY = re.compile(rb"\x1b\[>(\d*)u")
FIRST_FRAME = "口令".encode()
LEFT = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1004l", b"\x1b[?2004l")
"""Back from the alternate screen, the cursor shown, no reports of focus, no bracketed paste."""


def test_flag_1_at_most_and_before_the_first_frame(counter: Counter) -> None:
    with counter.open() as terminal:
        Clerk(terminal).sign_in()
        asked = KITTY.findall(bytes(terminal.raw))
        assert asked == [b"1"]
        assert terminal.raw.index(b"\x1b[>1u") < terminal.raw.index(FIRST_FRAME)


def test_a_setting_turns_it_off(counter: Counter) -> None:
    with counter.open(environ={"COUNTER_KEYBOARD": "plain"}) as terminal:
        Clerk(terminal).sign_in()
        assert not KITTY.search(bytes(terminal.raw))


@pytest.mark.parametrize("code", [0, 13], ids=["text alone", "the Enter that committed it"])
def test_what_an_input_method_commits_is_text(counter: Counter, clerk: Clerk, code: int) -> None:
    """CSI 0;;cp:cp u and CSI 13;;cp:cp u: a name in the name's field, and no Enter."""
    clerk.start(2)
    terminal = clerk.terminal
    terminal.type("441621199001011234\r")
    committed = ":".join(str(ord(letter)) for letter in "钟离九")
    terminal.type(f"\x1b[{code};;{committed}u")
    terminal.wait_for("钟离九")
    terminal.press("f4")
    clerk.home()
    (held,) = counter.held()
    assert held.case.holder.name == "钟离九"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_terminal_clean_and_the_case_kept(
    counter: Counter, clerk: Clerk, number: signal.Signals
) -> None:
    clerk.start(2)
    terminal = clerk.terminal
    terminal.type("441621199001011234")
    terminal.wait_for("1234")
    terminal.signal(number)
    assert terminal.wait() == 143
    end = bytes(terminal.raw)[-2000:]
    assert all(sequence in end for sequence in LEFT)
    assert b"\x1b[<u" in end
    (held,) = counter.held()
    assert held.case.holder.document.number == "441621199001011234"
