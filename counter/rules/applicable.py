"""What applies to a case: a value whose field has vanished is not judged, recorded or shown.

What decides is always another value of the case: who stands there, where the photo comes from, how the card is fetched.
"""

from msgspec import structs

from counter.rules.case import Case, Mode, OldCard, PhotoSource, Pickup, PickupMethod, PresentedBy, Proxy
from counter.rules.facts import agent_takes
from counter.rules.service import Service, StepId


def applicable(case: Case, service: Service) -> Case:
    """The case without the values that nobody is asked for any more; the same again for one that has none."""
    return structs.replace(
        case,
        guardian=case.guardian if case.presented_by == PresentedBy.GUARDIAN else None,
        agent=_agent(case, service),
        photo=case.photo if case.photo.source is PhotoSource.RECEIPT else structs.replace(case.photo, receipt=""),
        pickup=_pickup(case.pickup),
        booking=None if service.modes and case.mode is not Mode.CHANGE_BANK else case.booking,
        old_card=_old_card(case, service),
        referral=case.referral if service.referrals else "",
    )


def _agent(case: Case, service: Service) -> Proxy | None:
    """AGT-4: why the card is taken along is asked of an agent who takes one."""
    agent = case.agent if case.presented_by == PresentedBy.AGENT else None
    if agent is not None and agent.reason and not agent_takes(case, service):
        return structs.replace(agent, reason="")
    return agent


def _pickup(pickup: Pickup) -> Pickup:
    """PIC-1, PIC-3: an address is for the mail, a blank card for what is made at once."""
    kept = pickup if pickup.method is PickupMethod.MAIL else Pickup(method=pickup.method)
    return structs.replace(kept, blank_card=pickup.blank_card if pickup.method is PickupMethod.INSTANT else "")


def _old_card(case: Case, service: Service) -> OldCard | None:
    """FEE-1: what a waiver rests on is asked where one is claimed. QRY-1: a card stands in for a document, not beside
    it."""
    card = case.old_card
    if card is None or (service.by_card and StepId.CARD not in service.steps and case.holder.document.number):
        return None
    return card if case.waiver else structs.replace(card, tested_undamaged=False)
