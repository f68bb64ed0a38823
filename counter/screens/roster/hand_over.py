"""The hand-over list (交接清单) as files beside the ledger. No Textual."""

from pathlib import Path

from counter.desk import rosters
from counter.desk.desk import Desk
from counter.files import write_whole
from counter.roster.handover import as_pdf, as_xlsx


def write_hand_over(desk: Desk, batch: int) -> tuple[Path, Path] | None:
    """Write a roster's list as a workbook and as PDF, in place of an earlier one of the day; None where no file can be
    written. Raises `StoreError`."""
    context, folder = desk.context(), desk.store.home / "rosters"
    listed = rosters.hand_over_of(desk.store, batch, context)
    path = folder / f"hand-over-{batch}-{context.today:%Y%m%d}.xlsx"
    try:
        folder.mkdir(exist_ok=True, mode=0o700)
        write_whole(path, as_xlsx(listed))
        write_whole(path.with_suffix(".pdf"), as_pdf(listed))
    except OSError:
        return None
    return path, path.with_suffix(".pdf")
