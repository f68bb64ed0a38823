"""身份: who stands at the window, with which document."""

from collections.abc import Iterable

from textual.widget import Widget

from counter.desk import Answer
from counter.i18n import t
from counter.rules.case import Case, Sex
from counter.rules.dates import age_on
from counter.rules.judge import Judgement
from counter.rules.masking import mask_name, mask_number
from counter.rules.numbers import identify
from counter.rules.papers import of_step
from counter.rules.service import StepId
from counter.rules.text import name_text, number_text
from counter.screens.options import choices, region_name
from counter.screens.step import StepPane
from counter.widgets.choice_row import ChoiceRow, Option
from counter.widgets.row import Row
from counter.widgets.show_row import ShowRow
from counter.widgets.text_row import DateRow, TextRow
from counter.widgets.tick_row import TickRow


class IdentityPane(StepPane):
    """The document's number says birth, sex and region of a citizen; others state birth and sex (APP-1)."""

    step = StepId.IDENTITY
    question = "identity"

    def body(self) -> Iterable[Widget]:
        if len(self.service.presented_by) > 1:
            yield ChoiceRow("presented_by", lambda: choices("presented_by", self.service.presented_by))
        yield ChoiceRow("holder.document.kind", lambda: choices("document", self.service.documents))
        yield TextRow("holder.document.number", clean=number_text, mask=mask_number, limit=40)
        yield ShowRow("derived")
        yield TextRow("holder.name", clean=name_text, mask=mask_name, limit=100)
        yield DateRow("holder.birth")
        yield ChoiceRow("holder.sex", lambda: choices("sex", tuple(Sex)))
        yield DateRow("holder.document.valid_from")
        yield DateRow("holder.document.valid_to", long_term=True)
        yield TickRow("papers", self._papers)
        yield ShowRow("identity_check")

    def _papers(self) -> list[Option]:
        required = of_step(self.step, self.desk.judge(self.case).checklist)
        return [Option(paper.id, t(f"paper.{paper.id}")) for paper in required]

    def _number_tells(self, case: Case) -> bool:
        document, context = case.holder.document, self.desk.context()
        reading = identify(document.number, document.kind, context.today, context.reference.regions)
        return reading.birth is not None

    def applies(self, row: Row, case: Case) -> bool:
        if row.path in {"holder.birth", "holder.sex"}:
            return bool(case.holder.document.number) and not self._number_tells(case) and not _is_citizen(case)
        if row.path == "derived":
            return self._number_tells(case)
        return True

    def value_of(self, row: Row, case: Case) -> object:
        if row.path == "derived":
            return self._derived(case)
        if row.path == "identity_check":
            answer = case.identity_check.answer
            return t(f"choice.identity.{answer}") if answer else t("screen.unasked")
        return super().value_of(row, case)

    def _derived(self, case: Case) -> str:
        document, context = case.holder.document, self.desk.context()
        reading = identify(document.number, document.kind, context.today, context.reference.regions)
        if reading.birth is None:
            return ""
        age = t("screen.age", age=age_on(reading.birth, context.today))
        sex = t(f"choice.sex.{reading.sex}") if reading.sex else ""
        region = region_name(context.reference, reading.region)
        return "  ".join(part for part in (reading.birth.isoformat(), age, sex, region) if part)

    def show(self, case: Case, judgement: Judgement, *, strict: bool) -> None:
        super().show(case, judgement, strict=strict)
        answered = case.identity_check.answer
        row = self.query_one("#row-identity_check", ShowRow)
        row.set_mark({"match": "=", "deferred": "?", None: " "}.get(answered, "!"))

    def ask(self, case: Case) -> Answer:
        return self.desk.ask_identity(case)


def _is_citizen(case: Case) -> bool:
    return case.holder.document.kind in {"id_card", "hukou"}
