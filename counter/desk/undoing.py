"""Taking back what was done to an open case (撤销), step by step, and doing it again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from msgspec import structs

from counter.rules.case import Case
from counter.rules.filling import value_at, with_value
from counter.rules.part import Part
from counter.rules.service import StepId

_MOBILES: Final = ("holder.mobile", "guardian.mobile", "agent.mobile", "pickup.mobile")
_VERDICTS: Final = ("identity_check", "one_card", "booking", "scans")
"""What the province has said of the person, and the images that are kept: nothing that somebody fills in."""


@dataclass(frozen=True, slots=True)
class FormerCase:
    """How a case stood before the field at `path` changed at a step, '' where the province filled it; `provided` is
    what the province had filled by then."""

    case: Case
    step: StepId
    path: str
    provided: Mapping[str, object]


@dataclass
class History:
    """The changes of one open case, the latest last. What is typed into a field in one go is one change."""

    past: list[FormerCase] = field(default_factory=list)
    future: list[FormerCase] = field(default_factory=list)
    typing: bool = False
    """May what is typed next belong to the latest change?"""

    def note(self, before: FormerCase, *, typing: bool) -> None:
        """Something has changed; with `typing` more of it may follow."""
        self.future.clear()
        if not (typing and self.typing and self.past and self.past[-1].path == before.path):
            self.past.append(before)
        self.typing = typing


def set_back(then: Case, now: Case) -> Case:
    """A case as it stood, with what the province has said of the same person since: its no is not undone."""
    case = then
    for path in _VERDICTS:
        case = with_value(case, path, value_at(now, path))
    if case.booking is not None:  # what the original bank decides is the clerk's
        decision = then.booking.decision if then.booking else None
        case = structs.replace(case, booking=structs.replace(case.booking, decision=decision))
    for path in _MOBILES:
        if value_at(now, path) and value_at(now, path) == value_at(then, path):
            either = value_at(now, f"{path}_verified") or value_at(then, f"{path}_verified")
            case = with_value(case, f"{path}_verified", either)
    if (now.photo.source, now.photo.receipt) == (then.photo.source, then.photo.receipt):
        case = with_value(case, "photo", now.photo)
    return case


def differences(before: Part | None, after: Part, path: str = "") -> Iterator[tuple[str, object]]:
    """The paths at which two parts differ, each with its value after; a part that was not there was as if empty."""
    former = type(after)() if before is None else before
    for name in after.__struct_fields__:
        old, new = getattr(former, name), getattr(after, name)
        if isinstance(new, Part) and (old is None or isinstance(old, Part)):
            yield from differences(old, new, f"{path}{name}.")
        elif old != new:
            yield f"{path}{name}", new
