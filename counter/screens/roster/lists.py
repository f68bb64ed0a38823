"""The lists for the unit (清单) as files beside the ledger: hand-over, new card numbers. No Textual."""

from pathlib import Path

from counter.desk import rosters
from counter.desk.desk import Desk
from counter.desk.new_numbers import new_numbers_of
from counter.files import write_whole
from counter.paper.fonts import find_fonts
from counter.roster import handover, new_numbers
from counter.roster.lists import PrintedList, as_pdf, as_xlsx
from counter.screens.background import Background

Written = tuple[Path, Path] | None
"""A workbook and a PDF; None where no file can be written."""


def write_hand_over(desk: Desk, batch: int) -> Written:
    """Write a roster's hand-over list (交接清单). Raises `StoreError`."""
    listed = rosters.hand_over_of(desk.store, batch, desk.context())
    return _write(desk, f"hand-over-{batch}", handover.printed(listed))


def write_numbers(desk: Desk, batch: int, work: Background[Written]) -> Written:
    """Ask the province for the new card numbers of a roster's people, and write their list (新卡号清单); None also
    where it was cancelled. Raises `OutOfReachError`, `RefusedError`, `StoreError`."""
    made = new_numbers_of(desk, batch, work.tell, work.cancelled)
    return None if made is None else _write(desk, f"new-numbers-{batch}", new_numbers.printed(made))


def _write(desk: Desk, name: str, list_: PrintedList) -> Written:
    """Write a list as a workbook and as PDF, in place of an earlier one of the day."""
    folder = desk.store.home / "rosters"
    path = folder / f"{name}-{desk.today():%Y%m%d}.xlsx"
    try:
        folder.mkdir(exist_ok=True, mode=0o700)
        write_whole(path, as_xlsx(list_))
        write_whole(path.with_suffix(".pdf"), as_pdf(list_, find_fonts(desk.font)))
    except OSError:
        return None
    return path, path.with_suffix(".pdf")
