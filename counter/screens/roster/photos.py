"""Photos of a folder for the people of a roster (PHO-6): matched, checked, kept. No Textual."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from counter.i18n import sentence, t
from counter.roster.photos import match_photos, read_photo
from counter.rules.finding import Finding, Level
from counter.rules.reference import PhotoSpec
from counter.store.store import Store
from counter.widgets.grid import Key


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody who may be given a photo: the line in the grid and the document's number."""

    key: Key
    line: int
    number: str


@dataclass(frozen=True, slots=True)
class TakenPhotos:
    """What a folder gave: the digests of photos that are kept now, why others were refused (by line), how many people
    it has none for, and how many files are nobody's."""

    kept: Mapping[Key, str]
    refused: tuple[tuple[int, Finding], ...]
    without: int
    left_over: int

    def in_words(self) -> str:
        """All of it in words."""
        lines = [t("batch.photos.kept", count=len(self.kept))]
        lines += [t("batch.photos.refused", line=line, said=sentence(why)) for line, why in self.refused]
        if self.without:
            lines.append(t("batch.photos.without", count=self.without))
        if self.left_over:
            lines.append(t("batch.photos.left_over", count=self.left_over))
        return "\n".join(lines)


def take_photos(
    store: Store,
    folder: Path,
    wanted: Iterable[Wanted],
    spec: PhotoSpec,
    *,
    tell: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> TakenPhotos | None:
    """Keep the photos that can go on a card; None where the folder cannot be read. Cancelled, it gives what it has."""
    by_number = {person.number: person for person in wanted if person.number}
    try:
        matched = match_photos(folder, by_number)
    except OSError:
        return None
    kept: dict[Key, str] = {}
    refused: list[tuple[int, Finding]] = []
    for done, (number, path) in enumerate(matched.files.items()):
        tell(done, len(matched.files))
        if cancelled():
            break
        person = by_number[number]
        data, findings = read_photo(path, spec)
        stops = [finding for finding in findings if finding.level is Level.STOP]
        if stops:
            refused.append((person.line, stops[0]))
        else:
            kept[person.key] = store.photos.put(data)
    without = len(by_number) - len(matched.files)
    return TakenPhotos(kept, tuple(sorted(refused, key=lambda refusal: refusal[0])), without, len(matched.left_over))
