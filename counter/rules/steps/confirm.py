"""Confirmation (确认): the customer's consents, APP-5 and PHO-1."""

from collections.abc import Iterator
from typing import Final

from counter.rules.case import Case
from counter.rules.finding import Finding, Key, stop
from counter.rules.reference import Context
from counter.rules.service import Check, Service


def consents(case: Case, service: Service, _context: Context) -> Iterator[Finding]:
    """APP-5, PHO-1: what the customer has to agree to."""
    for consent in service.consents_of(case):
        if consent not in case.consents:
            rule = "PHO-1" if consent == "id_photo" else "APP-5"
            yield stop(rule, "consents.missing", "consents", consent=Key(f"choice.consent.{consent}"))


CHECKS: Final[tuple[Check, ...]] = (consents,)
