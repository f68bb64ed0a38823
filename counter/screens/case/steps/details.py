"""资料: what the application still needs (APP-1)."""

from collections.abc import Iterable

from textual import on
from textual.widget import Widget

from counter.desk.desk import Answer, Desk
from counter.i18n import t
from counter.rules.case import Case, Insurance, value_at
from counter.rules.facts import contact
from counter.rules.masking import mask_mobile
from counter.rules.service import Service, StepId
from counter.rules.text import mobile_text, number_text, plain
from counter.screens.case.pane import StepPane
from counter.screens.options import choices, find_coded, find_region, named, region_name
from counter.widgets.fields.choice import ChoiceRow
from counter.widgets.fields.field import Row
from counter.widgets.fields.search import SearchRow
from counter.widgets.fields.show import ShowRow
from counter.widgets.fields.text import TextRow

CODE = "sms_code"
VERIFIED = "sms_verified"


class DetailsPane(StepPane):
    """Mobile with its SMS code, ethnicity, occupation, residence, insurance. The code is checked, never kept."""

    step = StepId.DETAILS
    question = "sms"

    def __init__(self, desk: Desk, service: Service, case: Case) -> None:
        super().__init__(desk, service, case)
        self.ticket = ""
        self.code = ""

    def body(self) -> Iterable[Widget]:
        reference = self.desk.reference
        ethnicities, occupations = reference.ethnicities, reference.occupations
        yield SearchRow(
            "holder.ethnicity",
            find_coded(ethnicities.values()),
            lambda code: named(ethnicities[code]) if code in ethnicities else code,
        )
        for who in ("holder", "guardian"):
            yield TextRow(f"{who}.mobile", clean=mobile_text, mask=mask_mobile, limit=30)
        yield TextRow(CODE, clean=number_text, limit=8, required=False)
        yield ShowRow(VERIFIED, label="field.sms_code")
        yield SearchRow(
            "holder.occupation",
            find_coded(occupations.values()),
            lambda code: named(occupations[code]) if code in occupations else code,
        )
        yield SearchRow(
            "holder.region", find_region(reference, self.case.city), lambda code: region_name(reference, code)
        )
        yield TextRow("holder.address", clean=plain, limit=200)
        yield ChoiceRow("holder.insurance", lambda: choices("insurance", tuple(Insurance)))

    def value_of(self, row: Row, case: Case) -> object:
        if row.path == VERIFIED:
            return t("choice.sms_verified")
        return self.code if row.path == CODE else super().value_of(row, case)

    def applies(self, row: Row, case: Case) -> bool:
        mobile = contact(case, self.desk.context())
        if row.path == CODE:
            return bool(value_at(case, mobile)) and not value_at(case, f"{mobile}_verified")
        if row.path == VERIFIED:
            return bool(value_at(case, f"{mobile}_verified"))
        if row.path.endswith(".mobile"):
            return row.path == mobile
        return row.path in self.service.details

    @on(Row.Changed, f"#row-{CODE}")
    def _typed_code(self, event: Row.Changed) -> None:
        event.stop()
        self.code = str(event.value)

    @on(Row.Accepted, f"#row-{CODE}")
    def _check_code(self, event: Row.Accepted) -> None:
        """Enter with a code checks it; without one goes on, the mobile unverified."""
        if self.code:
            event.stop()
            self.post_message(self.Ask())

    def ask(self, case: Case) -> Answer:
        if self.ticket and self.code:
            code, self.code = self.code, ""
            return self.desk.check_sms(case, self.ticket, code)
        sent = self.desk.send_sms(case)
        self.ticket = sent.ticket
        return sent.answer

    def answered(self, case: Case) -> None:
        """The code is typed next; once it was right its row is gone, and the field after it comes next."""
        verified = value_at(case, f"{contact(case, self.desk.context())}_verified")
        if not verified and self.ticket:
            self.query_one(f"#row-{CODE} FormInput").focus()
        elif verified and _has_no_focus(self):
            paths = [row.path for row in self.query(Row)]
            after = list(self.query(Row))[paths.index(CODE) + 1 :]
            fields = (field for row in after if row.display for field in row.query("FormInput, Choice"))
            if field := next(fields, None):  # not focus_next: from a field that is hidden it starts at the top again
                field.focus()


def _has_no_focus(pane: DetailsPane) -> bool:
    """Is the focus nowhere, or in a row that is not shown any more?"""
    focused = pane.screen.focused
    return focused is None or not all(node.display for node in focused.ancestors_with_self if isinstance(node, Widget))
