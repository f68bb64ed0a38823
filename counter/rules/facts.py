"""What follows from a case and the reference data: asked by several steps, answered once."""

from datetime import date
from typing import Final

from counter.rules.case import Case, Document, DocumentKind, OldCard, Sex
from counter.rules.dates import turns
from counter.rules.numbers import NumberReading, identify
from counter.rules.reference import Branch, CityPolicy, Context

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
_last_reading: tuple[Document, Context, NumberReading] | None = None

ADULT: Final = 16
"""The age at which the identity card replaces the hukou book and the guardian steps back (WHO-2, AGE-1)."""


def city(case: Case, context: Context) -> str:
    """The region of issue as stated, else the counter's own (发卡地)."""
    return case.city or (context.place.city if context.place else "")


def policy(case: Case, context: Context) -> CityPolicy | None:
    """What the city of issue decided; a county's own policy before its city's."""
    return context.reference.cities.get(context.reference.city_of(city(case, context)))


def branch(case: Case, context: Context) -> Branch | None:
    """The chosen branch, where the reference data know it."""
    return context.reference.branches.get(case.branch)


def serves(branch: Branch, policy: CityPolicy, context: Context) -> bool:
    """Does the branch lie where this policy holds? A county with a policy of its own counts as a city."""
    codes = (branch.city, branch.district)
    return policy.city in codes or any(context.reference.city_of(code) == policy.city for code in codes)


def reading(document: Document, context: Context) -> NumberReading:
    """What the document's number says; read once, though half a dozen checks of a case ask one after the other."""
    global _last_reading  # noqa: PLW0603 - a memo of one slot: it changes no answer
    known = _last_reading
    if known is None or known[0] is not document or known[1] is not context:
        told = identify(document.number, document.kind, context.today, context.reference.regions, NUMBER)
        known = _last_reading = (document, context, told)
    return known[2]


def birth(case: Case, context: Context) -> date | None:
    """The holder's birth date: from the number where it tells, else as stated (APP-1)."""
    return reading(case.holder.document, context).birth or case.holder.birth


def sex(case: Case, context: Context) -> Sex | None:
    """The holder's sex: from the number where it tells, else as stated (APP-1)."""
    return reading(case.holder.document, context).sex or case.holder.sex


def is_minor(case: Case, context: Context) -> bool:
    """Is the holder known to be under 16?"""
    born = birth(case, context)
    return born is not None and context.today < turns(born, ADULT)


def old_card(case: Case) -> OldCard:
    """The card to be exchanged, empty where nothing is known of it."""
    return case.old_card or OldCard()
