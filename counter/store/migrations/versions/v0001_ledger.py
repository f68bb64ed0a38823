"""The first ledger file."""

from typing import Final

from alembic import op

revision: Final = "0001"
down_revision: Final = None

STATEMENTS: Final = (
    """CREATE TABLE operator (
        id VARCHAR NOT NULL PRIMARY KEY,
        name VARCHAR NOT NULL,
        role VARCHAR NOT NULL,
        active BOOLEAN NOT NULL,
        CONSTRAINT a_known_role CHECK (role IN ('clerk', 'supervisor', 'timer'))
    )""",
    """CREATE TABLE entry (
        seq INTEGER NOT NULL PRIMARY KEY,
        id VARCHAR NOT NULL UNIQUE,
        business_date DATE NOT NULL,
        recorded_at VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        fee_fen INTEGER NOT NULL,
        maker VARCHAR NOT NULL REFERENCES operator (id),
        checker VARCHAR REFERENCES operator (id),
        reverses VARCHAR UNIQUE REFERENCES entry (id),
        body_digest VARCHAR NOT NULL,
        previous VARCHAR NOT NULL,
        hash VARCHAR NOT NULL,
        algorithm VARCHAR NOT NULL,
        CONSTRAINT seq_counts_from_one CHECK (seq > 0),
        CONSTRAINT nobody_checks_themselves CHECK (checker IS NULL OR checker <> maker),
        CONSTRAINT nothing_reverses_itself CHECK (reverses IS NULL OR reverses <> id),
        CONSTRAINT a_reversal_is_checked CHECK (reverses IS NULL OR checker IS NOT NULL)
    )""",
    "CREATE INDEX ix_entry_business_date ON entry (business_date)",
    """CREATE TABLE body (
        seq INTEGER NOT NULL PRIMARY KEY REFERENCES entry (seq),
        salt BLOB NOT NULL,
        content BLOB NOT NULL
    )""",
    """CREATE TABLE finder (
        seq INTEGER NOT NULL PRIMARY KEY,
        name VARCHAR NOT NULL,
        document VARCHAR NOT NULL,
        FOREIGN KEY (seq) REFERENCES body (seq) ON DELETE CASCADE
    )""",
    """CREATE TABLE outbox (
        seq INTEGER NOT NULL PRIMARY KEY REFERENCES entry (seq),
        state VARCHAR NOT NULL,
        code VARCHAR NOT NULL,
        rule VARCHAR NOT NULL
    )""",
    "CREATE INDEX ix_outbox_state ON outbox (state)",
    """CREATE TABLE photo (
        digest VARCHAR NOT NULL PRIMARY KEY,
        jpeg BLOB NOT NULL
    )""",
    """CREATE TABLE upload (
        digest VARCHAR NOT NULL PRIMARY KEY REFERENCES photo (digest),
        sent BOOLEAN NOT NULL
    )""",
    "CREATE INDEX ix_upload_sent ON upload (sent)",
    """CREATE TABLE draft (
        id VARCHAR NOT NULL PRIMARY KEY,
        content BLOB NOT NULL,
        step VARCHAR NOT NULL,
        operator VARCHAR NOT NULL,
        updated_at VARCHAR NOT NULL,
        photo VARCHAR NOT NULL
    )""",
    """CREATE TABLE receipt (
        business_date DATE NOT NULL,
        last_seq INTEGER NOT NULL,
        content BLOB NOT NULL,
        signature VARCHAR NOT NULL,
        kept_at VARCHAR NOT NULL,
        PRIMARY KEY (business_date, last_seq)
    )""",
    """CREATE TABLE event (
        cursor INTEGER NOT NULL PRIMARY KEY,
        kind VARCHAR NOT NULL,
        at VARCHAR NOT NULL,
        entry VARCHAR NOT NULL,
        code VARCHAR NOT NULL,
        detail VARCHAR NOT NULL
    )""",
    "CREATE INDEX ix_event_entry ON event (entry)",
    """CREATE TABLE audit (
        seq INTEGER NOT NULL PRIMARY KEY,
        at VARCHAR NOT NULL,
        operator VARCHAR NOT NULL,
        action VARCHAR NOT NULL,
        subject VARCHAR NOT NULL
    )""",
    """CREATE TABLE identity (
        id INTEGER NOT NULL PRIMARY KEY,
        city VARCHAR NOT NULL,
        bank VARCHAR NOT NULL,
        branch VARCHAR NOT NULL,
        counter VARCHAR NOT NULL,
        private_key BLOB,
        province_url VARCHAR NOT NULL,
        province_key VARCHAR NOT NULL,
        events_cursor INTEGER NOT NULL,
        CONSTRAINT one_row CHECK (id = 1)
    )""",
)


def upgrade() -> None:
    """Make all tables; the triggers follow by themselves (`counter.store.schema`)."""
    for statement in STATEMENTS:
        op.execute(statement)
