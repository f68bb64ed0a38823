"""银行: the service bank and the branch that serves the card (BNK-1 to BNK-3)."""

from collections.abc import Iterable

from textual.widget import Widget

from counter.i18n import named, t
from counter.rules.case import Case
from counter.rules.judge import Judgement
from counter.rules.reference import Branch
from counter.rules.service import StepId
from counter.screens.case.pane import StepPane
from counter.screens.options import find_bank, find_branch
from counter.widgets.fields.field import Field
from counter.widgets.fields.search import SearchField
from counter.widgets.fields.show import ShowField
from counter.widgets.prose import Prose


class BankPane(StepPane):
    """Filled with this counter's own bank and branch; another bank is a referral, said by the rule."""

    step = StepId.BANK
    DEFAULT_CSS = "BankPane #banks { height: auto; margin: 1 1 0 1; }"

    def body(self) -> Iterable[Widget]:
        reference = self.desk.reference
        banks, branches = reference.banks, reference.branches
        yield ShowField("city")
        found = find_bank(reference, lambda: banks)
        yield SearchField(
            "bank",
            lambda text: self.open_choices("bank", found(text)),
            lambda id: named(banks[id]) if id in banks else id,
        )
        yield SearchField(
            "branch",
            find_branch(reference, self._branches),
            lambda id: branches[id].name if id in branches else id,
        )
        yield ShowField("branch_address")
        yield Prose(id="banks")

    def _branches(self) -> list[Branch]:
        reference, case = self.desk.reference, self.case
        return [
            branch
            for branch in reference.branches.values()
            if branch.bank == case.bank
            and case.city in (reference.city_of(branch.district), reference.city_of(branch.city))
        ]

    def value_of(self, field: Field, case: Case) -> object:
        if field.path == "city":
            policy = self.desk.reference.cities.get(case.city)
            return named(policy) if policy else case.city
        if field.path == "branch_address":
            branch = self.desk.reference.branches.get(case.branch)
            return f"{branch.address}  {branch.hours}  {branch.phone}" if branch else ""
        return super().value_of(field, case)

    def show(self, case: Case, judgement: Judgement, *, strict: bool) -> None:
        super().show(case, judgement, strict=strict)
        policy = self.desk.reference.cities.get(case.city)
        names = [named(self.desk.reference.banks[id]) for id in policy.banks] if policy else []
        self.query_one("#banks", Prose).update(t("steps.bank.serving", banks="  ".join(names)))
