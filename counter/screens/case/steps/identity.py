"""身份: who stands at the window, for whom, with which documents."""

from collections.abc import Iterable
from dataclasses import replace

from textual.widget import Widget

from counter.i18n import t
from counter.province.questions.question import Answer, Question
from counter.rules.case import Case, DocumentKind, PresentedBy
from counter.rules.dates import age_on
from counter.rules.facts import CITIZEN, agent_takes, birth, by_card, is_incapable, is_minor, old_card
from counter.rules.filling import value_at
from counter.rules.judge import Judgement
from counter.rules.masking import mask_card
from counter.rules.service import StepId
from counter.rules.steps.identity import last_day
from counter.rules.text import number_text
from counter.screens.case.pane import StepPane
from counter.screens.case.steps.people import (
    document_rows,
    reading_of,
    states_birth,
)
from counter.screens.options import choices, same_or_not, yes_no
from counter.widgets.fields.choice import ChoiceField, Option
from counter.widgets.fields.field import Field
from counter.widgets.fields.show import ShowField
from counter.widgets.fields.text import TextField

RELATIONS = ("father", "mother", "grandparent", "sibling", "other")
"""Of a child's guardian (民法典 art. 27)."""
RELATIONS_OF_ADULTS = ("spouse", "father", "mother", "child", "relative", "other")
"""Of the guardian of an adult without capacity (民法典 art. 28)."""
PROXY_DOCUMENTS = tuple(kind for kind in DocumentKind if kind is not DocumentKind.HUKOU)


CARD = "old_card.number"
"""The card that is shown in place of a document (QRY-1)."""


class IdentityPane(StepPane):
    """The number says birth, sex and region of a citizen; others state birth and sex (APP-1)."""

    step = StepId.IDENTITY

    def body(self) -> Iterable[Widget]:
        if len(self.service.presented_by) > 1:
            yield ChoiceField("presented_by", self._presenters)
        if self.service.by_card:
            yield TextField(CARD, label="field.card_alone", clean=number_text, mask=mask_card, limit=20, required=False)
        yield from document_rows("holder", self._kinds)
        if PresentedBy.GUARDIAN in self.service.presented_by:
            yield ChoiceField("holder.incapable", yes_no, required=False)
        for who in (PresentedBy.GUARDIAN, PresentedBy.AGENT):
            if who in self.service.presented_by:
                yield from self._proxy(who)
        yield ChoiceField("faces.same", same_or_not)
        yield self.papers()
        yield ShowField("identity_check")

    def _proxy(self, who: PresentedBy) -> Iterable[Widget]:
        yield from document_rows(who, lambda: choices("document", PROXY_DOCUMENTS))
        if who is PresentedBy.GUARDIAN:
            yield ChoiceField("guardian.relation", self._relations)
        if who is PresentedBy.AGENT and agent_takes(Case(presented_by=who), self.service):
            yield ChoiceField("agent.reason", self._reasons)

    def _kinds(self) -> list[Option]:
        """WHO-2: no hukou book of somebody grown; before the birth is known any, and no key waits for their rules."""
        if birth(self.case, self.desk.context()) is None:
            return choices("document", self.service.documents)
        return self.offered("holder.document.kind", "document", self.service.documents)

    def _reasons(self) -> list[Option]:
        """AGT-4: the elderly are so by their birth."""
        return self.offered("agent.reason", "reason", self.service.agent_reasons)

    def _presenters(self) -> list[Option]:
        """AGE-1, AGT-3, AGT-5; a guardian may always come: that somebody grown has one is said after (GRD-1)."""
        return [
            option if option.value is not PresentedBy.GUARDIAN else replace(option, reason="")
            for option in self.offered("presented_by", "presented_by", self.service.presented_by)
        ]

    def applies(self, field: Field, case: Case) -> bool:
        who, _, what = field.path.partition(".")
        if self._is_unasked(who, case):
            return False
        if field.path == CARD:
            return not case.holder.document.number
        if field.path == "holder.incapable":
            return case.holder.incapable or self._may_be_incapable(case)
        if what == "derived":  # its row is there before the number is whole: nothing jumps under the clerk's hands
            kind = value_at(case, f"{who}.document.kind") or DocumentKind.ID_CARD
            return kind in CITIZEN or bool(self._derived(case, who))
        if what in {"birth", "sex"}:
            return states_birth(case, who, self.desk.context())
        asked = bool(case.read) or case.faces.same is not None
        return bool(self.paper_options()) if field.path == "papers" else asked or field.path != "faces.same"

    def _is_unasked(self, who: str, case: Case) -> bool:
        """Of whom nothing is asked: who does not stand there, and the holder of a card that is shown alone."""
        if who in {PresentedBy.GUARDIAN, PresentedBy.AGENT}:
            return who != case.presented_by
        return who in {"holder", "identity_check"} and by_card(case, self.service)

    def value_of(self, field: Field, case: Case) -> object:
        who, _, what = field.path.partition(".")
        if field.path == CARD:
            return old_card(case).number
        if what == "derived":
            return self._derived(case, who) or t("screen.number_says")
        if what == "document.kind":
            return super().value_of(field, case) or DocumentKind.ID_CARD
        if field.path == "holder.document.valid_to":
            return last_day(case.holder.document, birth(case, self.desk.context()))
        if field.path == "identity_check":
            answer = case.identity_check.answer
            return t(f"choice.identity.{answer}") if answer else t("screen.unasked")
        return super().value_of(field, case)

    def _may_be_incapable(self, case: Case) -> bool:
        """GRD-1 is asked where a guardian comes for an adult."""
        context = self.desk.context()
        grown = birth(case, context) is not None and not is_minor(case, context)
        return grown and case.presented_by == PresentedBy.GUARDIAN

    def _relations(self) -> list[Option]:
        """AGE-3: a number says which of them the guardian cannot be."""
        of_adult = is_incapable(self.case, self.desk.context())
        return self.offered("guardian.relation", "relation", RELATIONS_OF_ADULTS if of_adult else RELATIONS)

    @property
    def questions(self) -> tuple[Question[Answer], ...]:
        """Of a card alone nobody's identity is asked."""
        return () if by_card(self.case, self.service) else super().questions

    def _derived(self, case: Case, who: str) -> str:
        context = self.desk.context()
        reading = reading_of(case, who, context)
        if reading.birth is None:
            return ""
        age = t("screen.age", age=age_on(reading.birth, context.today))
        sex = t(f"choice.sex.{reading.sex}") if reading.sex else ""
        region = context.reference.region_name(reading.region)
        return "  ".join(part for part in (reading.birth.isoformat(), age, sex, region) if part)

    def show(self, case: Case, judgement: Judgement, *, strict: bool) -> None:
        super().show(case, judgement, strict=strict)
        answered = case.identity_check.answer
        field = self.query_one("#field-identity_check", ShowField)
        field.set_mark({"match": "=", "deferred": "?", None: " "}.get(answered, "!"))
        for shown in self.query(ShowField):
            who, _, what = shown.path.partition(".")
            if shown.display and what == "derived" and not self._derived(case, who):
                shown.set_mark(" ")
