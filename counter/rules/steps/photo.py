"""The photo (照片): PHO-1 to PHO-5 and PHO-7. The pixels of a file are judged where the file is taken in (PHO-6)."""

import re
from collections.abc import Iterator
from typing import Final

from counter.rules.case import Case, DocumentKind, PhotoSource, PresentedBy
from counter.rules.facts import old_card, policy
from counter.rules.finding import Finding, Key, deferred, missing, stop
from counter.rules.reference import Context
from counter.rules.service import Check, Service, StepId
from counter.rules.steps.handed import handed_over


def source(case: Case, service: Service, _context: Context) -> Iterator[Finding]:
    """PHO-1 for a new card, PHO-3 for an exchange: one of the sources that the service takes."""
    chosen = case.photo.source
    keeps = PhotoSource.KEEP in service.photo_sources
    if chosen is None:
        yield missing("PHO-3" if keeps else "PHO-1", "photo.source")
    elif chosen not in service.photo_sources_of(case):
        yield stop(
            "PHO-3" if keeps else "PHO-1", "card_photo.source", "photo.source", source=Key(f"choice.photo.{chosen}")
        )
    if service.modes and chosen is PhotoSource.RECEIPT and case.presented_by == PresentedBy.AGENT:
        yield stop("PHO-3", "card_photo.in_person", "photo.source")


def supplied(case: Case, _service: Service, _context: Context) -> Iterator[Finding]:
    """PHO-1, PHO-2, PHO-4: the source yields a photo, or the province is still to be asked for it."""
    photo = case.photo
    if photo.source is PhotoSource.ID_CARD and photo.refused_before:
        yield stop("PHO-2", "card_photo.refused_before", "photo.source")
    match photo.source:
        case PhotoSource.ID_CARD if case.holder.document.kind is not DocumentKind.ID_CARD:
            yield stop("PHO-2", "card_photo.no_id_card", "photo.source")
        case PhotoSource.FILE if not photo.digest:
            yield missing("PHO-1", "photo.digest")
        case PhotoSource.PROVINCE | PhotoSource.RECEIPT if not photo.digest:
            yield deferred("PHO-4", "photo", "photo.digest")


def receipt(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """PHO-7: the receipt number's form is the city's to say."""
    if case.photo.source is not PhotoSource.RECEIPT:
        return
    known = policy(case, context)
    if not case.photo.receipt.strip():
        yield missing("PHO-7", "photo.receipt")
    elif known and not re.fullmatch(known.receipt_pattern, case.photo.receipt):
        yield stop("PHO-7", "card_photo.receipt_form", "photo.receipt")


def kept(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """PHO-5: no photo on the old card, or its validity run out: a new photo is needed, here or as a change of photo."""
    if not service.needs_card or case.photo.source is not PhotoSource.KEEP:
        return
    card = old_card(case)
    expired = card.expires is not None and card.expires < context.today
    if not service.modes:
        if expired or not card.has_photo:
            yield stop("PHO-5", "card_photo.change_photo", "photo.source")
        return
    if not card.has_photo:
        yield stop("PHO-5", "card_photo.none_on_card", "photo.source")
    if expired:
        yield stop("PHO-5", "card_photo.card_expired", "photo.source", until=str(card.expires))


CHECKS: Final[tuple[Check, ...]] = (source, supplied, receipt, handed_over(StepId.PHOTO), kept)
