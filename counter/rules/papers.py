"""The papers (材料) that a service asks of a customer in a city.

AGE-1, AGE-2, AGT-1, AGT-4, APP-2, GRD-1, INF-2, PHO-3, PIC-5.
"""

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from counter.rules.case import Case, DocumentKind, PhotoSource, PresentedBy, Proxy
from counter.rules.facts import CITIZEN, agent_takes, by_card, is_incapable, old_card, policy, proxy
from counter.rules.reference import Context
from counter.rules.service import Paper, Service, StepId

ID_CARD: Final = ("id_card_front", "id_card_back")
PERMIT: Final = ("permit_front", "permit_back")
RESIDENCE: Final = ("residence_front", "residence_back")
HUKOU: Final = ("hukou_cover", "hukou_householder", "hukou_member")
"""All that an application wants of the book (AGE-2)."""
KINSHIP: Final = ("hukou_householder", "hukou_member")
"""The pages of the book that show parent and child (AGE-1)."""
GUARDIAN: Final = ("guardian_id_front", "guardian_id_back")
AGENT: Final = ("agent_id_front", "agent_id_back")
GUARDIANSHIP: Final = "guardianship_proof"
"""监护证明、收养登记、法院文书 (AGE-1); of an adult's guardian the court's or the committee's paper (GRD-1)."""

OF_DOCUMENT: Final[Mapping[DocumentKind, tuple[str, ...]]] = {
    DocumentKind.ID_CARD: ID_CARD,
    DocumentKind.HUKOU: HUKOU,
    DocumentKind.HK_MACAU_PERMIT: PERMIT,
    DocumentKind.HK_MACAU_RESIDENCE: RESIDENCE,
    DocumentKind.TAIWAN_PERMIT: PERMIT,
    DocumentKind.TAIWAN_RESIDENCE: RESIDENCE,
    DocumentKind.PASSPORT: ("passport",),
    DocumentKind.PERMANENT_RESIDENCE: RESIDENCE,
    DocumentKind.CHINESE_PASSPORT: ("passport",),
}
OF_REASON: Final = {"hospital": "admission_record", "away": "away_registration"}
"""AGT-4: what proves why an agent takes the card along; old age needs no further paper."""


OF_CHANGES: Final = ("police_proof", "insurance_proof", "written_promise")
"""INF-2: what proves the change of identity data."""


def of_step(step: StepId, papers: tuple[Paper, ...]) -> tuple[Paper, ...]:
    """Those of a checklist that are handed over at this step."""
    return tuple(paper for paper in papers if paper.at is step)


def name_of(id: str, case: Case) -> str:
    """The catalog key of a paper's name in this case: a guardian's and an agent's document is called by its own kind
    (AGE-2), and an adult's guardian brings another proof than a child's (GRD-1)."""
    for acting, ids in ((case.guardian, GUARDIAN), (case.agent, AGENT)):
        if acting and id in ids and acting.document.kind not in CITIZEN:
            sides = OF_DOCUMENT[acting.document.kind]
            return f"paper.{id.partition('_')[0]}_{sides[min(ids.index(id), len(sides) - 1)]}"
    if id == GUARDIANSHIP and case.holder.incapable:
        return "paper.incapacity_proof"
    return f"paper.{id}"


def of_document(who: PresentedBy, kind: DocumentKind) -> tuple[str, ...]:
    """The sides of the document of whoever stands there."""
    sides = OF_DOCUMENT[kind]
    own = {PresentedBy.GUARDIAN: GUARDIAN, PresentedBy.AGENT: AGENT}.get(who)
    return own[: len(sides)] if own else sides


def none(_case: Case, _service: Service, _context: Context) -> tuple[Paper, ...]:
    """A service that looks at nothing."""
    return ()


def of_people(case: Case, service: Service, context: Context) -> tuple[Paper, ...]:
    """The holder's own document, those of whoever acts for the holder, and why an agent takes the card along."""
    acting = proxy(case, service, context)
    own = tuple(Paper(id, "APP-2") for id in _own(case, service))
    if acting is None:
        return own
    if case.presented_by is PresentedBy.GUARDIAN:
        return tuple(_guarded(case, service, context))
    return (*own, *(Paper(id, "AGT-1") for id in _sides(AGENT, acting)), *_why(case, service, context))


def _own(case: Case, service: Service) -> tuple[str, ...]:
    """The holder's document: every side of it, of a hukou book the holder's page, and all pages for an application."""
    kind = case.holder.document.kind
    return ("hukou_member",) if kind is DocumentKind.HUKOU and not service.is_application else OF_DOCUMENT[kind]


def _sides(ids: tuple[str, ...], acting: Proxy | None) -> tuple[str, ...]:
    """Both sides of the document of whoever acts; of a passport its one page."""
    return ids[: len(OF_DOCUMENT[acting.document.kind])] if acting else ids


def _guarded(case: Case, service: Service, context: Context) -> Iterator[Paper]:
    """AGE-1, GRD-1: both documents and one proof of guardianship, which nobody needs who could as well be an agent or
    the holder alone; AGE-2: what an application wants of a minor."""
    rule, own = ("AGE-2", "AGE-2") if service.is_application else ("AGE-1", "APP-2")
    if is_incapable(case, context):
        rule, own = "GRD-1", "APP-2"
    yield from (Paper(id, rule) for id in _sides(GUARDIAN, case.guardian))
    yield from (Paper(id, own) for id in _own(case, service))
    if service.alone:
        return
    if rule == "GRD-1":
        yield Paper(GUARDIANSHIP, rule)
    else:
        yield from _kinship(case, service, rule)


def _kinship(case: Case, service: Service, rule: str) -> Iterator[Paper]:
    """What proves that a child's guardian is one: the hukou book, the birth certificate or another paper. With the
    whole book in an application there is nothing more to prove."""
    book = case.holder.document.kind is DocumentKind.HUKOU
    if book and not service.is_application:
        yield Paper("hukou_householder", rule, otherwise=(("birth_certificate",), (GUARDIANSHIP,)))
    elif not book:
        pages = HUKOU if service.is_application else KINSHIP
        yield Paper("birth_certificate", rule, otherwise=(pages, (GUARDIANSHIP,)))


def _why(case: Case, service: Service, context: Context) -> Iterator[Paper]:
    """AGT-4: why an agent takes the card along, asked for where the card is handed out."""
    reason = case.agent.reason if case.agent else ""
    if agent_takes(case, service) and reason in OF_REASON:
        at = StepId.PICKUP if StepId.PICKUP in service.steps else StepId.IDENTITY
        yield Paper(OF_REASON[reason], "AGT-4", _form(OF_REASON[reason], case, context), at=at)


def for_exchange(case: Case, service: Service, context: Context) -> tuple[Paper, ...]:
    """The studio's receipt besides, where the photo is renewed (PHO-3)."""
    renewed = case.photo.source is PhotoSource.RECEIPT
    receipt = (Paper("photo_receipt", "PHO-3", at=StepId.PHOTO),) if renewed else ()
    return (*of_people(case, service, context), *receipt)


def for_query(case: Case, service: Service, context: Context) -> tuple[Paper, ...]:
    """QRY-1: with the card alone only an agent shows a document, their own (AGT-1)."""
    papers = of_people(case, service, context)
    return tuple(paper for paper in papers if paper.rule == "AGT-1") if by_card(case, service) else papers


def for_collection(case: Case, service: Service, context: Context) -> tuple[Paper, ...]:
    """PIC-5: the old card besides, where its exchange was booked online."""
    back = (Paper("old_card", "PIC-5", at=StepId.CARD),) if old_card(case).booked_online else ()
    return (*of_people(case, service, context), *back)


def for_changes(case: Case, service: Service, context: Context) -> tuple[Paper, ...]:
    """INF-2: the police paper, and of who is insured the insurer's paper or a written promise."""
    police = Paper("police_proof", "INF-2", at=StepId.CHANGES)
    form = _form("insurance_proof", case, context)
    insurer = Paper("insurance_proof", "INF-2", form, otherwise=(("written_promise",),), at=StepId.CHANGES)
    return (*of_people(case, service, context), police, *(() if case.insured is False else (insurer,)))


def _form(id: str, case: Case, context: Context) -> Literal["original", "copy"]:
    """The city may be content with a copy."""
    known = policy(case, context)
    return "copy" if known and id in known.copies else "original"
