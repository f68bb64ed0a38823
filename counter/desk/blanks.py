"""The blank card of a case against the stock of this counter (PIC-1): asked as soon as its number stands there."""

from counter.rules.blanks import judge_blank
from counter.rules.case import Case, PickupMethod
from counter.rules.facts import policy
from counter.rules.judge import Judgement
from counter.rules.reference import Context
from counter.rules.service import StepId
from counter.rules.text import number_text
from counter.store.store import Store


def judged(store: Store, context: Context, case: Case, judgement: Judgement) -> Judgement:
    """The judgement, with what the stock says of the blank card. One that has become this very case is no other's."""
    number = number_text(case.pickup.blank_card)
    if not number or case.pickup.method is not PickupMethod.INSTANT or StepId.PICKUP not in judgement.steps:
        return judgement
    kept, state, used = store.blanks.look(number, judgement.record(case).case.holder.document.number)
    if used is not None:
        standing = store.ledger.by_id(used.entry)
        used = None if standing and judgement.record(case).is_of_case(standing.record) else used
    known = policy(case, context)
    required = known is not None and known.blank_stock == "always"
    found = judge_blank(state=state, kept=kept, required=required, used=used)
    return judgement.adding((StepId.PICKUP,), tuple(found))
