"""How the card reaches the holder (领取): PIC-1 to PIC-4, PIC-6, AGT-3, AGT-4, EXC-1."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from counter.rules.case import Case, Mode, PickupMethod, PresentedBy
from counter.rules.facts import HK_MACAU_TAIWAN, branch, contact, old_card
from counter.rules.filling import value_at
from counter.rules.finding import Finding, Key, deferred, missing, stop
from counter.rules.reference import Context
from counter.rules.service import Check, Service, StepId
from counter.rules.steps.handed import handed_over
from counter.rules.steps.proxy import may_take
from counter.rules.text import check_address, check_mobile, check_name


def method(case: Case, service: Service, _context: Context) -> Iterator[Finding]:
    """PIC-1, PIC-4: one of the ways that the service offers."""
    chosen = case.pickup.method
    if chosen is None:
        yield missing("PIC-1", "pickup.method")
    elif chosen not in service.pickup_methods:
        rule = "PIC-4" if service.collected_here else "PIC-1"
        yield stop(rule, "pickup.method", "pickup.method", method=Key(f"choice.pickup.{chosen}"))


def mail(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """PIC-2, PIC-3: who may have it mailed, and where to; the branch is asked for in every case."""
    pickup = case.pickup
    if pickup.method is not PickupMethod.MAIL or PickupMethod.MAIL not in service.pickup_methods:
        return
    if case.holder.document.kind in HK_MACAU_TAIWAN:
        yield stop("PIC-2", "pickup.no_mail", "pickup.method")
    yield from _for_mail(check_name(pickup.recipient, "pickup.recipient"))
    yield from _for_mail(check_mobile(pickup.mobile, "pickup.mobile"))
    if pickup.mobile and pickup.mobile != value_at(case, contact(case, context)) and not pickup.mobile_verified:
        yield deferred("PIC-3", "sms", "pickup.mobile")
    if not pickup.region.strip():
        yield missing("PIC-3", "pickup.region")
    elif pickup.region not in context.reference.regions:
        yield stop("PIC-3", "details.unknown_code", "pickup.region", what=Key("field.pickup.region"))
    yield from _for_mail(check_address(pickup.address, "pickup.address"))


def _for_mail(findings: Iterable[Finding]) -> Iterator[Finding]:
    """What is asked of the recipient is asked by PIC-3."""
    return (replace(finding, rule="PIC-3") for finding in findings)


def instant(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """PIC-1, PIC-6, EXC-1: at once at an equipped branch, no preference card, not with the same number; at the window
    from a blank card, whose number accounts for it."""
    if case.pickup.method is not PickupMethod.INSTANT:
        return
    chosen = branch(case, context)
    if chosen and not chosen.instant:
        yield stop("PIC-1", "pickup.not_equipped", "pickup.method")
    if service.needs_card and old_card(case).preference:
        yield stop("PIC-6", "pickup.preference", "pickup.method")
    if service.modes and case.mode is Mode.SAME_NUMBER:
        yield stop("EXC-1", "pickup.same_number", "pickup.method")
    if context.place and not case.pickup.blank_card.strip():
        yield missing("PIC-1", "pickup.blank_card")


def through_agent(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """AGT-3: the holder collects at the branch what an agent applied for; no mail, and no agent takes it along.

    A replacement or exchange that is made at once is handed to whoever is there (G4(4)1). To an agent that is a
    collection as any other (G4(4)3), so AGT-4 holds: why, with the paper, and a second person authorises it.
    """
    elsewhere = case.pickup.method in {PickupMethod.MAIL, PickupMethod.INSTANT}
    if case.presented_by == PresentedBy.AGENT and service.is_application and elsewhere:
        yield stop("AGT-3", "pickup.agent", "pickup.method")
    else:
        yield from may_take(case, service, context)


CHECKS: Final[tuple[Check, ...]] = (method, mail, instant, through_agent, handed_over(StepId.PICKUP))
