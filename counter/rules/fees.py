"""The fee (工本费) and its waivers, FEE-1 and APP-6."""

from collections.abc import Iterator, Mapping
from typing import Final

from counter.rules.case import Case
from counter.rules.dates import turns
from counter.rules.facts import guidance, old_card, policy
from counter.rules.finding import Finding, stop
from counter.rules.reference import Context, Waiver
from counter.rules.service import Service

ELDERLY_TESTED: Final = "elderly_tested"
"""The waiver of the elderly preference card: that of the street's preference window (街道优待窗口), not of a bank."""


def full_fen(case: Case, service: Service, context: Context) -> int:
    """The city's fee for the service in fen; a service that its data do not name is free (APP-6)."""
    known = policy(case, context)
    return known.fees.get(service.id, 0) if known else 0


def waivers(case: Case, service: Service, context: Context) -> Mapping[str, Waiver]:
    """The waivers that the city grants for the service, by reason code; none where it costs nothing."""
    known = policy(case, context)
    if known is None or not full_fen(case, service, context):
        return {}
    return {id: granted for id, granted in known.waivers.items() if service.id in granted.services}


def waived(case: Case, service: Service, context: Context) -> str:
    """The reason code of the waiver that holds; '' where the fee is due, or where there is none."""
    return case.waiver if case.waiver and not any(waiver(case, service, context)) else ""


def due_fen(case: Case, service: Service, context: Context) -> int:
    """What is to be paid in fen: the fee, unless it is waived."""
    return 0 if waived(case, service, context) else full_fen(case, service, context)


def waiver(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """FEE-1: does the city grant the waiver that is claimed, and is the card such a one?"""
    if not case.waiver:
        return
    granted = waivers(case, service, context).get(case.waiver)
    if granted is not None:
        yield from _conditions(granted, case, context)
    elif case.waiver == ELDERLY_TESTED and full_fen(case, service, context):
        window = guidance(case, context).offices["elderly_window"]
        yield stop("FEE-1", "fee.street_window", "waiver", window=window)
    else:
        yield stop("FEE-1", "fee.no_such_waiver", "waiver")


def _conditions(granted: Waiver, case: Case, context: Context) -> Iterator[Finding]:
    card, years = old_card(case), granted.under_years
    if granted.preference and not card.preference:
        yield stop("FEE-1", "fee.not_elderly", "old_card.preference")
    if granted.undamaged and not (card.tested_undamaged and card.in_hand):
        yield stop("FEE-1", "fee.not_tested", "old_card.tested_undamaged")
    if years and (card.issued is None or not card.issued <= context.today < turns(card.issued, years)):
        yield stop("FEE-1", "fee.too_old", "old_card.issued", years=years)
    if granted.run_out and (card.expires is None or card.expires >= context.today):
        yield stop("FEE-1", "fee.not_run_out", "old_card.expires")
