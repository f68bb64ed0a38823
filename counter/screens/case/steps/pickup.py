"""领取: how the card reaches the holder (PIC-1 to PIC-4, AGT-4)."""

from collections.abc import Iterable
from urllib.parse import parse_qsl

from textual.widget import Widget
from textual.widgets import Static

from counter.i18n import listed, t
from counter.rules.case import Case, PickupMethod
from counter.rules.facts import agent_takes
from counter.rules.fees import due_fen
from counter.rules.filling import with_value
from counter.rules.masking import mask_mobile, mask_name
from counter.rules.payment import Payment
from counter.rules.ready import ready
from counter.rules.service import StepId
from counter.rules.text import mobile_text, name_text, number_text, plain
from counter.screens.case.pane import StepPane
from counter.screens.options import choices, find_region
from counter.widgets.fields.choice import ChoiceField, Option
from counter.widgets.fields.field import Field
from counter.widgets.fields.search import SearchField
from counter.widgets.fields.text import TextField
from counter.widgets.prose import Prose

MAIL_ONLY = frozenset({"pickup.recipient", "pickup.mobile", "pickup.region", "pickup.address"})


class PickupPane(StepPane):
    """Mail needs a recipient and still a branch (PIC-3); at once takes a blank card off the stock, and of an agent the
    reason why they take the card along (AGT-4). A fee is paid in cash unless the clerk says otherwise (FEE-1)."""

    step = StepId.PICKUP

    def body(self) -> Iterable[Widget]:
        reference = self.desk.reference
        yield ChoiceField("pickup.method", self._ways, tall=True)
        yield Static("")
        yield TextField("pickup.recipient", clean=name_text, mask=mask_name, limit=100)
        yield TextField("pickup.mobile", clean=mobile_text, mask=mask_mobile, limit=30)
        yield SearchField("pickup.region", find_region(reference, self.case.city), reference.region_name)
        yield TextField("pickup.address", clean=plain, limit=200)
        yield TextField("pickup.blank_card", clean=number_text, limit=20)
        yield ChoiceField("payment", lambda: choices("payment", Payment), required=False)
        if self.service.agent_reasons:
            yield ChoiceField("agent.reason", self._reasons)
            yield self.papers()
        if PickupMethod.MAIL in self.service.pickup_methods:
            yield Prose(t("steps.pickup.branch_note"), id="note", classes="note")

    def _ways(self) -> list[Option]:
        """The ways that the service offers, each with the day on which the card would be ready (TIM-1), or why the
        card cannot come that way (PIC-1, PIC-2, AGT-3)."""
        ways = (
            Option(way.value, way.label, self._day(PickupMethod(str(way.value))))
            for way in choices("pickup", self.service.pickup_methods)
        )
        return self.open_choices("pickup.method", ways)

    def _reasons(self) -> list[Option]:
        """AGT-4: the elderly are so by their birth."""
        return self.offered("agent.reason", "reason", self.service.agent_reasons)

    def _day(self, method: PickupMethod) -> str:
        case = with_value(self.case, "pickup.method", method)
        told = (each.partition("?") for each in ready(case, self.service, self.desk.context()))
        return listed(t(f"steps.pickup.{key}", **dict(parse_qsl(values))) for key, _, values in told)

    def applies(self, field: Field, case: Case) -> bool:
        if field.path in MAIL_ONLY:
            return case.pickup.method is PickupMethod.MAIL
        if field.path == "pickup.blank_card":
            return case.pickup.method is PickupMethod.INSTANT
        if field.path == "agent.reason":
            return agent_takes(case, self.service)
        if field.path == "payment":
            return bool(due_fen(case, self.service, self.desk.context()))
        return field.path != "papers" or bool(self.paper_options())
