"""What the clerk may choose from, in the clerk's language."""

from collections.abc import Callable, Iterable, Sequence

from counter.i18n import has, named, t
from counter.rules.reference import Branch, Coded, Reference
from counter.rules.search import search_banks, search_branches, search_coded, search_regions
from counter.widgets.fields.choice import Option


def choices(kind: str, values: Iterable[str]) -> list[Option]:
    """Options for an enum of the case: ``choice.<kind>.<value>``, ``<value>_hint`` being its remark."""
    return [
        Option(value, t(f"choice.{kind}.{value}"), t(hint) if has(hint := f"choice.{kind}.{value}_hint") else "")
        for value in values
    ]


def yes_no() -> list[Option]:
    return [Option(value=True, label=t("choice.yes")), Option(value=False, label=t("choice.no"))]


def same_or_not() -> list[Option]:
    """Is whoever stands there the person of the document (人证比对)?"""
    return [Option(value=True, label=t("choice.faces.same")), Option(value=False, label=t("choice.faces.different"))]


def generations() -> list[Option]:
    """The generations of a card, in words: a digit beside the key that chooses it would mislead."""
    return [Option(value, t(f"choice.generation.{value}")) for value in (2, 3)]


def card_status(code: str) -> str:
    """A card's status in words; not known where the province names none, or one that is no code of ours."""
    key = f"choice.card_status.{code}"
    return t(key if code and has(key) else "choice.card_status.unknown")


def find_bank(reference: Reference, allowed: Callable[[], Iterable[str]]) -> Callable[[str], Sequence[Option]]:
    """Banks by initials, characters or id, out of those that are allowed now."""

    def find(text: str) -> Sequence[Option]:
        banks = [reference.banks[id] for id in allowed() if id in reference.banks]
        return [Option(bank.id, named(bank), bank.hotline) for bank in search_banks(text, banks)]

    return find


def find_branch(reference: Reference, allowed: Callable[[], Iterable[Branch]]) -> Callable[[str], Sequence[Option]]:
    """Branches by district or any keyword (BNK-3)."""

    def find(text: str) -> Sequence[Option]:
        found = search_branches(text, allowed(), reference.regions)
        return [Option(branch.id, branch.name, branch.address) for branch in found]

    return find


def find_coded(items: Iterable[Coded]) -> Callable[[str], Sequence[Option]]:
    """An ethnicity or an occupation."""
    listed = tuple(items)

    def find(text: str) -> Sequence[Option]:
        return [Option(item.code, f"{item.code} {named(item)}") for item in search_coded(text, listed)]

    return find


def find_region(reference: Reference, near: str) -> Callable[[str], Sequence[Option]]:
    """A region by initials, characters or code, the nearer ones first."""

    def find(text: str) -> Sequence[Option]:
        found = search_regions(text, reference.regions.values(), near=near)
        return [Option(region.code, reference.region_name(region.code), region.code) for region in found]

    return find
