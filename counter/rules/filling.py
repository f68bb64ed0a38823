"""Paths into a case: reading a value, making the case with another one, and what typing one does.

A path is dotted, as findings and form fields name it (``holder.document.number``).
"""

from collections.abc import Iterator, Mapping
from typing import Final, TypeVar

from msgspec import structs

from counter.rules.case import Booking, Case, Changes, IdentityCheck, OldCard, OneCard, PresentedBy, Proxy, ReadDocument
from counter.rules.faces import FaceComparison
from counter.rules.group import GroupUnit
from counter.rules.parcel import Parcel
from counter.rules.part import Part

P = TypeVar("P", bound=Part)
_PARTS: Final[Mapping[str, type[Part]]] = {
    "guardian": Proxy,
    "agent": Proxy,
    "old_card": OldCard,
    "booking": Booking,
    "changes": Changes,
    "unit": GroupUnit,
    "parcel": Parcel,
}
_OF_PHOTO: Final = frozenset({"photo.source", "photo.receipt"})
_ABOUT_PERSON: Final = frozenset({"holder.name", "holder.document.kind", "holder.document.number"})


def value_at(part: Part, path: str) -> object:
    """The value at a dotted path (``holder.document.number``); None where a part on the way is missing."""
    value: object = part
    for name in path.split("."):
        if value is None:
            return None
        value = getattr(value, name)
    return value


def with_value(part: P, path: str, value: object) -> P:
    """The same part with another value at a dotted path; a missing part on the way is made."""
    name, _, rest = path.partition(".")
    if rest:
        inner = getattr(part, name)
        value = with_value(_PARTS[name]() if inner is None else inner, rest, value)
    return structs.replace(part, **{name: value})


def fill(case: Case, path: str, value: object) -> Case:
    """What typing a value does to a case: answers about another person are forgotten, a new mobile is unverified,
    a photo that came another way is none, and a document or a card that was read is theirs whose number it has."""
    if value_at(case, path) == value:
        return case
    case = with_value(case, path, value)
    if path in _ABOUT_PERSON:
        case = structs.replace(case, identity_check=IdentityCheck(), one_card=OneCard(), booking=None)
    if path in _OF_PHOTO:
        case = with_value(case, "photo.digest", "")
    if path.endswith("document.number") or path == "presented_by":
        case = structs.replace(case, read=tuple(_still_theirs(case)), faces=FaceComparison())
    if path == "old_card.number" and case.laid_card is not None and case.laid_card.number != value:
        case = structs.replace(case, laid_card=None)
    if path.endswith(".mobile"):
        case = with_value(case, f"{path}_verified", value=False)
    return case


def _still_theirs(case: Case) -> Iterator[ReadDocument]:
    """The documents that were read, of those whom the case names by the same number still."""
    for read in case.read:
        here = read.who in {PresentedBy.HOLDER, case.presented_by}
        if here and value_at(case, f"{read.who}.document.number") == read.person.document.number:
            yield read
