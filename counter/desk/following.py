"""What the customer needs after an entry (后续业务): which services, and their cases for the same customer."""

from msgspec import structs

from counter.desk.desk import Desk
from counter.rules.case import Case, Holder, OldCard
from counter.rules.referrals import EVERY
from counter.rules.services import SERVICES
from counter.rules.services.loss import REPORT_LOSS
from counter.store.records import LedgerEntry


def followed_by(entry: LedgerEntry) -> tuple[str, ...]:
    """The services that the customer needs after this entry; none after what takes another back."""
    declared = SERVICES.get(entry.kind)
    return declared.followed_by(entry.record.case) if declared and entry.record else ()


def following(desk: Desk, entry: LedgerEntry, service: str) -> Case:
    """The case of a service that follows an entry: nothing that is known of the customer is typed again."""
    assert entry.record is not None, "nothing follows an entry that has been erased"
    declared = SERVICES[service]
    return (_referral if declared.is_referral else _for_the_same)(desk.new_case(service), entry.record.case)


def _referral(case: Case, before: Case) -> Case:
    """A referral needs to know whose it is; it may be about several kinds."""
    kinds = SERVICES[case.service].referrals
    holder = Holder(name=before.holder.name, document=before.holder.document)
    return structs.replace(case, holder=holder, referral=EVERY if EVERY in kinds else "")


def _for_the_same(case: Case, before: Case) -> Case:
    """Who stands there still does, with the same papers; what has become of the card the province is asked again."""
    return structs.replace(
        case,
        presented_by=before.presented_by,
        holder=before.holder,
        guardian=before.guardian,
        agent=before.agent,
        papers=before.papers,
        scans=before.scans,
        identity_check=before.identity_check,
        old_card=_known(before.old_card, lost=before.service == REPORT_LOSS.id),
    )


def _known(card: OldCard | None, *, lost: bool) -> OldCard | None:
    """REP-1: the loss that was just reported needs no question."""
    return structs.replace(card, in_hand=False, loss_reported=True) if card and lost else card
