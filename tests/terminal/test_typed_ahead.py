"""Keys that were pressed before the confirmation could be seen record nothing."""

import msgspec

from counter.i18n import t
from counter.rules.case import Case
from tests.cli.test_case import a_case
from tests.support.branch_at_work import Counter
from tests.support.clerk_at_work import Clerk


def test_f10_typed_ahead_records_nothing(counter: Counter, branch: str) -> None:
    counter.hold(msgspec.convert(a_case(branch), Case), "pickup")
    with counter.open() as terminal:
        clerk = Clerk(terminal)
        clerk.sign_in()
        terminal.wait_for(t("home.stopped_at", step=t("step.pickup")))
        terminal.press("tab", "enter")
        clerk.at("pickup")
        terminal.press("1", "enter", "f10", "enter", "f10")
        clerk.at("confirm")
        terminal.wait_for(t("screen.too_early"))
        clerk.looked()
        assert counter.entries() == []
        terminal.press("enter", "enter")  # reads on
        clerk.record()
    assert len(counter.entries()) == 1
