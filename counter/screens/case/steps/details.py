"""资料: what the application still needs (APP-1)."""

from collections.abc import Iterable

from textual import on
from textual.widget import Widget

from counter.desk.desk import Desk
from counter.i18n import named, t
from counter.province.questions.question import Answer, Question
from counter.province.questions.sms import SMS, CodeSent, checking
from counter.rules.case import Case, Insurance
from counter.rules.facts import contact
from counter.rules.filling import value_at
from counter.rules.masking import mask_mobile
from counter.rules.service import Service, StepId
from counter.rules.text import check_mobile, mobile_text, number_text, plain
from counter.screens.case.pane import StepPane
from counter.screens.options import choices, find_coded, find_region
from counter.widgets.fields.choice import ChoiceField
from counter.widgets.fields.field import Field
from counter.widgets.fields.search import SearchField
from counter.widgets.fields.show import ShowField
from counter.widgets.fields.text import TextField

CODE = "sms_code"
VERIFIED = "sms_verified"


class DetailsPane(StepPane):
    """Mobile with its SMS code, ethnicity, occupation, residence, insurance. The code is checked, never kept."""

    step = StepId.DETAILS

    def __init__(self, desk: Desk, service: Service, case: Case) -> None:
        super().__init__(desk, service, case)
        self.ticket = ""
        self.code = ""

    @property
    def questions(self) -> tuple[Question[Answer], ...]:
        """No code goes to what is no mobile number yet."""
        mobile = contact(self.case, self.desk.context())
        good = not any(check_mobile(str(value_at(self.case, mobile) or ""), mobile))
        return super().questions if good else ()

    def body(self) -> Iterable[Widget]:
        reference = self.desk.reference
        ethnicities, occupations = reference.ethnicities, reference.occupations
        yield SearchField(
            "holder.ethnicity",
            find_coded(ethnicities.values()),
            lambda code: named(ethnicities[code]) if code in ethnicities else code,
        )
        for who in ("holder", "guardian"):
            yield TextField(f"{who}.mobile", clean=mobile_text, mask=mask_mobile, limit=30)
        yield TextField(CODE, clean=number_text, limit=8, required=False)
        yield ShowField(VERIFIED, label="field.sms_code")
        yield SearchField(
            "holder.occupation",
            find_coded(occupations.values()),
            lambda code: named(occupations[code]) if code in occupations else code,
        )
        yield SearchField("holder.region", find_region(reference, self.case.city), reference.region_name)
        yield TextField("holder.address", clean=plain, limit=200)
        yield ChoiceField("holder.insurance", lambda: choices("insurance", tuple(Insurance)))

    def value_of(self, field: Field, case: Case) -> object:
        if field.path == VERIFIED:
            return t("choice.sms_verified")
        return self.code if field.path == CODE else super().value_of(field, case)

    def applies(self, field: Field, case: Case) -> bool:
        mobile = contact(case, self.desk.context())
        if field.path == CODE:
            return bool(value_at(case, mobile)) and not value_at(case, f"{mobile}_verified")
        if field.path == VERIFIED:
            return bool(value_at(case, f"{mobile}_verified"))
        if field.path.endswith(".mobile"):
            return field.path == mobile
        return field.path in self.service.details

    @on(Field.Changed, f"#field-{CODE}")
    def _typed_code(self, event: Field.Changed) -> None:
        event.stop()
        self.code = str(event.value)

    @on(Field.Accepted, f"#field-{CODE}")
    def _check_code(self, event: Field.Accepted) -> None:
        """Enter with a code checks it; without one goes on, the mobile unverified."""
        if self.code:
            event.stop()
            self.post_message(self.Ask())

    def ask(self, question: Question[Answer], case: Case) -> Answer:
        if question is SMS and self.ticket and self.code:
            code, self.code = self.code, ""
            return super().ask(checking(self.ticket, code), case)
        answer = super().ask(question, case)
        if isinstance(answer, CodeSent):
            self.ticket = answer.ticket
        return answer

    def answered(self, case: Case) -> None:
        """The code is typed next; once it was right its field is gone, and the field after it comes next."""
        verified = value_at(case, f"{contact(case, self.desk.context())}_verified")
        if not verified and self.ticket:
            self.query_one(f"#field-{CODE} FormInput").focus()
        elif verified and _has_no_focus(self):
            paths = [field.path for field in self.query(Field)]
            after = list(self.query(Field))[paths.index(CODE) + 1 :]
            inputs = (box for field in after if field.display for box in field.query("FormInput, Choice"))
            if box := next(inputs, None):  # not focus_next: from a field that is hidden it starts at the top again
                box.focus()


def _has_no_focus(pane: DetailsPane) -> bool:
    """Is the focus nowhere, or in a field that is not shown any more?"""
    focused = pane.screen.focused
    return focused is None or not all(node.display for node in focused.ancestors_with_self if isinstance(node, Widget))
