"""Whose are these cards? Files are found by the numbers and parcels of the cards in them."""

from collections.abc import Iterable
from typing import Any

import msgspec
from psycopg.rows import DictRow

from counter.gateway.database import Connection
from counter.gateway.persons.dossier import Whom
from counter.rules.case import Case
from counter.rules.counting import count
from counter.rules.service import Effect, Service


async def people_of(connection: Connection, service: Service, case: Case) -> tuple[Whom, ...]:
    """Those whose cards a parcel's signing is about; nobody where the case is no such."""
    if service.effect is not Effect.SIGNING or case.parcel is None:
        return ()
    rows = await files_with(connection, ({"held": {"number": number}} for number in count(case.parcel).right))
    return tuple(Whom(row["kind"], row["number"]) for row in rows)


async def files_with(connection: Connection, cards: Iterable[dict[str, Any]]) -> list[DictRow]:
    """The files with a card of which one of these is true, and their holders' names; by the index on their content."""
    wanted = [msgspec.json.encode({"cards": [each]}).decode() for each in cards]
    cursor = await connection.execute(
        "SELECT dossier.kind, dossier.number, dossier.content::text AS content, coalesce(person.name, '') AS name"
        " FROM dossier LEFT JOIN person USING (kind, number) WHERE content @> ANY(%s::jsonb[]) ORDER BY kind, number",
        (wanted,),
    )
    return await cursor.fetchall()
