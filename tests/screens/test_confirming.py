"""The confirmation on the screen: everything is there, nothing clipped, and the top is seen first (APP-3)."""

import pytest
from msgspec import structs
from rich.cells import cell_len

from counter import i18n
from counter.desk.desk import Desk
from counter.paper.summary import sections
from counter.rules.case import PickupMethod, PresentedBy
from counter.rules.masking import WHOLE
from counter.rules.service import StepId
from counter.rules.services import SERVICES
from counter.screens.case.steps.confirm import ConfirmPane
from counter.widgets.fields.tick import Ticks
from counter.widgets.prose import Prose
from tests.support.customers import MAIL, PICKUPS, complete
from tests.support.made_up import REFERENCE
from tests.support.screen_world import Clerk, Sitting, at, drawn, squashed

LONG_NAME = "ALEXANDRINA MAXIMILIANA VON ZWEIBRUECKEN"
LONG_ADDRESS = "紫城镇东风路一百二十三号紫金花园第十二栋第三单元二十八楼二八零一房" * 3


@pytest.mark.rule("APP-3")
@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(60, 15), (80, 24)])
@pytest.mark.parametrize(
    ("service", "presented_by", "customer"),
    [
        ("apply", PresentedBy.GUARDIAN, "child under 14, identity card"),
        ("replace", PresentedBy.AGENT, "citizen"),
        ("change_details", PresentedBy.HOLDER, "citizen"),
    ],
)
async def test_app_3_everything_is_read_at_every_size(
    sitting: Sitting, desk: Desk, size: tuple[int, int], language: str, service: str, presented_by: PresentedBy,
    customer: str,
) -> None:  # fmt: skip
    i18n.use_language(language)
    declared = SERVICES[service]
    pickup = MAIL if service == "apply" else PICKUPS[PickupMethod.BRANCH]
    case = complete(declared, customer, presented_by, pickup=pickup)
    holder = structs.replace(case.holder, name=LONG_NAME, address=LONG_ADDRESS)
    case = structs.replace(case, holder=holder)
    async with sitting(desk, size=size) as clerk:
        await at(clerk, "confirm", case)
        shown = clerk.one(Prose, "#sections")
        assert clerk.one(ConfirmPane).scroll_y <= shown.virtual_region.y, "no section has scrolled away"
        lines = drawn(shown)
        assert max(map(cell_len, lines)) <= shown.size.width
        assert shown.size.height == len(lines), "none is cut off"
        text = squashed("".join(lines))
        for number, step in enumerate(declared.steps[:-1], 1):
            assert squashed(f"{number} {i18n.step_name(declared, step)}") in text
            for line in sections(clerk.open.case, REFERENCE, compared=WHOLE)[step]:
                assert squashed(line.label) in text and squashed(line.value) in text
        assert LONG_NAME not in text
        for ticks in (each for each in clerk.screen.query(Ticks) if each.options):
            painted = ticks.render().plain.split("\n")
            assert len(painted) <= ticks.size.height and max(map(cell_len, painted)) <= ticks.size.width


@pytest.mark.rule("APP-3")
async def test_app_3_the_arrows_read_on_to_the_end_from_the_consents(clerk: Clerk) -> None:
    await at(clerk, "confirm", complete(SERVICES["apply"], "citizen", PresentedBy.HOLDER))
    pane = clerk.one(ConfirmPane)
    assert clerk.focused == "consents"
    await clerk.types(*["down"] * 3)
    assert pane.has_focus, "past the last consent the arrows scroll"
    await clerk.types(*["space"] * 8)
    assert pane.scroll_y == pane.max_scroll_y > 0


@pytest.mark.rule("APP-3")
@pytest.mark.parametrize("section", ["1", "6"])
async def test_app_3_a_consent_that_is_missing_is_in_sight(clerk: Clerk, section: str) -> None:
    """After a detour to a section that one is seen; a refused F10 shows what is to be ticked, and so does F8."""
    await at(clerk, "confirm", structs.replace(complete(SERVICES["apply"], "citizen", PresentedBy.HOLDER), consents=()))
    pane = clerk.one(ConfirmPane)
    for key in ("f10", "f8"):
        await clerk.types(section, "f10")
        assert clerk.open.step == "confirm" and "客户同意" not in clerk.text
        await clerk.types("space")
        assert clerk.open.case.consents == (), "nothing is ticked unseen"
        await clerk.types(key)
        assert clerk.focused == "consents" and "客户同意" in clerk.text
        pane.scroll_end(animate=False)
        await clerk.rest()
        await clerk.types(key)
        assert clerk.focused == "consents" and "客户同意" in clerk.text


@pytest.mark.rule("PIC-5")
@pytest.mark.parametrize(("service", "word"), [("collect", "新卡"), ("activate", "社保卡"), ("reset_pin", "社保卡")])
async def test_the_step_of_the_card_calls_it_by_its_name(clerk: Clerk, service: str, word: str) -> None:
    await at(clerk, StepId.CARD, complete(SERVICES[service], "citizen", PresentedBy.HOLDER))
    assert f"{word}卡号" in clerk.text or f"{word}号" in clerk.text
    assert "原社保卡号" not in clerk.text and "原卡银行" not in clerk.text and "原卡状态" not in clerk.text
