"""Made-up people and shorthands for the tests of the store."""

import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from counter.rules.case import Case, Document, Holder, Photo
from counter.rules.record import CaseRecord
from counter.rules.reference import Place
from counter.store import cipher, slots
from counter.store.keys import FILE_NAME as KEYRING
from counter.store.keys import read_keyring
from counter.store.records import LedgerEntry, Operator, Role
from counter.store.store import Store

PLACE = Place(city="440100", bank="abc", branch="GZ-0001", counter="03")
SUPERVISOR = Operator("s01", "主管甲", Role.SUPERVISOR)
CLERK = Operator("c01", "柜员乙", Role.CLERK)
PASSPHRASE = "made-up passphrase"
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # 12:00 in Guangdong

NAME = "欧阳𠮷锦"
NUMBER = "44010619900307123X"
JPEG = b"\xff\xd8\xff\xe0" + b"made-up photo of nobody " * 40


class SetClock:
    """A clock that stands where it is put."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def case(name: str = NAME, number: str = NUMBER, photo: str = "") -> Case:
    holder = Holder(name=name, document=Document(number=number), mobile="13800001234", address="不存在路1号")
    return Case(service="exchange", city="440100", holder=holder, photo=Photo(digest=photo))


def record(name: str = NAME, number: str = NUMBER, photo: str = "", fee_fen: int = 2000, **more: Any) -> CaseRecord:
    return CaseRecord(case=case(name, number, photo), fee_fen=fee_fen, **more)


def waiver(**values: Any) -> CaseRecord:
    """A record that needs a second person."""
    return record(authorised="waiver", **values)


def checked(store: Store, id: str, kind: str, what: CaseRecord) -> LedgerEntry:
    """Record a case with the supervisor as its checker."""
    store.awaiting.add(id, kind, what)
    return store.awaiting.authorise(id, store.operators.verify(SUPERVISOR.id, PASSPHRASE))


def reverse(store: Store, id: str) -> LedgerEntry:
    """Take an entry back, with the supervisor as the checker."""
    return store.awaiting.authorise(
        store.ledger.reverse(id, "typed twice").id, store.operators.verify(SUPERVISOR.id, PASSPHRASE)
    )


def file_key(home: Path, operator: str = SUPERVISOR.id) -> bytes:
    return slots.open_with_passphrase(read_keyring(home), operator, PASSPHRASE).file_key


def sql(home: Path, *statements: str, unguarded: bool = False) -> list[Any]:
    """Run statements on the file below the store, as somebody with the key could; the last one's rows."""
    rows: list[Any] = []
    with closing(cipher.connect(home / "ledger.db", file_key(home))) as connection:
        if unguarded:
            unguard(connection)
        for statement in statements:
            rows = list(connection.execute(statement))
    return rows


def unguard(connection: cipher.Connection) -> None:
    """Take away everything that keeps the tables as they are."""
    for (name,) in list(connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")):
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA ignore_check_constraints = ON")


def edit_keyring(home: Path, change: Callable[[dict[str, Any]], None], slot: str = CLERK.id) -> None:
    """Edit one slot of the keyring file by hand."""
    content = json.loads((home / KEYRING).read_text())
    change(next(one for one in content["slots"] if one["id"] == slot))
    (home / KEYRING).write_text(json.dumps(content))


def digest_of(jpeg: bytes) -> str:
    return sha256(jpeg).hexdigest()
