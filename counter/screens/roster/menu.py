"""What F9 offers on a roster (更多): it answers with an act, which the roster's screen does."""

from typing import Final, Literal, TypeAlias, get_args

from counter.i18n import t
from counter.rules.case import Mode
from counter.screens.dialogs.ask import MenuScreen
from counter.store.records import Batch, BatchState
from counter.widgets.fields.choice import Option

Act: TypeAlias = Literal["unit", "photos", "book", "ask", "hand_over", "numbers", "collect", "finish", "discard"]
ACTS: Final[tuple[Act, ...]] = get_args(Act)


def acts(batch: Batch, *, in_ledger: bool, online: bool) -> list[Act]:
    """What can be done with a roster now; `in_ledger`: do rows of it stand in the ledger? `online`: is the counter
    enrolled with a province?"""
    is_open, changes_bank = batch.state is BatchState.OPEN, batch.unit.mode is Mode.CHANGE_BANK
    applies: dict[Act, bool] = {
        "unit": is_open,
        "photos": is_open,
        "book": is_open and changes_bank,
        "ask": is_open and online,
        "hand_over": True,
        "numbers": in_ledger and changes_bank and online,
        "collect": in_ledger,
        "finish": is_open and in_ledger,
        "discard": is_open and not in_ledger,
    }
    return [act for act in ACTS if applies[act]]


def roster_menu(batch: Batch, *, in_ledger: bool, online: bool) -> MenuScreen:
    """The menu of what applies; answers with one of `ACTS`."""
    options = [Option(act, t(f"batch.menu.{act}")) for act in acts(batch, in_ledger=in_ledger, online=online)]
    return MenuScreen(t("batch.menu.title"), options)
