"""What the province answers while the customer stands at the window."""

import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

import msgspec
from psycopg.rows import DictRow

from counter.gateway.call import Call, Gateway, ProblemError, today
from counter.gateway.database import Connection
from counter.province.wire import (
    BookingQuestion,
    BookingReply,
    CleanUp,
    CleanUpReply,
    IdentityQuestion,
    IdentityReply,
    OneCardQuestion,
    OneCardReply,
    Person,
    PhotoQuestion,
    PhotoReply,
    SmsCheck,
    SmsChecked,
    SmsRequest,
    SmsSent,
)
from counter.rules.case import BookingStatus, DocumentKind, IdentityAnswer, KnownCard, OneCardAnswer

SMS_LIFE = timedelta(minutes=5)
SMS_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Whom:
    """The key by which the province knows a person: identity card and hukou book carry the same number."""

    kind: str
    number: str


def whom(kind: DocumentKind, number: str) -> Whom:
    """The person of a document."""
    kind = DocumentKind.ID_CARD if kind is DocumentKind.HUKOU else kind
    return Whom(kind.value, number.strip().upper())


async def _rows(connection: Connection, table: str, person: Person, order: str = "") -> list[DictRow]:
    """The person's rows of a table; `table` and `order` are this module's own words."""
    key = whom(person.kind, person.number)
    query = f"SELECT * FROM {table} WHERE kind = %s AND number = %s {order}"  # noqa: S608 - as said above
    return await (await connection.execute(query.encode(), (key.kind, key.number))).fetchall()


async def identity(call: Call[IdentityQuestion]) -> IdentityReply:
    """Networked identity check (联网核查): do name and number belong together?"""
    person = call.message.person
    known = await _rows(call.connection, "person", person)
    if not known:
        return IdentityReply(answer=IdentityAnswer.NOT_FOUND)
    same = known[0]["name"] == person.name.strip()
    return IdentityReply(answer=IdentityAnswer.MATCH if same else IdentityAnswer.MISMATCH)


async def one_card(call: Call[OneCardQuestion]) -> OneCardReply:
    """One-card query (一人一卡核查), ONE-1: a pending application, cards elsewhere, cards here, in this order.

    A county's cards are its city's (the first four digits); cards elsewhere are told together with those here.
    """
    person, city = call.message.person, call.message.city
    if await _rows(call.connection, "application", person):
        return OneCardReply(answer=OneCardAnswer.PENDING)
    cards = await _rows(call.connection, "card", person, "AND NOT cleaned ORDER BY city, card")
    if not cards:
        return OneCardReply(answer=OneCardAnswer.NONE)
    here = all(card["city"][:4] == city[:4] for card in cards)
    return OneCardReply(answer=OneCardAnswer.HERE if here else OneCardAnswer.ELSEWHERE, cards=_known(cards))


def _known(cards: Iterable[DictRow]) -> tuple[KnownCard, ...]:
    return tuple(
        KnownCard(
            city=card["city"],
            bank=card["bank"],
            number=card["card"],
            status=card["status"],
            cleanable=card["cleanable"],
        )
        for card in cards
    )


async def clean_up(call: Call[CleanUp]) -> CleanUpReply:
    """One-card clean-up (一人一卡清理), ONE-2: all cleanable cards of other cities; twice is as once."""
    key = whom(call.message.person.kind, call.message.person.number)
    cursor = await call.connection.execute(
        "UPDATE card SET cleaned = true WHERE kind = %s AND number = %s AND left(city, 4) <> left(%s, 4) AND cleanable",
        (key.kind, key.number, call.message.city),
    )
    return CleanUpReply(cleaned=cursor.rowcount)


async def photo(call: Call[PhotoQuestion]) -> PhotoReply:
    """The photo of a receipt number (相片回执), PHO-4, or without one the photo that the province holds, PHO-1."""
    person, receipt = call.message.person, call.message.receipt.strip().upper()
    if not receipt:
        known = await _rows(call.connection, "person", person)
        held = known[0]["photo"] if known else None
        return PhotoReply(photo=held) if held else PhotoReply(reason="not_found")
    cursor = await call.connection.execute("SELECT * FROM photo_receipt WHERE receipt = %s", (receipt,))
    row = await cursor.fetchone()
    if row is None:
        return PhotoReply(reason="not_found")
    if Whom(row["kind"], row["number"]) != whom(person.kind, person.number):
        return PhotoReply(reason="other_person")
    if row["expires_on"] and row["expires_on"] < today():
        return PhotoReply(reason="expired")
    return PhotoReply(photo=row["photo"])


async def booking(call: Call[BookingQuestion]) -> BookingReply:
    """The person's latest change-of-bank booking (预约换行换卡), EXC-6."""
    rows = await _rows(call.connection, "booking", call.message.person, "ORDER BY booked_at DESC LIMIT 1")
    if not rows:
        return BookingReply()
    return BookingReply(
        id=rows[0]["id"],
        status=BookingStatus(rows[0]["status"]),
        to_bank=rows[0]["to_bank"],
        approved_on=rows[0]["approved_on"],
    )


async def send_sms(call: Call[SmsRequest]) -> SmsSent:
    """Send a code to a mobile; only its keyed digest is kept, for five minutes. 503 where no SMS service is set up."""
    if not re.fullmatch(r"1[3-9]\d{9}", call.message.mobile, re.ASCII):
        raise ProblemError(422, "mobile")
    code, ticket = f"{secrets.randbelow(10**6):06}", secrets.token_urlsafe(24)
    await _deliver(call.gateway, call.message.mobile, code)
    await call.connection.execute("DELETE FROM sms WHERE expires_at < now()")
    await call.connection.execute(
        "INSERT INTO sms (ticket, digest, expires_at) VALUES (%s, %s, now() + %s)",
        (ticket, _sms_digest(call.gateway, ticket, code), SMS_LIFE),
    )
    return SmsSent(ticket=ticket, echo=code if call.gateway.sms_echo else "")


async def _deliver(gateway: Gateway, mobile: str, code: str) -> None:
    if gateway.send_sms:
        await gateway.send_sms(mobile, code)
    elif not gateway.sms_echo:
        raise ProblemError(503, "sms_unavailable")


async def check_sms(call: Call[SmsCheck]) -> SmsChecked:
    """Is this the code that was sent? Five attempts in five minutes."""
    cursor = await call.connection.execute(
        "UPDATE sms SET attempts = attempts + 1 WHERE ticket = %s AND expires_at >= now() AND attempts < %s"
        " RETURNING digest",
        (call.message.ticket, SMS_ATTEMPTS),
    )
    row = await cursor.fetchone()
    digest = _sms_digest(call.gateway, call.message.ticket, call.message.code)
    return SmsChecked(correct=row is not None and hmac.compare_digest(row["digest"], digest))


def _sms_digest(gateway: Gateway, ticket: str, code: str) -> str:
    """Keyed, because a million codes are soon tried: the database alone does not give the code away."""
    key = sha256(b"counter-sms-v1" + gateway.key.private_bytes_raw()).digest()
    return hmac.new(key, msgspec.json.encode((ticket, code)), sha256).hexdigest()
