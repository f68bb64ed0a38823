"""Who acts for the holder (监护人、代办人), judged as the holder is: AGE-1, AGE-3, AGT-1 to AGT-5, GRD-1."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from counter.rules.case import Case, DocumentKind, PresentedBy, Proxy, Sex
from counter.rules.facts import agent_takes, birth, is_incapable, is_minor, may_act, policy, reading, under
from counter.rules.facts import proxy as who_acts
from counter.rules.finding import Finding, Key, missing, stop
from counter.rules.reference import Context
from counter.rules.service import Check, Service
from counter.rules.steps.handed import valid_on
from counter.rules.text import check_name

GROWN_UP: Final = 18
"""完全民事行为能力: agents (AGT-1) and guardians (GRD-1, 民法典 art. 17 and 18)."""
ELDERLY: Final = 60
"""高龄: nobody under 60 is old in the sense of the law (老年人权益保障法 art. 2)."""
_FATHERS: Final = (
    "father", "父亲", "父", "爸爸", "养父", "继父", "父子", "父女",
    "grandfather", "祖父", "外祖父", "爷爷", "外公",
)  # fmt: skip
_MOTHERS: Final = (
    "mother", "母亲", "母", "妈妈", "养母", "继母", "母子", "母女",
    "grandmother", "祖母", "外祖母", "奶奶", "外婆",
)  # fmt: skip
SEX_OF: Final[Mapping[str, Sex]] = {**dict.fromkeys(_FATHERS, Sex.MALE), **dict.fromkeys(_MOTHERS, Sex.FEMALE)}
"""The relations that say of which sex the guardian is: as they are offered, and in the guardian's own words."""
ANCESTORS: Final = frozenset({*SEX_OF, "grandparent", "父母", "祖父母", "外祖父母"})


def presenter(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """AGE-1, GRD-1: for somebody under 16 or without capacity the guardian comes and nobody else, for others none does;
    a loss is reported by whoever notices it (LOS-1). AGT-2, AGT-5: where no agent may ask."""
    if not may_act(case, service, context):
        yield _refused(case, service, context)
    if case.presented_by == PresentedBy.GUARDIAN or service.alone:
        return
    if is_minor(case, context):
        yield stop("AGE-1", "identity.minor", "presented_by")
    elif is_incapable(case, context):
        yield stop("GRD-1", "identity.incapable", "presented_by")


def _refused(case: Case, service: Service, context: Context) -> Finding:
    """Why whoever stands here may not ask."""
    known = policy(case, context)
    if case.presented_by == PresentedBy.GUARDIAN and case.presented_by in service.presented_by:
        return stop("AGE-1", "identity.grown", "presented_by")
    if case.presented_by in service.presented_by and known:
        return stop("AGT-5", "identity.agent_in_city", "presented_by", city=known)
    who = Key(f"choice.presented_by.{case.presented_by}")
    return stop("AGT-2", "identity.presenter", "presented_by", who=who)


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
    """AGT-1, GRD-1: agent and guardian are 18 or older; the birthday itself decides."""
    acting, path = who_acts(case, service, context), case.presented_by
    if acting is None:
        return
    born, rule = _birth(acting, context), "GRD-1" if path == PresentedBy.GUARDIAN else "AGT-1"
    if born is None:
        if acting.document.number:
            yield missing(rule, f"{path}.birth")
    elif under(born, GROWN_UP, context):
        yield stop(rule, f"proxy.{path}_age", f"{path}.document.number")


def _birth(acting: Proxy, context: Context) -> date | None:
    return reading(acting.document, context).birth or acting.birth


def relation(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """AGE-3: the guardian states the relation to the holder, and is of the sex that it names; parents and grandparents
    were born before."""
    acting = who_acts(case, service, context)
    if acting is None or case.presented_by != PresentedBy.GUARDIAN:
        return
    said = acting.relation.strip().casefold()
    if not said:
        yield missing("AGE-3", "guardian.relation")
    told, named = reading(acting.document, context).sex, SEX_OF.get(said)
    if told and named and told is not named:
        yield stop("AGE-3", "proxy.relation_sex", "guardian.relation")
    theirs, holders = _birth(acting, context), birth(case, context)
    if said in ANCESTORS and theirs and holders and theirs >= holders:
        yield stop("AGE-3", "proxy.relation_age", "guardian.relation")


CHECKS: Final[tuple[Check, ...]] = (document, age, relation)


# --- what a service asks besides -------------------------------------------------------------------------------


def may_collect(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """AGT-3: no agent for a first card that an agent applied for; AGT-4 for every other card."""
    if case.presented_by == PresentedBy.AGENT and case.old_card and case.old_card.applied_by_agent:
        yield stop("AGT-3", "proxy.applied_by_agent", "presented_by")
    yield from may_take(case, service, context)


def may_take(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """AGT-4: an agent takes a card along for the elderly, in hospital or long away."""
    if not agent_takes(case, service):
        return
    reason = case.agent.reason if case.agent else ""
    if reason not in service.agent_reasons:
        yield stop("AGT-4", "proxy.reason", "agent.reason")
    elif reason == "elderly" and under(birth(case, context), ELDERLY, context):
        yield stop("AGT-4", "proxy.not_elderly", "agent.reason")
