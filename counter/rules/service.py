"""A service is a declaration (服务事项): who may ask, which steps, which papers, which fee, what is told afterwards."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counter.rules.case import Case, DocumentKind, Mode, PhotoSource, PickupMethod, PresentedBy
from counter.rules.finding import Finding
from counter.rules.reference import Context


class StepId(StrEnum):
    """The guided steps, in the order in which a service that has them takes them."""

    IDENTITY = "identity"  # 身份
    ONE_CARD = "one_card"  # 一人一卡
    PHOTO = "photo"  # 照片
    MODE = "mode"  # 方式
    DETAILS = "details"  # 资料
    BANK = "bank"  # 银行
    PICKUP = "pickup"  # 领取
    CONFIRM = "confirm"  # 确认


Check = Callable[[Case, "Service", Context], Iterable[Finding]]
"""One question to a case: pure, total, and silent when there is nothing to say."""


NOT_GIVEN: Final = frozenset({"missing", "text.address_empty"})
"""The codes of findings that say that a value was not given."""


@dataclass(frozen=True, slots=True)
class Group:
    """What differs where a unit's people are served together (单位集体办理), EXC-7.

    `collected` are the paths that a roster may leave out: the bank has seen the originals with the unit's materials,
    and the province holds the rest. What is given there is judged all the same. `photo_sources` come on top.
    """

    collected: frozenset[str]
    photo_sources: tuple[PhotoSource, ...] = ()

    def answers(self, finding: Finding) -> bool:
        """Do the unit's materials answer this?"""
        return finding.code in NOT_GIVEN and finding.field in self.collected


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """The declaration of one service; the tables in `docs/services.md` are generated from these.

    `number` is what the clerk may type instead of the name; `photo_sources`, `modes` and `pickup_methods` are
    offered in this order, the first is the default; `papers` computes the checklist; `checks` are the
    service's own questions, by the step that asks them beside what the step asks of everybody; `notices` are told
    after confirmation, as keys of ``notice.<key>`` in the catalogs; `collected_here`: handed out at the handling
    branch (PIC-4); `group`: served for a unit's people together (EXC-7).
    """

    id: str
    number: int
    steps: tuple[StepId, ...]
    presented_by: tuple[PresentedBy, ...]
    documents: tuple[DocumentKind, ...]
    papers: Callable[[Case, Context], tuple[str, ...]]
    notices: Callable[[Case, Context], tuple[str, ...]]
    checks: Mapping[StepId, tuple[Check, ...]]
    consents: tuple[str, ...] = ()
    photo_sources: tuple[PhotoSource, ...] = ()
    modes: tuple[Mode, ...] = ()
    pickup_methods: tuple[PickupMethod, ...] = ()
    needs_old_card: bool = False
    collected_here: bool = False
    authorised: bool = False
    group: Group | None = None

    def photo_sources_of(self, case: Case) -> tuple[PhotoSource, ...]:
        """The sources of a photo that the service takes in this case."""
        return (*self.photo_sources, *(self.group.photo_sources if self.group and case.unit else ()))

    def consents_of(self, case: Case) -> tuple[str, ...]:
        """The consents asked for: the service's own, and one to the use of the identity card's photo (PHO-1)."""
        photo = ("id_photo",) if case.photo.source is PhotoSource.ID_CARD else ()
        return (*self.consents, *photo)
