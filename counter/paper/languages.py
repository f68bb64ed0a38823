"""The languages of a piece of paper: the customer's own and the trade's, whatever language the clerk reads."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from counter.i18n import DEFAULT, LANGUAGES, Language, language, speaking, traits
from counter.paper.contacts import LINE
from counter.rules.case import Case, PresentedBy

BREAK: Final = f"\n\n{'-' * LINE}\n\n"
"""Between one language and the next."""

Languages: TypeAlias = tuple[Language, ...]
"""Those of one piece of paper, one under the other (双语回执单)."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A piece of paper: `make` says it in the language in use, `choices` is what it can be had in, and the first what
    it is in."""

    make: Callable[[], str]
    choices: tuple[Languages, ...]

    @property
    def text(self) -> str:
        return in_languages(self.make, self.languages)

    @property
    def languages(self) -> Languages:
        return self.choices[0]

    def turned(self) -> "Printed":
        """In the next of its choices; the one before comes last."""
        return replace(self, choices=(*self.choices[1:], self.choices[0]))

    def beginning(self, wanted: Languages) -> "Printed":
        """In what somebody has chosen already, where it can be had."""
        at = self.choices.index(wanted) if wanted in self.choices else 0
        return replace(self, choices=(*self.choices[at:], *self.choices[:at]))


class Wishes:
    """In which languages customers want their papers, by document number; forgotten when the counter is closed."""

    def __init__(self) -> None:
        self._languages: dict[str, Languages] = {}

    def heeded(self, printed: Printed, case: Case | None) -> Printed:
        """As the customer wanted another paper before, else as is customary."""
        return printed.beginning(self._languages.get(case.holder.document.number, ())) if case else printed

    def note(self, languages: Languages, case: Case) -> None:
        """The customer wants these; nothing is kept of one who has shown no document."""
        if number := case.holder.document.number:
            self._languages[number] = languages


def in_languages(make: Callable[[], str], languages: Languages) -> str:
    """A paper in each of the languages, one under the other."""
    parts = []
    for each in languages:
        with speaking(each):
            parts.append(make())
    return BREAK.join(parts)


def for_customer(make: Callable[[], str], case: Case | None) -> Printed:
    """A paper for the customer: in their own language above the trade's, else in the one in use alone.

    It can be had in the one in use, and in each other above the trade's. Without a case, of an erased entry, nobody
    knows the customer.
    """
    own = _readers(case) if case else ""
    both = tuple((each, DEFAULT) for each in _others())
    return Printed(make, tuple(dict.fromkeys(((own, DEFAULT) if own else (language(),), (language(),), *both))))


def for_bank(make: Callable[[], str], case: Case) -> Printed:
    """A paper between banks: in the trade's language, for the customer who carries it in their own below."""
    own = _readers(case)
    both = tuple((DEFAULT, each) for each in _others())
    return Printed(make, tuple(dict.fromkeys(((DEFAULT, own) if own else (DEFAULT,), (DEFAULT,), *both))))


def _readers(case: Case) -> Language:
    """The language of who reads the paper, by their identity document (a foreigner's passport, a permit of Hong Kong,
    Macau or Taiwan residents): the guardian who acts, else the holder. '' where the trade's is theirs."""
    acts = case.guardian if case.presented_by == PresentedBy.GUARDIAN else None
    kind = (acts or case.holder).document.kind
    return next((each for each in LANGUAGES if kind in traits(each).documents), "")


def _others() -> tuple[Language, ...]:
    """The languages beside the trade's that slips are given in."""
    return tuple(each for each in LANGUAGES if each != DEFAULT and traits(each).on_slips)
