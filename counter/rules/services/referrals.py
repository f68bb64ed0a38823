"""The referrals (指引): what a bank counter cannot do, with the way on. REF-1, ECD-1, ELD-1, EXC-5."""

from typing import Final

from counter.rules import papers, referrals
from counter.rules.referrals import EVERY
from counter.rules.service import EVERYBODY, Effect, Service, StepId


def _referral(number: int, id: str, kinds: tuple[str, ...] = ()) -> Service:
    return Service(
        id=id,
        number=number,
        steps=(StepId.REFERRAL, StepId.CONFIRM),
        presented_by=EVERYBODY,
        papers=papers.none,
        notices=referrals.told,
        checks={},
        effect=Effect.NOTHING,
        referrals=kinds,
    )


BENEFIT_PAYMENT: Final = _referral(20, "benefit_payment", ("institution", "employee", "resident", "other", EVERY))
"""待遇发放方式变更, EXC-5: by the department that pays; somebody may draw from several."""

REFERRALS: Final = (
    _referral(18, "e_card"),  # 电子社保卡, ECD-1
    _referral(19, "elderly_card"),  # 老年人优待卡, ELD-1
    BENEFIT_PAYMENT,
    _referral(21, "insurance_details"),  # 参保信息变更, INF-2
    _referral(22, "medical_account"),  # 医保个账销户, CAN-1
    _referral(23, "card_test"),  # 卡片检测, FEE-1
    _referral(24, "photo_studio"),  # 照相馆、相片上传, PHO-3
)
