"""A text that a scanner gave (扫码): which field of a case it is for, by its form alone. WHO-5, PHO-7."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from counter.rules.case import Case, DocumentKind, PhotoSource, PickupMethod, PresentedBy
from counter.rules.facts import policy
from counter.rules.filling import value_at
from counter.rules.numbers import check_social_card, identify
from counter.rules.reference import Context
from counter.rules.service import Service, StepId

_PERSONS: Final = (
    DocumentKind.ID_CARD,
    DocumentKind.HK_MACAU_RESIDENCE,
    DocumentKind.TAIWAN_RESIDENCE,
    DocumentKind.PERMANENT_RESIDENCE,
)
"""Documents whose number has 18 characters, the last of them a check."""
_RECEIPT_SHORTEST: Final = 6
_CALLED_RECEIPT: Final = re.compile("回执|receipt", re.IGNORECASE)


class ScannedFor(NamedTuple):
    """The path of the field, and its value."""

    path: str
    value: str


def belongs(text: str, case: Case, service: Service, step: StepId, context: Context) -> ScannedFor | None:
    """Where a scanned text belongs; None where its form does not say. A QR code may have a whole address around it."""
    for token in dict.fromkeys([text.strip(), *re.findall("[A-Za-z0-9]+", text)]):
        for path in _paths(token.upper(), case, service, step, context):
            return ScannedFor(path, token.upper())
        if _is_receipt(token, text, case, service, step, context):
            return ScannedFor("photo.receipt", token)
    return None


def _paths(token: str, case: Case, service: Service, step: StepId, context: Context) -> Iterator[str]:
    """The fields that a number with a check of its own may be for, the likeliest first."""
    if len(token) == 18 and any(identify(token, kind, context.today, ()).valid for kind in _PERSONS):
        for who in dict.fromkeys((PresentedBy.HOLDER, case.presented_by)) if service.presented_by else ():
            path = f"{who}.document.number"
            if token.startswith(str(value_at(case, path) or "")):
                yield path
    elif re.fullmatch("[A-Z][0-9]{7}[0-9X]", token) and not check_social_card(token):
        if step is StepId.PARCEL:
            yield "parcel.counted"
        elif step is StepId.PICKUP and case.pickup.method is PickupMethod.INSTANT:
            yield "pickup.blank_card"
        elif service.by_card or {StepId.CARD, StepId.MODE} & set(service.steps):
            yield "old_card.number"


def _is_receipt(token: str, text: str, case: Case, service: Service, step: StepId, context: Context) -> bool:
    """PHO-7: the form is the city's, and a loose one: what has letters and digits, at the photo or called a receipt."""
    known = policy(case, context)
    if known is None or PhotoSource.RECEIPT not in service.photo_sources or len(token) < _RECEIPT_SHORTEST:
        return False
    mixed = re.search("[A-Za-z]", token) and re.search("[0-9]", token)
    called = step is StepId.PHOTO or _CALLED_RECEIPT.search(text)
    return bool(mixed and called and re.fullmatch(known.receipt_pattern, token))
