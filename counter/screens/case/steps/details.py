"""资料: what the application still needs (APP-1)."""

from collections.abc import Iterable
from dataclasses import replace

from textual import on
from textual.widget import Widget

from counter.desk.desk import Desk
from counter.i18n import named, sentence, t
from counter.province.questions.question import Answer, Question
from counter.province.questions.sms import SMS, CodeSent, checking
from counter.rules.case import Case, Insurance
from counter.rules.facts import contact
from counter.rules.filling import value_at
from counter.rules.judge import Judgement
from counter.rules.masking import mask_mobile
from counter.rules.service import Service, StepId
from counter.rules.text import check_mobile, mobile_text, number_text, plain
from counter.screens.case.pane import StepPane
from counter.screens.options import choices, find_coded, find_region
from counter.widgets.fields.choice import ChoiceField
from counter.widgets.fields.field import Field
from counter.widgets.fields.search import SearchField
from counter.widgets.fields.show import ShowField
from counter.widgets.fields.text import TextField, digits
from counter.widgets.prose import Prose

CODE = "sms_code"
VERIFIED = "sms_verified"


class DetailsPane(StepPane):
    """Mobile with its SMS code, ethnicity, occupation, residence, insurance. The code is checked, never kept."""

    step = StepId.DETAILS

    def __init__(self, desk: Desk, service: Service, case: Case) -> None:
        super().__init__(desk, service, case)
        self.code = ""
        self.sent = CodeSent()
        """The code that was sent last, to the mobile `sent_to`."""
        self.sent_to = ""
        self.by_itself = False
        """Was it sent without a key? Then the clerk types on meanwhile."""
        self.news = False
        """Has the province said something of the code that the clerk has not been led on by yet?"""

    @property
    def mobile(self) -> str:
        """The mobile that takes the code, as far as it is typed."""
        return str(value_at(self.case, contact(self.case, self.desk.context())) or "")

    def _verified(self, case: Case) -> bool:
        """Was the code of the mobile right?"""
        return bool(value_at(case, f"{contact(case, self.desk.context())}_verified"))

    @property
    def ticket(self) -> str:
        """What goes with the code that the customer reads out; '' where none is on its way to this mobile."""
        return self.sent.ticket if self.sent_to == self.mobile else ""

    @property
    def questions(self) -> tuple[Question[Answer], ...]:
        """No code goes to what is no mobile number yet."""
        good = not any(check_mobile(self.mobile, contact(self.case, self.desk.context())))
        return super().questions if good else ()

    def due(self, moment: str, case: Case) -> tuple[Question[Answer], ...]:
        """By itself a code is sent once to a mobile."""
        due = () if self._verified(case) or self.sent_to == self.mobile else super().due(moment, case)
        if due:
            self.by_itself = True
            self.query_one(f"#field-{CODE}", TextField).set_mark("*")  # the code is on its way, and is typed next
        return due

    def body(self) -> Iterable[Widget]:
        reference = self.desk.reference
        ethnicities, occupations = reference.ethnicities, reference.occupations
        yield SearchField(
            "holder.ethnicity",
            find_coded(ethnicities.values()),
            lambda code: named(ethnicities[code]) if code in ethnicities else code,
            required=False,
        )
        for who in ("holder", "guardian"):
            yield TextField(f"{who}.mobile", clean=mobile_text, mask=mask_mobile, limit=30, ends=digits(11))
        yield SearchField(
            "holder.occupation",
            find_coded(occupations.values()),
            lambda code: named(occupations[code]) if code in occupations else code,
        )
        yield SearchField("holder.region", find_region(reference, self.case.city), reference.region_name)
        yield TextField("holder.address", clean=plain, limit=200)
        yield ChoiceField("holder.insurance", lambda: choices("insurance", tuple(Insurance)))
        yield TextField(CODE, clean=number_text, limit=8, required=False, ends=digits(6))
        yield ShowField(VERIFIED, label="field.sms_code")
        yield Prose(id="sent", classes="note")

    def show(self, case: Case, judgement: Judgement, *, strict: bool) -> None:
        self.case = case
        code = self.query_one(f"#field-{CODE}", TextField)
        code.required = bool(self.ticket) or self.by_itself
        super().show(case, judgement, strict=strict)
        said = self.query_one("#sent", Prose)
        said.display = code.display and bool(self.ticket)
        said.update("\n".join(map(sentence, self.sent.findings)))

    def value_of(self, field: Field, case: Case) -> object:
        if field.path == VERIFIED:
            return t("choice.sms_verified")
        return self.code if field.path == CODE else super().value_of(field, case)

    def applies(self, field: Field, case: Case) -> bool:
        mobile = contact(case, self.desk.context())
        if field.path == CODE:
            return bool(value_at(case, mobile)) and not self._verified(case)
        if field.path == VERIFIED:
            return self._verified(case)
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
            code, self.code, self.news = self.code, "", True
            return super().ask(checking(self.ticket, code), case)
        answer = super().ask(question, case)
        if isinstance(answer, CodeSent):
            self.sent, self.sent_to, self.news = answer, str(value_at(case, contact(case, self.desk.context()))), True
            return replace(answer, findings=()) if answer.ticket else answer  # said beside the code until it is typed
        return answer

    def answered(self, case: Case) -> None:
        """The code is typed next, unless the clerk types on; once it was right the clerk goes on from it."""
        news, by_itself = self.news, self.by_itself
        if not news:
            return  # it was about something else
        self.news = self.by_itself = False
        field = self.query_one(f"#field-{CODE}", TextField)
        if not self._verified(case) and self.ticket and not by_itself:
            field.input.focus()
        elif self._verified(case):
            self.post_message(Field.Accepted(field, by_itself=True))
