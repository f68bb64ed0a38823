"""A document that a reader has read (读卡): whose it is, what it fills, and where something else was typed. WHO-2."""

from collections.abc import Iterator
from typing import Final

from msgspec import structs

from counter.rules.case import Case, Document, DocumentKind, PresentedBy, ReadDocument
from counter.rules.facts import known_number, reading
from counter.rules.filling import fill, value_at
from counter.rules.papers import of_document
from counter.rules.reference import Context
from counter.rules.service import Service
from counter.rules.text import name_text

NAME_UNITS: Final = 15
"""So many UTF-16 units of a name stand on a chip; a longer one is cut there, between two characters."""
_DETAILS: Final = ("holder.ethnicity", "holder.address")


def whose(case: Case, read: ReadDocument, here: str) -> ReadDocument:
    """The document as that of one of the people in the case: who has its number; else whom the clerk is typing, at the
    path `here`, or the first whose number is not known yet."""
    typing = here.partition(".")[0]
    people = sorted(dict.fromkeys((PresentedBy.HOLDER, case.presented_by)), key=lambda who: who != typing)
    known = [who for who in people if _stands(case, f"{who}.document.number") == read.person.document.number]
    begun = [who for who in people if _leads_to(_stands(case, f"{who}.document.number"), read.person.document.number)]
    return structs.replace(read, who=(*known, *begun, *people)[0])


def is_theirs(case: Case, read: ReadDocument) -> bool:
    """Does its number stand in the case, as that of whom it names?"""
    return _stands(case, f"{read.who}.document.number") == read.person.document.number


def differing(case: Case, read: ReadDocument) -> tuple[str, ...]:
    """The paths at which the case says something else than the document. Two addresses are no contradiction: somebody
    lives at the one and is registered at the other."""
    told = ((path, value) for path, value in _told(case, read) if path not in {"holder.address", _kind(read)})
    return tuple(path for path, value in told if not _agrees(_stands(case, path), value))


def taken(case: Case, read: ReadDocument, service: Service, context: Context, *, over: bool = False) -> Case:
    """The case with the document in it: what was blank or only begun is filled, with `over` what differs as well, and
    the sides of the document have been handed over."""
    for path, value in tuple(_told(case, read)):
        fills = over or path == _kind(read) or _leads_to(_stands(case, path), value)
        if fills and _is_asked(case, path, service, context):
            case = fill(case, path, value)
    required = {paper.id for paper in service.papers(case, service, context)}
    sides = (id for id in of_document(read.who, read.person.document.kind) if id in required)
    papers = tuple(dict.fromkeys([*case.papers, *sides]))
    others = (each for each in case.read if each.who != read.who)
    return structs.replace(case, papers=papers, read=(*others, read))


def is_read(case: Case, path: str) -> bool:
    """Does the same stand at this path as on a document that was read? Not every field of a step is one of the case."""
    told = (dict(_told(case, read)) for read in case.read)
    return any(path in each and each[path] == value_at(case, path) for each in told)


def _kind(read: ReadDocument) -> str:
    return f"{read.who}.document.kind"


def _told(case: Case, read: ReadDocument) -> Iterator[tuple[str, object]]:
    """What the document says of its holder, by path; of a child whose hukou book is shown besides, who it is."""
    person, who = read.person, read.who
    told: dict[str, object] = {f"{who}.document.number": person.document.number, f"{who}.name": person.name}
    if not (is_theirs(case, read) and value_at(case, _kind(read)) is DocumentKind.HUKOU):
        told = {_kind(read): person.document.kind, **told}
        told[f"{who}.document.valid_from"] = person.document.valid_from
        told[f"{who}.document.valid_to"] = person.document.valid_to
    told[f"{who}.birth"] = person.birth
    if who is PresentedBy.HOLDER:
        told |= {"holder.sex": person.sex, **{path: value_at(person, path.partition(".")[2]) for path in _DETAILS}}
    return ((path, value) for path, value in told.items() if value)


def _is_asked(case: Case, path: str, service: Service, context: Context) -> bool:
    """Is this asked at all? Birth and sex are where the number does not tell them (APP-1)."""
    who, _, what = path.partition(".")
    if what in {"birth", "sex"}:
        document = value_at(case, f"{who}.document")
        return isinstance(document, Document) and reading(document, context).birth is None
    return path not in _DETAILS or path in service.details


def _stands(case: Case, path: str) -> object:
    """What the case says there, a number as the document has it."""
    document = value_at(case, path.removesuffix(".number"))
    return known_number(document) if isinstance(document, Document) else value_at(case, path)


def _leads_to(stands: object, value: object) -> bool:
    """Is there nothing, the same, or the beginning of it?"""
    if isinstance(stands, str) and isinstance(value, str):
        return value.casefold().startswith(name_text(stands).casefold())
    return stands in (None, value)


def _agrees(stands: object, value: object) -> bool:
    """As far as the chip has room for it: a long name goes on where the chip's ends."""
    cut = isinstance(value, str) and len(value.encode("utf-16-le")) // 2 >= NAME_UNITS - 1
    return _leads_to(stands, value) or (cut and _leads_to(value, stands))
