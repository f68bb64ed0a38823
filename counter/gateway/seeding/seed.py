"""What the province knows, from JSON lines; the rows are described in `docs/gateway.md`.

A row put in twice replaces the one before, so a file can be corrected and put in again.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from typing import Any

import msgspec

from counter.gateway.database import Connection
from counter.gateway.enrolment import keep_code
from counter.gateway.events import News, Origin, tell
from counter.gateway.persons.dossier import Card, DossierBooking, Whom, lock, save, whom
from counter.gateway.persons.moves import at
from counter.gateway.seeding.portraits import portrait
from counter.province.wire import EventKind, Milestones, Outcome
from counter.rules.card_life import CardState, state_of
from counter.rules.case import BookingStatus, DocumentKind, OldCard, PickupMethod
from counter.rules.link import Name
from counter.rules.services.apply import APPLY


class SeedError(ValueError):
    """A line that is no row: its number, never its content."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line} is not a seed row")
        self.line = line


class Seeded(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """What every row is: a value whose `type` says which."""


class _OfPerson(Seeded, frozen=True, kw_only=True):
    number: str
    kind: DocumentKind = DocumentKind.ID_CARD

    @property
    def whom(self) -> Whom:
        return whom(self.kind, self.number)


class PersonRow(_OfPerson, frozen=True, kw_only=True, tag="person"):
    """A person whom the identity check knows."""

    name: str


class PhotoRow(_OfPerson, frozen=True, kw_only=True, tag="photo"):
    """The photo that the province holds of a person: JPEG as Base64, or the seed of a drawn one."""

    jpeg: bytes | None = None
    drawn: int = 1


class CardRow(_OfPerson, frozen=True, kw_only=True, tag="card"):
    """A card in a person's hands; `status` is the card status code, `form` financial, blue or yellow (REP-2).

    `bank_fails`: the bank's side does not answer a loss report of this card (LOS-1).
    """

    card: str
    city: str
    bank: str
    status: str = "1"
    cleanable: bool = True
    form: str = "financial"
    generation: int = 2
    issued: date | None = None
    expires: date | None = None
    has_photo: bool = True
    preference: bool = False
    account_active: bool = True
    replacement_filed: bool = False
    bank_fails: bool = False


class ApplicationRow(_OfPerson, frozen=True, kw_only=True, tag="application"):
    """A card that is being made (ONE-1), as far as its milestones say; `card` is its number once it is known.

    `replaces` is the number of the card that it takes the place of; `parcel` is on its way with it to `pickup_branch`;
    `mobile` is that of who is told that it is there; `branch` and `counter` hear of its progress, which is about
    `entry`.
    """

    entry: str = "application"
    service: str = APPLY.id
    city: str = ""
    bank: str = ""
    card: str = ""
    replaces: str = ""
    pickup: PickupMethod = PickupMethod.BRANCH
    pickup_branch: str = ""
    parcel: str = ""
    mobile: str = ""
    preference: bool = False
    applied_by_agent: bool = False
    booked_online: bool = False
    milestones: Milestones = Milestones()
    branch: str = ""
    counter: str = ""


class ParcelRow(Seeded, frozen=True, kw_only=True, tag="parcel"):
    """A parcel on its way to a branch (PIC-7); which cards are in it say the applications."""

    parcel: str
    branch: Name
    packed_on: date


class ReceiptRow(_OfPerson, frozen=True, kw_only=True, tag="receipt"):
    """A photo receipt (相片回执): the photo as in `PhotoRow`."""

    receipt: str
    expires_on: date | None = None
    jpeg: bytes | None = None
    drawn: int = 1


class BookingRow(_OfPerson, frozen=True, kw_only=True, tag="booking"):
    """A change-of-bank booking (预约换行换卡); one in review waits for the bank `from_bank`.

    `branch` and `counter` are those of the new bank, which hear of the decision.
    """

    id: str
    to_bank: str
    status: BookingStatus = BookingStatus.REVIEW
    from_bank: str = ""
    city: str = ""
    name: str = ""
    card: str = ""
    booked_on: date | None = None
    approved_on: date | None = None
    reason: str = ""
    branch: str = ""
    counter: str = ""


class CodeRow(Seeded, frozen=True, kw_only=True, tag="code"):
    """A one-time enrolment code of a counter in tests; `counter gateway code` makes them."""

    code: str
    branch: Name
    counter: Name


class EventRow(Seeded, frozen=True, kw_only=True, tag="event"):
    """Something to tell a counter."""

    branch: Name
    counter: Name
    kind: EventKind
    entry: str = ""
    code: str = ""
    detail: str = ""


SeedRow = PersonRow | PhotoRow | CardRow | ApplicationRow | ParcelRow | ReceiptRow | BookingRow | CodeRow | EventRow


def parse(lines: Iterable[str]) -> list[SeedRow]:
    """The rows of a seed file; empty lines are skipped. Raises `SeedError`."""
    rows: list[SeedRow] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            rows.append(msgspec.json.decode(line, type=SeedRow))
        except (msgspec.MsgspecError, UnicodeError):
            raise SeedError(number) from None
    return rows


async def plant(connection: Connection, rows: Iterable[SeedRow]) -> int:
    """Put the rows in, in the connection's transaction; gives their number."""
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - the last number is the count
        await PLANT[type(row)](connection, row)
    return count


async def _person(connection: Connection, row: PersonRow) -> None:
    await connection.execute(
        "INSERT INTO person (kind, number, name) VALUES (%s, %s, %s)"
        " ON CONFLICT (kind, number) DO UPDATE SET name = excluded.name",
        (row.whom.kind, row.whom.number, row.name),
    )


async def _photo(connection: Connection, row: PhotoRow) -> None:
    await connection.execute(
        "UPDATE person SET photo = %s WHERE kind = %s AND number = %s",
        (row.jpeg or portrait(row.drawn), row.whom.kind, row.whom.number),
    )


async def _put(connection: Connection, whom: Whom, part: Card | DossierBooking) -> None:
    """Into the person's file, in place of what has the same id."""
    files = await lock(connection, (whom,))
    file = files[whom]
    files[whom] = file.with_card(part) if isinstance(part, Card) else file.with_booking(part)
    await save(connection, files)


async def _card(connection: Connection, row: CardRow) -> None:
    held = OldCard(
        number=row.card,
        bank=row.bank,
        kind=row.form,
        generation=row.generation,
        issued=row.issued,
        expires=row.expires,
        has_photo=row.has_photo,
        preference=row.preference,
        status=row.status,
        account_active=row.account_active,
        loss_reported=row.status in ("2", "4"),
        replacement_filed=row.replacement_filed,
    )
    state = state_of(held)
    card = Card(id=row.card, held=held, city=row.city, state=state, cleanable=row.cleanable, bank_fails=row.bank_fails)
    await _put(connection, row.whom, card)


async def _application(connection: Connection, row: ApplicationRow) -> None:
    held = OldCard(
        number=row.card,
        bank=row.bank,
        generation=3,
        issued=row.milestones.city_on,
        preference=row.preference,
        applied_by_agent=row.applied_by_agent,
        booked_online=row.booked_online,
    )
    card = Card(
        id=row.entry,
        held=held,
        city=row.city,
        state=_reached(row),
        service=row.service,
        replaces=row.replaces,
        branch=row.pickup_branch,
        parcel=row.parcel,
        mobile=row.mobile,
        pickup=row.pickup,
        milestones=row.milestones,
        origin=Origin(row.branch, row.counter),
    )
    await _put(connection, row.whom, at(card, card.state))


async def _parcel(connection: Connection, row: ParcelRow) -> None:
    await connection.execute(
        "INSERT INTO parcel (branch, number, packed_on) VALUES (%s, %s, %s)"
        " ON CONFLICT (branch, number) DO UPDATE SET packed_on = excluded.packed_on",
        (row.branch, row.parcel, row.packed_on),
    )


def _reached(row: ApplicationRow) -> CardState:
    milestones = row.milestones
    if milestones.collected_on:
        return CardState.COLLECTED
    if milestones.sent_on and milestones.sent_to:
        return CardState.AT_BRANCH
    if milestones.sent_on and row.pickup is PickupMethod.MAIL:
        return CardState.SENT
    return CardState.MADE if milestones.city_on else CardState.APPLIED


async def _receipt(connection: Connection, row: ReceiptRow) -> None:
    await connection.execute(
        "INSERT INTO photo_receipt (receipt, kind, number, photo, expires_on) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (receipt) DO UPDATE SET kind = excluded.kind, number = excluded.number,"
        " photo = excluded.photo, expires_on = excluded.expires_on",
        (row.receipt.upper(), row.whom.kind, row.whom.number, row.jpeg or portrait(row.drawn), row.expires_on),
    )


async def _booking(connection: Connection, row: BookingRow) -> None:
    booking = DossierBooking(
        id=row.id,
        status=row.status,
        to_bank=row.to_bank,
        from_bank=row.from_bank,
        city=row.city,
        name=row.name,
        number=row.card,
        booked_on=row.booked_on,
        approved_on=row.approved_on,
        reason=row.reason,
        origin=Origin(row.branch, row.counter),
    )
    await _put(connection, row.whom, booking)


async def _code(connection: Connection, row: CodeRow) -> None:
    await keep_code(connection, row.code, row.branch, row.counter)


async def _event(connection: Connection, row: EventRow) -> None:
    """An entry that is rejected after all does not count in a recount any more."""
    await tell(connection, [News(Origin(row.branch, row.counter), row.kind, row.entry, row.code, row.detail)])
    if row.kind is EventKind.REJECTED:
        await connection.execute(
            "UPDATE entry SET outcome = %s, code = %s WHERE branch = %s AND counter = %s AND id = %s",
            (Outcome.REJECTED, row.code, row.branch, row.counter, row.entry),
        )


PLANT: dict[type[Seeded], Callable[[Connection, Any], Awaitable[None]]] = {
    PersonRow: _person,
    PhotoRow: _photo,
    CardRow: _card,
    ApplicationRow: _application,
    ParcelRow: _parcel,
    ReceiptRow: _receipt,
    BookingRow: _booking,
    CodeRow: _code,
    EventRow: _event,
}
