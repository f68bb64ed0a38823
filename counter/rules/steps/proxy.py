"""Who acts for the holder (监护人、代办人), judged as the holder is: AGE-1, AGE-3, AGT-1, AGT-2, AGT-3, AGT-4."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from counter.rules.case import Case, DocumentKind, PresentedBy, Proxy
from counter.rules.facts import ADULT, birth, is_minor, may_act, reading, under
from counter.rules.facts import proxy as who_acts
from counter.rules.finding import Finding, Key, missing, stop
from counter.rules.reference import Context
from counter.rules.service import Check, Service
from counter.rules.steps.handed import valid_on
from counter.rules.text import check_name

AGENT_AGE: Final = 18
ELDERLY: Final = 60
"""高龄: nobody under 60 is old in the sense of the law (老年人权益保障法 art. 2)."""


def presenter(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """AGE-1, AGT-2: who may ask for this service; a guardian for somebody under 16, and nobody else for them."""
    if not may_act(case, service, context):
        rule = "AGE-1" if case.presented_by == PresentedBy.GUARDIAN else "AGT-2"
        yield stop(rule, "identity.presenter", "presented_by", who=Key(f"choice.presented_by.{case.presented_by}"))
    if case.presented_by != PresentedBy.GUARDIAN and is_minor(case, context):
        yield stop("AGE-1", "identity.minor", "presented_by")


def document(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """AGE-1, AGT-1: name, number and validity of the second document; the same person cannot act for themselves."""
    acting, path = who_acts(case, service, context), case.presented_by
    if acting is None:
        return
    rule = "AGE-1" if path == PresentedBy.GUARDIAN else "AGT-1"
    yield from check_name(acting.name, f"{path}.name")
    if acting.document.kind is DocumentKind.HUKOU:
        yield stop(rule, "proxy.hukou", f"{path}.document.kind")
    yield from reading(acting.document, context, f"{path}.document.number").findings
    yield from valid_on(acting.document, acting.document.valid_to, context.today, f"{path}.document")
    if acting.document.number and acting.document.number == case.holder.document.number:
        yield stop(rule, "proxy.same_person", f"{path}.document.number")


def age(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """AGT-1: an agent is 18 or older, a guardian no minor (AGE-1); the birthday itself decides."""
    acting, path = who_acts(case, service, context), case.presented_by
    if acting is None:
        return
    born, rule = _birth(acting, context), "AGE-1" if path == PresentedBy.GUARDIAN else "AGT-1"
    if born is None:
        if acting.document.number:
            yield missing(rule, f"{path}.birth")
    elif under(born, ADULT if path == PresentedBy.GUARDIAN else AGENT_AGE, context):
        yield stop(rule, f"proxy.{path}_age", f"{path}.document.number")


def _birth(acting: Proxy, context: Context) -> date | None:
    return reading(acting.document, context).birth or acting.birth


def relation(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """AGE-3: the guardian states the relation to the holder."""
    acting = who_acts(case, service, context)
    if acting and case.presented_by == PresentedBy.GUARDIAN and not acting.relation.strip():
        yield missing("AGE-3", "guardian.relation")


CHECKS: Final[tuple[Check, ...]] = (document, age, relation)


# --- what a service asks besides -------------------------------------------------------------------------------


def may_collect(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """AGT-3: not for a card that an agent applied for; AGT-4: for the elderly, in hospital or long away."""
    if case.presented_by != PresentedBy.AGENT:
        return
    if case.old_card and case.old_card.applied_by_agent:
        yield stop("AGT-3", "proxy.applied_by_agent", "presented_by")
    reason = case.agent.reason if case.agent else ""
    if reason not in service.agent_reasons:
        yield stop("AGT-4", "proxy.reason", "agent.reason")
    elif reason == "elderly" and under(birth(case, context), ELDERLY, context):
        yield stop("AGT-4", "proxy.not_elderly", "agent.reason")
