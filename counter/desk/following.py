"""What the customer needs after an entry (后续业务): which services, and their cases for the same customer."""

from msgspec import structs

from counter.desk.desk import Desk
from counter.rules.case import Case, Holder
from counter.rules.referrals import EVERY
from counter.rules.services import SERVICES
from counter.store.records import LedgerEntry


def followed_by(entry: LedgerEntry) -> tuple[str, ...]:
    """The services that the customer needs after this entry; none after what takes another back."""
    declared = SERVICES.get(entry.kind)
    return declared.followed_by(entry.record.case) if declared and entry.record else ()


def following(desk: Desk, entry: LedgerEntry, service: str) -> Case:
    """The case of a service that follows an entry: whose it is is known, and that it may be about several kinds."""
    assert entry.record is not None, "nothing follows an entry that has been erased"
    holder, kinds = entry.record.case.holder, SERVICES[service].referrals
    return structs.replace(
        desk.new_case(service),
        holder=Holder(name=holder.name, document=holder.document),
        referral=EVERY if EVERY in kinds else "",
    )
