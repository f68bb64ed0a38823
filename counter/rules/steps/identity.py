"""Identity (身份): who stands here, with which document. WHO-1 to WHO-6, APP-1, APP-2; who acts for the holder is
asked in `counter.rules.steps.proxy`."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from counter.rules.case import Case, Document, DocumentKind, IdentityAnswer, LongTerm, Mode
from counter.rules.dates import turns
from counter.rules.facts import ADULT, CITIZEN, FOREIGN, birth, by_card, is_minor, old_card, reading, sex
from counter.rules.filling import with_value
from counter.rules.finding import Finding, Key, deferred, missing, stop, tell
from counter.rules.numbers import check_social_card, check_uscc
from counter.rules.reference import Context
from counter.rules.service import Check, Service, StepId
from counter.rules.steps import proxy, read
from counter.rules.steps.handed import handed_over, valid_on
from counter.rules.text import check_mobile, check_name


def unit(case: Case, service: Service, _context: Context) -> Iterator[Finding]:
    """EXC-7: the unit that brings its people; the same number, or another bank through that bank."""
    brought = case.unit
    if brought is None:
        return
    if service.group is None:
        yield stop("EXC-7", "unit.service", "unit")
    if not brought.name:
        yield missing("EXC-7", "unit.name")
    yield from check_uscc(brought.uscc, "unit.uscc")
    yield from check_name(brought.contact, "unit.contact")
    yield from check_mobile(brought.contact_mobile, "unit.contact_mobile")
    if case.mode is Mode.NEW_NUMBER:
        yield stop("EXC-7", "unit.mode", "mode")


def document_kind(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """WHO-1, WHO-2, WHO-6: a kind of document that this service takes, and that fits the holder's age."""
    kind = case.holder.document.kind
    if kind not in service.documents:
        yield stop("WHO-2", "identity.document_kind", "holder.document.kind", kind=Key(f"choice.document.{kind}"))
    elif kind in FOREIGN:
        yield tell("WHO-1", "identity.counter_only", "holder.document.kind")
    elif kind is DocumentKind.CHINESE_PASSPORT:
        yield tell("WHO-6", "identity.overseas_chinese", "holder.document.kind")
    born = birth(case, context)
    if kind is DocumentKind.HUKOU and born is not None and not is_minor(case, context):
        yield stop("WHO-2", "identity.hukou_adult", "holder.document.kind")


def number(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """WHO-5: the number's form, date and check digit."""
    yield from reading(case.holder.document, context).findings


def person(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """APP-1: name, birth date and sex; the last two follow from the number where it tells."""
    holder = case.holder
    yield from check_name(holder.name, "holder.name")
    told = reading(holder.document, context)
    if told.birth and holder.birth and told.birth != holder.birth:
        yield stop("APP-1", "identity.birth_differs", "holder.birth")
    if told.sex and holder.sex and told.sex != holder.sex:
        yield stop("APP-1", "identity.sex_differs", "holder.sex")
    if holder.document.kind in CITIZEN:
        return
    if birth(case, context) is None:
        yield missing("APP-1", "holder.birth")
    elif holder.birth and holder.birth > context.today:
        yield stop("APP-1", "identity.birth_future", "holder.birth")
    if sex(case, context) is None:
        yield missing("APP-1", "holder.sex")


def validity(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """WHO-3, WHO-4: from when, until when."""
    document = case.holder.document
    yield from valid_on(document, last_day(document, birth(case, context)), context.today, "holder.document")


def with_last_day(case: Case, context: Context) -> Case:
    """What follows from the birth is not asked: the end of a hukou book (WHO-3), where none is stated."""
    document = case.holder.document
    end = last_day(document, birth(case, context))
    if document.kind is not DocumentKind.HUKOU or end == document.valid_to:
        return case
    return with_value(case, "holder.document.valid_to", end)


def last_day(document: Document, born: date | None) -> LongTerm | date | None:
    """A hukou book is valid to the day its holder turns 16 (WHO-3); every other document as printed."""
    if document.kind is DocumentKind.HUKOU and born is not None:
        return document.valid_to or turns(born, ADULT)
    return document.valid_to


def hukou_validity(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """WHO-3: what is stated for a hukou book is the day the holder turns 16."""
    document, born = case.holder.document, birth(case, context)
    if document.kind is not DocumentKind.HUKOU or document.valid_to is None or born is None:
        return
    last = turns(born, ADULT)
    if document.valid_to != last:
        yield stop("WHO-3", "identity.hukou_validity", "holder.document.valid_to", until=last.isoformat())


def province(case: Case, _service: Service, _context: Context) -> Iterator[Finding]:
    """WHO-2: the networked identity check (联网核查)."""
    match case.identity_check.answer:
        case None | IdentityAnswer.DEFERRED:
            yield deferred("WHO-2", "identity", "identity_check.answer")
        case IdentityAnswer.MISMATCH:
            yield stop("WHO-2", "identity.mismatch", "identity_check.answer")
        case IdentityAnswer.NOT_FOUND:
            yield stop("WHO-2", "identity.not_found", "identity_check.answer")


def card_alone(case: Case, service: Service, _context: Context) -> Iterator[Finding]:
    """QRY-1: the number of the card that is shown in place of a document."""
    if by_card(case, service):
        yield from check_social_card(old_card(case).number, "old_card.number")


def _of_the_document(check: Check) -> Check:
    """What is asked of the holder's document: nothing where the card is shown in its place (QRY-1)."""

    def unless(case: Case, service: Service, context: Context) -> Iterable[Finding]:
        return () if by_card(case, service) else check(case, service, context)

    return unless


CHECKS: Final[tuple[Check, ...]] = (
    proxy.presenter,
    unit,
    card_alone,
    *map(_of_the_document, (document_kind, number, person, validity, hukou_validity)),
    *proxy.CHECKS,
    read.compared,
    read.faces,
    read.laid_card,
    handed_over(StepId.IDENTITY),
    _of_the_document(province),
)
