"""Photos from a unit's folder, matched to its people by document number, each checked (PHO-6)."""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from counter.rules.finding import Finding, Level, stop
from counter.rules.photo import PhotoError, check_photo, fit_photo
from counter.rules.reference import PhotoSpec
from counter.rules.text import number_text

_ENDINGS: Final = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp"})
_NUMBER: Final = re.compile("[0-9A-Z]{5,20}")
_FILE_BYTES: Final = 30 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """A person's photo: the file, the digest (SHA-256, hex) of the picture as it goes on the card, and what is wrong
    (`field` is the column ``photo``)."""

    path: Path
    digest: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """Files by document number, and those that belong to nobody on the roster or came second."""

    files: dict[str, Path]
    left_over: tuple[Path, ...]


def match_photos(folder: Path, numbers: Iterable[str]) -> Matched:
    """The files of a folder by the document number in their name: ``44162119900101001X.jpg``, ``王测试_4416….JPG``.

    Folders inside are not looked into. Raises OSError.
    """
    wanted = {number for number in numbers if number}
    files: dict[str, Path] = {}
    left_over = []
    for path in _pictures(folder, wanted):
        number = next((found for found in _numbers(path.stem) if found in wanted), None)
        if number is None or number in files:
            left_over.append(path)
        else:
            files[number] = path
    return Matched(files, tuple(left_over))


def read_photo(path: Path, spec: PhotoSpec) -> tuple[bytes, tuple[Finding, ...]]:
    """The picture as it goes on the card and what is wrong with it; a file that is no card photo yet is fitted."""
    try:
        if path.stat().st_size > _FILE_BYTES:
            return b"", (stop("PHO-6", "photo.huge", "photo"),)
        data = path.read_bytes()
    except OSError:
        return b"", (stop("PHO-6", "photo.unreadable_file", "photo"),)
    found = check_photo(data, spec)
    if any(each.level is Level.STOP for each in found):
        try:
            data = fit_photo(data, spec)
        except PhotoError as error:
            return b"", (_of_photo(error.finding),)
        found = check_photo(data, spec)
    return data, tuple(map(_of_photo, found))


def check_file(path: Path, spec: PhotoSpec) -> PhotoFile:
    """A photo file with its digest and findings; the picture itself is not kept."""
    data, findings = read_photo(path, spec)
    return PhotoFile(path, sha256(data).hexdigest() if data else "", findings)


def check_files(files: Mapping[str, Path], spec: PhotoSpec) -> dict[str, PhotoFile]:
    """Each file of `match_photos`, checked."""
    return {number: check_file(path, spec) for number, path in files.items()}


def _of_photo(finding: Finding) -> Finding:
    return Finding(finding.level, finding.rule, finding.code, "photo", finding.params)


def _pictures(folder: Path, wanted: Container[str]) -> list[Path]:
    """The picture files, those first whose name is a number and nothing else."""
    pictures = (path for path in folder.iterdir() if path.suffix.lower() in _ENDINGS and path.is_file())
    return sorted(pictures, key=lambda path: (number_text(path.stem) not in wanted, path.name))


def _numbers(stem: str) -> list[str]:
    """What in a file's name may be a number: all of it, then its runs of letters and digits."""
    return [number_text(stem), *_NUMBER.findall(stem.upper())]
