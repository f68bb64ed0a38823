"""What a roster's F10 shows before it records, who stays and why, and what is said of it afterwards."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from counter.desk.rosters import SubmitResult
from counter.i18n import sentence, t
from counter.paper.slip import yuan
from counter.rules.finding import Level
from counter.rules.masking import mask_name
from counter.rules.unit import Unit
from counter.screens.dialogs.ask import RecordScreen
from counter.screens.roster.open import Counts
from counter.screens.roster.table import RosterTable
from counter.widgets.bound import bound

NAMED: Final = 4
"""Of those who stay so many are named: the dialog has room for them at 60 by 15, and F8 goes through all."""


class LookScreen(RecordScreen):
    """What will be recorded; F8 goes back to the roster, to the first who stays."""

    BINDINGS = [bound("next-problem", "go_there", "key.next_wrong")]

    def __init__(self, table: RosterTable, unit: Unit, counts: Counts) -> None:
        items = [
            t("batch.submit.unit", unit=unit.name or t("batch.unnamed"), mode=t(f"choice.mode.{unit.mode}")),
            t("batch.submit.people", people=counts.right, amount=yuan(counts.fee_fen)),
        ]
        if counts.wrong:
            items.append("\n".join((t("batch.submit.wrong", count=counts.wrong), *who_stays(table))))
        if counts.submitted:
            items.append(t("batch.submit.before", count=counts.submitted))
        self.some_stay = bool(counts.wrong)
        hint = "batch.submit.hint_some_stay" if self.some_stay else "batch.submit.hint"
        super().__init__(items, title="batch.submit.title", hint=hint)
        self.go_there = False
        """Does the clerk want to see who stays?"""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.some_stay if action == "go_there" else super().check_action(action, parameters)

    def action_go_there(self) -> None:
        self.go_there = True
        self.dismiss(result=False)


def who_stays(table: RosterTable) -> Iterator[str]:
    """The first ones who are wrong: their row, their masked name and what stops them; how many more there are."""
    checker = table.work.checker
    wrong = [(place, key) for place, key in enumerate(table.order, 1) if key in table.wrong]
    for place, key in islice(wrong, NAMED if checker else 0):
        stops = (one for one in table.findings(key, checker, 0) if one.level is Level.STOP) if checker else ()
        why = next(map(sentence, stops), "")
        yield t("batch.submit.who", row=place, name=mask_name(table.row_of(key).name), why=why)
    if len(wrong) > NAMED:
        yield t("batch.submit.more", count=len(wrong) - NAMED)


def in_words(done: SubmitResult) -> str:
    """What a submission did; nothing of what did not happen."""
    said = [t("batch.submitted", recorded=done.recorded)]
    said += [t(f"batch.left.{why}", count=count) for why in ("wrong", "changed") if (count := getattr(done, why))]
    return "\n".join(said)
