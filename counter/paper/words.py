"""The values of a case in words, as a section of `counter.paper.summary` says them."""

from collections.abc import Iterator
from datetime import date

from counter.i18n import dated, has, named, t
from counter.rules.case import Document, OldCard, Proxy
from counter.rules.faces import FaceComparison
from counter.rules.masking import Seen
from counter.rules.reference import Bank, Coded
from counter.rules.service import Service, StepId


def choice(kind: str, value: str) -> str:
    """A value in its words; as it is where it is none of ours."""
    key = f"choice.{kind}.{value}"
    return t(key) if value and has(key) else value


def change(old: str | None, new: str | None) -> str:
    """Old and new; nothing where it stays as it is."""
    return f"{old} > {new}" if old and new else new or ""


def item_name(item: Bank | Coded | None) -> str:
    return named(item) if item else ""


def yes_no(value: bool | None) -> str:
    return "" if value is None else t("choice.yes" if value else "choice.no")


def day(day: date | None) -> str:
    return dated(day) if day else ""


def mobile(mobile: str, seen: Seen, *, verified: bool) -> str:
    return join(seen.mobile(mobile), mobile and verified and t("slip.verified"))


def join(*parts: object) -> str:
    return "  ".join(str(part) for part in parts if part)


def faces(comparison: FaceComparison) -> str:
    """Whether it is the same person, and who says so (人证比对)."""
    if comparison.same is None:
        return ""
    answer = t("choice.faces.same" if comparison.same else "choice.faces.different")
    return t(f"choice.faces.{comparison.by}", answer=answer)


def proxy(who: str, acting: Proxy, seen: Seen) -> Iterator[tuple[str, str]]:
    yield f"field.line.{who}", join(seen.name(acting.name), choice("relation", acting.relation), day(acting.birth))
    yield f"field.line.{who}_document", document(acting.document, seen)
    yield f"field.{who}.mobile", mobile(acting.mobile, seen, verified=acting.mobile_verified)


def document(document: Document, seen: Seen) -> str:
    """Kind, number and validity; nothing of one without a number."""
    if not document.number:
        return ""
    return join(t(f"choice.document.{document.kind}"), seen.number(document.number), validity(document))


def validity(document: Document) -> str:
    first, last = document.valid_from, document.valid_to
    until = day(last) if isinstance(last, date) else t("choice.long_term") if last else ""
    if first and until:
        return t("slip.valid", first=day(first), last=until)
    return t("slip.until", date=until) if until else t("slip.since", date=day(first)) if first else ""


def kind_of(old: OldCard, service: Service) -> str:
    """Its kind and generation, where the service asks for them."""
    asked = StepId.MODE in service.steps
    kind = choice("card_kind", old.kind) if asked or "old_card.kind" in service.card_details else ""
    return join(kind, t(f"choice.generation.{old.generation}") if asked else "")
