"""What comes in as a file (收件): a photo for the card, the image of a paper. Fitted, checked, kept in the ledger."""

from dataclasses import replace
from pathlib import Path

from counter.desk.desk import Desk
from counter.province.questions.question import Answer
from counter.rules.case import Case, Scan
from counter.rules.finding import Level, stop, tell
from counter.rules.photo import PhotoError, check_photo, fit_photo, fit_scan


def take_photo(desk: Desk, path: Path) -> Answer:
    """A photo file, fitted to the card's format and checked (PHO-6)."""
    spec = desk.reference.cities[desk.place.city].photo
    try:
        fitted = fit_photo(path.read_bytes(), spec)
    except OSError:
        return Answer(findings=(stop("PHO-6", "photo.unreadable_file", "photo.source"),))
    except PhotoError as error:
        return Answer(findings=(error.finding,))
    findings = check_photo(fitted, spec)
    if any(finding.level is Level.STOP for finding in findings):
        return Answer(findings=findings)
    return Answer({"photo.digest": desk.store.photos.put(fitted)}, findings)


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
