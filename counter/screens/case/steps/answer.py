"""结果: what the province says of the person's cards and of their making (应用状态、制卡进度查询), QRY-1."""

from collections.abc import Iterable

from textual.widget import Widget

from counter.desk.desk import Desk
from counter.i18n import named, t
from counter.province.questions.cards import ProgressAnswer
from counter.province.questions.question import Answer, Question
from counter.province.wire import CardProgress, HeldCard
from counter.rules.case import Case, PickupMethod
from counter.rules.judge import Judgement
from counter.rules.masking import mask_card
from counter.rules.service import Service, StepId
from counter.screens.case.pane import StepPane
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


class AnswerPane(StepPane):
    """Each card with its state, each card that is being made with the dates of its way. Nothing of it is kept."""

    step = StepId.ANSWER

    def __init__(self, desk: Desk, service: Service, case: Case) -> None:
        super().__init__(desk, service, case)
        self.cards: tuple[HeldCard, ...] = ()
        self.progress: tuple[CardProgress, ...] = ()

    def body(self) -> Iterable[Widget]:
        yield ShowField("one_card.answer")
        yield Prose(id="cards")

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
        lines = [self._card(card) for card in self.cards]
        for making in self.progress:
            lines += ["", f"{self._bank(making.bank)}  {t(f'choice.card_state.{making.state}')}", *_dates(making)]
        self.query_one("#cards", Prose).update("\n".join(["", *lines]))

    def _card(self, held: HeldCard) -> str:
        city = self.desk.reference.region_name(held.city).removeprefix("广东省 ")
        state = t(f"choice.card_state.{held.state}")
        return f"- {city}  {self._bank(held.card.bank)}  {mask_card(held.card.number)}  {state}"

    def _bank(self, id: str) -> str:
        bank = self.desk.reference.banks.get(id)
        return named(bank) if bank else id


def _dates(making: CardProgress) -> list[str]:
    """Each milestone; the day on which a card was sent is, of one that is mailed, the day on which the post took it."""
    mailed = making.pickup is PickupMethod.MAIL
    dated = ((name, getattr(making.milestones, name)) for name in MILESTONES)
    said = (("mailed_on" if mailed and name == "sent_on" else name, day) for name, day in dated if day is not None)
    return [f"  {day}  {t(f'screen.milestone.{name}')}" for name, day in said]
