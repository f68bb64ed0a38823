"""A change of bank: booking (预约换行换卡) at the new bank, review (原银行审核) at the original one, and the
letter that moves the medical balance (转移个账接收函). EXC-3, EXC-6, EXC-10; for a unit's people together, EXC-7."""

from typing import Final

from counter.rules import authority, notices, papers
from counter.rules.service import CONTACT, Effect, Group, Service, StepId, asked
from counter.rules.steps import booking, card

BOOK_BANK_CHANGE: Final = Service(
    id="book_bank_change",
    number=11,
    steps=(StepId.IDENTITY, StepId.CARD, StepId.BOOKING, StepId.DETAILS, StepId.BANK, StepId.CONFIRM),
    papers=papers.of_people,
    notices=notices.for_booking,
    checks={
        StepId.CARD: (card.another_bank, card.financial, card.not_over),
        StepId.BOOKING: (booking.may_book, booking.reviewer),
    },
    effect=Effect.BOOKING,
    details=CONTACT,
    card_details=("old_card.kind",),
    card="old_card",
    needs_card=True,
    group=Group(
        collected=frozenset(
            {
                "holder.birth",
                "holder.sex",
                "holder.document.valid_from",
                "holder.document.valid_to",
                "old_card.number",
                "old_card.bank",
            }
        ),
        unasked=frozenset({"sms"}),
    ),
    at_once="booking",
    before=asked("cards", "booking"),
)

REVIEW_BANK_CHANGE: Final = Service(
    id="review_bank_change",
    number=12,
    steps=(StepId.BOOKING, StepId.CONFIRM),
    presented_by=(),  # the bank's own work: the customer is not there
    papers=papers.none,
    notices=notices.for_review,
    checks={StepId.BOOKING: (booking.to_review, booking.decided)},
    effect=Effect.REVIEW,
    authorised=authority.always("review_bank_change"),
    at_once="review",
    before=asked("booking"),
)

TRANSFER_LETTER: Final = Service(
    id="transfer_letter",
    number=17,
    steps=(StepId.IDENTITY, StepId.CARD, StepId.BOOKING, StepId.CONFIRM),
    papers=papers.of_people,
    notices=notices.for_letter,
    checks={StepId.CARD: (card.another_bank,), StepId.BOOKING: (booking.may_have_letter,)},
    effect=Effect.LETTER,
    card="old_card",
    needs_card=True,
    letter="transfer",
    before=asked("booking"),
)
