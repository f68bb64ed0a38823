"""What the province knows, from JSON lines; the rows are described in `docs/gateway.md`.

A row put in twice replaces the one before, so a file can be corrected and put in again.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from typing import Any

import msgspec

from counter.gateway.answers import Whom, whom
from counter.gateway.database import Connection
from counter.gateway.enrolment import code_digest
from counter.gateway.portrait import portrait
from counter.province.wire import EventKind, Name, Outcome
from counter.rules.case import BookingStatus, DocumentKind


class SeedError(ValueError):
    """A line that is no row: its number, never its content."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line} is not a seed row")
        self.line = line


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """What every row is: a value whose `type` says which."""


class _OfPerson(Row, frozen=True, kw_only=True):
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
    """A card issued to a person."""

    card: str
    city: str
    bank: str
    status: str = "1"
    cleanable: bool = True


class ApplicationRow(_OfPerson, frozen=True, kw_only=True, tag="application"):
    """An application under way (ONE-1)."""


class ReceiptRow(_OfPerson, frozen=True, kw_only=True, tag="receipt"):
    """A photo receipt (相片回执): the photo as in `PhotoRow`."""

    receipt: str
    expires_on: date | None = None
    jpeg: bytes | None = None
    drawn: int = 1


class BookingRow(_OfPerson, frozen=True, kw_only=True, tag="booking"):
    """A change-of-bank booking (预约换行换卡)."""

    id: str
    to_bank: str
    status: BookingStatus = BookingStatus.REVIEW
    approved_on: date | None = None


class CodeRow(Row, frozen=True, kw_only=True, tag="code"):
    """A one-time enrolment code of a counter."""

    code: str
    branch: Name
    counter: Name


class EventRow(Row, frozen=True, kw_only=True, tag="event"):
    """Something to tell a counter."""

    branch: Name
    counter: Name
    kind: EventKind
    entry: str = ""
    code: str = ""
    detail: str = ""


SeedRow = PersonRow | PhotoRow | CardRow | ApplicationRow | ReceiptRow | BookingRow | CodeRow | EventRow


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


async def _card(connection: Connection, row: CardRow) -> None:
    await connection.execute(
        "INSERT INTO card (kind, number, card, city, bank, status, cleanable) VALUES (%s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (kind, number, card) DO UPDATE SET city = excluded.city, bank = excluded.bank,"
        " status = excluded.status, cleanable = excluded.cleanable, cleaned = false",
        (row.whom.kind, row.whom.number, row.card, row.city, row.bank, row.status, row.cleanable),
    )


async def _application(connection: Connection, row: ApplicationRow) -> None:
    await connection.execute(
        "INSERT INTO application (kind, number) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        (row.whom.kind, row.whom.number),
    )


async def _receipt(connection: Connection, row: ReceiptRow) -> None:
    await connection.execute(
        "INSERT INTO photo_receipt (receipt, kind, number, photo, expires_on) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (receipt) DO UPDATE SET kind = excluded.kind, number = excluded.number,"
        " photo = excluded.photo, expires_on = excluded.expires_on",
        (row.receipt.upper(), row.whom.kind, row.whom.number, row.jpeg or portrait(row.drawn), row.expires_on),
    )


async def _booking(connection: Connection, row: BookingRow) -> None:
    await connection.execute(
        "INSERT INTO booking (id, kind, number, status, to_bank, approved_on) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, number = excluded.number,"
        " status = excluded.status, to_bank = excluded.to_bank, approved_on = excluded.approved_on",
        (row.id, row.whom.kind, row.whom.number, row.status, row.to_bank, row.approved_on),
    )


async def _code(connection: Connection, row: CodeRow) -> None:
    await connection.execute(
        "INSERT INTO enrolment_code (digest, branch, counter) VALUES (%s, %s, %s)"
        " ON CONFLICT (digest) DO UPDATE SET branch = excluded.branch, counter = excluded.counter",
        (code_digest(row.code), row.branch, row.counter),
    )


async def _event(connection: Connection, row: EventRow) -> None:
    """The counter's row is locked, so that no cursor becomes visible before a smaller one.

    An entry that is rejected after all does not count in a recount any more.
    """
    where = (row.branch, row.counter)
    await connection.execute("SELECT 1 FROM counter WHERE branch = %s AND counter = %s FOR UPDATE", where)
    await connection.execute(
        "INSERT INTO event (branch, counter, cursor, kind, entry, code, detail)"
        " SELECT %s, %s, coalesce(max(cursor), 0) + 1, %s, %s, %s, %s FROM event WHERE branch = %s AND counter = %s",
        (*where, row.kind, row.entry, row.code, row.detail, *where),
    )
    if row.kind is EventKind.REJECTED:
        await connection.execute(
            "UPDATE entry SET outcome = %s, code = %s WHERE branch = %s AND counter = %s AND id = %s",
            (Outcome.REJECTED, row.code, *where, row.entry),
        )


PLANT: dict[type[Row], Callable[[Connection, Any], Awaitable[None]]] = {
    PersonRow: _person,
    PhotoRow: _photo,
    CardRow: _card,
    ApplicationRow: _application,
    ReceiptRow: _receipt,
    BookingRow: _booking,
    CodeRow: _code,
    EventRow: _event,
}
