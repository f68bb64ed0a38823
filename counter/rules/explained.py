"""What the explanation of a field rests on (F1): where its value comes from, and the rules that speak of it.

What a field is and how it is written is said by the catalogs (``explain.<path>.what`` and ``.form``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class FieldOrigin(StrEnum):
    """Where the clerk has a value from."""

    DOCUMENT = "document"
    """Read off the identity document."""
    CARD = "card"
    """Read off the card."""
    PAPER = "paper"
    """Read off another paper that the customer hands over."""
    PROVINCE = "province"
    CUSTOMER = "customer"
    """The customer is asked."""
    CLERK = "clerk"
    """The clerk sees for themselves."""


@dataclass(frozen=True, slots=True)
class Explained:
    """`origins` in the order in which one looks; `rules` are ids of the book, the one that says most first."""

    origins: tuple[FieldOrigin, ...]
    rules: tuple[str, ...]


def _from(*origins: FieldOrigin, rules: str) -> Explained:
    return Explained(origins, tuple(rules.split()))


_DOCUMENT, _CARD, _PAPER = FieldOrigin.DOCUMENT, FieldOrigin.CARD, FieldOrigin.PAPER
_PROVINCE, _CUSTOMER, _CLERK = FieldOrigin.PROVINCE, FieldOrigin.CUSTOMER, FieldOrigin.CLERK

EXPLAINED: Final[Mapping[str, Explained]] = {
    "presented_by": _from(_CUSTOMER, rules="AGT-1 AGT-2 AGE-1"),
    "holder.document.kind": _from(_DOCUMENT, rules="WHO-2 WHO-6"),
    "holder.document.number": _from(_DOCUMENT, rules="WHO-5 APP-1"),
    "holder.document.valid_from": _from(_DOCUMENT, rules="WHO-3"),
    "holder.document.valid_to": _from(_DOCUMENT, rules="WHO-3 WHO-4"),
    "holder.name": _from(_DOCUMENT, rules="APP-1"),
    "holder.birth": _from(_DOCUMENT, rules="APP-1"),
    "holder.sex": _from(_DOCUMENT, rules="APP-1"),
    "holder.incapable": _from(_PAPER, _CUSTOMER, rules="GRD-1"),
    "holder.ethnicity": _from(_DOCUMENT, _CUSTOMER, rules="APP-1"),
    "holder.mobile": _from(_CUSTOMER, rules="APP-1"),
    "holder.occupation": _from(_CUSTOMER, rules="APP-1"),
    "holder.region": _from(_CUSTOMER, rules="APP-1"),
    "holder.address": _from(_CUSTOMER, rules="APP-1"),
    "holder.insurance": _from(_CUSTOMER, rules="APP-1"),
    "guardian.relation": _from(_PAPER, _CUSTOMER, rules="AGE-3 GRD-1"),
    "guardian.mobile": _from(_CUSTOMER, rules="AGE-3"),
    "agent.reason": _from(_CUSTOMER, _PAPER, rules="AGT-4 AGT-3"),
    "papers": _from(_CLERK, rules="APP-2 WHO-2"),
    "one_card.clean_up_confirmed": _from(_CUSTOMER, rules="ONE-3 ONE-2 ONE-5"),
    "old_card.bank": _from(_PROVINCE, _CARD, rules="BNK-2 BNK-1"),
    "old_card.number": _from(_PROVINCE, _CARD, rules="APP-1"),
    "old_card.status": _from(_PROVINCE, rules="LOS-1 LOS-2"),
    "old_card.kind": _from(_CARD, rules="REP-2"),
    "old_card.generation": _from(_PROVINCE, _CARD, rules="EXC-1"),
    "faces.same": _from(_CLERK, rules="WHO-2"),
    "old_card.in_hand": _from(_CLERK, rules="REP-1 PIC-5"),
    "old_card.expires": _from(_CARD, rules="PHO-5"),
    "old_card.has_photo": _from(_CARD, rules="PHO-5"),
    "old_card.preference": _from(_CARD, rules="PIC-6"),
    "old_card.loss_reported": _from(_PROVINCE, rules="LOS-2"),
    "old_card.bank_lock_failed": _from(_PROVINCE, rules="LOS-1"),
    "old_card.replacement_filed": _from(_PROVINCE, rules="LOS-2"),
    "old_card.issued": _from(_PROVINCE, _CARD, rules="FEE-1"),
    "old_card.tested_undamaged": _from(_CLERK, rules="FEE-1"),
    "old_card.at_branch": _from(_PROVINCE, _CLERK, rules="PIC-5 PIC-7"),
    "old_card.applied_by_agent": _from(_PROVINCE, rules="AGT-3"),
    "old_card.booked_online": _from(_PROVINCE, rules="PIC-5"),
    "old_card.pin_locked": _from(_CUSTOMER, rules="LCK-1"),
    "waiver": _from(_CUSTOMER, rules="FEE-1"),
    "insured": _from(_CUSTOMER, rules="INF-2 CAN-1"),
    "medical_account_closed": _from(_PAPER, _CUSTOMER, rules="CAN-1"),
    "reason": _from(_CUSTOMER, _CLERK, rules="CAN-1 EXC-6"),
    "changes.name": _from(_PAPER, rules="INF-2"),
    "changes.number": _from(_PAPER, rules="INF-2 WHO-5"),
    "changes.sex": _from(_PAPER, rules="INF-2"),
    "changes.ethnicity": _from(_PAPER, rules="INF-2"),
    "photo.source": _from(_CUSTOMER, rules="PHO-1 PHO-2 PHO-3"),
    "photo.receipt": _from(_PAPER, rules="PHO-4 PHO-7"),
    "photo_file": _from(_CLERK, rules="PHO-6"),
    "mode": _from(_CUSTOMER, rules="EXC-1 EXC-2 EXC-3"),
    "waiting_reviews": _from(_PROVINCE, rules="EXC-6"),
    "booking.decision": _from(_CLERK, rules="EXC-6"),
    "sms_code": _from(_CUSTOMER, rules="APP-1"),
    "bank": _from(_CUSTOMER, rules="BNK-1 BNK-2"),
    "branch": _from(_CUSTOMER, rules="BNK-3 PIC-4"),
    "pickup.method": _from(_CUSTOMER, rules="PIC-1 PIC-2 TIM-1"),
    "pickup.recipient": _from(_CUSTOMER, rules="PIC-3"),
    "pickup.mobile": _from(_CUSTOMER, rules="PIC-3"),
    "pickup.region": _from(_CUSTOMER, rules="PIC-3"),
    "pickup.address": _from(_CUSTOMER, rules="PIC-3"),
    "pickup.blank_card": _from(_CLERK, rules="PIC-1"),
    "payment": _from(_CUSTOMER, rules="FEE-1"),
    "referral": _from(_CUSTOMER, rules="REF-1 EXC-5"),
    "parcel.returned": _from(_CLERK, rules="PIC-7 PIC-8"),
    "parcel.number": _from(_PAPER, rules="PIC-7"),
    "parcel.counted": _from(_CARD, rules="PIC-7"),
    "unit.name": _from(_PAPER, rules="EXC-7"),
    "unit.uscc": _from(_PAPER, rules="EXC-7"),
    "unit.contact": _from(_CUSTOMER, _PAPER, rules="EXC-7"),
    "unit.contact_mobile": _from(_CUSTOMER, rules="EXC-7"),
    "delivery": _from(_CUSTOMER, rules="EXC-7 PIC-5"),
    "remarks": _from(_PAPER, rules="EXC-7"),
    "booking": _from(_PROVINCE, rules="EXC-6 EXC-7"),
    "consents": _from(_CUSTOMER, rules="TXT-1 APP-5 AGE-4"),
}
"""By the path of the field; a roster's column that no case has, by its id. A guardian's and an agent's are explained as
the holder's where they have none of their own (`explained_as`)."""


def explained_as(path: str) -> str:
    """The path under which a field is explained, '' where nowhere."""
    of_holder = f"holder.{path.partition('.')[2]}"
    return next((known for known in (path, of_holder) if known in EXPLAINED), "")
