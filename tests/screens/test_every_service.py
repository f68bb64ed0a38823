"""Every service opens on the screen and shows each of its steps, in both languages."""

import pytest
from screen_world import Clerk, assert_whole

from counter.i18n import use_language
from counter.rules.case import Case
from counter.rules.services import SERVICES
from counter.screens.case import CaseScreen


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
@pytest.mark.parametrize("service", sorted(SERVICES))
async def test_every_step_of_every_service_can_be_shown(clerk: Clerk, service: str, lang: str) -> None:
    use_language(lang)
    desk = clerk.app.desk
    assert desk is not None
    for step in SERVICES[service].steps:
        case = Case(service=service, city=desk.place.city, bank=desk.place.bank, branch=desk.place.branch)
        screen = CaseScreen(desk, desk.store.drafts.new_id(), case, step)
        await clerk.app.push_screen(screen)
        await clerk.rest()
        await clerk.types("f10")
        assert_whole(clerk.app)
        assert screen.open.step in SERVICES[service].steps
        await clerk.types("f4")
