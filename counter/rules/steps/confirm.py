"""Confirmation (确认): the customer's consents, APP-5, PHO-1, AGE-4 and TXT-1, and the fee's waiver, FEE-1."""

from collections.abc import Iterator
from typing import Final

from counter.rules.accepted import still_as_shown
from counter.rules.case import Case, PhotoSource, PresentedBy
from counter.rules.facts import is_child
from counter.rules.fees import waiver
from counter.rules.finding import Finding, Key, stop
from counter.rules.reference import Context
from counter.rules.service import Check, Service, StepId


def asked_of(case: Case, service: Service, context: Context) -> tuple[str, ...]:
    """The consents asked for: the service's own, one to the use of the identity card's photo (PHO-1), and under 14 the
    guardian's, recorded separately (AGE-4). A child that reports a loss alone has nobody to ask (LOS-1)."""
    photo = ("id_photo",) if case.photo.source is PhotoSource.ID_CARD else ()
    asked = StepId.IDENTITY in service.steps and (case.presented_by == PresentedBy.GUARDIAN or not service.alone)
    guardian = ("guardian",) if asked and is_child(case, context) else ()
    return (*service.consents, *photo, *guardian)


def consents(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """TXT-1, APP-5, PHO-1, AGE-4: what the customer has to agree to."""
    for consent in asked_of(case, service, context):
        if consent not in case.consents:
            rule = _RULES.get(consent, "APP-5")
            yield stop(rule, "consents.missing", "consents", consent=Key(f"choice.consent.{consent}"))


_RULES: Final = {"id_photo": "PHO-1", "guardian": "AGE-4"}


def no_waiver(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """FEE-1: the step of the card asks for a waiver; where there is none, nothing is waived."""
    if not {StepId.CARD, StepId.MODE}.intersection(service.steps):
        yield from waiver(case, service, context)


CHECKS: Final[tuple[Check, ...]] = (consents, still_as_shown, no_waiver)
