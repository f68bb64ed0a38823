"""The texts that a customer accepts (办理须知, 同步申领告知书), TXT-1, APP-5.

A consent that has a text in the city's data is given to the version that was shown, and the case names it
(``terms@440100-2026-11``). A case that names none, as one written by hand, consents to what is in force today; one that
names another version than today's has its consent given again. The record names what was accepted.
"""

from collections.abc import Iterator, Mapping

from msgspec import structs

from counter.rules.case import Case
from counter.rules.facts import policy
from counter.rules.finding import Finding, Key, stop
from counter.rules.reference import AcceptedText, Context
from counter.rules.service import Service


def in_force(case: Case, context: Context) -> Mapping[str, AcceptedText]:
    """The texts of the city of issue, by the consent that accepts them."""
    known = policy(case, context)
    return known.texts if known else {}


def consent_of(text: str) -> str:
    """The consent that accepts the text of this name."""
    return text.partition("@")[0]


def names(case: Case, context: Context) -> tuple[str, ...]:
    """The names of today's texts that the case's consents accept."""
    texts = in_force(case, context)
    return tuple(texts[consent].name for consent in case.consents if consent in texts)


def shown(case: Case, context: Context) -> Case:
    """The case whose consents were given with today's texts on the screen."""
    return structs.replace(case, texts=names(case, context))


def outdated(case: Case, context: Context) -> tuple[str, ...]:
    """The consents that were given to another text than today's."""
    texts, seen = in_force(case, context), {consent_of(text): text for text in case.texts}
    with_text = (texts[consent] for consent in case.consents if consent in texts)
    return tuple(text.id for text in with_text if seen.get(text.id, text.name) != text.name)


def without_unseen(case: Case, context: Context) -> Case:
    """A case that was put away, without the consents of which nobody knows what was shown: they are given again."""
    named = {consent_of(text) for text in case.texts}
    texts = in_force(case, context)
    seen = tuple(consent for consent in case.consents if consent in named or consent not in texts)
    return structs.replace(case, consents=seen)


def still_as_shown(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """TXT-1: a text that has changed since the consent is shown, and accepted, anew."""
    for consent in outdated(case, context):
        yield stop("TXT-1", "consents.outdated", "consents", text=Key(f"choice.text.{consent}"))
