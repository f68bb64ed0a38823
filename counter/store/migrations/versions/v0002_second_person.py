"""Cases that wait for a second person, and why a held case came back."""

from typing import Final

from alembic import op

revision: Final = "0002"
down_revision: Final = "0001"

STATEMENTS: Final = (
    "ALTER TABLE draft ADD COLUMN note VARCHAR NOT NULL DEFAULT ''",
    """CREATE TABLE awaiting (
        id VARCHAR NOT NULL PRIMARY KEY,
        kind VARCHAR NOT NULL,
        content BLOB NOT NULL,
        reason VARCHAR NOT NULL,
        maker VARCHAR NOT NULL REFERENCES operator (id),
        reverses VARCHAR UNIQUE REFERENCES entry (id),
        business_date DATE NOT NULL,
        created_at VARCHAR NOT NULL,
        photo VARCHAR NOT NULL
    )""",
)


def upgrade() -> None:
    """Add what is new; nothing that was there changes."""
    for statement in STATEMENTS:
        op.execute(statement)
