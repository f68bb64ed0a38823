"""Putting a roster into the store, against one raw executemany of the same rows into an encrypted file.

Both have their rows in memory, so a reader in front of both only brings them closer. ``make bench``.
"""

import sys

from rosters import ALLOWED, ROUNDS, a_content, a_raw_file, a_store, report, seconds

from counter.store.records import RowContent, Unit


def main() -> int:
    failed = 0
    medians: dict[int, float] = {}
    for count in (10_000, 100_000):
        rows = [a_content(n) for n in range(count)]
        ours: list[float] = []
        raw: list[float] = []
        for _ in range(ROUNDS if count == 10_000 else 1):  # in turns, so that both meet the same machine
            raw.append(raw_import(rows))
            ours.append(our_import(rows))
        failed |= report(f"import {count}", ours, raw)
        medians[count] = sorted(ours)[len(ours) // 2]
    growth = medians[100_000] / medians[10_000]
    print(f"ten times the rows: {growth:.1f} times as long")
    return failed


def our_import(rows: list[RowContent]) -> float:
    with a_store() as store:
        return seconds(lambda: store.batches.create(Unit(name="某厂"), rows))


def raw_import(rows: list[RowContent]) -> float:
    with a_raw_file() as raw:
        raw.execute("CREATE TABLE roster (position INTEGER PRIMARY KEY, data BLOB, document TEXT, name TEXT)")

        def write() -> None:
            raw.execute("BEGIN IMMEDIATE")
            values = [(n, row.data, row.document, row.name) for n, row in enumerate(rows)]
            raw.executemany("INSERT INTO roster VALUES (?, ?, ?, ?)", values)
            raw.execute("COMMIT")

        return seconds(write)


if __name__ == "__main__":
    print(f"allowed: {ALLOWED} times the raw one")
    sys.exit(main())
