"""The change-of-bank booking (预约换行换卡), EXC-6: booked at the new bank, reviewed by the original one."""

from typing import Final

import msgspec

from counter.gateway.call import Call, Gateway, ProblemError
from counter.gateway.persons.acts import act, act_together, holder
from counter.gateway.persons.booked import status_of
from counter.gateway.persons.deed import RefusalError
from counter.gateway.persons.dossier import (
    Dossier,
    DossierBooking,
    Whom,
    read,
)
from counter.province.wire import (
    BankChange,
    BookingQuestion,
    BookingReply,
    GroupBooking,
    GroupBookingAnswer,
    GroupBookingReply,
    Person,
    Review,
    Reviews,
    ReviewsQuestion,
    WaitingReview,
)
from counter.rules.case import Booking, BookingStatus, Case, DocumentKind
from counter.rules.services.bank_change import BOOK_BANK_CHANGE, REVIEW_BANK_CHANGE

PAGE: Final = 200


async def booking(call: Call[BookingQuestion]) -> BookingReply:
    """The person's latest change-of-bank booking (预约换行换卡), EXC-6; an approval that has run out has lapsed."""
    file = await read(call.connection, call.message.person)
    return told(file.booking, call.gateway)


async def book(call: Call[BankChange]) -> BookingReply:
    """Book a change of bank (预约换行换卡), EXC-6; the original bank is to review it."""
    asked = call.message
    file = await act(call, asked.id, _case(asked))
    return told(_of(file, asked.id), call.gateway)


async def book_group(call: Call[GroupBooking]) -> GroupBookingReply:
    """Book a change of bank for a unit's people (单位集体预约换行换卡), EXC-6; each is answered by itself, in order."""
    done = await act_together(call, tuple((asked.id, _case(asked)) for asked in call.message.changes))
    answers = (
        GroupBookingAnswer(booking=None, code=file.code, rule=file.rule)
        if isinstance(file, RefusalError)
        else GroupBookingAnswer(booking=told(_of(file, asked.id), call.gateway))
        for asked, file in zip(call.message.changes, done, strict=True)
    )
    return GroupBookingReply(answers=tuple(answers))


def _case(asked: BankChange) -> Case:
    """As the entry will say it."""
    return Case(
        service=BOOK_BANK_CHANGE.id,
        city=asked.city,
        holder=holder(asked.person),
        old_card=asked.card,
        bank=asked.to_bank,
    )


async def reviews(call: Call[ReviewsQuestion]) -> Reviews:
    """The bookings that wait for the bank whose counter asks (待原银行审核), oldest first; nobody else sees them."""
    bank = call.gateway.bank_of(call.caller)
    if not bank:
        raise ProblemError(403, "branch")
    wanted = msgspec.json.encode({"bookings": [{"status": BookingStatus.REVIEW, "from_bank": bank}]}).decode()
    cursor = await call.connection.execute(
        "SELECT kind, number, content::text FROM dossier WHERE content @> %s::jsonb LIMIT %s", (wanted, PAGE)
    )
    waiting = [
        _waiting(Whom(row["kind"], row["number"]), each, call.gateway)
        for row in await cursor.fetchall()
        for each in msgspec.json.decode(row["content"], type=Dossier).bookings
        if (each.status, each.from_bank) == (BookingStatus.REVIEW, bank)
    ]
    return Reviews(waiting=tuple(sorted(waiting, key=_age)))


async def review(call: Call[Review]) -> BookingReply:
    """The original bank's decision (原银行审核), EXC-6; the counter that booked hears of it."""
    asked = call.message
    decision = BookingStatus.APPROVED if asked.approve else BookingStatus.REFUSED
    case = Case(
        service=REVIEW_BANK_CHANGE.id,
        holder=holder(asked.person),
        booking=Booking(id=asked.booking, decision=decision),
        reason=asked.reason,
    )
    file = await act(call, asked.id, case)
    return told(_of(file, asked.booking), call.gateway)


def _of(file: Dossier, id: str) -> DossierBooking | None:
    return next((each for each in file.bookings if each.id == id), None)


def told(booking: DossierBooking | None, gateway: Gateway) -> BookingReply:
    """A booking as the counters are told of it, on the day of the question."""
    if booking is None:
        return BookingReply(status=BookingStatus.NONE)
    return BookingReply(
        id=booking.id,
        status=status_of(booking, gateway.today(), gateway.reference),
        from_bank=booking.from_bank,
        to_bank=booking.to_bank,
        booked_on=booking.booked_on,
        approved_on=booking.approved_on,
        reason=booking.reason,
    )


def _waiting(key: Whom, booking: DossierBooking, gateway: Gateway) -> WaitingReview:
    person = Person(kind=DocumentKind(key.kind), number=key.number, name=booking.name)
    return WaitingReview(booking=told(booking, gateway), person=person, city=booking.city, card=booking.number)


def _age(waiting: WaitingReview) -> tuple[str, str]:
    booked = waiting.booking.booked_on
    return booked.isoformat() if booked else "", waiting.booking.id
