"""A person's file at the province (个人档案): their cards, those being made, their bookings.

A file is one document, read and written as a whole while its row is locked: whatever happens to a person happens in one
order. What may happen is in `counter.gateway.persons.effects`, what the rules know of it in `counter.rules`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import msgspec
from msgspec import structs

from counter.gateway.database import Connection
from counter.gateway.events import Origin
from counter.province.wire import Milestones, Person
from counter.rules.card_life import COMING, OVER, CardState
from counter.rules.case import BookingStatus, Document, DocumentKind, OldCard, PickupMethod
from counter.rules.facts import known_number


@dataclass(frozen=True, slots=True, order=True)
class Whom:
    """The key by which the province knows a person: identity card and hukou book carry the same number, of 18
    characters (WHO-2)."""

    kind: str
    number: str


def whom(kind: DocumentKind, number: str) -> Whom:
    """The person of a document."""
    kind = DocumentKind.ID_CARD if kind is DocumentKind.HUKOU else kind
    return Whom(kind.value, known_number(Document(kind=kind, number=number.strip().upper())))


def whom_of(person: Person) -> Whom:
    """The person of a question."""
    return whom(person.kind, person.number)


class DossierPart(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A piece of a file; its `id` names it for good."""

    id: str


class Card(DossierPart, frozen=True, kw_only=True, tag="card"):
    """A card from its application to its end. `id` is the entry that applied for it, or its number.

    `held` is the card as a counter sees it, `state` where it stands; `replaces` the id of the card that ends when
    this one is collected; `parcel` the number of the parcel that it is sent to `branch` in, `mobile` that of whoever is
    told that it is there; `bank_fails`: a demonstration of a bank that does not answer a loss report (LOS-1).
    """

    held: OldCard
    city: str
    state: CardState
    cleanable: bool = True
    service: str = ""
    replaces: str = ""
    branch: str = ""
    parcel: str = ""
    mobile: str = ""
    pickup: PickupMethod | None = None
    milestones: Milestones = Milestones()
    origin: Origin = Origin()
    bank_fails: bool = False

    @property
    def under_way(self) -> bool:
        return self.state in COMING

    @property
    def lies_at(self) -> str:
        """The branch that has signed for it, or is to; '' where none is known."""
        return self.milestones.sent_to or self.branch

    @property
    def lives(self) -> bool:
        """In the person's hands, and of this province's one-card rule."""
        return not self.under_way and self.state not in OVER


class DossierBooking(DossierPart, frozen=True, kw_only=True, tag="booking"):
    """A change-of-bank booking (预约换行换卡), EXC-6; `number` is the old card's, `reason` that of a refusal."""

    status: BookingStatus
    to_bank: str
    from_bank: str = ""
    city: str = ""
    name: str = ""
    number: str = ""
    booked_on: date | None = None
    approved_on: date | None = None
    reason: str = ""
    origin: Origin = Origin()


P = TypeVar("P", bound=DossierPart)


class Dossier(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One person's file; the newest of each last."""

    cards: tuple[Card, ...] = ()
    bookings: tuple[DossierBooking, ...] = ()

    @property
    def under_way(self) -> Card | None:
        """The application under way (ONE-1)."""
        return next((card for card in self.cards if card.under_way), None)

    @property
    def booking(self) -> DossierBooking | None:
        """The latest booking."""
        return self.bookings[-1] if self.bookings else None

    def with_card(self, card: Card) -> "Dossier":
        """The file with this card in place of the one with its id, or as the newest."""
        return structs.replace(self, cards=_with(self.cards, card))

    def with_booking(self, booking: DossierBooking) -> "Dossier":
        """The file with this booking in place of the one with its id, or as the newest."""
        return structs.replace(self, bookings=_with(self.bookings, booking))

    def without(self, part: Card | DossierBooking) -> "Dossier":
        """The file without this card or booking."""
        return structs.replace(
            self,
            cards=tuple(card for card in self.cards if not isinstance(part, Card) or card.id != part.id),
            bookings=tuple(
                each for each in self.bookings if not isinstance(part, DossierBooking) or each.id != part.id
            ),
        )


def _with(parts: tuple[P, ...], part: P) -> tuple[P, ...]:
    if any(each.id == part.id for each in parts):
        return tuple(part if each.id == part.id else each for each in parts)
    return (*parts, part)


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an act made of one card or booking of a person; None where there was, or is, none."""

    whom: Whom
    before: Card | DossierBooking | None = None
    after: Card | DossierBooking | None = None


class Files:
    """The files of the persons that a transaction is about; those who were not loaded have none."""

    def __init__(self, loaded: Mapping[Whom, Dossier]) -> None:
        self._files = dict(loaded)
        self._stored = dict(loaded)

    def __getitem__(self, whom: Whom) -> Dossier:
        return self._files[whom]

    def __setitem__(self, whom: Whom, dossier: Dossier) -> None:
        self._files[whom] = dossier

    def __iter__(self) -> Iterator[Whom]:
        return iter(self._files)

    def changed(self) -> Iterator[tuple[Whom, Dossier]]:
        """What has to be written."""
        return ((whom, file) for whom, file in self._files.items() if file is not self._stored[whom])


async def read(connection: Connection, person: Person) -> Dossier:
    """A person's file, to answer from."""
    key = whom_of(person)
    cursor = await connection.execute(
        "SELECT content::text FROM dossier WHERE kind = %s AND number = %s", (key.kind, key.number)
    )
    row = await cursor.fetchone()
    return decode_file(row["content"] if row else None)


async def read_by_card(connection: Connection, number: str) -> Dossier:
    """The file in which a card of this number stands; an empty one where there is none. The index finds it."""
    wanted = msgspec.json.encode({"cards": [{"held": {"number": number}}]}).decode()
    cursor = await connection.execute(
        "SELECT content::text FROM dossier WHERE content @> %s::jsonb ORDER BY kind, number LIMIT 1", (wanted,)
    )
    row = await cursor.fetchone()
    return decode_file(row["content"] if row else None)


async def read_all(connection: Connection, persons: Iterable[Person]) -> list[Dossier]:
    """The files of these persons in their order, with one query."""
    keys = [whom_of(person) for person in persons]
    cursor = await connection.execute(
        "SELECT dossier.content::text"
        " FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS asked (kind, number, place)"
        " LEFT JOIN dossier USING (kind, number) ORDER BY place",
        ([key.kind for key in keys], [key.number for key in keys]),
    )
    return [decode_file(row["content"]) for row in await cursor.fetchall()]


def decode_file(content: str | None) -> Dossier:
    """The file in a row's content; an empty one for somebody who has none."""
    return msgspec.json.decode(content, type=Dossier) if content else Dossier()


async def lock(connection: Connection, persons: Iterable[Whom]) -> Files:
    """The files of these persons, locked to the end of the transaction; always in one order, so that none wait in a
    ring."""
    keys = sorted(set(persons))
    where = {"kinds": [key.kind for key in keys], "numbers": [key.number for key in keys]}
    await connection.execute(
        "INSERT INTO dossier (kind, number, content)"
        " SELECT kind, number, '{}'::jsonb FROM unnest(%(kinds)s::text[], %(numbers)s::text[]) AS asked (kind, number)"
        " ORDER BY kind, number ON CONFLICT DO NOTHING",
        where,
    )
    cursor = await connection.execute(
        "SELECT kind, number, content::text FROM dossier WHERE (kind, number) IN"
        " (SELECT * FROM unnest(%(kinds)s::text[], %(numbers)s::text[])) ORDER BY kind, number FOR UPDATE",
        where,
    )
    rows = await cursor.fetchall()
    return Files({Whom(row["kind"], row["number"]): msgspec.json.decode(row["content"], type=Dossier) for row in rows})


async def save(connection: Connection, files: Files) -> None:
    """Write the files that have changed, with one statement."""
    changed = [{"kind": key.kind, "number": key.number, "content": file} for key, file in files.changed()]
    if changed:
        await connection.execute(
            "INSERT INTO dossier (kind, number, content)"
            " SELECT kind, number, content FROM jsonb_populate_recordset(NULL::dossier, %s::jsonb)"
            " ON CONFLICT (kind, number) DO UPDATE SET content = excluded.content",
            (msgspec.json.encode(changed).decode(),),
        )
