"""What a flow ends with: the day sent from the screen, and what the province then holds."""

from counter.rules.record import CaseRecord, decode_record
from counter.screens.case.result import ResultScreen
from tests.support.province_world import World
from tests.support.screen_world import Clerk


async def synced(clerk: Clerk) -> None:
    """From a result home, and the day sent and matched."""
    if isinstance(clerk.screen, ResultScreen):
        await clerk.types("enter")
    while len(clerk.app.screen_stack) > 2:
        await clerk.types("escape")
    await clerk.types("f9")
    await clerk.types("f5")
    assert "对账一致" in clerk.text, clerk.text


def recorded(world: World, id: str) -> CaseRecord:
    """What the province holds of an entry that it has taken."""
    ((body,),) = world.query("SELECT body FROM entry WHERE id = %s AND outcome = 'created'", id)
    assert isinstance(body, bytes)
    return decode_record(body)
