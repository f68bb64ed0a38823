"""The papers of each kind of document (材料), APP-2."""

from collections.abc import Mapping
from typing import Final

from counter.rules.case import Case, DocumentKind, PhotoSource
from counter.rules.reference import Context

OF_PHOTO: Final = frozenset({"photo_receipt"})
"""Papers that are handed over with the photo, and not with the document."""

ID_CARD: Final = ("id_card_front", "id_card_back")
PERMIT: Final = ("permit_front", "permit_back")
RESIDENCE: Final = ("residence_front", "residence_back")

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


def for_application(case: Case, _context: Context) -> tuple[str, ...]:
    """The holder's own document, every side of it."""
    return OF_DOCUMENT[case.holder.document.kind]


def for_exchange(case: Case, context: Context) -> tuple[str, ...]:
    """As for an application, and the studio's receipt where the photo is renewed (PHO-3)."""
    receipt = ("photo_receipt",) if case.photo.source is PhotoSource.RECEIPT else ()
    return (*for_application(case, context), *receipt)
