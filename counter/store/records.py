"""What screens, sync and commands see of the store: plain values, never a session or a table."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from counter.rules.case import Booking, Case, IdentityCheck, OneCard
from counter.rules.link import SignedLink
from counter.rules.record import CaseRecord
from counter.rules.unit import Unit


class Role(StrEnum):
    CLERK = "clerk"  # 柜员
    SUPERVISOR = "supervisor"  # 主管
    TIMER = "timer"  # the slot of `counter sync` from a timer


@dataclass(frozen=True, slots=True)
class Operator:
    """A person with a key slot: id (login), name shown on the screen, role, and whether the slot still opens."""

    id: str
    name: str
    role: Role
    active: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """A held case (挂起): `id` becomes the entry's id; `step` is where the clerk stood; `note` why it came back."""

    id: str
    case: Case
    step: str
    operator: str
    updated_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class AwaitingCase:
    """A confirmed case that waits for a second person (待授权); `reason` is the code of why one is needed.

    `business_date` is that of its making, and the entry's; `reverses` is the id of the entry that it takes back.
    """

    id: str
    kind: str
    record: CaseRecord
    reason: str
    maker: str
    reverses: str | None
    business_date: date
    created_at: datetime


class SendState(StrEnum):
    """Where an entry stands with the province."""

    PENDING = "pending"  # 待同步
    CREATED = "created"  # 已入库
    EXISTS = "exists"  # 已入库 (answered twice)
    REJECTED = "rejected"  # 省平台退回
    CONFLICT = "conflict"  # 冲突


class LedgerEntry(SignedLink, frozen=True, kw_only=True):
    """A ledger entry as it is listed; `record` is None where retention has erased the body."""

    record: CaseRecord | None
    state: SendState
    code: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something beside the chain of entries that does not hold: what, as ``ledger.problem.<what>``, and which one."""

    what: str
    which: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check found: entries read, the first sequence number that does not hold, and what else does not."""

    entries: int
    first_bad_seq: int | None = None
    flaws: tuple[Flaw, ...] = ()

    @property
    def valid(self) -> bool:
        return self.first_bad_seq is None and not self.flaws


@dataclass(frozen=True, slots=True)
class Restored(Verification):
    """What a restore found; `expected` is how many entries the anchor beside the backup said that there were."""

    expected: int = 0

    @property
    def missing(self) -> range:
        """The numbers of the entries that were recorded and are not in the backup."""
        return range(self.entries + 1, self.expected + 1)


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What became of the entries of another home that this one lacked.

    `carried`: the number that the customer has, and the one that it has here; `waiting`: that number, and the id under
    which it waits for a second person; `there`: how many were here already; `missing`: the numbers (seq) of those that
    cannot be read there, or that the other home's anchor says there were.
    """

    carried: tuple[tuple[str, str], ...]
    waiting: tuple[tuple[str, str], ...]
    there: int
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DayFigures:
    """Today in figures (今日): entries and fees by kind, and what is still open."""

    business_date: date
    by_kind: dict[str, tuple[int, int]]
    held: int
    pending: int
    rejected: int
    awaiting: int = 0

    @property
    def done(self) -> int:
        return sum(count for count, _ in self.by_kind.values())

    @property
    def fee_fen(self) -> int:
        return sum(fee for _, fee in self.by_kind.values())


class OutboundEntry(SignedLink, frozen=True, kw_only=True):
    """An entry on its way to the province: its exact bytes, salt, and the questions still to be asked."""

    body: bytes
    salt: bytes
    deferred: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """What is open: entries to send, entries that came back, entries in conflict, photos to send."""

    pending: int
    rejected: int
    conflict: int
    photos: int


@dataclass(frozen=True, slots=True)
class ProvinceEvent:
    """Something the province had to say; `entry` is the id of the entry that it is about, or empty."""

    cursor: int
    kind: str
    at: datetime
    entry: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """A loss whose bank's side is not locked (LOS-1), until that is settled; `entry` is the id of its entry.

    `bank` and `number` (to quote) are empty where the entry is not in this ledger. `seen`: a clerk has acknowledged it.
    """

    entry: str
    bank: str
    number: str
    raised_at: datetime
    seen: bool


@dataclass(frozen=True, slots=True)
class DayTotal:
    """Count and fees (fen) of one kind of entry."""

    kind: str
    count: int
    fee_fen: int


@dataclass(frozen=True, slots=True)
class DayTotals:
    """A business date as this counter counts it: accepted entries by kind, and the last entry the province has."""

    business_date: date
    totals: tuple[DayTotal, ...]
    last_seq: int
    head: str


@dataclass(frozen=True, slots=True)
class DayReceipt:
    """The province's signed receipt for a business date: canonical JSON and its Ed25519 signature in hex."""

    business_date: date
    last_seq: int
    content: bytes
    signature: str
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class LyingCard:
    """A card that lies at the branch: by which entry and out of which parcel ('' for mail that came back), since when,
    for whom, and when and by whom the holder was told of it."""

    number: str
    entry: str
    parcel: str
    since: date
    name: str = ""
    document: str = ""
    mobile: str = ""
    told_at: datetime | None = None
    told_by: str | None = None


@dataclass(frozen=True, slots=True)
class UnaskedParcel:
    """A parcel that was signed for while the province did not answer, and the cards signed for."""

    entry: str
    number: str
    cards: tuple[str, ...]


class BatchState(StrEnum):
    OPEN = "open"  # 办理中
    FINISHED = "finished"  # 已办结


@dataclass(frozen=True, slots=True)
class Batch:
    """A roster: its unit, who made it, how many rows it has and how many of them have been submitted."""

    id: int
    unit: Unit
    state: BatchState
    operator: str
    created_at: datetime
    rows: int
    submitted: int


class RowState(StrEnum):
    DRAFT = "draft"  # 未提交
    SUBMITTED = "submitted"  # 已提交


class RowContent(NamedTuple):
    """What the roster keeps of a person: bytes of its own, and what a row is found by and holds on to.

    `photo` is the digest of a photo in the store, or empty.
    """

    data: bytes
    document: str = ""
    name: str = ""
    photo: str = ""


class RowKey(NamedTuple):
    """A row as a list of all rows needs it; document and name are folded (compatibility forms, case, no spaces)."""

    id: str
    version: int
    state: RowState
    document: str
    name: str


class BatchRow(NamedTuple):
    """A row whole. `version` goes up with every change; the answers are those about its present number and name."""

    key: RowKey
    data: bytes
    photo: str
    identity: IdentityCheck | None
    one_card: OneCard | None
    booking: Booking | None


class RowAnswer(NamedTuple):
    """What the province said about the person that a row named when it was asked; None: nothing new."""

    id: str
    document: str
    name: str
    identity: IdentityCheck | None = None
    one_card: OneCard | None = None
    booking: Booking | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a document number also stands: in another open batch, or in today's ledger (`seq`); the other is 0."""

    batch: int = 0
    unit: str = ""
    seq: int = 0
    entry: str = ""


class Submission(NamedTuple):
    """A row as it was judged, and the record that it becomes."""

    id: str
    version: int
    record: CaseRecord


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a submission did: entries recorded, and the rows that were not since they have changed or are gone."""

    recorded: int
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """What the check of the audit trail found: notes read, and the number of the first that is wrong."""

    notes: int
    first_bad_seq: int | None = None

    @property
    def valid(self) -> bool:
        return self.first_bad_seq is None


@dataclass(frozen=True, slots=True)
class AuditNote:
    """Who did what; `subject` is an id or a digest."""

    seq: int

    at: datetime
    operator: str
    action: str
    subject: str
