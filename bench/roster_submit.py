"""Submitting a roster, judged row by row, against raw chained inserts of its records in transactions of the same size.

The raw one digests and chains as the ledger does, into the same two tables of entries and bodies, without what the
ledger adds: triggers, foreign keys, finders, the outbox, the rows of the roster. ``make bench``.
"""

import gc
import secrets
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from bench import OVER_ITS_GOAL
from bench.rosters import (
    PLACE,
    REFERENCE,
    ROUNDS,
    UNIT,
    WINDOW,
    a_raw_file,
    a_roster,
    a_store,
    report,
    seconds,
)
from counter.desk import rosters
from counter.roster.checks import Checker
from counter.roster.reader import RosterPerson, read_file
from counter.rules.chain import GENESIS, body_digest, link_hash
from counter.rules.link import Link
from counter.rules.record import CaseRecord, encode_record

COUNT = 10_000
LIMIT = rosters.TRANSACTION
COLUMNS = (*Link.__struct_fields__, "hash")
TABLES = (
    f"CREATE TABLE entry ({', '.join(COLUMNS)}, PRIMARY KEY (seq), UNIQUE (id))",
    "CREATE TABLE body (seq INTEGER PRIMARY KEY, salt BLOB, content BLOB)",
)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        _, lines, _ = read_file(a_roster(Path(folder) / "roster.csv", COUNT), REFERENCE)
    checker = Checker(UNIT, WINDOW)
    records = [record for line in lines if (record := checker.record(line.person))]
    gc.freeze()  # what the bench itself holds is not for the collector to go through, in either
    ours: list[float] = []
    raw: list[float] = []
    for _ in range(ROUNDS):  # in turns, so that both meet the same machine
        raw.append(raw_submit(records))
        ours.append(our_submit(lines))
    return 0 if report(f"submit {COUNT}", ours, raw) else OVER_ITS_GOAL


def our_submit(lines: list[RosterPerson]) -> float:
    with a_store() as store:
        made = rosters.create(store, UNIT, lines).id
        taken = seconds(lambda: rosters.submit(store, made, WINDOW))
        assert store.ledger.count() == COUNT
        return taken


def raw_submit(records: list[CaseRecord]) -> float:
    with a_raw_file() as raw:
        for table in TABLES:
            raw.execute(table)

        def write() -> None:
            previous = GENESIS
            for first in range(0, COUNT, LIMIT):
                entries, bodies = [], []
                for seq, record in enumerate(records[first : first + LIMIT], first + 1):
                    content, salt = encode_record(record), secrets.token_bytes(16)
                    link = a_link(seq, body_digest(salt, content), previous)
                    previous = link_hash(link, PLACE.branch, PLACE.counter)
                    values = msgspec.structs.asdict(link) | {"hash": previous}
                    values |= {"business_date": "2026-03-02", "recorded_at": link.recorded_at.isoformat()}
                    entries.append(tuple(values[name] for name in COLUMNS))
                    bodies.append((seq, salt, content))
                raw.execute("BEGIN IMMEDIATE")
                raw.executemany(f"INSERT INTO entry VALUES ({', '.join('?' * len(COLUMNS))})", entries)
                raw.executemany("INSERT INTO body VALUES (?, ?, ?)", bodies)
                raw.execute("COMMIT")

        return seconds(write)


def a_link(seq: int, digest: str, previous: str) -> Link:
    return Link(
        seq=seq,
        id=f"018f0000-0000-7000-8000-{seq:012}",
        business_date=date(2026, 3, 2),
        recorded_at=datetime(2026, 3, 2, 4, tzinfo=UTC),
        kind="exchange",
        fee_fen=2000,
        maker="li",
        checker=None,
        reverses=None,
        body_digest=digest,
        previous=previous,
    )


if __name__ == "__main__":
    sys.exit(main())
