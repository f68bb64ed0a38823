"""The case: one customer's service in progress (业务办理).

Steps fill it, rules judge it, the store keeps it as a draft after every step, and confirming turns it
into one ledger entry. Every value is immutable; a step makes the next case with `msgspec.structs.replace`.
What is not known yet is empty (``""``, ``None``): an empty value is never an error of form, and a rule
that needs the value answers with a `stop`.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from msgspec import structs

from counter.rules.faces import FaceComparison
from counter.rules.group import GroupUnit
from counter.rules.parcel import Parcel
from counter.rules.part import Part
from counter.rules.payment import Payment
from counter.rules.read_card import ReadCard


class DocumentKind(StrEnum):
    """Kinds of valid identity document (有效身份证件), WHO-2, WHO-6."""

    ID_CARD = "id_card"  # 居民身份证
    HUKOU = "hukou"  # 居民户口簿
    HK_MACAU_PERMIT = "hk_macau_permit"  # 港澳居民来往内地通行证
    HK_MACAU_RESIDENCE = "hk_macau_residence"  # 港澳居民居住证
    TAIWAN_PERMIT = "taiwan_permit"  # 台湾居民来往大陆通行证
    TAIWAN_RESIDENCE = "taiwan_residence"  # 台湾居民居住证
    PASSPORT = "passport"  # 外国护照
    PERMANENT_RESIDENCE = "permanent_residence"  # 外国人永久居留身份证
    CHINESE_PASSPORT = "chinese_passport"  # 中国护照, of the overseas Chinese (华侨)


class PresentedBy(StrEnum):
    """Who stands at the window (办理人)."""

    HOLDER = "holder"  # 本人
    GUARDIAN = "guardian"  # 法定监护人
    AGENT = "agent"  # 代办人


class OneCardAnswer(StrEnum):
    """The province's answer to the one-card question (一人一卡核查), ONE-1."""

    NONE = "none"  # no card in the province
    PENDING = "pending"  # an application is under way
    HERE = "here"  # issued in this city already
    ELSEWHERE = "elsewhere"  # issued in another Guangdong city
    DEFERRED = "deferred"  # the province could not be asked


class IdentityAnswer(StrEnum):
    """The answer to the networked identity check (联网核查)."""

    MATCH = "match"  # 一致
    MISMATCH = "mismatch"  # 不一致
    NOT_FOUND = "not_found"  # 查无此人
    DEFERRED = "deferred"  # the province could not be asked


class Mode(StrEnum):
    """The three ways of exchange (换发方式), EXC-1 to EXC-3."""

    SAME_NUMBER = "same_number"  # 同行同号
    NEW_NUMBER = "new_number"  # 同行变更卡号
    CHANGE_BANK = "change_bank"  # 变更银行


class PhotoSource(StrEnum):
    """Where the card's photo comes from (照片来源), PHO-1, PHO-3."""

    KEEP = "keep"  # 沿用原卡照片
    PROVINCE = "province"  # 省平台已有相片
    RECEIPT = "receipt"  # 相片回执号
    FILE = "file"  # 相片文件或扫描
    ID_CARD = "id_card"  # 授权使用身份证相片


class PickupMethod(StrEnum):
    """How the card reaches the holder (领卡方式), PIC-1."""

    BRANCH = "branch"  # 网点领卡
    MAIL = "mail"  # 邮寄到付
    INSTANT = "instant"  # 即时制卡


class Insurance(StrEnum):
    """Kind of insurance (参保类型)."""

    EMPLOYEE = "employee"  # 城镇职工
    RESIDENT = "resident"  # 城乡居民


class Sex(StrEnum):
    MALE = "M"
    FEMALE = "F"


class BookingStatus(StrEnum):
    """Where a change-of-bank booking stands (预约换行换卡), EXC-6; its transitions are in `counter.rules.booking`."""

    REVIEW = "review"  # 原银行审核中
    APPROVED = "approved"  # 审核通过
    REFUSED = "refused"  # 审核不通过
    LAPSED = "lapsed"  # 过期未办
    EXCHANGED = "exchanged"  # 已换行换卡
    NONE = "none"  # 没有预约


LongTerm = Literal["long_term"]
"""长期: a document without an end of validity."""

if TYPE_CHECKING:
    Until = date | LongTerm
else:  # msgspec decodes no union of two types that are strings in JSON: `Document` makes the date itself
    Until = Annotated[str, msgspec.Meta(pattern=r"^(long_term|\d{4}-\d{2}-\d{2})$")]


class Document(Part, frozen=True):
    """An identity document; `valid_to` may be ``long_term`` (长期)."""

    kind: DocumentKind = DocumentKind.ID_CARD
    number: str = ""
    valid_from: date | None = None
    valid_to: Until | None = None

    def __post_init__(self) -> None:
        """Make a date of what JSON gives. ValueError, from msgspec ValidationError, for a day that is none."""
        if isinstance(self.valid_to, str) and self.valid_to != "long_term":
            structs.force_setattr(self, "valid_to", date.fromisoformat(self.valid_to))


class Holder(Part, frozen=True):
    """The card's holder (持卡人/申领人), APP-1.

    `birth` and `sex` follow from a citizen's number and are stated by everybody else.
    `region` is the six-digit region of residence (常住地区); `ethnicity` and `occupation` are codes of `data/`.
    `incapable`: an adult without legal capacity (无民事行为能力人), for whom the guardian acts (GRD-1).
    """

    name: str = ""
    document: Document = Document()
    birth: date | None = None
    sex: Sex | None = None
    ethnicity: str = ""
    mobile: str = ""
    mobile_verified: bool = False
    occupation: str = ""
    region: str = ""
    address: str = ""
    insurance: Insurance | None = None
    incapable: bool = False


class Proxy(Part, frozen=True):
    """Who acts for the holder: legal guardian (法定监护人, AGE-*, GRD-1) or agent (代办人, AGT-*).

    `birth` is stated where the document's number does not tell it; `relation` is the guardian's to the holder, one of
    ``choice.relation`` or in the guardian's own words; `reason` (elderly, hospital, away) is why an agent takes the
    card along, AGT-4.
    """

    name: str = ""
    document: Document = Document()
    birth: date | None = None
    relation: str = ""
    mobile: str = ""
    mobile_verified: bool = False
    reason: str = ""


class KnownCard(Part, frozen=True):
    """A card that the province knows of, ONE-2: city code, bank id, card number, status code, cleanable or not."""

    city: str = ""
    bank: str = ""
    number: str = ""
    status: str = ""
    cleanable: bool = True


class OneCard(Part, frozen=True):
    """What the province said to the one-card question, and the holder's word on the clean-up (一人一卡清理)."""

    answer: OneCardAnswer | None = None
    cards: tuple[KnownCard, ...] = ()
    clean_up_confirmed: bool = False
    asked_at: datetime | None = None


class IdentityCheck(Part, frozen=True):
    """The networked identity check: the answer, and when it was asked."""

    answer: IdentityAnswer | None = None
    asked_at: datetime | None = None


class OldCard(Part, frozen=True):
    """The card that the person holds and the service acts on (原卡).

    `kind` is financial, blue or yellow (REP-2); `status` the card status code: 0 sealed, 1 normal, 2 loss reported,
    3 locked, 4 provisional loss, 9 cancelled, '' not known; `tested_undamaged` and `issued` are what a fee waiver
    rests on (FEE-1); `at_branch`: the branch has signed for it (PIC-5), `branch` where it lies (PIC-7); `mailed`: it is
    in the mail, or has come by it (PIC-3); `pin_locked`: a terminal says so (LCK-1);
    `bank_lock_failed`: the loss is reported, but the bank's side is not locked (LOS-1); `applied_by_agent`: the card is
    a first one, and an agent applied for it (AGT-3).
    """

    number: str = ""
    bank: str = ""
    kind: str = "financial"
    generation: int = 2
    in_hand: bool = False
    expires: date | None = None
    has_photo: bool = True
    preference: bool = False
    status: str = ""
    account_active: bool = False
    loss_reported: bool = False
    bank_lock_failed: bool = False
    replacement_filed: bool = False
    issued: date | None = None
    tested_undamaged: bool = False
    at_branch: bool = False
    branch: str = ""
    mailed: bool = False
    applied_by_agent: bool = False
    booked_online: bool = False
    pin_locked: bool = False


class ReadDocument(Part, frozen=True):
    """What a reader read off the document of whoever `who` names: the `person` as the chip has them.

    `photo` is the raw block of the chip (1,024 bytes); its codec is closed, so it is kept and never shown.
    """

    who: PresentedBy = PresentedBy.HOLDER
    person: Holder = Holder()
    photo: bytes = b""


class Changes(Part, frozen=True):
    """The new values of a change of identity data (个人信息变更), INF-2; what is empty stays as it is."""

    name: str = ""
    number: str = ""
    sex: Sex | None = None
    ethnicity: str = ""


class Photo(Part, frozen=True):
    """The card's photo: its source, the receipt number (相片回执号) and the SHA-256 of its bytes (hex).

    `refused_before`: an earlier application failed for its photo, PHO-2.
    """

    source: PhotoSource | None = None
    receipt: str = ""
    digest: str = ""
    refused_before: bool = False


class Pickup(Part, frozen=True):
    """How the card is collected; mail needs recipient, mobile, region and address, PIC-3."""

    method: PickupMethod | None = None
    recipient: str = ""
    mobile: str = ""
    mobile_verified: bool = False
    region: str = ""
    address: str = ""
    blank_card: str = ""


class Booking(Part, frozen=True):
    """A change-of-bank booking as the province told it, EXC-6.

    `booked_on` starts the review's days, `approved_on` the days of validity; `decision` is the original bank's
    (原银行审核): approved or refused; `reason` is that bank's, where it refused.
    """

    id: str = ""
    status: BookingStatus = BookingStatus.NONE
    from_bank: str = ""
    to_bank: str = ""
    booked_on: date | None = None
    approved_on: date | None = None
    decision: BookingStatus | None = None
    reason: str = ""


class Scan(Part, frozen=True):
    """The image of a paper (材料影像), APP-2: the paper's id, and the SHA-256 (hex) of a JPEG that the store holds."""

    paper: str
    digest: str


class Case(Part, frozen=True):
    """One customer's service in progress; the JSON of `counter case` is exactly this.

    `waiver` is the reason code of a fee waiver (FEE-1), `reason` the clerk's words where a refusal, a loss or a
    cancellation needs them, `referral` the kind of a referral that has several (EXC-5), `insured` whether the person
    is in social insurance (INF-2, CAN-1); `texts` name the versions that were shown of what the consents accept,
    where that is known (TXT-1, `counter.rules.accepted`); `read` are the documents that a reader has read, one each,
    `laid_card` the social security card; `payment` is how a fee that is due is paid. `corrects` is the id of the
    returned entry (退回) that this case puts right, '' for none.
    """

    service: str = ""
    city: str = ""
    presented_by: PresentedBy = PresentedBy.HOLDER
    holder: Holder = Holder()
    guardian: Proxy | None = None
    agent: Proxy | None = None
    unit: GroupUnit | None = None
    parcel: Parcel | None = None
    papers: tuple[str, ...] = ()
    scans: tuple[Scan, ...] = ()
    consents: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    identity_check: IdentityCheck = IdentityCheck()
    read: tuple[ReadDocument, ...] = ()
    faces: FaceComparison = FaceComparison()
    one_card: OneCard = OneCard()
    old_card: OldCard | None = None
    laid_card: ReadCard | None = None
    mode: Mode | None = None
    booking: Booking | None = None
    changes: Changes | None = None
    insured: bool | None = None
    medical_account_closed: bool = False
    waiver: str = ""
    reason: str = ""
    referral: str = ""
    photo: Photo = Photo()
    bank: str = ""
    branch: str = ""
    pickup: Pickup = Pickup()
    payment: Payment = Payment.CASH
    acknowledged: tuple[str, ...] = ()
    corrects: str = ""
