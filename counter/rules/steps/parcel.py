"""A parcel of cards is counted before the branch signs for it (网点签收): PIC-7, and mail that came back, PIC-8."""

from collections.abc import Iterator
from typing import Final

from counter.rules.case import Case
from counter.rules.counting import MAX_CARDS, Count, count
from counter.rules.finding import Finding, ask, deferred, missing, stop, tell
from counter.rules.parcel import Parcel
from counter.rules.reference import Context
from counter.rules.service import Check, Service


def counted(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """PIC-7: which parcel, which cards, and in what it is otherwise than the province says."""
    parcel = case.parcel or Parcel()
    if not parcel.returned and not parcel.number:
        yield missing("PIC-7", "parcel.number")
    if not parcel.counted:
        yield stop("PIC-7", "parcel.empty", "parcel.counted")
        return
    if len(parcel.counted) > MAX_CARDS:
        yield stop("PIC-7", "parcel.many", "parcel.counted", limit=MAX_CARDS)
        return
    if parcel.known is None:
        yield deferred("PIC-7", "parcel", "parcel.counted")
    found = count(parcel)
    yield from _differences(found, context)
    if found.right:
        yield tell("PIC-8" if parcel.returned else "PIC-7", "parcel.to_sign", "parcel.counted", count=len(found.right))
    else:
        yield stop("PIC-7", "parcel.nothing", "parcel.counted")


def _differences(found: Count, context: Context) -> Iterator[Finding]:
    if found.missing:
        yield ask("PIC-7", "parcel.missing", "parcel.counted", count=len(found.missing))
    if found.strays:
        whose = " ".join(branch_names(found, context))
        yield ask("PIC-7", "parcel.strays", "parcel.counted", count=len(found.strays), branches=whose)
    if found.unknown:
        yield ask("PIC-7", "parcel.unknown", "parcel.counted", count=len(found.unknown))
    if found.before:
        yield tell("PIC-7", "parcel.before", "parcel.counted", count=len(found.before))
    if found.doubled:
        yield tell("PIC-7", "parcel.doubled", "parcel.counted", count=len(found.doubled))


def branch_names(found: Count, context: Context) -> tuple[str, ...]:
    """The branches that the strays are passed on to, by name where they are known."""
    branches = context.reference.branches
    ids = dict.fromkeys(card.branch for card in found.strays)
    return tuple(branches[id].name if id in branches else id for id in ids)


CHECKS: Final[tuple[Check, ...]] = (counted,)
