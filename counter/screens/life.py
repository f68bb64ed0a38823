"""An entry's life (一笔业务的经过) in lines, and what the province had to say in words."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from counter.clock import SHANGHAI
from counter.i18n import has, t
from counter.rules.reference import Reference
from counter.rules.text import plain
from counter.store.lives import LifeStage
from counter.store.records import ProvinceEvent

BAD = frozenset({"rejected", "conflict", "reversed"})
"""Stages of a life that hold it up or end it; so do these of the province's events."""
BAD_EVENTS = frozenset({"rejected", "loss"})


def in_lines(stages: Sequence[LifeStage], reference: Reference) -> Iterator[str]:
    """A line a stage: ``+`` what lies behind, ``>`` where it stands, ``!`` what holds it up or ended it."""
    for stage in stages:
        bad = stage.name in BAD or (stage.event is not None and stage.event.kind in BAD_EVENTS)
        mark = "!" if bad else ">" if stage is stages[-1] else "+"
        yield f"  {mark} {_when(stage.at):<16} \t{_said(stage, reference)}"


def _when(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""


def _said(stage: LifeStage, reference: Reference) -> str:
    if stage.event is not None:
        return f"{t(f'news.kind.{stage.event.kind}')}  {in_words(stage.event, reference)}"
    return t(f"ledger.life.{stage.name}", by=stage.by, seq=stage.seq)


def in_words(event: ProvinceEvent, reference: Reference) -> str:
    """What happened, in words, with the province's own remark or the branch it names."""
    match event.kind:
        case "progress":
            key = f"screen.milestone.{event.code}_on"
        case "booking":
            key = f"choice.booking.{event.code}"
        case "rejected":
            key = f"finding.{event.code}"
        case _:
            key = f"news.said.{event.kind}"
    what = t(key) if has(key) and "{" not in t(key) else event.code
    branch = reference.branches.get(event.detail)
    return "  ".join(part for part in (what, branch.name if branch else plain(event.detail)) if part)
