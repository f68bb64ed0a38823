"""A service is a declaration (服务事项): who may ask, which steps, which papers, which fee, what is told afterwards."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Final, Literal

from counter.rules.card_life import CardState, Move
from counter.rules.case import Case, DocumentKind, Mode, PhotoSource, PickupMethod, PresentedBy
from counter.rules.finding import DEFERRED, Finding
from counter.rules.reference import Context


class StepId(StrEnum):
    """The guided steps; each service declares its own order."""

    IDENTITY = "identity"  # 身份
    ONE_CARD = "one_card"  # 一人一卡
    CARD = "card"  # 原卡
    CHANGES = "changes"  # 变更
    PHOTO = "photo"  # 照片
    MODE = "mode"  # 方式
    BOOKING = "booking"  # 预约
    DETAILS = "details"  # 资料
    BANK = "bank"  # 银行
    PICKUP = "pickup"  # 领取
    ANSWER = "answer"  # 查询结果
    REFERRAL = "referral"  # 指引
    CONFIRM = "confirm"  # 确认


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of the checklist (材料): its id (``paper.<id>``), the rule that asks for it, original or copy.

    Where a paper has two sides each side is a paper of its own (``id_card_front``, ``id_card_back``). `otherwise` are
    the papers that do as well, each of them a set of which all are needed. `at` is the step that asks for it.
    """

    id: str
    rule: str
    form: Literal["original", "copy"] = "original"
    otherwise: tuple[tuple[str, ...], ...] = ()
    at: StepId = StepId.IDENTITY

    @property
    def ids(self) -> tuple[str, ...]:
        """All that may be handed over for it, itself first."""
        return (self.id, *(id for other in self.otherwise for id in other))

    def is_among(self, handed: Container[str]) -> bool:
        """Is it handed over, or what does as well?"""
        return any(all(id in handed for id in ways) for ways in ((self.id,), *self.otherwise))


Check = Callable[[Case, "Service", Context], Iterable[Finding]]
"""One question to a case: pure, total, and silent when there is nothing to say."""

Papers = Callable[[Case, "Service", Context], tuple[Paper, ...]]
Notices = Callable[[Case, "Service", Context], tuple[str, ...]]


class Effect(Enum):
    """What a service does to a person's file at the province, by the functions of `counter.gateway.persons.effects`."""

    NOTHING = auto()  # a question, a letter, a referral
    FIRST_CARD = auto()  # a card for somebody who has none
    NEW_CARD = auto()  # a card in place of the old one
    HAND_OVER = auto()  # the card that was made comes into the holder's hands
    MOVE = auto()  # the card moves on in its life, and nothing else
    LOSS = auto()  # both sides of the card lock
    CANCELLATION = auto()  # the card ends, once its medical account is closed
    CLEANING_UP = auto()  # the cards of other cities end
    BOOKING = auto()  # a change of bank waits for its review
    REVIEW = auto()  # the original bank's decision on a booking


ALL_DETAILS: Final = (
    "holder.ethnicity",
    "holder.mobile",
    "holder.occupation",
    "holder.region",
    "holder.address",
    "holder.insurance",
)
CONTACT: Final = ("holder.mobile",)

EVERYBODY: Final = (PresentedBy.HOLDER, PresentedBy.GUARDIAN, PresentedBy.AGENT)
"""Who may ask where an agent may (AGT-1)."""
IN_PERSON: Final = (PresentedBy.HOLDER, PresentedBy.GUARDIAN)
"""The holder, under 16 or without capacity the guardian, never an agent (AGT-2)."""
AGENT_REASONS: Final = ("elderly", "hospital", "away")
"""Why an agent takes a card along (AGT-4)."""


def needs_nobody(_case: Case) -> str:
    """A service that one clerk finishes alone."""
    return ""


NOT_GIVEN: Final = frozenset({"missing", "text.address_empty"})
"""The codes of findings that say that a value was not given."""


@dataclass(frozen=True, slots=True)
class Group:
    """What differs where a unit's people are served together (单位集体办理), EXC-7.

    `collected` are the paths that a roster may leave out: the bank has seen the originals with the unit's materials,
    and the province holds the rest. What is given there is judged all the same. `photo_sources` come on top. `unasked`
    are the questions (`CaseRecord.deferred`) that need somebody at the window, where of a group nobody stands.
    """

    collected: frozenset[str]
    photo_sources: tuple[PhotoSource, ...] = ()
    unasked: frozenset[str] = frozenset()

    def answers(self, finding: Finding) -> bool:
        """Do the unit's materials answer this, or is nobody there to be asked?"""
        if finding.code.startswith(DEFERRED):
            return finding.code.removeprefix(DEFERRED) in self.unasked
        return finding.code in NOT_GIVEN and finding.field in self.collected


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """The declaration of one service; the tables in `docs/services.md` are generated from these.

    `number` is what the clerk may type instead of the name; `presented_by` is empty where nobody stands at the window;
    `photo_sources`, `modes` and `pickup_methods` are offered in this order, the first is the default; `papers` computes
    the checklist; `checks` are the service's own questions, by the step that asks them beside what the step asks of
    everybody; `effect` is what the province does with it, `moves` are those of the card in its life; `notices` are told
    after confirmation (see `counter.rules.notices`); `details` are the fields that the details step asks,
    `card_details` those that the card step asks beside bank, number and status; `alone`: asked for by the holder or an
    agent even where a guardian acts otherwise (LOS-1); `agents_by_city`: through an agent only where the city's policy
    says so (AGT-5); `agent_reasons` are why an agent may take the card along (AGT-4), empty where none may (AGT-3) or
    there is no card to take; `needs_card`: acts on a card that is there; `collected_here`: handed out at the handling
    branch (PIC-4); `authorised`: why a second person is needed (``choice.authorised.<reason>``), ''
    where none is; `letter` is the letter that comes with the result (``letter.<letter>``), '' for none; `referrals` are
    the kinds of a referral that has several (``choice.referral.<kind>``); `group`: served for a unit's people together
    (EXC-7); `at_once`: the act that the province is told of before sync.
    """

    id: str
    number: int
    steps: tuple[StepId, ...]
    papers: Papers
    notices: Notices
    checks: Mapping[StepId, tuple[Check, ...]]
    effect: Effect
    moves: tuple[Move, ...] = ()
    presented_by: tuple[PresentedBy, ...] = IN_PERSON
    documents: tuple[DocumentKind, ...] = tuple(DocumentKind)
    consents: tuple[str, ...] = ()
    photo_sources: tuple[PhotoSource, ...] = ()
    modes: tuple[Mode, ...] = ()
    pickup_methods: tuple[PickupMethod, ...] = ()
    details: tuple[str, ...] = ALL_DETAILS
    card_details: tuple[str, ...] = ()
    alone: bool = False
    agents_by_city: bool = False
    agent_reasons: tuple[str, ...] = ()
    needs_card: bool = False
    collected_here: bool = False
    authorised: Callable[[Case], str] = needs_nobody
    letter: str = ""
    referrals: tuple[str, ...] = ()
    group: Group | None = None
    at_once: str | None = None

    @property
    def is_application(self) -> bool:
        """Is it for somebody's first card (申领)? What is asked of a minor and an agent then is more: AGE-2, AGT-3."""
        return self.effect is Effect.FIRST_CARD

    @property
    def card_rule(self) -> str:
        """The rule that says what the service makes of a card, '' where it leaves the card as it is."""
        return self.moves[0].rule if self.moves else ""

    def may_move(self, state: CardState) -> bool:
        """Does a card in this state allow the service? Any does that the service leaves as it is."""
        return not self.moves or any(state in move.before for move in self.moves)

    def photo_sources_of(self, case: Case) -> tuple[PhotoSource, ...]:
        """The sources of a photo that the service takes in this case."""
        return (*self.photo_sources, *(self.group.photo_sources if self.group and case.unit else ()))
