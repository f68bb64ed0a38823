"""The fee (工本费) and its waiver, FEE-1 and APP-6."""

from collections.abc import Iterator
from typing import Final

from counter.rules.case import Case
from counter.rules.dates import turns
from counter.rules.facts import old_card, policy
from counter.rules.finding import Finding, stop
from counter.rules.reference import Context
from counter.rules.service import Service

ELDERLY_TESTED: Final = "elderly_tested"
"""The one waiver that the sources name: an elderly card, unreadable and undamaged, under a year old, and tested."""


def full_fen(case: Case, service: Service, context: Context) -> int:
    """The city's fee for the service in fen; a service that its data do not name is free (APP-6)."""
    known = policy(case, context)
    return known.fees.get(service.id, 0) if known else 0


def waived(case: Case, service: Service, context: Context) -> str:
    """The reason code of the waiver that holds; '' where the fee is due, or where there is none."""
    granted = case.waiver and full_fen(case, service, context) and not any(waiver(case, service, context))
    return case.waiver if granted else ""


def waiver(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """FEE-1: what the waiver that is claimed rests on."""
    card = old_card(case)
    if not case.waiver:
        return
    if case.waiver != ELDERLY_TESTED or not full_fen(case, service, context):
        yield stop("FEE-1", "fee.no_such_waiver", "waiver")
        return
    if not card.preference:
        yield stop("FEE-1", "fee.not_elderly", "old_card.preference")
    if not (card.tested_undamaged and card.in_hand):
        yield stop("FEE-1", "fee.not_tested", "old_card.tested_undamaged")
    if card.issued is None or not card.issued <= context.today < turns(card.issued, 1):
        yield stop("FEE-1", "fee.over_a_year", "old_card.issued")
