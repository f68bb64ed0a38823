"""The end of the day (日终) in words, for screen and shell alike."""

from datetime import timedelta
from math import ceil
from typing import Final

from counter.desk.desk import Desk
from counter.i18n import t
from counter.paper.slip import yuan
from counter.province.sending import HeldUp
from counter.province.sync import SyncReport
from counter.province.wire import Outcome
from counter.rules.text import plain

SET_BACK: Final = timedelta(minutes=2)
"""A clock that is put right by the network goes back by seconds."""


def outcome(report: SyncReport) -> str:
    """Does it match, in a sentence: what came back is in no receipt."""
    if not report.matched:
        return t("day.unmatched")
    returned = sum(day.total.returned.count - day.total.cleared.count for day in report.days)
    return t("day.matched_without", count=returned) if returned else t("day.matched")


def clock_back(desk: Desk) -> str:
    """That this machine's clock was set back since it recorded last, in a sentence; '' where it was not. Blocks."""
    latest = desk.store.audit.latest()
    behind = latest - desk.clock() if latest else timedelta()
    return t("day.clock_back", minutes=ceil(behind / timedelta(minutes=1))) if behind > SET_BACK else ""


def unequal(report: SyncReport) -> list[str]:
    """Where the two sides counted otherwise, entry by entry, what was offered again, and what the province does not
    take."""
    said = [
        t(
            "day.difference",
            date=each.business_date,
            service=t(f"service.{each.kind}.name"),
            id=each.id,
            ours=_side(each.ours_fen),
            theirs=_side(each.theirs_fen),
        )
        for each in report.differing
    ]
    if report.offered_again:
        said.append(t("day.offered_again", count=report.offered_again))
    if report.photos_refused:
        said.append(t("day.photos_refused", count=report.photos_refused))
    if report.held_up and report.pending:
        said.append(t("day.held_up", pending=report.pending, seq=report.held_up.seq, why=_why(report.held_up)))
    return said


def _why(held_up: HeldUp) -> str:
    """Why the province does not take what waits."""
    match held_up.outcome:
        case Outcome.CONFLICT:
            return t("day.why.conflict")
        case Outcome.RETRY:
            return t("day.why.gap")
    return t("day.why.unknown", answer=plain(held_up.outcome))


def _side(fee_fen: int | None) -> str:
    return t("day.not_there") if fee_fen is None else yuan(fee_fen)
