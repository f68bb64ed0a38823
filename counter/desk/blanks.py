"""The blank card of a case against the stock of this counter (PIC-1), as it was read last: a judgement never waits."""

from counter.rules.blanks import Stock, Used, judge_blank, taken_by
from counter.rules.case import Case, PickupMethod
from counter.rules.facts import policy
from counter.rules.judge import Judgement
from counter.rules.reference import Context
from counter.rules.service import StepId
from counter.rules.text import number_text
from counter.store.listing import folded
from counter.store.store import Store


class BlankCards:
    """What is known of this counter's blank cards. Read anew by whoever may wait for the ledger: as the desk opens, as
    its lists are looked at, and before a case is recorded."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stock, self._uses = Stock(), dict[str, list[Used]]()
        self.read()

    def read(self, about: Case | None = None) -> None:
        """Read the ledger: all of it, or `about` a case what it says of its blank card, where it has one."""
        if about is None:
            self._stock, self._uses = self._store.blanks.known()
        elif number := number_text(about.pickup.blank_card):
            self._stock, uses = self._store.blanks.known(number)
            self._uses[number] = uses.get(number, [])

    def judged(self, judgement: Judgement, case: Case, context: Context, own: str = "") -> Judgement:
        """The judgement with what the stock says; `own` is the id of the case's own entry, which may have the card."""
        number = number_text(case.pickup.blank_card)
        if not number or case.pickup.method is not PickupMethod.INSTANT or StepId.PICKUP not in judgement.steps:
            return judgement
        holder = folded(judgement.record(case).case.holder.document.number)
        known = policy(case, context)
        found = judge_blank(
            state=self._stock.state(number),
            kept=self._stock.kept,
            required=known is not None and known.blank_stock == "always",
            used=taken_by(self._uses.get(number, ()), holder, own),
        )
        return judgement.adding((StepId.PICKUP,), tuple(found))
