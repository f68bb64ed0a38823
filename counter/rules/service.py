"""A service is a declaration (服务事项): who may ask, which steps, which papers, which fee, what is told afterwards."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """The declaration of one service; the tables in `docs/services.md` are generated from these.

    `number` is what the clerk may type instead of the name; `photo_sources`, `modes` and `pickup_methods` are
    offered in this order, the first is the default; `papers` computes the checklist; `checks` are the
    service's own questions, by the step that asks them beside what the step asks of everybody; `notices` are told
    after confirmation, as keys of ``notice.<key>`` in the catalogs; `collected_here`: handed out at the handling
    branch (PIC-4).
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

    def consents_of(self, case: Case) -> tuple[str, ...]:
        """The consents asked for: the service's own, and one to the use of the identity card's photo (PHO-1)."""
        photo = ("id_photo",) if case.photo.source is PhotoSource.ID_CARD else ()
        return (*self.consents, *photo)
