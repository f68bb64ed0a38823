"""一人一卡: what the province knows of the person's cards, and the clean-up that the holder confirms."""

from collections.abc import Collection, Iterable

from rich.table import Table
from textual import on
from textual.widget import Widget
from textual.widgets import Static

from counter.clock import SHANGHAI
from counter.i18n import t
from counter.paper.slip import told
from counter.province.questions import one_card
from counter.province.questions.question import Answer
from counter.rules.case import Case, KnownCard, OneCardAnswer
from counter.rules.judge import Judgement
from counter.rules.notices import CLEAN_UP
from counter.rules.service import StepId
from counter.rules.steps.one_card import cards_elsewhere
from counter.screens.case.cards_table import cards_table
from counter.screens.case.pane import StepPane
from counter.screens.options import card_status
from counter.widgets.fields.choice import ChoiceField, Option
from counter.widgets.fields.field import Field
from counter.widgets.fields.show import ShowField
from counter.widgets.prose import Prose


class OneCardPane(StepPane):
    """Cards of other cities are listed, all chosen (ONE-2); the holder is told what that means and confirms (ONE-3)."""

    step = StepId.ONE_CARD
    DEFAULT_CSS = """
    OneCardPane #cards { height: auto; margin: 1 1; }
    OneCardPane #notice { height: auto; margin: 1 1; }
    """

    def body(self) -> Iterable[Widget]:
        yield ShowField("one_card.answer")
        yield Static(id="cards")
        yield Prose(id="notice")
        yield ChoiceField("one_card.clean_up_confirmed", self._words, tall=True)

    def _words(self) -> list[Option]:
        count = len(self._elsewhere(self.case))
        return [
            Option(value=True, label=t("steps.one_card.confirmed", count=count)),
            Option(value=False, label=t("steps.one_card.not_confirmed")),
        ]

    def _elsewhere(self, case: Case) -> tuple[KnownCard, ...]:
        return cards_elsewhere(case, self.desk.context())

    def applies(self, field: Field, case: Case) -> bool:
        return field.path == "one_card.answer" or case.one_card.answer is OneCardAnswer.ELSEWHERE

    def value_of(self, field: Field, case: Case) -> object:
        if field.path == "one_card.answer":
            answer = case.one_card.answer
            asked_at = case.one_card.asked_at
            sentence = t(f"choice.one_card.{answer}") if answer else t("screen.unasked")
            return f"{sentence}   {asked_at.astimezone(SHANGHAI):%H:%M}" if asked_at else sentence
        return super().value_of(field, case)

    def show(self, case: Case, judgement: Judgement, *, strict: bool) -> None:
        super().show(case, judgement, strict=strict)
        mark = {"none": "=", "here": "=", "elsewhere": "!", "pending": "!", "deferred": "?"}
        self.query_one("#field-one_card-answer", ShowField).set_mark(mark.get(case.one_card.answer or "", " "))
        cards = self.query_one("#cards", Static)
        cards.display = bool(case.one_card.cards)
        cards.update(self._table(case))
        notice = self.query_one("#notice", Prose)
        notice.display = case.one_card.answer is OneCardAnswer.ELSEWHERE
        notice.update("\n".join([t("steps.one_card.notice"), *told(CLEAN_UP)]))

    def _table(self, case: Case) -> Table:
        elsewhere = self._elsewhere(case)
        rows = (
            (card.city, card.bank, card.number, card_status(card.status), _cleanable(card, elsewhere))
            for card in case.one_card.cards
        )
        return cards_table(self.desk.reference, ("city", "bank", "number", "status", "cleanable"), rows)

    @on(Field.Changed, "#field-one_card-clean_up_confirmed")
    def _confirmed(self, event: Field.Changed) -> None:
        """The holder's word goes to the province at once; only its answer changes the case."""
        if event.value:
            event.stop()
            case = self.case

            def answered(answer: Answer) -> None:
                self.post_message(self.Answered(case, answer))

            self.do_behind(lambda: self.desk.ask(one_card.CLEAN_UP, case), answered)

    def answered(self, case: Case) -> None:
        """The holder's word is asked for next; its field lies below what a small screen shows."""
        field = self.query_one("#field-one_card-clean_up_confirmed", ChoiceField)
        if field.display:
            field.choice.focus(scroll_visible=False)
            self.call_after_refresh(field.scroll_visible, animate=False)  # the table above it has no height before


def _cleanable(card: KnownCard, elsewhere: Collection[KnownCard]) -> str:
    if card not in elsewhere:
        return t("steps.one_card.here")
    return t("choice.yes") if card.cleanable else t("choice.no")
