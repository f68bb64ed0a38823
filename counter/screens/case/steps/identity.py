"""身份: who stands at the window, for whom, with which documents."""

from collections.abc import Iterable

from textual.widget import Widget

from counter.i18n import t
from counter.rules.case import Case, DocumentKind, PresentedBy
from counter.rules.dates import age_on
from counter.rules.facts import agent_takes, birth, is_incapable, is_minor
from counter.rules.judge import Judgement
from counter.rules.service import StepId
from counter.screens.case.pane import StepPane
from counter.screens.case.steps.people import (
    document_rows,
    reading_of,
    states_birth,
)
from counter.screens.options import choices, region_name, yes_no
from counter.widgets.fields.choice import ChoiceField
from counter.widgets.fields.field import Field
from counter.widgets.fields.show import ShowField

RELATIONS = ("father", "mother", "grandparent", "sibling", "other")
"""Of a child's guardian (民法典 art. 27)."""
RELATIONS_OF_ADULTS = ("spouse", "father", "mother", "child", "relative", "other")
"""Of the guardian of an adult without capacity (民法典 art. 28)."""
PROXY_DOCUMENTS = tuple(kind for kind in DocumentKind if kind is not DocumentKind.HUKOU)


class IdentityPane(StepPane):
    """The number says birth, sex and region of a citizen; others state birth and sex (APP-1)."""

    step = StepId.IDENTITY

    def body(self) -> Iterable[Widget]:
        if len(self.service.presented_by) > 1:
            yield ChoiceField("presented_by", lambda: choices("presented_by", self.service.presented_by))
        yield from document_rows("holder", lambda: self.service.documents)
        if PresentedBy.GUARDIAN in self.service.presented_by:
            yield ChoiceField("holder.incapable", yes_no, required=False)
        for who in (PresentedBy.GUARDIAN, PresentedBy.AGENT):
            if who in self.service.presented_by:
                yield from self._proxy(who)
        yield self.papers()
        yield ShowField("identity_check")

    def _proxy(self, who: PresentedBy) -> Iterable[Widget]:
        yield from document_rows(who, lambda: PROXY_DOCUMENTS)
        if who is PresentedBy.GUARDIAN:
            yield ChoiceField("guardian.relation", lambda: choices("relation", self._relations()))
        if who is PresentedBy.AGENT and agent_takes(Case(presented_by=who), self.service):
            yield ChoiceField("agent.reason", lambda: choices("reason", self.service.agent_reasons))

    def applies(self, field: Field, case: Case) -> bool:
        who, _, what = field.path.partition(".")
        if who in {PresentedBy.GUARDIAN, PresentedBy.AGENT} and who != case.presented_by:
            return False
        if field.path == "holder.incapable":
            return case.holder.incapable or self._may_be_incapable(case)
        if what == "derived":
            return bool(self._derived(case, who))
        if what in {"birth", "sex"}:
            return states_birth(case, who, self.desk.context())
        return True

    def value_of(self, field: Field, case: Case) -> object:
        who, _, what = field.path.partition(".")
        if what == "derived":
            return self._derived(case, who)
        if what == "document.kind":
            return super().value_of(field, case) or DocumentKind.ID_CARD
        if field.path == "identity_check":
            answer = case.identity_check.answer
            return t(f"choice.identity.{answer}") if answer else t("screen.unasked")
        return super().value_of(field, case)

    def _may_be_incapable(self, case: Case) -> bool:
        """GRD-1 is asked where a guardian comes for an adult."""
        context = self.desk.context()
        grown = birth(case, context) is not None and not is_minor(case, context)
        return grown and case.presented_by == PresentedBy.GUARDIAN

    def _relations(self) -> tuple[str, ...]:
        return RELATIONS_OF_ADULTS if is_incapable(self.case, self.desk.context()) else RELATIONS

    def _derived(self, case: Case, who: str) -> str:
        context = self.desk.context()
        reading = reading_of(case, who, context)
        if reading.birth is None:
            return ""
        age = t("screen.age", age=age_on(reading.birth, context.today))
        sex = t(f"choice.sex.{reading.sex}") if reading.sex else ""
        region = region_name(context.reference, reading.region)
        return "  ".join(part for part in (reading.birth.isoformat(), age, sex, region) if part)

    def show(self, case: Case, judgement: Judgement, *, strict: bool) -> None:
        super().show(case, judgement, strict=strict)
        answered = case.identity_check.answer
        field = self.query_one("#field-identity_check", ShowField)
        field.set_mark({"match": "=", "deferred": "?", None: " "}.get(answered, "!"))
