"""The schema of a province's database in steps: the nth file takes it from version n - 1 to n, and is never changed.

The table `schema_version` has a row for each step that was taken. A database of before that table counts as one without
a step: the first makes what is missing of the tables that a province began with.
"""

from importlib.resources import files
from typing import Final

import psycopg


class NewerDatabaseError(Exception):
    """The database was migrated by a newer program: this one must not touch it."""


def steps() -> list[str]:
    """The SQL of each step, in order."""
    found = (file for file in files(__name__).iterdir() if file.name.endswith(".sql"))
    return [file.read_text("utf-8") for file in sorted(found, key=lambda file: file.name)]


KNOWN: Final = len(steps())
"""The version of the schema that this program works with."""


def migrate(connection: psycopg.Connection) -> None:
    """Take the missing steps, in the transaction of this connection; gateways that start at once take turns.

    Raises `NewerDatabaseError`.
    """
    connection.execute("SELECT pg_advisory_xact_lock(441600)")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_version"
        " (version int PRIMARY KEY, taken_at timestamptz NOT NULL DEFAULT now())"
    )
    known, done = steps(), _version(connection)
    if done > len(known):
        raise NewerDatabaseError(f"the database has schema {done}, this program knows {len(known)}")
    for version, step in enumerate(known[done:], done + 1):
        connection.execute(step.encode())
        connection.execute("INSERT INTO schema_version (version) VALUES (%s)", (version,))


def _version(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT coalesce(max(version), 0) FROM schema_version").fetchone()
    assert row is not None, "an aggregate always gives a row"
    version: int = row[0]
    return version
