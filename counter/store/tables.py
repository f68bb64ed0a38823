"""The tables of the ledger file. They stay inside the store: screens see `counter.store.records`.

A change here needs a step in `counter.store.migrations` (a test compares the two); ledger tables only gain columns.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field

from counter.store.columns import LedgerTable, Moment, assigned
from counter.store.migrations import PHOTOS_OF_BEFORE
from counter.store.records import Role, SendState


class Entry(LedgerTable, table=True):
    """The ledger (台账), append-only: triggers refuse UPDATE, DELETE and REPLACE, and every row out of order.

    A column for each field of `counter.rules.link.SignedLink`.
    """

    __table_args__ = (
        CheckConstraint("seq > 0", name="seq_counts_from_one"),
        CheckConstraint("checker IS NULL OR checker <> maker", name="nobody_checks_themselves"),
        CheckConstraint("reverses IS NULL OR reverses <> id", name="nothing_reverses_itself"),
        CheckConstraint("reverses IS NULL OR checker IS NOT NULL", name="a_reversal_is_checked"),
    )
    seq: int = assigned()
    id: str = Field(unique=True)
    business_date: date = Field(index=True)
    recorded_at: datetime = Field(sa_type=Moment)
    kind: str
    fee_fen: int
    maker: str = Field(foreign_key="operator.id")
    checker: str | None = Field(default=None, foreign_key="operator.id")
    reverses: str | None = Field(default=None, foreign_key="entry.id", unique=True)
    body_digest: str
    previous: str
    hash: str
    algorithm: str
    form: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    incarnation: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    maker_signature: bytes = Field(default=b"", sa_column_kwargs={"server_default": text("x''")})
    checker_signature: bytes = Field(default=b"", sa_column_kwargs={"server_default": text("x''")})


class Body(LedgerTable, table=True):
    """An entry's exact bytes and their salt: never updated, and deleted by retention only (once it is not pending)."""

    seq: int = assigned(foreign_key="entry.seq")
    salt: bytes
    content: bytes


class Finder(LedgerTable, table=True):
    """What an entry is found by: folded name and document number. Goes with its body."""

    seq: int = assigned(foreign_key="body.seq", ondelete="CASCADE")
    name: str
    document: str


class Outbox(LedgerTable, table=True):
    """Where an entry stands with the province."""

    seq: int = assigned(foreign_key="entry.seq")
    state: str = Field(default=SendState.PENDING.value, index=True)
    code: str = ""
    rule: str = ""
    failures: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """The syncs in which the province has failed over it."""


class Photo(LedgerTable, table=True):
    """A photo's JPEG by its SHA-256 in hex, and when it was kept last; empty where retention has erased it."""

    digest: str = Field(primary_key=True)
    jpeg: bytes
    kept_at: datetime = Field(
        sa_type=Moment, index=True, sa_column_kwargs={"server_default": text(f"'{PHOTOS_OF_BEFORE}'")}
    )


class Upload(LedgerTable, table=True):
    """A photo that an entry names and that the province is to have."""

    digest: str = Field(primary_key=True, foreign_key="photo.digest")
    sent: bool = Field(default=False, index=True)
    refused: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Why the province will not have it."""


class Draft(LedgerTable, table=True):
    """A held case (挂起): its JSON, the step, why it came back (note); `photo` has the digests of the pictures that it
    names, separated by spaces."""

    id: str = Field(primary_key=True)
    content: bytes
    step: str
    operator: str
    updated_at: datetime = Field(sa_type=Moment)
    photo: str = ""
    note: str = ""


class Awaiting(LedgerTable, table=True):
    """A confirmed case that waits for a second person (待授权). It has no checker: with one it is an entry.

    `signature` is its maker's over what will be the entry's act, with this `salt`; empty in one of before signatures.
    """

    id: str = Field(primary_key=True)
    kind: str
    content: bytes
    reason: str
    maker: str = Field(foreign_key="operator.id")
    reverses: str | None = Field(default=None, foreign_key="entry.id", unique=True)
    business_date: date
    created_at: datetime = Field(sa_type=Moment)
    photo: str = ""
    salt: bytes = Field(default=b"", sa_column_kwargs={"server_default": text("x''")})
    signature: bytes = Field(default=b"", sa_column_kwargs={"server_default": text("x''")})


class Batch(LedgerTable, table=True):
    """A unit's roster (名单): who it is for, and how the cards of all are made and delivered."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    uscc: str
    contact: str
    mobile: str
    bank: str
    branch: str
    mode: str
    delivery: str
    state: str
    operator: str = Field(foreign_key="operator.id")
    created_at: datetime = Field(sa_type=Moment)


class BatchRow(LedgerTable, table=True):
    """A person of a roster; `id` becomes the entry's id.

    `data` is the roster's own; `document` and `name` are folded as in `Finder`; `identity`, `one_card` and `booking`
    are the province's answers as JSON. `version` counts the changes.
    """

    __tablename__ = "batch_row"
    __table_args__ = (
        Index("ix_batch_row_order", "batch", "position"),
        Index("ix_batch_row_photo", "photo", sqlite_where=text("photo <> ''")),
    )
    id: str = Field(primary_key=True)
    batch: int = Field(foreign_key="batch.id")
    position: int = Field(sa_type=BigInteger)
    version: int
    state: str
    data: bytes
    document: str
    name: str
    photo: str
    identity: bytes | None = None
    one_card: bytes | None = None
    booking: bytes | None = None


class Parcel(LedgerTable, table=True):
    """A parcel that was signed for (网点签收), by its entry; `asked`: the province has said what is in it."""

    entry: str = Field(primary_key=True, foreign_key="entry.id")
    number: str
    asked: bool


class ParcelCard(LedgerTable, table=True):
    """A card that was signed for: for whom, whether they were told, the entry by which it was handed out.

    `branch` is the other one that it belongs to, '' for this one.
    """

    __tablename__ = "parcel_card"
    entry: str = Field(primary_key=True, foreign_key="parcel.entry")
    number: str = Field(primary_key=True, index=True)
    name: str
    document: str
    mobile: str
    branch: str
    told_at: datetime | None = Field(default=None, sa_type=Moment)
    told_by: str | None = Field(default=None, foreign_key="operator.id")
    collected: str | None = Field(default=None, foreign_key="entry.id")


class FeePaid(LedgerTable, table=True):
    """How an entry's fee was paid, where not in cash: ``account`` or ``waived``; append-only."""

    __tablename__ = "fee_paid"
    seq: int = assigned(foreign_key="entry.seq")
    way: str


class BlankUse(LedgerTable, table=True):
    """The blank card (空白卡) that an entry's card was made of, by its serial number; append-only."""

    __tablename__ = "blank_use"
    number: str = Field(primary_key=True)
    entry: str = Field(primary_key=True, foreign_key="entry.id")


class Movement(LedgerTable, table=True):
    """What was noted of till and blank cards, append-only, chained and signed (`counter.store.movements`)."""

    seq: int = assigned()
    business_date: date = Field(index=True)
    at: datetime = Field(sa_type=Moment)
    maker: str = Field(foreign_key="operator.id")
    checker: str | None = Field(default=None, foreign_key="operator.id")
    book: str
    content: bytes
    previous: str
    hash: str
    maker_signature: bytes
    checker_signature: bytes


class Receipt(LedgerTable, table=True):
    """A day's receipt as the province signed it; a day that went on afterwards has several."""

    business_date: date = Field(primary_key=True)
    last_seq: int = assigned()
    content: bytes
    signature: str
    kept_at: datetime = Field(sa_type=Moment)


class Correction(LedgerTable, table=True):
    """A returned entry (by id) and the one that corrects it (更正): append-only, each once."""

    returned: str = Field(primary_key=True, foreign_key="entry.id")
    entry: str = Field(foreign_key="entry.id", unique=True)


class Decision(LedgerTable, table=True):
    """What two persons have decided (`counter.rules.decision`), append-only and chained; `content` is what was signed,
    and has `kind`, `subject`, `previous`, `maker` and `checker` too."""

    __table_args__ = (CheckConstraint("checker <> maker", name="nobody_decides_alone"),)
    seq: int = assigned()
    kind: str
    subject: str = Field(index=True)
    content: bytes
    previous: str
    hash: str
    maker: str = Field(foreign_key="operator.id")
    checker: str = Field(foreign_key="operator.id")
    maker_signature: bytes
    checker_signature: bytes


class Event(LedgerTable, table=True):
    """What the province had to say, by its cursor; `read` once somebody has looked at it."""

    cursor: int = assigned()
    kind: str
    at: datetime = Field(sa_type=Moment)
    entry: str = Field(default="", index=True)
    code: str = ""
    detail: str = ""
    read: bool = False


class Alarm(LedgerTable, table=True):
    """A loss whose bank's side failed (LOS-1), by its entry: until somebody has said who phoned the bank, and when."""

    entry: str = Field(primary_key=True)
    bank: str = ""
    raised_at: datetime = Field(sa_type=Moment)
    seen_by: str = ""
    seen_at: datetime | None = Field(default=None, sa_type=Moment)
    settled_by: str = ""
    settled_at: datetime | None = Field(default=None, sa_type=Moment)
    phoned_by: str = ""
    phoned_at: datetime | None = Field(default=None, sa_type=Moment)
    result: str = ""


class Operator(LedgerTable, table=True):
    """The people of this counter, inside the encryption: what the keyring says of a role counts for nothing here."""

    __table_args__ = (
        CheckConstraint(f"role IN ({', '.join(repr(role.value) for role in Role)})", name="a_known_role"),
    )
    id: str = Field(primary_key=True)
    name: str
    role: str
    active: bool = True
    from_before: bool = Field(default=False, sa_column_kwargs={"server_default": text("0")})
    """Was this operator here before entries were signed? Then their first key speaks for itself."""


class Signer(LedgerTable, table=True):
    """An operator's public key and who vouches for it (`counter.rules.signers`); `sent`: the province has been told."""

    seq: int | None = Field(default=None, primary_key=True)
    public_key: str = Field(unique=True)
    operator: str = Field(foreign_key="operator.id")
    role: str
    made_at: datetime = Field(sa_type=Moment)
    voucher: str
    signature: bytes
    sent: bool = False


class Audit(LedgerTable, table=True):
    """Who did what (审计), append-only and chained; notes of before the chain have no hash."""

    seq: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Moment)
    operator: str
    action: str
    subject: str = ""
    previous: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    hash: str = Field(default="", sa_column_kwargs={"server_default": text("''")})


class Identity(LedgerTable, table=True):
    """One row: where this counter stands, its key, its province, and how far the province's events were read.

    `incarnation` is 0 in the home that `counter init` made and a number drawn by each restore; `may_be_behind`: the
    province has not been asked since; `anchor_key` authenticates the anchor file; `given_up` are the file keys that are
    not to be used any more, one after the other (`counter.store.rekeying`); `closes_after` is the last business date of
    before a day was closed by an act, None in a ledger that is younger.
    """

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    city: str
    bank: str
    branch: str
    counter: str
    private_key: bytes | None = None
    province_url: str = ""
    province_key: str = ""
    province_ca: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    events_cursor: int = 0
    incarnation: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    anchor_key: bytes | None = None
    may_be_behind: bool = Field(default=False, sa_column_kwargs={"server_default": text("0")})
    given_up: bytes = Field(default=b"", sa_column_kwargs={"server_default": text("x''")})
    closes_after: date | None = None
