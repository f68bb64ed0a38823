"""The messages between a counter and the province, used by both ends; the gateway's OpenAPI document is made from them.

Every request but ``/v1/health``, ``/v1/province`` and ``/v1/enrol`` is signed by the counter's key (a key that is to be
enrolled signs that itself), every answer to one that is signed by the province's (`counter.rules.signing`). ID numbers
stand in bodies only, never in a path. Digests and hashes are lower-case hex.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from counter.rules.card_life import CardState
from counter.rules.case import (
    BookingStatus,
    DocumentKind,
    IdentityAnswer,
    KnownCard,
    OldCard,
    OneCardAnswer,
    PickupMethod,
)
from counter.rules.counting import MAX_CARDS
from counter.rules.link import BODY_BYTES, Code, Fen, Hex, Moment, Name, SignedLink, SignerKey
from counter.rules.parcel import Parcel, ParcelCard
from counter.rules.photo import SCAN_BYTES

VERSION = 1
"""Of every path, ``/v1/…``."""

MAX_ENTRIES = 1000
MAX_PERSONS = 200
MAX_SIGNERS = 500
MAX_BYTES = 1024 * 1024
MAX_PHOTO = SCAN_BYTES
MAX_WORD = 64

Text = Annotated[str, Meta(max_length=200)]
Id = Annotated[str, Meta(min_length=1, max_length=64)]
"""Made and kept by the counter before it asks: asked twice, it is done once."""
Seq = Annotated[int, Meta(ge=0, lt=2**53)]


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What every message is: an immutable value with named fields; unknown fields are for later versions.

    Of a reply one field at least has no default: an empty object is no answer to anything.
    """


class OpenWord(StrEnum):
    """Words that a later program may add to: one that this program does not know is kept as it was said."""

    @classmethod
    def _missing_(cls, value: object) -> "OpenWord | None":
        if not isinstance(value, str) or len(value) > MAX_WORD:
            return None
        word = str.__new__(cls, value)
        word._name_, word._value_ = value, value
        return word


class Problem(Message, frozen=True):
    """An answer that is no: a code for programs, a sentence for the log (never with a person in it).

    Where `rule` names a rule, the no is to what was asked for, and `code` is ``finding.<code>`` in the catalogs.
    """

    code: str
    detail: str = ""
    rule: str = ""


# --- enrolment -------------------------------------------------------------------------------------------------


class Enrolment(Message, frozen=True):
    """``POST /v1/enrol``: a one-time code from the province, and the counter's Ed25519 public key (hex)."""

    code: Code
    branch: Name
    counter: Name
    public_key: Hex


class Enrolled(Message, frozen=True):
    """The province's Ed25519 public key (hex), to be pinned; ``GET /v1/province`` says it to be compared before."""

    province_key: Hex


class Health(Message, frozen=True):
    """``GET /v1/health``: the province answers, and this is its clock."""

    time: Moment


# --- asked at the counter --------------------------------------------------------------------------------------


class Person(Message, frozen=True):
    """Whom a question is about."""

    kind: DocumentKind
    number: Code
    name: Text = ""


class IdentityQuestion(Message, frozen=True):
    """``POST /v1/identity``: 联网核查."""

    person: Person


class IdentityReply(Message, frozen=True):
    answer: IdentityAnswer


class OneCardQuestion(Message, frozen=True):
    """``POST /v1/one-card``: 一人一卡核查, for a card to be issued in `city`."""

    person: Person
    city: Code


class OneCardReply(Message, frozen=True):
    answer: OneCardAnswer
    cards: tuple[KnownCard, ...] = ()


Persons = Annotated[tuple[Person, ...], Meta(max_length=MAX_PERSONS)]


class GroupQuestion(Message, frozen=True):
    """``POST /v1/group``: both questions about a unit's people at once (单位批量核查), for cards issued in `city`.

    `bookings`: their change-of-bank bookings too, EXC-6.
    """

    persons: Persons
    city: Code
    bookings: bool = False


class CleanUp(Message, frozen=True):
    """``POST /v1/clean-up``: 一人一卡清理 of all the person's cards outside `city`, confirmed by the holder."""

    person: Person
    city: Code


class CleanUpReply(Message, frozen=True):
    cleaned: int


class PhotoQuestion(Message, frozen=True):
    """``POST /v1/photo``: the photo of a receipt (相片回执号), or without one the photo the province holds."""

    person: Person
    receipt: Code = ""


class PhotoReply(Message, frozen=True):
    """`photo` is the JPEG; without it `reason` (``not_found``, ``other_person``, ``expired``) says why."""

    photo: bytes | None
    reason: str = ""


class SmsRequest(Message, frozen=True):
    """``POST /v1/sms``: send a code to this mobile."""

    mobile: Code


class SmsSent(Message, frozen=True):
    """`echo` is the code itself, in a demonstration only."""

    ticket: str
    echo: str = ""


class SmsCheck(Message, frozen=True):
    """``POST /v1/sms/check``: the code that the customer read out."""

    ticket: Code
    code: Code


class SmsChecked(Message, frozen=True):
    correct: bool


class CardsQuestion(Message, frozen=True):
    """``POST /v1/cards``: every card of a person (社保卡信息查询), those that are being made among them.

    Without a person by the number of a `card` (QRY-1): that one, and the one that is being made in its place.
    """

    person: Person | None = None
    card: Code = ""


class HeldCard(Message, frozen=True):
    """A card as a case takes it, its city, and where it stands; `branch` is where it lies, or will, to be collected."""

    card: OldCard
    city: str
    state: CardState
    branch: str = ""


class CardsReply(Message, frozen=True):
    cards: tuple[HeldCard, ...]


class Milestones(Message, frozen=True, omit_defaults=True):
    """The dates of a card's making (制卡进度), in their order; `sent_to` is the branch that has signed for the card.

    A card in the mail was sent on `sent_on` to nobody here; on `returned_on` the post gave up (PIC-8).
    """

    applied_on: date | None = None  # 申请
    bank_opened_on: date | None = None  # 银行开户
    bank_done_on: date | None = None  # 银行完成
    insurer_on: date | None = None  # 社保经办
    province_on: date | None = None  # 省平台
    city_on: date | None = None  # 市卡中心
    sent_on: date | None = None  # 送达网点，或交寄
    sent_to: str = ""
    returned_on: date | None = None  # 投递失败，退往网点
    collected_on: date | None = None  # 领卡


class ProgressQuestion(Message, frozen=True):
    """``POST /v1/progress``: how far the cards of a `CardsQuestion` have come (制卡进度查询), QRY-1."""

    person: Person | None = None
    card: Code = ""


class CardProgress(Message, frozen=True):
    """The making of one card: `id` is the entry that applied for it, `number` the new card's once it is known."""

    id: str
    service: str
    city: str
    bank: str
    state: CardState
    milestones: Milestones
    number: str = ""
    pickup: PickupMethod | None = None


class ProgressReply(Message, frozen=True):
    """Newest first; collected ones too."""

    cards: tuple[CardProgress, ...]


class GroupProgressQuestion(Message, frozen=True):
    """``POST /v1/group/progress``: how far the cards of a unit's people have come, EXC-7."""

    persons: Persons


class GroupProgressReply(Message, frozen=True):
    """What ``/v1/progress`` says of each person, in the same order."""

    answers: tuple[ProgressReply, ...]


class Loss(Message, frozen=True):
    """``POST /v1/loss`` and ``/v1/loss/withdraw``: report a loss in writing (书面挂失), or take it back (解挂).

    `id` is the ledger entry's: the entry that follows at sync is the same act. `card` is what the counter knows of it.
    """

    id: Id
    person: Person
    city: Code
    card: OldCard


class LossAnswer(StrEnum):
    """What came of it, LOS-1."""

    DONE = "00"  # both accounts
    DONE_BEFORE = "01"  # both accounts, and before this was asked
    BANK_FAILED = "02"  # the social side only: the customer must call the bank


class LossReply(Message, frozen=True):
    answer: LossAnswer


class BookingQuestion(Message, frozen=True):
    """``POST /v1/booking``: the person's change-of-bank booking (预约换行换卡)."""

    person: Person


class BookingReply(Message, frozen=True):
    """The latest booking; `reason` is the original bank's, where it refused."""

    status: BookingStatus
    id: str = ""
    from_bank: str = ""
    to_bank: str = ""
    booked_on: date | None = None
    approved_on: date | None = None
    reason: str = ""


class PersonReply(Message, frozen=True):
    """What ``/v1/identity``, ``/v1/one-card`` and, where that was asked, ``/v1/booking`` say of one person."""

    identity: IdentityReply
    one_card: OneCardReply
    booking: BookingReply | None = None


class GroupReply(Message, frozen=True):
    """One answer to each person, in the same order."""

    answers: tuple[PersonReply, ...]


class BankChange(Message, frozen=True):
    """``POST /v1/bookings``: book a change of bank (预约换行换卡) for the holder of a card, EXC-6.

    `id` is the ledger entry's, and becomes the booking's: the entry that follows at sync is the same act.
    """

    id: Id
    person: Person
    city: Code
    card: OldCard
    to_bank: Code


class GroupBooking(Message, frozen=True):
    """``POST /v1/group/bookings``: book a change of bank for a unit's people together (单位集体预约换行换卡), EXC-6.

    Each by itself: the no to one is not a no to the others.
    """

    changes: Annotated[tuple[BankChange, ...], Meta(max_length=MAX_PERSONS)]


class GroupBookingAnswer(Message, frozen=True):
    """The booking that was made, or why there is none: `code` is ``finding.<code>`` in the catalogs."""

    booking: BookingReply | None
    code: str = ""
    rule: str = ""


class GroupBookingReply(Message, frozen=True):
    """One answer to each change, in the same order."""

    answers: tuple[GroupBookingAnswer, ...]


class ReviewsQuestion(Message, frozen=True):
    """``POST /v1/reviews``: the bookings that wait for the bank whose counter asks."""


class WaitingReview(Message, frozen=True):
    """A booking under review, and who is to be changed."""

    booking: BookingReply
    person: Person
    city: str
    card: str = ""


class Reviews(Message, frozen=True):
    """Oldest first."""

    waiting: tuple[WaitingReview, ...]


class Review(Message, frozen=True):
    """``POST /v1/review``: the original bank's decision (原银行审核); `id` is the ledger entry's."""

    id: Id
    person: Person
    booking: Code
    approve: bool
    reason: Text = ""


class ParcelsQuestion(Message, frozen=True):
    """``POST /v1/parcels``: which parcels are on their way to the branch whose counter asks (PIC-7)?"""


class OnTheWay(Message, frozen=True):
    """A parcel that nobody has signed for whole: its number, its day, how many of its cards are still to come."""

    number: str
    packed_on: date
    cards: int


class OnTheWayReply(Message, frozen=True):
    """Oldest first."""

    parcels: tuple[OnTheWay, ...]


CardNumber = Annotated[str, Meta(max_length=20)]


class ParcelQuestion(Message, frozen=True):
    """``POST /v1/parcel``: what was sent to this branch in this parcel, and whose are the cards that were counted?

    Without a number the cards are mail that came back (PIC-8).
    """

    number: Code = ""
    cards: Annotated[tuple[CardNumber, ...], Meta(max_length=MAX_CARDS)] = ()


class ParcelReply(Message, frozen=True):
    """The parcel's cards, and what else is known of those asked about; of another branch's only which it is."""

    cards: tuple[ParcelCard, ...]


class Signing(Message, frozen=True):
    """``POST /v1/parcel/sign``: this branch has these cards (网点签收); `parcel.counted` are the ones signed for.

    `id` is the ledger entry's: the entry that follows at sync is the same act.
    """

    id: Id
    parcel: Parcel


class SigningReply(Message, frozen=True):
    """How many cards lie at the branch by it; those of another branch are left as they were."""

    signed: int


# --- sync ------------------------------------------------------------------------------------------------------


class Head(Message, frozen=True):
    """``GET /v1/head``: the last entry that the province holds from this counter; seq 0 and `GENESIS` when none."""

    seq: int
    hash: str
    count: int


class SignerKeys(Message, frozen=True):
    """``POST /v1/signers``: the keys that this counter's operators sign their entries with.

    `before`: who was there before entries were signed, their first key speaks for itself; `unsigned`: the last entry
    of that time. The province keeps what the first one says of both.
    """

    keys: Annotated[tuple[SignerKey, ...], Meta(max_length=MAX_SIGNERS)]
    before: Annotated[tuple[Name, ...], Meta(max_length=MAX_SIGNERS)] = ()
    unsigned: Seq = 0


class SignersKnown(Message, frozen=True):
    """Those of the keys (hex) that the province believes; entries signed with another come back."""

    known: tuple[str, ...]


class PhotoStored(Message, frozen=True):
    """``PUT /v1/photos/{digest}``: SHA-256 of the JPEG; one that is there already is success."""

    digest: str


class Entry(SignedLink, frozen=True, kw_only=True):
    """A ledger entry on the wire: the link with hash and signatures, the body's exact bytes and its salt.

    `refused_code` and `refused_rule` are set when the counter itself takes the entry back before it is sent, because a
    question that had been deferred was answered with no. The entry still goes, since the chain has no gaps, and
    the province stores it as rejected.

    Of one that is `withheld`, because the province refused its form or size or failed over it, only the place in the
    chain is true: seq, previous and own hash, date; its id is its hash, all else is blank. It is
    stored as rejected too.
    """

    body: Annotated[bytes, Meta(max_length=BODY_BYTES)]
    salt: Annotated[bytes, Meta(max_length=64)]
    refused_code: Code = ""
    refused_rule: Code = ""
    withheld: bool = False


class Entries(Message, frozen=True):
    """``POST /v1/entries``: at most `MAX_ENTRIES` and `MAX_BYTES`, in the order of seq, zstd-compressed JSON."""

    entries: Annotated[tuple[Entry, ...], Meta(max_length=MAX_ENTRIES)]


class HeldEntry(Entry, frozen=True, kw_only=True):
    """An entry as the province holds it: taken (``created``) or stored as ``rejected``, with a code."""

    outcome: Code
    code: Code = ""
    rule: Code = ""


class HeldEntries(Message, frozen=True):
    """``GET /v1/entries?after=``: what the province holds of this counter after a seq, and by whom it is signed.

    A home that was restored from a backup takes it over, so that it goes on where the one before it ended; `more` when
    there are further ones.
    """

    entries: tuple[HeldEntry, ...]
    signers: tuple[SignerKey, ...]
    more: bool = False


class Outcome(OpenWord):
    """The answer to one entry."""

    CREATED = "created"
    EXISTS = "exists"  # the same id with the same hash
    CONFLICT = "conflict"  # the same id or seq with another hash: never success
    REJECTED = "rejected"  # stored as refused, with a code; does not count
    RETRY = "retry"  # not now


AFTER_GAP = "gap"
"""Why an entry is to be retried: what comes before it in the chain is not there, or in conflict."""
UNKNOWN_FORM = "unknown_form"
"""Why an entry is to be retried: the province does not know its form yet, and so cannot verify it."""


class EntryAnswer(Message, frozen=True):
    """`code` says why an entry is rejected, ``finding.<code>`` in the catalogs, or why it is to be retried."""

    id: str
    outcome: Outcome
    code: str = ""
    rule: str = ""


class EntryAnswers(Message, frozen=True):
    answers: tuple[EntryAnswer, ...]


class EventKind(OpenWord):
    """What an event is about."""

    PROGRESS = "progress"
    BOOKING = "booking"
    LOSS = "loss"
    REJECTED = "rejected"
    BRANCHES = "branches"


class Event(Message, frozen=True):
    """Something the province has to say; `entry` names the entry that it is about."""

    cursor: int
    kind: EventKind
    at: datetime
    entry: str = ""
    code: str = ""
    detail: str = ""


class Events(Message, frozen=True):
    """``GET /v1/events?after=``: the events after a cursor, oldest first; `more` when there are further ones."""

    events: tuple[Event, ...]
    more: bool = False


class KindTotal(Message, frozen=True):
    """Count and fees (fen) of one kind of entry."""

    kind: Code
    count: Seq
    fee_fen: Fen


class DayClose(Message, frozen=True):
    """``POST /v1/day-close``: what the counter counted for a business date, and its chain's head on that date.

    `audit_seq` and `audit_head` are the last note of its audit and that one's hash: the receipt keeps them.
    """

    business_date: date
    totals: Annotated[tuple[KindTotal, ...], Meta(max_length=100)]
    last_seq: Seq
    head: Hex
    audit_seq: Seq = 0
    audit_head: Code = ""


class Receipt(Message, frozen=True):
    """What the province recounted from what it stored, when it matches; signed as canonical JSON."""

    branch: str
    counter: str
    business_date: date
    totals: tuple[KindTotal, ...]
    last_seq: int
    head: str
    signed_at: datetime
    audit_seq: int = 0
    audit_head: str = ""


class DayEntry(Message, frozen=True):
    """An entry that the province counts for a business date."""

    id: str
    kind: str
    fee_fen: int


class DayClosed(Message, frozen=True):
    """`receipt` (canonical JSON bytes) and its Ed25519 `signature` when all matches.

    Else `totals` are the province's, and `differing` what it counts of the kinds whose totals differ: the counter finds
    which of them only one side has, or counts otherwise. Where the totals agree it is the last entry that it holds.
    """

    matched: bool
    receipt: bytes | None = None
    signature: str = ""
    totals: tuple[KindTotal, ...] = ()
    differing: tuple[DayEntry, ...] = ()
