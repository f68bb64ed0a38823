"""领取: how the card reaches the holder (PIC-1 to PIC-4, AGT-4)."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Static

from counter.i18n import t
from counter.rules.case import Case, PickupMethod
from counter.rules.facts import agent_takes
from counter.rules.masking import mask_mobile, mask_name
from counter.rules.service import StepId
from counter.rules.text import mobile_text, name_text, number_text, plain
from counter.screens.case.pane import StepPane
from counter.screens.options import choices, find_region, region_name
from counter.widgets.fields.choice import ChoiceField
from counter.widgets.fields.field import Field
from counter.widgets.fields.search import SearchField
from counter.widgets.fields.text import TextField
from counter.widgets.prose import Prose

MAIL_ONLY = frozenset({"pickup.recipient", "pickup.mobile", "pickup.region", "pickup.address"})


class PickupPane(StepPane):
    """Mail needs a recipient and still a branch (PIC-3); at once takes a blank card off the stock, and of an agent the
    reason why they take the card along (AGT-4)."""

    step = StepId.PICKUP

    def body(self) -> Iterable[Widget]:
        reference = self.desk.reference
        yield ChoiceField("pickup.method", lambda: choices("pickup", self.service.pickup_methods), tall=True)
        yield Static("")
        yield TextField("pickup.recipient", clean=name_text, mask=mask_name, limit=100)
        yield TextField("pickup.mobile", clean=mobile_text, mask=mask_mobile, limit=30)
        yield SearchField(
            "pickup.region", find_region(reference, self.case.city), lambda code: region_name(reference, code)
        )
        yield TextField("pickup.address", clean=plain, limit=200)
        yield TextField("pickup.blank_card", clean=number_text, limit=20, required=False)
        if self.service.agent_reasons:
            yield ChoiceField("agent.reason", lambda: choices("reason", self.service.agent_reasons))
            yield self.papers()
        if PickupMethod.MAIL in self.service.pickup_methods:
            yield Prose(t("steps.pickup.branch_note"), id="note", classes="note")

    def applies(self, field: Field, case: Case) -> bool:
        if field.path in MAIL_ONLY:
            return case.pickup.method is PickupMethod.MAIL
        if field.path == "pickup.blank_card":
            return case.pickup.method is PickupMethod.INSTANT
        if field.path == "agent.reason":
            return agent_takes(case, self.service)
        return field.path != "papers" or bool(self.paper_options())
