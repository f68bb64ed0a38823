"""A social security card that was laid on a reader (插卡): what it fills, and whether it is the person's. BNK-2.

Its bank stands in none of its public files: the province names it by the number that was read.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from msgspec import structs

from counter.rules.case import Case, DocumentKind
from counter.rules.facts import CITIZEN, known_number
from counter.rules.filling import fill, value_at
from counter.rules.numbers import eighteen, identify
from counter.rules.read_card import ReadCard
from counter.rules.service import Service, StepId
from counter.rules.text import name_text

NUMBER: Final = "old_card.number"
_NUMBERED: Final = CITIZEN | {
    DocumentKind.HK_MACAU_RESIDENCE,
    DocumentKind.TAIWAN_RESIDENCE,
    DocumentKind.PERMANENT_RESIDENCE,
}
"""The documents whose number is the 社会保障号 of their holder; that of others is as it was given (FORMATS)."""


def acts_on_card(service: Service) -> bool:
    """Does the service begin with a card that is there? A query may (QRY-1)."""
    return service.by_card or not {StepId.CARD, StepId.MODE}.isdisjoint(service.steps)


def is_theirs(case: Case, read: ReadCard) -> bool | None:
    """Is it the holder's? None where that cannot be said: a number is not known yet or not all of it, or is none to
    compare."""
    theirs, known = eighteen(read.social_number), known_number(case.holder.document)
    if case.holder.document.kind not in _NUMBERED or (theirs.startswith(known) and theirs != known) or not theirs:
        return None
    return theirs == known


def differs(case: Case, read: ReadCard) -> bool:
    """Does the case name another number than the card has?"""
    return not read.number.startswith(str(value_at(case, NUMBER) or ""))


def laid(case: Case, read: ReadCard, service: Service, today: date) -> Case:
    """The case with the card on the reader: its number is the one that was read, and what was blank or only begun is
    filled. What is on another person's card fills nothing."""
    case = structs.replace(case, laid_card=read)
    if is_theirs(case, read) is False:
        return case
    for path, value in tuple(_told(case, read, service, today)):
        stands = value_at(case, path)
        begun = isinstance(stands, str) and isinstance(value, str) and value.startswith(name_text(stands))
        if begun or not stands or path in {NUMBER, "holder.document.kind"}:
            case = fill(case, path, value)
    return structs.replace(case, laid_card=read)


def is_from_card(case: Case, path: str) -> bool:
    """Does the same stand at this path as on the holder's card that was laid down?"""
    read = case.laid_card
    if read is None or is_theirs(case, read) is False:
        return False
    told: dict[str, object] = {"holder.document.number": read.social_number, "holder.name": read.name}
    told |= {NUMBER: read.number, "old_card.issued": read.issued, "old_card.expires": read.expires}
    return bool(told.get(path)) and told[path] == value_at(case, path)


def _told(case: Case, read: ReadCard, service: Service, today: date) -> Iterator[tuple[str, object]]:
    """What the card says, by path, as far as the service asks it; a query is either by the card or by the person."""
    alone = service.by_card and not case.holder.document.number.strip()
    kind = _kind(case, read.social_number, today)
    if kind is not None and not alone:
        yield "holder.document.kind", kind
        yield "holder.document.number", read.social_number
        yield "holder.name", read.name
    if alone or not service.by_card:
        yield NUMBER, read.number
    asked = {"old_card.in_hand", "old_card.expires"} if StepId.MODE in service.steps else set(service.card_details)
    told = (("old_card.in_hand", True), ("old_card.expires", read.expires), ("old_card.issued", read.issued))
    yield from ((path, value) for path, value in told if value and path in asked)


def _kind(case: Case, number: str, today: date) -> DocumentKind | None:
    """Of which document the 社会保障号 is the number; None where there is none, or another number was typed."""
    if not number or not number.startswith(case.holder.document.number):
        return None
    kind, stands = identify(number, None, today, ()).kind, case.holder.document.kind
    if kind in CITIZEN and stands in CITIZEN:
        return stands
    return kind if kind in _NUMBERED else None
