"""变更: the new values of name, number, sex, ethnicity, and the papers that prove them (INF-2)."""

from collections.abc import Iterable

from textual.widget import Widget

from counter.i18n import named
from counter.rules.case import Case, Sex
from counter.rules.judge import Judgement
from counter.rules.masking import mask_name, mask_number
from counter.rules.service import StepId
from counter.rules.text import name_text, number_text
from counter.screens.case.pane import StepPane
from counter.screens.options import choices, find_coded, yes_no
from counter.widgets.fields.choice import ChoiceField
from counter.widgets.fields.field import Field
from counter.widgets.fields.search import SearchField
from counter.widgets.fields.text import TextField


class ChangesPane(StepPane):
    """What is left empty stays as it is."""

    step = StepId.CHANGES

    def body(self) -> Iterable[Widget]:
        known = self.desk.reference.ethnicities
        yield ChoiceField(
            "insured", yes_no
        )  # the one that must be answered: the focus starts here, and passes the rest
        yield TextField("changes.name", clean=name_text, mask=mask_name, limit=100, required=False)
        yield TextField("changes.number", clean=number_text, mask=mask_number, limit=40, required=False)
        yield ChoiceField("changes.sex", lambda: choices("sex", tuple(Sex)), required=False)
        yield SearchField(
            "changes.ethnicity",
            find_coded(known.values()),
            lambda code: named(known[code]) if code in known else code,
            required=False,
        )
        yield self.papers()

    def show(self, case: Case, judgement: Judgement, *, strict: bool) -> None:
        """One of them must be given; which, the customer says."""
        super().show(case, judgement, strict=strict)
        if not case.changes:
            for field in self.query(Field):
                if field.path.startswith("changes."):
                    field.set_mark("*")
