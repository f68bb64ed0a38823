"""The referrals (指引): what a bank counter cannot do, with the way on. REF-1, ECD-1, ELD-1, EXC-5, EXC-8."""

from typing import Final

from counter.rules import papers, referrals
from counter.rules.case import Case
from counter.rules.facts import guidance
from counter.rules.notices import booking_valid, notice
from counter.rules.reference import Context
from counter.rules.referrals import EVERY
from counter.rules.service import EVERYBODY, Effect, Notices, Service, StepId
from counter.rules.steps.referral import kind_chosen


def _referral(
    number: int,
    id: str,
    kinds: tuple[str, ...] = (),
    *,
    kinds_rule: str = "REF-1",
    notices: Notices = referrals.told,
    offices: tuple[str, ...] = (),
    way_on_from: tuple[str, ...] = (),
) -> Service:
    return Service(
        id=id,
        number=number,
        steps=(StepId.REFERRAL, StepId.CONFIRM),
        presented_by=EVERYBODY,
        papers=papers.none,
        notices=notices,
        checks={StepId.REFERRAL: (kind_chosen(kinds_rule),)} if kinds else {},
        effect=Effect.NOTHING,
        referrals=kinds,
        offices=offices,
        way_on_from=way_on_from,
    )


def _online(case: Case, service: Service, context: Context) -> tuple[str, ...]:
    """EXC-6: how long a booking holds; EXC-8: whom the city would rather see at the counter than exchange online."""
    here = guidance(case, context)
    terms = (booking_valid(here),) if case.referral == "booking" else ()
    banks = here.counter_banks if case.referral in ("booking", "renewal") else ()
    rather = (notice("counter_rather", bank=context.reference.banks[bank]) for bank in banks)
    return (*referrals.told(case, service, context), *terms, *rather)


BENEFIT_PAYMENT: Final = _referral(
    20,
    "benefit_payment",
    ("institution", "employee", "resident", "other", EVERY),
    kinds_rule="EXC-5",
    offices=("institution_pensions", "social_security", "resident_pensions"),
)
"""待遇发放方式变更, EXC-5: by the department that pays; somebody may draw from several."""

REFERRALS: Final = (
    _referral(18, "e_card"),  # 电子社保卡, ECD-1
    _referral(19, "elderly_card", offices=("elderly_window",)),  # 老年人优待卡, ELD-1
    BENEFIT_PAYMENT,
    _referral(21, "insurance_details", offices=("social_security",)),  # 参保信息变更, INF-2
    _referral(  # 医保个账销户, CAN-1
        22, "medical_account", offices=("medical_insurer", "card_agency"), way_on_from=("card.medical_account",)
    ),
    _referral(23, "card_test", offices=("card_testing", "elderly_window")),  # 卡片检测, FEE-1
    _referral(24, "photo_studio"),  # 照相馆、相片上传, PHO-3
    # 线上办理: 预约换行换卡, 补换卡, 挂失, 制卡进度查询
    _referral(25, "online", ("booking", "renewal", "loss", "progress"), notices=_online),
    # 一人一卡清理, where the city's card agency does it, ONE-6
    _referral(26, "clean_up_refer", offices=("card_agency",), way_on_from=("one_card.refer",)),
    # 解锁, where the lock is not the PIN's, LCK-1
    _referral(27, "unlock_refer", offices=("card_agency",), way_on_from=("card.not_pin_locked",)),
)
