"""结果: what the province says of the person's cards and of their making (应用状态、制卡进度查询), QRY-1."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Static

from counter.desk.desk import Desk
from counter.i18n import named, t
from counter.province.questions.cards import ProgressAnswer
from counter.province.questions.question import Answer, Question
from counter.province.wire import CardProgress, HeldCard
from counter.rules.case import Case, PickupMethod
from counter.rules.judge import Judgement
from counter.rules.service import Service, StepId
from counter.screens.case.cards_table import cards_table
from counter.screens.case.pane import StepPane
from counter.widgets.charts import Waypoint, way
from counter.widgets.fields.field import Field
from counter.widgets.fields.show import ShowField
from counter.widgets.prose import Prose

MILESTONES = (
    "applied_on",
    "bank_opened_on",
    "bank_done_on",
    "insurer_on",
    "province_on",
    "city_on",
    "sent_on",
    "returned_on",
    "collected_on",
)


class AnswerPane(StepPane, can_focus=True):
    """Each card that is being made with the dates of its way, each card with its state. Nothing of it is kept."""

    step = StepId.ANSWER
    DEFAULT_CSS = "AnswerPane #cards { height: auto; margin: 1 1 0 1; } AnswerPane #making { margin: 0 1; }"

    def __init__(self, desk: Desk, service: Service, case: Case) -> None:
        super().__init__(desk, service, case)
        self.cards: tuple[HeldCard, ...] = ()
        self.progress: tuple[CardProgress, ...] = ()

    def body(self) -> Iterable[Widget]:
        yield ShowField("one_card.answer")
        yield Prose(id="making")  # what is asked for most; the table may be long
        yield Static(id="cards")

    def value_of(self, field: Field, case: Case) -> object:
        answer = case.one_card.answer
        return t(f"choice.one_card.{answer}") if answer else t("screen.unasked")

    def ask(self, question: Question[Answer], case: Case) -> Answer:
        answer = super().ask(question, case)
        if isinstance(answer, ProgressAnswer):
            self.cards, self.progress = answer.cards, answer.progress
        return answer

    def show(self, case: Case, judgement: Judgement, *, strict: bool) -> None:
        super().show(case, judgement, strict=strict)
        self.focus(scroll_visible=False)  # there is nothing to type, and the arrows scroll what has no room
        rows = (
            (held.city, held.card.bank, held.card.number, t(f"choice.card_state.{held.state}")) for held in self.cards
        )
        cards = self.query_one("#cards", Static)
        cards.display = bool(self.cards)
        cards.update(cards_table(self.desk.reference, ("city", "bank", "number", "status"), rows))
        width, lines = max(self.size.width - 8, 40), list[str]()
        for making in self.progress:
            lines += ["", f"{self._bank(making.bank)}  {t(f'choice.card_state.{making.state}')}"]
            lines += [f"  {line}" for line in way(_stages(making), width)]
        self.query_one("#making", Prose).update("\n".join(lines))

    def _bank(self, id: str) -> str:
        bank = self.desk.reference.banks.get(id)
        return named(bank) if bank else id


def _stages(making: CardProgress) -> list[Waypoint]:
    """The way of a card that is being made; of one that is mailed, the day on which it was sent is the post's."""
    mailed = making.pickup is PickupMethod.MAIL
    named = {"sent_on": "mailed_on"} if mailed else {}
    dated = [(name, getattr(making.milestones, name)) for name in MILESTONES]
    return [
        Waypoint(t(f"screen.milestone.{named.get(name, name)}"), day)
        for name, day in dated
        if day is not None or name != "returned_on"  # nobody waits for that
    ]
