"""The papers (材料) that a service asks of a customer in a city: APP-2, AGE-2, AGT-1, AGT-4, PHO-3, PIC-5, INF-2."""

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from counter.rules.case import Case, DocumentKind, PhotoSource, PresentedBy
from counter.rules.facts import by_card, old_card, policy, proxy
from counter.rules.reference import Context
from counter.rules.service import Paper, Service, StepId

AT: Final[Mapping[str, StepId]] = {
    "photo_receipt": StepId.PHOTO,
    "police_proof": StepId.CHANGES,
    "insurance_proof": StepId.CHANGES,
    "written_promise": StepId.CHANGES,
    "old_card": StepId.CARD,
}
"""The papers that another step than that of the identity asks for."""

ID_CARD: Final = ("id_card_front", "id_card_back")
PERMIT: Final = ("permit_front", "permit_back")
RESIDENCE: Final = ("residence_front", "residence_back")
GUARDIAN: Final = ("guardian_id_front", "guardian_id_back")
AGENT: Final = ("agent_id_front", "agent_id_back")

OF_DOCUMENT: Final[Mapping[DocumentKind, tuple[str, ...]]] = {
    DocumentKind.ID_CARD: ID_CARD,
    DocumentKind.HUKOU: ("hukou_cover", "hukou_householder", "hukou_member"),
    DocumentKind.HK_MACAU_PERMIT: PERMIT,
    DocumentKind.HK_MACAU_RESIDENCE: RESIDENCE,
    DocumentKind.TAIWAN_PERMIT: PERMIT,
    DocumentKind.TAIWAN_RESIDENCE: RESIDENCE,
    DocumentKind.PASSPORT: ("passport",),
    DocumentKind.PERMANENT_RESIDENCE: RESIDENCE,
}
OF_REASON: Final = {"hospital": "admission_record", "away": "away_registration"}
"""AGT-4: what proves why an agent collects; old age needs no further paper."""


def of_step(step: StepId, papers: tuple[Paper, ...]) -> tuple[Paper, ...]:
    """Those of a checklist that are handed over at this step."""
    return tuple(paper for paper in papers if AT.get(paper.id, StepId.IDENTITY) is step)


def none(_case: Case, _service: Service, _context: Context) -> tuple[Paper, ...]:
    """A service that looks at nothing."""
    return ()


def of_people(case: Case, service: Service, context: Context) -> tuple[Paper, ...]:
    """The holder's own document, every side of it, and those of whoever acts for the holder."""
    return tuple(_people(case, who_acts=case.presented_by if proxy(case, service, context) else PresentedBy.HOLDER))


def _people(case: Case, who_acts: PresentedBy) -> Iterator[Paper]:
    """AGE-2: guardian, child, and the proof of guardianship, which a hukou book is by itself. AGT-1: both documents."""
    kind, guarded = case.holder.document.kind, who_acts is PresentedBy.GUARDIAN
    if guarded:
        yield from (Paper(id, "AGE-2") for id in GUARDIAN)
    yield from (Paper(id, "AGE-2" if guarded else "APP-2") for id in OF_DOCUMENT[kind])
    if guarded and kind is not DocumentKind.HUKOU:
        yield Paper("birth_certificate", "AGE-2")
    if who_acts is PresentedBy.AGENT:
        yield from (Paper(id, "AGT-1") for id in AGENT)


def for_exchange(case: Case, service: Service, context: Context) -> tuple[Paper, ...]:
    """The studio's receipt besides, where the photo is renewed (PHO-3)."""
    receipt = (Paper("photo_receipt", "PHO-3"),) if case.photo.source is PhotoSource.RECEIPT else ()
    return (*of_people(case, service, context), *receipt)


def for_query(case: Case, service: Service, context: Context) -> tuple[Paper, ...]:
    """QRY-1: with the card alone only an agent shows a document, their own (AGT-1)."""
    papers = of_people(case, service, context)
    return tuple(paper for paper in papers if paper.rule == "AGT-1") if by_card(case, service) else papers


def for_collection(case: Case, service: Service, context: Context) -> tuple[Paper, ...]:
    """AGT-4: why an agent collects; PIC-5: the old card, where its exchange was booked online."""
    reason = case.agent.reason if case.agent and case.presented_by == PresentedBy.AGENT else ""
    why = (_with_form(OF_REASON[reason], "AGT-4", case, context),) if reason in OF_REASON else ()
    back = (Paper("old_card", "PIC-5"),) if old_card(case).booked_online else ()
    return (*of_people(case, service, context), *why, *back)


def for_changes(case: Case, service: Service, context: Context) -> tuple[Paper, ...]:
    """INF-2: the police paper, and of who is insured the insurer's paper or a written promise."""
    insurer = _with_form("insurance_proof", "INF-2", case, context, otherwise="written_promise")
    insured = () if case.insured is False else (insurer,)
    return (*of_people(case, service, context), Paper("police_proof", "INF-2"), *insured)


def _with_form(id: str, rule: str, case: Case, context: Context, *, otherwise: str = "") -> Paper:
    """A paper of which the city may be content with a copy."""
    known = policy(case, context)
    form: Literal["original", "copy"] = "copy" if known and id in known.copies else "original"
    return Paper(id, rule, form, otherwise)
