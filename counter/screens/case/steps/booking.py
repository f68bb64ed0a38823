"""预约: booking a change of bank (预约换行换卡) at the new bank, its review (原银行审核) at the original one, EXC-6."""

from collections.abc import Iterable

from textual import on
from textual.widget import Widget

from counter.desk.desk import Desk
from counter.i18n import named, t
from counter.province.questions.booking import BOOKING, REVIEWS, ReviewsAnswer, review_case
from counter.province.questions.question import Answer, Question
from counter.province.wire import WaitingReview
from counter.rules.case import BookingStatus, Case
from counter.rules.judge import Judgement
from counter.rules.masking import mask_name, mask_number
from counter.rules.service import Effect, Service, StepId
from counter.screens.case.booking_days import booking_days
from counter.screens.case.pane import StepPane
from counter.screens.options import choices
from counter.widgets.fields.choice import ChoiceField, Option
from counter.widgets.fields.field import Field
from counter.widgets.fields.show import ShowField
from counter.widgets.fields.text import TextField
from counter.widgets.prose import Prose

WAITING = "waiting_reviews"
DECISIONS = (BookingStatus.APPROVED, BookingStatus.REFUSED)
DECIDED = ("booking.decision", "reason")


class BookingPane(StepPane):
    """The new bank sees where the booking stands; the original bank takes one of those that wait and decides."""

    step = StepId.BOOKING
    DEFAULT_CSS = "BookingPane #days { margin: 0 1 1 3; }"

    def __init__(self, desk: Desk, service: Service, case: Case) -> None:
        super().__init__(desk, service, case)
        self.reviews: tuple[WaitingReview, ...] = ()

    @property
    def reviewing(self) -> bool:
        return self.service.effect is Effect.REVIEW

    def body(self) -> Iterable[Widget]:
        if self.reviewing:
            yield ChoiceField(WAITING, self._waiting, tall=True, label="screen.reviews")
        yield ShowField("booking", label="field.booking.status")
        yield Prose(id="days")
        yield ShowField("booking_banks", label="field.booking.to_bank")
        if self.reviewing:
            yield ChoiceField("booking.decision", lambda: choices("booking", DECISIONS))
            yield TextField("reason", limit=100, required=False)

    def show(self, case: Case, judgement: Judgement, *, strict: bool) -> None:
        super().show(case, judgement, strict=strict)
        days, drawn = self.query_one("#days", Prose), booking_days(case, self.desk.context())
        days.display = bool(drawn)
        days.update(drawn)

    def _waiting(self) -> list[Option]:
        return [
            Option(index, f"{mask_name(review.person.name)}  {mask_number(review.person.number)}")
            for index, review in enumerate(self.reviews, 1)
        ]

    def applies(self, field: Field, case: Case) -> bool:
        """There is nothing to decide before a booking has been chosen."""
        return field.path not in DECIDED or bool(case.booking and case.booking.id)

    def value_of(self, field: Field, case: Case) -> object:
        booking = case.booking
        match field.path:
            case "waiting_reviews":
                return next(
                    (at for at, one in enumerate(self.reviews, 1) if booking and one.booking.id == booking.id), None
                )
            case "booking":
                if booking is None:
                    return t("screen.unasked")
                when = booking.approved_on or booking.booked_on
                return f"{t(f'choice.booking.{booking.status}')}   {when or ''}".rstrip()
            case "booking_banks":
                banks = self.desk.reference.banks
                names = (
                    [named(banks[id]) for id in (booking.from_bank, booking.to_bank) if id in banks] if booking else []
                )
                return " > ".join(names)
        return super().value_of(field, case)

    @on(Field.Changed, f"#field-{WAITING}")
    def _taken(self, event: Field.Changed) -> None:
        """The booking that was chosen brings its customer along."""
        event.stop()
        assert isinstance(event.value, int), "reviews are numbered"
        self.post_message(self.Taken(review_case(self.case, self.reviews[event.value - 1])))

    @property
    def questions(self) -> tuple[Question[Answer], ...]:
        return tuple(
            question for question in super().questions if question is not (BOOKING if self.reviewing else REVIEWS)
        )

    def ask(self, question: Question[Answer], case: Case) -> Answer:
        answer = super().ask(question, case)
        if isinstance(answer, ReviewsAnswer):
            self.reviews = answer.waiting
        return answer
