"""原卡: the card that the service acts on — whose bank, which number, where it stands, what is in hand."""

from collections.abc import Iterable
from typing import Final

from textual.widget import Widget

from counter.desk.desk import Desk
from counter.i18n import named
from counter.rules.case import Case, OldCard
from counter.rules.filling import value_at
from counter.rules.masking import mask_card
from counter.rules.service import Service, StepId
from counter.rules.text import number_text
from counter.screens.case.pane import StepPane
from counter.screens.case.steps.waiver import WaiverFields
from counter.screens.options import card_status, choices, find_bank, yes_no
from counter.widgets.fields.choice import ChoiceField, Option
from counter.widgets.fields.field import Field
from counter.widgets.fields.search import SearchField
from counter.widgets.fields.text import DateField, TextField

STATUSES: Final = ("", "0", "1", "2", "3", "4", "9")
KINDS: Final = ("financial", "blue", "yellow")


class CardPane(StepPane):
    """F5 asks the province for the card; what it does not say the clerk reads off the card."""

    step = StepId.CARD

    def __init__(self, desk: Desk, service: Service, case: Case) -> None:
        super().__init__(desk, service, case)
        self.waiver = WaiverFields(desk, service, case)

    def body(self) -> Iterable[Widget]:
        banks = self.desk.reference.banks
        yield SearchField(
            "old_card.bank",
            find_bank(self.desk.reference, lambda: banks),
            lambda id: named(banks[id]) if id in banks else id,
        )
        yield TextField("old_card.number", clean=number_text, mask=mask_card, limit=20)
        yield ChoiceField("old_card.status", _statuses, required=False)
        for path in self.service.card_details:
            yield _row(path)
        yield from self.waiver.fields()
        yield self.papers()

    def applies(self, field: Field, case: Case) -> bool:
        of_waiver = self.waiver.apply(field, case)
        return of_waiver if of_waiver is not None else field.path != "papers" or bool(self.paper_options())

    def value_of(self, field: Field, case: Case) -> object:
        card, _, name = field.path.partition(".")
        return value_at(case.old_card or OldCard(), name) if card == "old_card" else super().value_of(field, case)


def _statuses() -> list[Option]:
    return [Option(code, card_status(code)) for code in STATUSES]


def _row(path: str) -> Field:
    match path:
        case "old_card.kind":
            return ChoiceField(path, lambda: choices("card_kind", KINDS), required=False)
        case "old_card.expires":
            return DateField(path, required=False)
        case "reason":
            return TextField(path, limit=100, required=False)
    return ChoiceField(path, yes_no, required=False)
