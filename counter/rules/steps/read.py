"""What was read off a document or a card, against what is typed, and whose face it is (人证比对). WHO-2, BNK-2."""

from collections.abc import Iterator

from counter.rules.case import Case
from counter.rules.facts import NUMBER
from counter.rules.finding import Finding, Key, ask, missing, stop, tell
from counter.rules.laid_card import is_theirs
from counter.rules.reading import NAME_UNITS, differing, is_read
from counter.rules.reference import Context
from counter.rules.service import Service


def compared(case: Case, _service: Service, _context: Context) -> Iterator[Finding]:
    """The document says something else, or its chip had no room for the whole name."""
    for read in case.read:
        for path in differing(case, read):
            yield ask("WHO-2", "identity.read_differs", path, what=Key(f"field.{path}"))
        name = f"{read.who}.name"
        if len(read.person.name.encode("utf-16-le")) // 2 >= NAME_UNITS - 1 and is_read(case, name):
            yield tell("WHO-2", "identity.name_may_be_cut", name)


def faces(case: Case, _service: Service, _context: Context) -> Iterator[Finding]:
    """Whoever shows a document is the one whose face is on it: of a document that was read somebody says so."""
    if case.faces.same is False:
        yield stop("WHO-2", "identity.faces_differ", "faces.same")
    elif case.faces.same is None and any(read.who == case.presented_by for read in case.read):
        yield missing("WHO-2", "faces.same")


def laid_card(case: Case, service: Service, _context: Context) -> Iterator[Finding]:
    """The card on the reader is the holder's own, as far as it says whose it is."""
    read = case.laid_card
    if read is None:
        return
    if is_theirs(case, read) is False:
        yield stop(service.named_rule, "card.not_theirs", NUMBER)
    elif not read.social_number:
        yield tell(service.named_rule, "card.holder_hidden", "holder.name")
    elif read.name and case.holder.name and read.name != case.holder.name:
        yield ask(service.named_rule, "card.other_name", "holder.name")
