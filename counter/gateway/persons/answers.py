"""What the province answers while the customer stands at the window."""

import hmac
import re
import secrets
from datetime import timedelta

from psycopg.rows import DictRow

from counter.gateway.call import Call, Gateway, ProblemError
from counter.gateway.database import Connection
from counter.gateway.persons.bookings import told
from counter.gateway.persons.dossier import (
    Card,
    Dossier,
    Whom,
    decode_file,
    lock,
    read,
    save,
    whom_of,
)
from counter.gateway.persons.moves import follow
from counter.province.wire import (
    CleanUp,
    CleanUpReply,
    GroupQuestion,
    GroupReply,
    IdentityQuestion,
    IdentityReply,
    OneCardQuestion,
    OneCardReply,
    Person,
    PersonReply,
    PhotoQuestion,
    PhotoReply,
    SmsCheck,
    SmsChecked,
    SmsRequest,
    SmsSent,
)
from counter.rules.card_life import CardState
from counter.rules.case import IdentityAnswer, KnownCard, OneCardAnswer
from counter.rules.services.province import CLEAN_UP

SMS_LIFE = timedelta(minutes=5)
SMS_ATTEMPTS = 5
SMS_PERIOD = timedelta(hours=1)
SMS_TO_A_MOBILE = 5
SMS_BY_A_COUNTER = 60


async def _known(connection: Connection, person: Person) -> DictRow | None:
    """What the identity check and the photo library know of a person."""
    key = whom_of(person)
    cursor = await connection.execute(
        "SELECT name, photo FROM person WHERE kind = %s AND number = %s", (key.kind, key.number)
    )
    return await cursor.fetchone()


async def identity(call: Call[IdentityQuestion]) -> IdentityReply:
    """Networked identity check (联网核查): do name and number belong together?"""
    person = call.message.person
    known = await _known(call.connection, person)
    return _identity(person, known["name"] if known else None)


def _identity(person: Person, known: str | None) -> IdentityReply:
    if known is None:
        return IdentityReply(answer=IdentityAnswer.NOT_FOUND)
    same = known == person.name.strip()
    return IdentityReply(answer=IdentityAnswer.MATCH if same else IdentityAnswer.MISMATCH)


async def one_card(call: Call[OneCardQuestion]) -> OneCardReply:
    """One-card query (一人一卡核查), ONE-1: a pending application, cards elsewhere, cards here, in this order.

    A county's cards are its city's (the first four digits); cards elsewhere are told together with those here. A
    plain card here stands in nobody's way (REP-2).
    """
    return _one_card(await read(call.connection, call.message.person), call.message.city)


def _one_card(file: Dossier, city: str) -> OneCardReply:
    if file.under_way:
        return OneCardReply(answer=OneCardAnswer.PENDING)
    cards = tuple(card for card in file.cards if card.lives)
    elsewhere = any(card.city[:4] != city[:4] for card in cards)
    if not elsewhere and not any(card.held.kind == "financial" for card in cards):
        return OneCardReply(answer=OneCardAnswer.NONE)
    answer = OneCardAnswer.ELSEWHERE if elsewhere else OneCardAnswer.HERE
    return OneCardReply(answer=answer, cards=tuple(map(_as_known, cards)))


def _as_known(card: Card) -> KnownCard:
    held = card.held
    return KnownCard(city=card.city, bank=held.bank, number=held.number, status=held.status, cleanable=card.cleanable)


async def group(call: Call[GroupQuestion]) -> GroupReply:
    """Identity and one-card of a unit's people (单位批量核查), EXC-7, and their bookings, EXC-6.

    One query, one answer to each, in order.
    """
    persons = call.message.persons
    keys = [whom_of(person) for person in persons]
    cursor = await call.connection.execute(
        "SELECT person.name, dossier.content::text AS file"
        " FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS asked (kind, number, place)"
        " LEFT JOIN person USING (kind, number) LEFT JOIN dossier USING (kind, number) ORDER BY place",
        ([key.kind for key in keys], [key.number for key in keys]),
    )
    rows = await cursor.fetchall()
    files = (decode_file(row["file"]) for row in rows)
    return GroupReply(
        answers=tuple(
            PersonReply(
                identity=_identity(person, row["name"]),
                one_card=_one_card(file, call.message.city),
                booking=told(file.booking, call.gateway) if call.message.bookings else None,
            )
            for person, row, file in zip(persons, rows, files, strict=True)
        )
    )


async def clean_up(call: Call[CleanUp]) -> CleanUpReply:
    """One-card clean-up (一人一卡清理), ONE-2: the cleanable cards of other cities; twice is as once."""
    city, key = call.message.city, whom_of(call.message.person)
    files = await lock(call.connection, (key,))
    for card in files[key].cards:
        if card.lives and card.city[:4] != city[:4] and card.cleanable:
            files[key] = files[key].with_card(follow(card, CLEAN_UP.id))
    await save(call.connection, files)
    cleaned = [card for card in files[key].cards if card.state is CardState.CLEANED_UP and card.city[:4] != city[:4]]
    return CleanUpReply(cleaned=len(cleaned))


async def photo(call: Call[PhotoQuestion]) -> PhotoReply:
    """The photo of a receipt number (相片回执), PHO-4, or without one the photo that the province holds, PHO-1."""
    person, receipt = call.message.person, call.message.receipt.strip().upper()
    if not receipt:
        known = await _known(call.connection, person)
        held = known["photo"] if known else None
        return PhotoReply(photo=held) if held else PhotoReply(photo=None, reason="not_found")
    cursor = await call.connection.execute("SELECT * FROM photo_receipt WHERE receipt = %s", (receipt,))
    row = await cursor.fetchone()
    if row is None:
        return PhotoReply(photo=None, reason="not_found")
    if Whom(row["kind"], row["number"]) != whom_of(person):
        return PhotoReply(photo=None, reason="other_person")
    if row["expires_on"] and row["expires_on"] < call.gateway.today():
        return PhotoReply(photo=None, reason="expired")
    return PhotoReply(photo=row["photo"])


async def send_sms(call: Call[SmsRequest]) -> SmsSent:
    """Send a code to a mobile; only its keyed digest is kept, for five minutes. 503 where no SMS service is set up.

    A mobile gets so many in an hour, whoever asks, and a counter sends so many: 429 for more.
    """
    if not re.fullmatch(r"1[3-9]\d{9}", call.message.mobile, re.ASCII):
        raise ProblemError(422, "mobile")
    await _count_sms(call)
    code, ticket = f"{secrets.randbelow(10**6):06}", secrets.token_urlsafe(24)
    await call.connection.execute("DELETE FROM sms WHERE expires_at < now()")
    await call.connection.execute(
        "INSERT INTO sms (ticket, digest, expires_at) VALUES (%s, %s, now() + %s)",
        (ticket, _sms_digest(call.gateway, ticket, code), SMS_LIFE),
    )
    await _deliver(call.gateway, call.message.mobile, code)
    return SmsSent(ticket=ticket, echo=code if call.gateway.sms_echo else "")


async def _count_sms(call: Call[SmsRequest]) -> None:
    """One more for the mobile and the counter, which take turns so that none is missed; raises `ProblemError` 429."""
    caller, mobile = call.caller, call.gateway.keyed_digest("mobile", call.message.mobile)
    whose = (mobile, caller.branch, caller.counter)
    for turn in sorted((mobile, f"{caller.branch}/{caller.counter}")):
        await call.connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (turn,))
    await call.connection.execute("DELETE FROM sms_sent WHERE at < now() - %s", (SMS_PERIOD,))
    cursor = await call.connection.execute(
        "SELECT count(*) FILTER (WHERE mobile = %s) AS to_it, count(*) FILTER (WHERE (branch, counter) = (%s, %s))"
        " AS by_it FROM sms_sent",
        whose,
    )
    row = await cursor.fetchone()
    assert row is not None  # an aggregate always gives a row
    if row["to_it"] >= SMS_TO_A_MOBILE or row["by_it"] >= SMS_BY_A_COUNTER:
        raise ProblemError(429, "sms_limit", retry_after=60)
    await call.connection.execute(
        "INSERT INTO sms_sent (id, mobile, branch, counter) VALUES (%s, %s, %s, %s)", (secrets.token_hex(8), *whose)
    )


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
    return gateway.keyed_digest("sms", ticket, code)
