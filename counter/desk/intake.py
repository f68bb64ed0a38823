"""What comes in as a file (收件): a photo for the card, the image of a paper. Fitted, checked, kept in the ledger."""

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from counter.desk.desk import Desk
from counter.devices.barcodes import texts_on
from counter.province.questions.question import Answer
from counter.rules.case import Case, Scan
from counter.rules.finding import Level, stop, tell
from counter.rules.numbers import check_social_card, identify
from counter.rules.photo import PhotoError, check_photo, fit_picture, fit_scan, open_photo
from counter.rules.portrait import AS_IT_IS, Mend

if TYPE_CHECKING:
    from PIL.Image import Image


def open_file(path: Path) -> "Image":
    """The picture of a photo file, as it is mended and looked at; nothing is kept. Raises PhotoError."""
    try:
        return open_photo(path.read_bytes())
    except OSError as error:
        raise PhotoError(stop("PHO-6", "photo.unreadable_file", "photo.source")) from error


def receipt_on(desk: Desk, picture: "Image") -> str:
    """The number of a photo receipt (相片回执号) that a code on the picture says, in the city's form (PHO-7);
    '' for none. The number of a document or of a card is another thing."""
    pattern = desk.reference.cities[desk.place.city].receipt_pattern
    for text in texts_on(picture):
        of_a_person = identify(text, None, desk.context().today, ()).valid or not check_social_card(text)
        if re.fullmatch(pattern, text) and not of_a_person:
            return text
    return ""


def take_photo(desk: Desk, picture: "Image", mend: Mend = AS_IT_IS, *, former: str = "") -> Answer:
    """A picture of `open_file`, mended, fitted to the card's format and checked (PHO-6).

    What is kept, named by its digest and sent are the mended bytes; the photo of digest `former`, which they replace,
    goes. One that cannot be printed is not kept: the case is without a photo.
    """
    spec = desk.reference.cities[desk.place.city].photo
    try:
        fitted = fit_picture(picture, spec, mend)
    except PhotoError as error:
        return Answer({"photo.digest": ""}, (error.finding,))
    findings = check_photo(fitted, spec)
    stopped = any(finding.level is Level.STOP for finding in findings)
    digest = "" if stopped else desk.store.photos.put(fitted)
    if former not in ("", digest):
        desk.store.photos.forget(former)
    return Answer({"photo.digest": digest}, findings)


def take_photo_file(desk: Desk, path: Path) -> Answer:
    """A photo file, taken as it is."""
    try:
        return take_photo(desk, open_file(path))
    except PhotoError as error:
        return Answer(findings=(error.finding,))


def take_scan(desk: Desk, paper: str, path: Path, case: Case) -> Answer:
    """The image of a paper (材料影像) from a file, in place of one that was there; the paper is ticked with it."""
    try:
        jpeg = fit_scan(path.read_bytes())
    except OSError:
        return Answer(findings=(tell("APP-2", "photo.unreadable_file", "papers"),))
    except PhotoError as error:
        return Answer(findings=(replace(error.finding, rule="APP-2", field="papers", level=Level.TELL),))
    others = (scan for scan in case.scans if scan.paper != paper)
    scans = (*others, Scan(paper=paper, digest=desk.store.photos.put(jpeg)))
    return Answer({"scans": scans, "papers": (*(one for one in case.papers if one != paper), paper)})
