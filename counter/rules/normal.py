"""A case in normal form: what a keyboard, a paste, a scanner or a JSON file gave, as it is judged and kept."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from msgspec import structs

from counter.rules.applicable import applicable
from counter.rules.case import Case, Document
from counter.rules.facts import known_number
from counter.rules.filling import value_at, with_value
from counter.rules.services import SERVICES
from counter.rules.text import mobile_text, name_text, number_text, plain

_FORMS: Final[Mapping[str, Callable[[str], str]]] = {
    "city": number_text,
    "bank": plain,
    "branch": plain,
    "holder.name": name_text,
    "holder.document.number": number_text,
    "holder.ethnicity": number_text,
    "holder.mobile": mobile_text,
    "holder.occupation": plain,
    "holder.region": number_text,
    "holder.address": plain,
    **{
        f"{proxy}.{path}": form
        for proxy in ("guardian", "agent")
        for path, form in (("name", name_text), ("document.number", number_text), ("mobile", mobile_text))
    },
    "changes.name": name_text,
    "changes.number": number_text,
    "changes.ethnicity": number_text,
    "parcel.number": number_text,
    "reason": plain,
    "old_card.number": number_text,
    "old_card.bank": plain,
    "photo.receipt": plain,  # opaque, PHO-7
    "pickup.recipient": name_text,
    "pickup.mobile": mobile_text,
    "pickup.region": number_text,
    "pickup.address": plain,
    "pickup.blank_card": number_text,
    "unit.name": plain,
    "unit.uscc": number_text,
    "unit.contact": name_text,
    "unit.contact_mobile": mobile_text,
}


def _by_part() -> Iterator[tuple[tuple[str, ...], tuple[tuple[str, str, Callable[[str], str]], ...]]]:
    """The names that lead to a part, and its texts: path, name, form."""
    split = [(path, *path.rpartition("."), form) for path, form in _FORMS.items()]
    for part in dict.fromkeys(before for _, before, _, _, _ in split):
        yield (
            tuple(filter(None, part.split("."))),
            tuple((path, name, form) for path, before, _, name, form in split if before == part),
        )


_BY_PART: Final = tuple(_by_part())


def normalise(case: Case) -> Case:
    """The case with every typed value in its normal form, and none whose field has vanished; the same again for a case
    that is normal."""
    for way, forms in _BY_PART:
        part: object = case
        for name in way:
            part = getattr(part, name, None)
        if part is not None:
            for path, name, form in forms:
                value = getattr(part, name)
                if value and isinstance(value, str) and value != (normal := form(value)):
                    case = with_value(case, path, normal)
    case = _known_by(case)
    declared = SERVICES.get(case.service)
    return applicable(case, declared) if declared else case


def _known_by(case: Case) -> Case:
    """Every citizen's number by which the person is known (WHO-2); the new one of a change is the holder's kind's."""
    for path in ("holder.document", "guardian.document", "agent.document"):
        document = value_at(case, path)
        if isinstance(document, Document) and document.number != (number := known_number(document)):
            case = with_value(case, f"{path}.number", number)
    if case.changes and case.changes.number:
        new = structs.replace(case.holder.document, number=case.changes.number)
        case = with_value(case, "changes.number", known_number(new))
    return case
