"""Homes as programs of before left them, by the number of schema steps that those knew."""

import re
from contextlib import closing
from pathlib import Path

import pytest

from counter.clock import moment_text
from counter.store import cipher, schema, slots
from counter.store.database import FILE_NAME, Database
from counter.store.keys import Keyring, write_keyring
from counter.store.migrations import DECISIONS, SIGNATURES, STEPS, TILL_AND_BLANKS
from counter.store.triggers import TRIGGERS
from tests.support.store_samples import NOON, PASSPHRASE, PLACE, SUPERVISOR

UNSIGNED = STEPS.index(SIGNATURES) + 1
"""The step that says who was here before entries were signed."""
TABLES_SINCE = {
    STEPS.index(DECISIONS) + 1: "correction|decision",
    STEPS.index(TILL_AND_BLANKS) + 1: "fee_paid|blank_use|movement",
}
"""By step the tables that it brings; triggers of before know nothing of them."""


def old_home(home: Path, version: int) -> Path:
    """A home with one supervisor, whose slot has no signing key, at this step of the schema."""
    home.mkdir(0o700)
    key = slots.new_file_key()
    with pytest.MonkeyPatch.context() as patch, closing(Database(home / FILE_NAME, key)) as database:
        patch.setattr(schema, "VERSION", version)
        unknown = "|".join(tables for step, tables in TABLES_SINCE.items() if version < step) or "(?!)"
        patch.setattr(schema, "TRIGGERS", {name: sql for name, sql in TRIGGERS.items() if not re.search(unknown, sql)})
        schema.make_schema(database)
    write_keyring(home, Keyring((slots.passphrase_slot(SUPERVISOR, PASSPHRASE, key),)))
    who = {"id": SUPERVISOR.id, "name": SUPERVISOR.name, "role": SUPERVISOR.role.value, "active": 1}
    insert(home, key, "operator", **who, **({"from_before": 1} if version >= UNSIGNED else {}))
    where = {"city": PLACE.city, "bank": PLACE.bank, "branch": PLACE.branch, "counter": PLACE.counter}
    insert(home, key, "identity", id=1, **where, province_url="", province_key="", events_cursor=0)
    note = {"operator": SUPERVISOR.id, "action": "create ledger", "subject": ""}
    insert(home, key, "audit", seq=1, at=moment_text(NOON), **note)
    return home


def insert(home: Path, key: bytes, table: str, **values: object) -> None:
    """A row below the store."""
    with closing(cipher.connect(home / FILE_NAME, key)) as connection:
        places = ", ".join("?" * len(values))
        connection.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})", tuple(values.values()))
