"""Rosters: batches of a unit and their rows."""

from typing import Final

from alembic import op

revision: Final = "0003"
down_revision: Final = "0002"

STATEMENTS: Final = (
    """CREATE TABLE batch (
        id INTEGER NOT NULL PRIMARY KEY,
        name VARCHAR NOT NULL,
        uscc VARCHAR NOT NULL,
        contact VARCHAR NOT NULL,
        mobile VARCHAR NOT NULL,
        bank VARCHAR NOT NULL,
        branch VARCHAR NOT NULL,
        mode VARCHAR NOT NULL,
        delivery VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        operator VARCHAR NOT NULL REFERENCES operator (id),
        created_at VARCHAR NOT NULL
    )""",
    """CREATE TABLE batch_row (
        id VARCHAR NOT NULL PRIMARY KEY,
        batch INTEGER NOT NULL REFERENCES batch (id),
        position BIGINT NOT NULL,
        version INTEGER NOT NULL,
        state VARCHAR NOT NULL,
        data BLOB NOT NULL,
        document VARCHAR NOT NULL,
        name VARCHAR NOT NULL,
        photo VARCHAR NOT NULL,
        identity BLOB,
        one_card BLOB
    )""",
    "CREATE INDEX ix_batch_row_order ON batch_row (batch, position)",
    "CREATE INDEX ix_batch_row_photo ON batch_row (photo) WHERE photo <> ''",
)


def upgrade() -> None:
    """Add what is new; nothing that was there changes."""
    for statement in STATEMENTS:
        op.execute(statement)
