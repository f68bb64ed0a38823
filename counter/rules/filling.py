"""Paths into a case: reading a value, making the case with another one, and what typing one does.

A path is dotted, as findings and form fields name it (``holder.document.number``).
"""

from collections.abc import Mapping
from typing import Final, TypeVar

from msgspec import structs

from counter.rules.case import Booking, Case, Changes, GroupUnit, IdentityCheck, OldCard, OneCard, Proxy
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
    """What typing a value does to a case: answers about another person are forgotten, a new mobile is unverified, and
    a photo that came another way is none."""
    if value_at(case, path) == value:
        return case
    case = with_value(case, path, value)
    if path in _ABOUT_PERSON:
        case = structs.replace(case, identity_check=IdentityCheck(), one_card=OneCard(), booking=None)
    if path in _OF_PHOTO:
        case = with_value(case, "photo.digest", "")
    if path.endswith(".mobile"):
        case = with_value(case, f"{path}_verified", value=False)
    return case
