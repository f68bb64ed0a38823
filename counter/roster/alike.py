"""Rows that are alike: the rules' answer depends on few cells of a row, so that a roster needs few judgements.

Of a citizen's number, name and mobile the rules ask whether they are right, of the birth date whether somebody is of
age; which they are changes no answer. A test compares with each row judged by itself.
"""

from operator import attrgetter
from typing import Final

from counter.roster.columns import COLUMNS, RosterRow
from counter.roster.row import UNASKED, Answers
from counter.rules.case import Booking, DocumentKind, KnownCard
from counter.rules.facts import ADULT, under
from counter.rules.numbers import check_social_card, identify
from counter.rules.reference import Context
from counter.rules.text import check_mobile, check_name

Likeness = tuple[object, ...]

_KINDS: Final = frozenset({"", str(DocumentKind.ID_CARD)})
_JUDGED_HERE: Final = frozenset({"name", "number", "mobile", "birth", "sex", "old_card"})
_COUNTED: Final = attrgetter(*(column.id for column in COLUMNS if column.path and column.id not in _JUDGED_HERE))
"""The cells of which the rules ask what they say."""


def likeness(row: RosterRow, answers: Answers, context: Context) -> Likeness | None:
    """What the rules' answer to a row of one unit depends on; None where the row has to be judged by itself."""
    if row.document_kind not in _KINDS or check_name(row.name) or check_mobile(row.mobile):
        return None
    told = identify(row.number, DocumentKind.ID_CARD, context.today, context.reference.regions)
    if told.findings or under(told.birth, ADULT, context) or told.number != row.number:
        return None
    if (row.birth and row.birth != str(told.birth)) or (row.sex and row.sex != told.sex):
        return None
    if row.old_card and check_social_card(row.old_card):
        return None
    cells = (*_COUNTED(row), bool(row.old_card))
    if answers is UNASKED:
        return cells
    one_card = answers.one_card
    cards = tuple(map(_of_card, one_card.cards))
    known = (answers.identity.answer, one_card.answer, one_card.clean_up_confirmed)
    booking = _of_booking(answers.booking)
    return None if None in cards else (*cells, *known, booking, cards, bool(answers.photo))


def _of_booking(booking: Booking | None) -> Likeness | None:
    """What the rules ask of a booking: each has an id of its own."""
    return None if booking is None else (booking.status, booking.to_bank, booking.approved_on)


def _of_card(card: KnownCard) -> Likeness | None:
    """What the rules ask of a card that the province knows."""
    right = not card.number or not check_social_card(card.number)
    return (card.city, card.bank, bool(card.number), card.status, card.cleanable) if right else None
