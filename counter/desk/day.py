"""The end of the day (日终) in words, for screen and shell alike."""

from counter.i18n import t
from counter.paper.slip import yuan
from counter.province.sync import SyncReport


def outcome(report: SyncReport) -> str:
    """Does it match, in a sentence: what came back is in no receipt."""
    if not report.matched:
        return t("day.unmatched")
    returned = sum(day.total.returned.count for day in report.days)
    return t("day.matched_without", count=returned) if returned else t("day.matched")


def unequal(report: SyncReport) -> list[str]:
    """Where the two sides counted otherwise, entry by entry, and what was offered again."""
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
    return [*said, *([t("day.offered_again", count=report.offered_again)] if report.offered_again else [])]


def _side(fee_fen: int | None) -> str:
    return t("day.not_there") if fee_fen is None else yuan(fee_fen)
