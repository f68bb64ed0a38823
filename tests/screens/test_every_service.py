"""Every service on the screen: each of its steps in English, and in Chinese once from home to its entry."""

from collections.abc import Container, Mapping

import pytest

from counter.desk.desk import Desk
from counter.gateway.seeding.customers import DemoPerson
from counter.gateway.seeding.parcel import PARCEL, cards
from counter.i18n import use_language
from counter.rules.case import Case, PhotoSource
from counter.rules.service import Service, StepId
from counter.rules.services import SERVICES
from counter.screens.case.authorise import AuthoriseScreen
from counter.screens.case.result import ResultScreen
from counter.screens.case.screen import CaseScreen
from counter.screens.dialogs.ask import AskScreen
from counter.widgets.fields.tick import Ticks
from tests.support.demonstration import customer_of
from tests.support.screen_world import (
    PASSPHRASE,
    Clerk,
    Sitting,
    assert_whole,
    code_on,
)


@pytest.mark.parametrize("service", sorted(SERVICES))
async def test_every_step_of_every_service_can_be_shown(clerk: Clerk, service: str) -> None:
    use_language("en")
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


PHOTOS = {"apply": PhotoSource.RECEIPT, "change_photo": PhotoSource.RECEIPT}


def brought(service: Service, person: DemoPerson) -> Mapping[str, str]:
    """What goes into the fields that nobody else has filled: a digit that chooses, or a text; Enter in all others."""
    source = PHOTOS.get(service.id, PhotoSource.KEEP)
    return {
        "holder.document.number": person.number,
        "holder.name": person.name,
        "holder.document.valid_from": "20180301",
        "holder.document.valid_to": "20380301",
        "one_card.clean_up_confirmed": "1",
        "old_card.expires": "20310501",
        "old_card.in_hand": "1",
        "old_card.pin_locked": "1",
        "insured": "1",
        "medical_account_closed": "1",
        "changes.name": "甘新辰",
        "photo.source": str(service.photo_sources.index(source) + 1) if source in service.photo_sources else "",
        "photo.receipt": person.receipt,
        "mode": "1",
        "waiting_reviews": "1",
        "booking.decision": "1",
        "holder.ethnicity": "01",
        "holder.mobile": "13800000000",
        "holder.occupation": "30000",
        "holder.region": "441621",
        "holder.address": "紫城镇测试路1号101房",
        "holder.insurance": "1",
        "pickup.method": "1",
        "referral": "2",
        "parcel.returned": "1",
        "parcel.number": PARCEL,
        "parcel.counted": cards()[0],
    }


async def fill(clerk: Clerk, typed: Mapping[str, str], until: str = "", lacking: Container[object] = ()) -> None:
    """Go through the steps field by field, as the focus leads, up to a step; without one until the case is confirmed.

    Every paper is ticked but those that the customer lacks.
    """
    for _ in range(60):
        assert_whole(clerk.app)
        if isinstance(clerk.screen, AskScreen):
            await clerk.types("f10")
        elif not isinstance(clerk.screen, CaseScreen) or clerk.open.step == until:
            return
        elif isinstance(ticks := clerk.screen.focused, Ticks):
            brought = [option.value not in lacking and option.value not in ticks.ticked for option in ticks.options]
            keys = [str(number) if ticks.digits else "space" for number, there in enumerate(brought, 1) if there]
            await clerk.types(*keys, "f10" if clerk.open.step is StepId.CONFIRM else "enter")
        elif (row := clerk.case.at.field) and row.path == "sms_code":
            await clerk.types(code_on(clerk) or "f10")
        elif row:
            text = "" if clerk.case.step_pane.value_of(row, clerk.open.case) else typed.get(row.path, "")
            await (clerk.scans(text) if len(text) > 1 else clerk.types(text or "enter"))
        else:
            await clerk.types("f10")
    raise AssertionError(f"it does not go on: {clerk.open.step} {clerk.focused}\n{clerk.text}")


@pytest.mark.parametrize("service", SERVICES)
async def test_every_service_is_driven_from_home_to_its_entry(sitting: Sitting, online: Desk, service: str) -> None:
    declared = SERVICES[service]
    async with sitting(online) as clerk:
        await clerk.types(str(declared.number), "enter")
        await fill(clerk, brought(declared, customer_of(service)))
        if isinstance(clerk.screen, AuthoriseScreen):
            assert online.store.ledger.count() == 0
            await clerk.types(PASSPHRASE, "enter")
        assert isinstance(clerk.screen, ResultScreen), clerk.text
        (entry,) = online.store.ledger.search()
        assert entry.record is not None
        assert (entry.kind, entry.maker, entry.checker) == (service, "zhang", "li" if entry.record.authorised else None)
        assert online.store.awaiting.list() == []
        assert online.online, "the province was asked and has answered"
