"""What a rule answers: findings."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Param = str | int


class Level(StrEnum):
    """How much a finding weighs."""

    STOP = "stop"  # 停：refused
    ASK = "ask"  # 问：goes on once the clerk has given their word
    TELL = "tell"  # 告知：informs


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer of one rule.

    `rule` is the id in the book of rules (``ONE-1``); `code` names the sentence in the catalogs
    (``finding.<code>``), so that the rules know no language; `params` fill the sentence;
    `field` is the dotted path into the case (``holder.document.number``), empty when it is about all of it.
    A finding never carries a name or a whole number: sentences end up in logs and on slips.
    """

    level: Level
    rule: str
    code: str
    field: str = ""
    params: Mapping[str, Param] = dataclasses.field(default_factory=dict, hash=False)


def stop(rule: str, code: str, field: str = "", **params: Param) -> Finding:
    """A finding that refuses."""
    return Finding(Level.STOP, rule, code, field, params)


def ask(rule: str, code: str, field: str = "", **params: Param) -> Finding:
    """A finding that needs the clerk's word: answered by adding its code to `Case.acknowledged`."""
    return Finding(Level.ASK, rule, code, field, params)


def tell(rule: str, code: str, field: str = "", **params: Param) -> Finding:
    """A finding that informs."""
    return Finding(Level.TELL, rule, code, field, params)
