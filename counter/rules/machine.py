"""A small state machine (状态机): states, and transitions that each have their rule. Pure; drawn in docs/states.md."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Transition(Generic[S]):
    """What `event` makes of a thing that is in one of the states `before`, and the rule that says so."""

    event: str
    before: tuple[S, ...]
    after: S
    rule: str


@dataclass(frozen=True, slots=True)
class Machine(Generic[S]):
    """All transitions of one kind of thing; for a state and an event there is one or none."""

    transitions: tuple[Transition[S], ...]

    def follow(self, state: S, event: str) -> Transition[S] | None:
        """The transition of an event in a state; None where the rules know none."""
        return next((each for each in self.transitions if each.event == event and state in each.before), None)

    def rule(self, event: str) -> str:
        """The rule that governs an event, '' for what is no event of this machine."""
        return next((each.rule for each in self.transitions if each.event == event), "")

    def events(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.event for each in self.transitions))

    def mermaid(self, hidden: Iterable[S] = ()) -> str:
        """The machine as a Mermaid state diagram, without the hidden states."""
        lines = [
            f"    {before} --> {each.after}: {each.event} ({each.rule})"
            for each in self.transitions
            for before in each.before
            if before not in hidden
        ]
        return "\n".join(["stateDiagram-v2", *lines])
