"""A case recorded durably, with its signature and its anchor, against the raw SQLCipher transaction of the same rows.

The raw one inserts the very rows of each entry (entry, body, finder, outbox, audit) into a file with the ledger's own
tables, guards and pragmas, over a connection that stays open. In turns, in one run; the faster half of each counts.
"""

import sys
import tempfile
from contextlib import closing
from functools import partial
from pathlib import Path

from bench.rosters import PLACE, report, seconds
from counter.rules.case import Case, Document, Holder
from counter.rules.record import CaseRecord
from counter.store import cipher, schema
from counter.store.database import Database
from counter.store.records import Operator, Role
from counter.store.store import Store

COUNT = 300
LIMIT = 1.3
KEY = bytes(range(32))
TABLES = {
    "entry": "SELECT * FROM entry WHERE seq = ?",
    "body": "SELECT * FROM body WHERE seq = ?",
    "finder": "SELECT * FROM finder WHERE seq = ?",
    "outbox": "SELECT * FROM outbox WHERE seq = ?",
    "audit": "SELECT * FROM audit WHERE subject = (SELECT id FROM entry WHERE seq = ?)",
}
LI = Operator("li", "李国强", Role.SUPERVISOR)
RECORD = CaseRecord(
    case=Case(
        service="exchange", city="441621", holder=Holder(name="钟试一", document=Document(number="44162119870312961X"))
    ),
    fee_fen=2000,
)


def main() -> int:
    ours: list[float] = []
    other: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        home, raw_file = Path(folder) / "home", Path(folder) / "raw.db"
        with Store.create(home, PLACE, LI, "bench only 1") as store:
            with closing(Database(raw_file, KEY)) as made:
                schema.make_schema(made)
            with closing(cipher.connect(raw_file, KEY)) as raw, closing(store._database.connect()) as look:
                raw.execute("INSERT INTO operator (id, name, role, active) VALUES ('li', '', 'supervisor', 1)")
                for n in range(COUNT):
                    ours.append(seconds(partial(store.ledger.append, f"id-{n}", "exchange", RECORD)))
                    rows = {table: list(look.execute(query, (n + 1,))) for table, query in TABLES.items()}
                    other.append(seconds(partial(raw_commit, raw, rows)))
    half = COUNT // 2
    return int(not report(f"commit {half}", [sum(sorted(ours)[:half])], [sum(sorted(other)[:half])], allowed=LIMIT))


def raw_commit(raw: cipher.Connection, rows: dict[str, list[tuple[object, ...]]]) -> None:
    raw.execute("BEGIN IMMEDIATE")
    for table, found in rows.items():
        raw.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(found[0]))})", found)
    raw.execute("COMMIT")


if __name__ == "__main__":
    sys.exit(main())
