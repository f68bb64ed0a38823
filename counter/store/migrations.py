"""The steps of the ledger file's schema: the nth takes a file from `user_version` n - 1 to n, and is never changed.

What `counter.store.tables` says today is what all of them together make (a test compares the two). A step for what is
in the file already is run by `counter.store.schema` after a copy has been made; ledger tables only gain columns.
"""

from typing import Final

FIRST_LEDGER: Final = (
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
SECOND_PERSON: Final = (
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
ROSTERS: Final = (
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
EVENTS_READ: Final = ("ALTER TABLE event ADD COLUMN read BOOLEAN NOT NULL DEFAULT 0",)

FORM_OF_THE_LINK: Final = (
    "ALTER TABLE entry ADD COLUMN form INTEGER NOT NULL DEFAULT 1",
    "DROP TABLE IF EXISTS alembic_version",  # a second version, in files that were made before this one
)

ALARMS: Final = (
    """CREATE TABLE alarm (
        entry VARCHAR NOT NULL PRIMARY KEY,
        bank VARCHAR NOT NULL,
        raised_at VARCHAR NOT NULL,
        seen_by VARCHAR NOT NULL,
        seen_at VARCHAR,
        settled_by VARCHAR NOT NULL,
        settled_at VARCHAR,
        phoned_by VARCHAR NOT NULL,
        phoned_at VARCHAR,
        result VARCHAR NOT NULL
    )""",
)
PARCELS: Final = (
    """CREATE TABLE parcel (
        entry VARCHAR NOT NULL PRIMARY KEY REFERENCES entry (id),
        number VARCHAR NOT NULL,
        asked BOOLEAN NOT NULL
    )""",
    """CREATE TABLE parcel_card (
        entry VARCHAR NOT NULL REFERENCES parcel (entry),
        number VARCHAR NOT NULL,
        name VARCHAR NOT NULL,
        document VARCHAR NOT NULL,
        mobile VARCHAR NOT NULL,
        branch VARCHAR NOT NULL,
        told_at VARCHAR,
        told_by VARCHAR REFERENCES operator (id),
        collected VARCHAR REFERENCES entry (id),
        PRIMARY KEY (entry, number)
    )""",
    "CREATE INDEX ix_parcel_card_number ON parcel_card (number)",
)
BOOKINGS_OF_ROWS: Final = ("ALTER TABLE batch_row ADD COLUMN booking BLOB",)

SIGNATURES: Final = (
    "ALTER TABLE entry ADD COLUMN incarnation INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE entry ADD COLUMN maker_signature BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE entry ADD COLUMN checker_signature BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE awaiting ADD COLUMN salt BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE awaiting ADD COLUMN signature BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE operator ADD COLUMN from_before BOOLEAN NOT NULL DEFAULT 0",
    "UPDATE operator SET from_before = 1",
    """CREATE TABLE signer (
        seq INTEGER NOT NULL PRIMARY KEY,
        public_key VARCHAR NOT NULL UNIQUE,
        operator VARCHAR NOT NULL REFERENCES operator (id),
        role VARCHAR NOT NULL,
        made_at VARCHAR NOT NULL,
        voucher VARCHAR NOT NULL,
        signature BLOB NOT NULL,
        sent BOOLEAN NOT NULL
    )""",
    "ALTER TABLE audit ADD COLUMN previous VARCHAR NOT NULL DEFAULT ''",
    "ALTER TABLE audit ADD COLUMN hash VARCHAR NOT NULL DEFAULT ''",
    "ALTER TABLE identity ADD COLUMN incarnation INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE identity ADD COLUMN anchor_key BLOB",
)
PROVINCE_CA: Final = ("ALTER TABLE identity ADD COLUMN province_ca VARCHAR NOT NULL DEFAULT ''",)
REFUSED_PHOTOS: Final = ("ALTER TABLE upload ADD COLUMN refused VARCHAR NOT NULL DEFAULT ''",)

RESTORED: Final = ("ALTER TABLE identity ADD COLUMN may_be_behind BOOLEAN NOT NULL DEFAULT 0",)
PHOTOS_OF_BEFORE: Final = "2026-11-25T00:00:00.000000+00:00"
"""When the photos were kept that a file has from before it was noted: their time begins with this step."""
PHOTOS_KEPT_AT: Final = (
    f"ALTER TABLE photo ADD COLUMN kept_at VARCHAR NOT NULL DEFAULT '{PHOTOS_OF_BEFORE}'",
    "CREATE INDEX ix_photo_kept_at ON photo (kept_at)",
)
GIVEN_UP_KEYS: Final = ("ALTER TABLE identity ADD COLUMN given_up BLOB NOT NULL DEFAULT x''",)
PROVINCE_FAILURES: Final = ("ALTER TABLE outbox ADD COLUMN failures INTEGER NOT NULL DEFAULT 0",)

DECISIONS: Final = (
    """CREATE TABLE correction (
        returned VARCHAR NOT NULL PRIMARY KEY REFERENCES entry (id),
        entry VARCHAR NOT NULL UNIQUE REFERENCES entry (id)
    )""",
    """CREATE TABLE decision (
        seq INTEGER NOT NULL PRIMARY KEY,
        kind VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        content BLOB NOT NULL,
        previous VARCHAR NOT NULL,
        hash VARCHAR NOT NULL,
        maker VARCHAR NOT NULL REFERENCES operator (id),
        checker VARCHAR NOT NULL REFERENCES operator (id),
        maker_signature BLOB NOT NULL,
        checker_signature BLOB NOT NULL,
        CONSTRAINT nobody_decides_alone CHECK (checker <> maker)
    )""",
    "CREATE INDEX ix_decision_subject ON decision (subject)",
    "ALTER TABLE identity ADD COLUMN closes_after DATE",
    "UPDATE identity SET closes_after = (SELECT max(business_date) FROM entry)",
)

TILL_AND_BLANKS: Final = (
    """CREATE TABLE fee_paid (
        seq INTEGER NOT NULL PRIMARY KEY REFERENCES entry (seq),
        way VARCHAR NOT NULL
    )""",
    """INSERT INTO fee_paid (seq, way) SELECT seq, 'waived' FROM body
        WHERE coalesce(json_extract(CAST(content AS TEXT), '$.case.waiver'), '') <> ''""",
    """CREATE TABLE blank_use (
        number VARCHAR NOT NULL,
        entry VARCHAR NOT NULL REFERENCES entry (id),
        PRIMARY KEY (number, entry)
    )""",
    """INSERT INTO blank_use (number, entry)
        SELECT json_extract(CAST(body.content AS TEXT), '$.case.pickup.blank_card'), entry.id
        FROM body JOIN entry ON entry.seq = body.seq WHERE entry.reverses IS NULL
        AND coalesce(json_extract(CAST(body.content AS TEXT), '$.case.pickup.blank_card'), '') <> ''""",
    """CREATE TABLE movement (
        seq INTEGER NOT NULL PRIMARY KEY,
        business_date DATE NOT NULL,
        at VARCHAR NOT NULL,
        maker VARCHAR NOT NULL REFERENCES operator (id),
        checker VARCHAR REFERENCES operator (id),
        book VARCHAR NOT NULL,
        content BLOB NOT NULL,
        previous VARCHAR NOT NULL,
        hash VARCHAR NOT NULL,
        maker_signature BLOB NOT NULL,
        checker_signature BLOB NOT NULL
    )""",
    "CREATE INDEX ix_movement_business_date ON movement (business_date)",
)

STEPS: Final = (
    FIRST_LEDGER,
    SECOND_PERSON,
    ROSTERS,
    EVENTS_READ,
    FORM_OF_THE_LINK,
    ALARMS,
    PARCELS,
    BOOKINGS_OF_ROWS,
    SIGNATURES,
    PROVINCE_CA,
    RESTORED,
    PHOTOS_KEPT_AT,
    REFUSED_PHOTOS,
    GIVEN_UP_KEYS,
    PROVINCE_FAILURES,
    DECISIONS,
    TILL_AND_BLANKS,
)
VERSION: Final = len(STEPS)
