"""What a rule answers: findings."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol


class Key(str):
    """A parameter that is itself a catalog key (``paper.id_card_back``), put into words with the sentence."""

    __slots__ = ()


class Named(Protocol):
    """A parameter that carries its name in both languages: a bank, a city, an item of a code list."""

    @property
    def zh(self) -> str: ...

    @property
    def en(self) -> str: ...


Param = str | int | Named

DEFERRED: Final = "deferred."
"""The codes of what is still to be put to the province begin with this."""


class Level(StrEnum):
    """How much a finding weighs."""

    STOP = "stop"  # 停：refused
    ASK = "ask"  # 问：goes on once the clerk has given their word
    TELL = "tell"  # 告知：informs


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer of one rule.

    `rule` is the id in the book of rules (``ONE-1``); `code` names the sentence in the catalogs
    (``finding.<code>``), so that the rules know no language; `params` fill the sentence, catalog keys and
    reference data by their names in the clerk's language;
    `field` is the dotted path into the case (``holder.document.number``), empty when it is about all of it;
    `way_on` the number of the referral for a customer whom it stops (REF-1), 0 where there is none.
    A finding never carries a name or a whole number: sentences end up in logs and on slips.
    """

    level: Level
    rule: str
    code: str
    field: str = ""
    params: Mapping[str, Param] = dataclasses.field(default_factory=dict, hash=False)
    way_on: int = 0


def stop(rule: str, code: str, field: str = "", **params: Param) -> Finding:
    """A finding that refuses."""
    return Finding(Level.STOP, rule, code, field, params)


def ask(rule: str, code: str, field: str = "", **params: Param) -> Finding:
    """A finding that needs the clerk's word: answered by adding its code to `Case.acknowledged`."""
    return Finding(Level.ASK, rule, code, field, params)


def tell(rule: str, code: str, field: str = "", **params: Param) -> Finding:
    """A finding that informs."""
    return Finding(Level.TELL, rule, code, field, params)


def missing(rule: str, field: str) -> Finding:
    """What is needed and lacks: refused, with the name of the field (``field.<path>`` in the catalogs)."""
    return stop(rule, "missing", field, what=Key(f"field.{field}"))


def deferred(rule: str, question: str, field: str) -> Finding:
    """What the province has not answered yet: told, and asked again at sync (code ``deferred.<question>``)."""
    return tell(rule, f"{DEFERRED}{question}", field)
