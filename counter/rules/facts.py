"""What follows from a case and the reference data: asked by several steps, answered once."""

from datetime import date
from functools import lru_cache
from typing import Final

from counter.rules.case import Case, Document, DocumentKind, OldCard, PickupMethod, PresentedBy, Proxy, Sex
from counter.rules.dates import turns
from counter.rules.numbers import NumberReading, identify
from counter.rules.reference import Branch, CityPolicy, Context
from counter.rules.service import Service, StepId

CITIZEN: Final = frozenset({DocumentKind.ID_CARD, DocumentKind.HUKOU})
"""Documents whose number is the citizen's ID number."""

HK_MACAU_TAIWAN: Final = frozenset(
    {
        DocumentKind.HK_MACAU_PERMIT,
        DocumentKind.HK_MACAU_RESIDENCE,
        DocumentKind.TAIWAN_PERMIT,
        DocumentKind.TAIWAN_RESIDENCE,
    }
)
FOREIGN: Final = frozenset({DocumentKind.PASSPORT, DocumentKind.PERMANENT_RESIDENCE})
NUMBER: Final = "holder.document.number"
ADULT: Final = 16
"""The age at which the identity card replaces the hukou book and the guardian steps back (WHO-2, AGE-1)."""
CHILD: Final = 14
"""Under this age personal data are sensitive (AGE-4)."""


def city(case: Case, context: Context) -> str:
    """The region of issue as stated, else the counter's own (发卡地)."""
    return case.city or (context.place.city if context.place else "")


def policy(case: Case, context: Context) -> CityPolicy | None:
    """What the city of issue decided; a county's own policy before its city's."""
    return context.reference.cities.get(context.reference.city_of(city(case, context)))


def hotline(case: Case, context: Context) -> str:
    """The city's hotline: the first that its policy names, '' where nobody has decided on any."""
    known = policy(case, context)
    return known.hotlines[0] if known and known.hotlines else ""


def branch(case: Case, context: Context) -> Branch | None:
    """The chosen branch, where the reference data know it."""
    return context.reference.branches.get(case.branch)


def serves(branch: Branch, policy: CityPolicy, context: Context) -> bool:
    """Does the branch lie where this policy holds? A county with a policy of its own counts as a city."""
    codes = (branch.city, branch.district)
    return policy.city in codes or any(context.reference.city_of(code) == policy.city for code in codes)


@lru_cache(maxsize=8)  # asked a dozen times in a judgement
def reading(document: Document, context: Context, field: str = NUMBER) -> NumberReading:
    """What the document's number says; the findings point to `field`."""
    return identify(document.number, document.kind, context.today, context.reference.regions, field)


def birth(case: Case, context: Context) -> date | None:
    """The holder's birth date: from the number where it tells, else as stated (APP-1)."""
    return reading(case.holder.document, context).birth or case.holder.birth


def sex(case: Case, context: Context) -> Sex | None:
    """The holder's sex: from the number where it tells, else as stated (APP-1)."""
    return reading(case.holder.document, context).sex or case.holder.sex


def under(born: date | None, years: int, context: Context) -> bool:
    """Is somebody known to be under this age? The birthday itself decides: on it they are of that age."""
    return born is not None and context.today < turns(born, years)


def is_minor(case: Case, context: Context) -> bool:
    """Is the holder known to be under 16?"""
    return under(birth(case, context), ADULT, context)


def is_child(case: Case, context: Context) -> bool:
    """Is the holder known to be under 14 (AGE-4)?"""
    return under(birth(case, context), CHILD, context)


def needs_guardian(case: Case, context: Context) -> bool:
    """Is the holder known to be under 16 (AGE-1), or an adult without capacity (GRD-1)?"""
    return is_minor(case, context) or is_incapable(case, context)


def is_incapable(case: Case, context: Context) -> bool:
    """Is the holder an adult without capacity (GRD-1)? A minor is guarded as a minor."""
    return case.holder.incapable and not is_minor(case, context)


def may_act(case: Case, service: Service, context: Context) -> bool:
    """May whoever stands here ask for this service? A guardian only for somebody under 16 or without capacity (AGE-1,
    GRD-1), an agent where the service (AGT-2) and the city (AGT-5) let one."""
    if case.presented_by == PresentedBy.GUARDIAN and not _guarded(case, context):
        return False
    if case.presented_by == PresentedBy.AGENT and not city_lets_agents(case, service, context):
        return False
    return case.presented_by in service.presented_by


def city_lets_agents(case: Case, service: Service, context: Context) -> bool:
    """AGT-5: does the city of issue let an agent ask for this service, where that is the city's to say?"""
    known = policy(case, context)
    return not service.agents_by_city or (known is not None and known.exchange_by_agent)


def agent_takes(case: Case, service: Service) -> bool:
    """Does an agent take the card along (AGT-4)? In a collection, and where the card is made at once and handed to
    whoever is there."""
    handed_out = StepId.PICKUP not in service.steps or case.pickup.method is PickupMethod.INSTANT
    return case.presented_by == PresentedBy.AGENT and bool(service.agent_reasons) and handed_out


def _guarded(case: Case, context: Context) -> bool:
    """In need of a guardian, or of an age that is not known yet."""
    return birth(case, context) is None or needs_guardian(case, context)


def proxy(case: Case, service: Service, context: Context) -> Proxy | None:
    """Who acts for the holder, empty where nothing is known of them; None where the holder comes in person, or where
    nobody else may come."""
    if not may_act(case, service, context):
        return None
    match case.presented_by:
        case PresentedBy.GUARDIAN:
            return case.guardian or Proxy()
        case PresentedBy.AGENT:
            return case.agent or Proxy()
    return None


def contact(case: Case, context: Context) -> str:
    """The path of the mobile that takes the SMS code: the guardian's where a guardian acts (AGE-3)."""
    guardian = case.presented_by == PresentedBy.GUARDIAN and _guarded(case, context)
    return "guardian.mobile" if guardian else "holder.mobile"


def old_card(case: Case) -> OldCard:
    """The card that the service acts on, empty where nothing is known of it."""
    return case.old_card or OldCard()
