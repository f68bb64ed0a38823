"""方式: how a second-generation card becomes a third-generation one, and which card that is (EXC-1 to EXC-3)."""

from collections.abc import Iterable
from dataclasses import replace

from msgspec import structs
from textual.widget import Widget
from textual.widgets import Static

from counter.desk.desk import Desk
from counter.i18n import named, sentence, t
from counter.rules.case import Case, Mode, OldCard
from counter.rules.filling import value_at
from counter.rules.finding import Level
from counter.rules.judge import Judgement
from counter.rules.masking import mask_card
from counter.rules.service import Service, StepId
from counter.rules.text import number_text
from counter.screens.case.booking_days import booking_days
from counter.screens.case.pane import StepPane
from counter.screens.case.steps.waiver import WaiverFields
from counter.screens.options import choices, find_bank, generations, yes_no
from counter.widgets.fields.choice import ChoiceField, Option
from counter.widgets.fields.field import Field
from counter.widgets.fields.search import SearchField
from counter.widgets.fields.show import ShowField
from counter.widgets.fields.text import DateField, TextField
from counter.widgets.prose import Prose


class ModePane(StepPane):
    """The old card and the mode; a change of bank asks the province for its booking (EXC-6)."""

    step = StepId.MODE
    DEFAULT_CSS = "ModePane #days { margin: 0 1 0 3; }"

    def __init__(self, desk: Desk, service: Service, case: Case) -> None:
        super().__init__(desk, service, case)
        self.waiver = WaiverFields(desk, service, case)

    def body(self) -> Iterable[Widget]:
        banks = self.desk.reference.banks
        yield ChoiceField("mode", self._modes, tall=True)
        yield Static("")
        yield SearchField(
            "old_card.bank",
            find_bank(self.desk.reference, lambda: banks),
            lambda id: named(banks[id]) if id in banks else id,
        )
        yield TextField("old_card.number", clean=number_text, mask=mask_card, limit=20)
        yield ChoiceField("old_card.in_hand", yes_no)
        yield DateField("old_card.expires", required=False)
        yield ShowField("booking", label="field.booking.status")
        yield Prose(id="days")
        yield ChoiceField(
            "old_card.kind", lambda: choices("card_kind", ("financial", "blue", "yellow")), required=False
        )
        yield ChoiceField("old_card.generation", generations, required=False)
        yield ChoiceField("old_card.has_photo", yes_no, required=False)
        yield ChoiceField("old_card.preference", yes_no, required=False)
        yield from self.waiver.fields()

    def show(self, case: Case, judgement: Judgement, *, strict: bool) -> None:
        super().show(case, judgement, strict=strict)
        days = self.query_one("#days", Prose)
        drawn = booking_days(case, self.desk.context()) if case.mode is Mode.CHANGE_BANK else ""
        days.display = bool(drawn)
        days.update(drawn)

    def _modes(self) -> list[Option]:
        """EXC-6: without a booking there is no change of bank, once the province has said so."""
        modes = self.offered("mode", "mode", self.service.modes)
        if self.case.booking is None:
            return modes
        refused = self.desk.judge(structs.replace(self.case, mode=Mode.CHANGE_BANK)).by_step[self.step]
        why = next((one for one in refused if one.field.startswith("booking.") and one.level is Level.STOP), None)
        return [
            replace(each, reason=sentence(why)) if why and each.value is Mode.CHANGE_BANK else each for each in modes
        ]

    def applies(self, field: Field, case: Case) -> bool:
        of_waiver = self.waiver.apply(field, case)
        if of_waiver is not None:
            return of_waiver
        return field.path != "booking" or case.mode is Mode.CHANGE_BANK

    def value_of(self, field: Field, case: Case) -> object:
        if field.path.startswith("old_card."):
            return value_at(case.old_card or OldCard(), field.path.removeprefix("old_card."))
        if field.path != "booking":
            return super().value_of(field, case)
        if case.booking is None:
            return t("screen.unasked")
        approved = case.booking.approved_on
        return t(f"choice.booking.{case.booking.status}") + (f"   {approved}" if approved else "")
