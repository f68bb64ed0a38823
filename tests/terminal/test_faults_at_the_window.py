"""The province goes away, the power goes off: nothing is lost, nothing twice, and the clerk is told what comes next."""

import time

import msgspec
import pytest

from counter.i18n import Language, t
from counter.rules.case import Case
from tests.cli.test_case import a_case
from tests.support.branch_at_work import Counter, Gateway
from tests.support.clerk_at_work import ADDRESS, PEOPLE, Clerk
from tests.support.pty_terminal import PATIENCE, until

OUT_OF_REACH = 3


def offline_steps(clerk: Clerk) -> None:
    """From the mode on, with nobody to ask; the clerk types what the province would have known."""
    person = PEOPLE["same_number"]
    clerk.mode("same_number", card=person.card)
    clerk.details(offline=True)


@pytest.mark.parametrize("lang", ["zh_CN"])
def test_offline_from_the_start(lang: Language, counter: Counter, gateway: Gateway, clerk: Clerk) -> None:
    """Every step works and says *deferred*; sync says what happens next; the province back, all of it matches."""
    terminal = clerk.terminal
    gateway.stop()
    clerk.start(2)
    clerk.identity(PEOPLE["same_number"])
    clerk.one_card("deferred")
    terminal.wait_for(f"?{t('step.identity')}", f"?{t('step.one_card')}", t("screen.offline"))
    offline_steps(clerk)
    clerk.record()
    slip = clerk.slip(counter.home)
    for question in ("identity", "one_card", "sms"):
        assert t(f"screen.question.{question}").split()[0] in slip

    code, said, told = counter.run("sync")
    assert (code, said) == (OUT_OF_REACH, None)
    assert told.strip()
    terminal.press("enter")
    clerk.home()
    terminal.press("f9")
    terminal.wait_for(t("day.total"))
    terminal.press("f5")
    terminal.wait_for(t("day.out_of_reach")[:20], timeout=2 * PATIENCE)

    gateway.start()
    terminal.press("f5")
    terminal.wait_for(t("day.matched"))
    code, said = counter.sync()
    assert (code, said["sent"], said["matched"]) == (0, 0, True)
    terminal.press("esc")
    clerk.home()


def test_the_province_goes_in_the_middle_and_comes_back_after(counter: Counter, gateway: Gateway, clerk: Clerk) -> None:
    clerk.start(2)
    clerk.identity(PEOPLE["same_number"])
    clerk.one_card("here")
    gateway.stop()
    clerk.mode("same_number")
    clerk.details(offline=True)
    clerk.at("confirm")
    clerk.terminal.wait_for(f"={t('step.one_card')}", f"?{t('step.details')}", t("choice.identity.match"))
    clerk.record()

    code, said, told = counter.run("sync")
    assert (code, said) == (OUT_OF_REACH, None)
    assert "一笔不少" in told
    gateway.start()
    code, said = counter.sync()
    assert (code, said["sent"], said["created"], said["matched"]) == (0, 1, 1, True)
    code, said = counter.sync()
    assert (code, said["sent"], said["matched"]) == (0, 0, True)


def test_the_power_goes_in_the_middle_of_a_case(counter: Counter, clerk: Clerk) -> None:
    """kill -9: the held case is at home, resumes at its step with what was typed, and is recorded once."""
    clerk.start(2)
    clerk.identity(PEOPLE["rare_name"])
    clerk.one_card("here")
    clerk.mode("same_number")
    clerk.details()
    clerk.at("confirm")
    clerk.looked()
    clerk.terminal.press("5")
    clerk.at("details")
    until(lambda: [held.step for held in counter.held()] == ["details"])
    clerk.terminal.kill()

    with counter.open() as terminal:
        again = Clerk(terminal)
        again.sign_in()
        terminal.wait_for("𠮷*九", t("home.stopped_at", step=t("step.details")))
        terminal.press("tab", "enter")
        again.at("details")
        terminal.wait_for(ADDRESS, "138****8000", t("step.pickup"))
        terminal.wait_for(t("choice.sms_verified"))  # verified before, verified now
        terminal.press("f10")
        again.record()
    assert [entry.seq for entry in counter.entries()] == [1]
    assert counter.held() == []


def test_the_power_goes_while_it_is_recorded(counter: Counter, branch: str) -> None:
    """kill -9 at any moment of F10: the entry stands once, or not at all and the case is still held."""
    case = msgspec.convert(a_case(branch), Case)
    ids = [counter.hold(case, "confirm")]
    for pause in (0.0, 0.01, 0.03, 0.06, 0.12):
        with counter.open() as terminal:
            clerk = Clerk(terminal)
            open_the_held_case(clerk)
            clerk.looked()
            terminal.press("f10")
            time.sleep(pause)  # the moment is the point
            terminal.kill()
        standing = [entry.id for entry in counter.entries()]
        assert len(standing) == len(set(standing))
        assert {*standing, *(draft.id for draft in counter.held())} == set(ids)
        if ids[-1] in standing:
            ids.append(counter.hold(case, "confirm"))
    with counter.open() as terminal:
        clerk = Clerk(terminal)
        open_the_held_case(clerk)
        clerk.record(len(ids))
    assert sorted(entry.id for entry in counter.entries()) == sorted(ids)
    assert counter.held() == []
    assert counter.run("ledger", "verify")[:2] == (
        0,
        {"entries": len(ids), "valid": True, "first_bad_seq": None, "flaws": []},
    )


def open_the_held_case(clerk: Clerk) -> None:
    clerk.sign_in()
    clerk.terminal.wait_for(t("home.stopped_at", step=t("step.confirm")))
    clerk.terminal.press("tab", "enter")
    clerk.at("confirm")
