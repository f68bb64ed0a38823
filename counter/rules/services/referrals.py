"""The referrals (指引): what a bank counter cannot do, with the way on. REF-1, ECD-1, ELD-1, EXC-5."""

from typing import Final

from counter.rules import papers, referrals
from counter.rules.service import EVERYBODY, Service, StepId

IDS: Final = (
    "e_card",  # 电子社保卡, ECD-1
    "elderly_card",  # 老年人优待卡, ELD-1
    "benefit_payment",  # 待遇发放方式变更, EXC-5
    "insurance_details",  # 参保信息变更, INF-2
    "medical_account",  # 医保个账销户, CAN-1
    "card_test",  # 卡片检测, FEE-1
    "photo_studio",  # 照相馆、相片上传, PHO-3
)

REFERRALS: Final = tuple(
    Service(
        id=id,
        number=number,
        steps=(StepId.REFERRAL, StepId.CONFIRM),
        presented_by=EVERYBODY,
        papers=papers.none,
        notices=referrals.told,
        checks={},
    )
    for number, id in enumerate(IDS, 18)
)
