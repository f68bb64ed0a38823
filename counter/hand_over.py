"""The hand-over list (交接清单) of a roster in the ledger: who is in, who is not and why.

The shell and the screen share it.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from counter import batch
from counter.roster.checks import Checker, RowCheck, duplicates
from counter.roster.handover import HandOver, as_pdf, as_xlsx, hand_over
from counter.roster.reader import Line
from counter.rules.finding import stop
from counter.rules.reference import Context
from counter.store.store import Store


def list_of(store: Store, id: int, context: Context) -> HandOver:
    """The list of a roster: in is what stands in the ledger; of the others the reasons, a right one's that it was not
    submitted. The people have the numbers of the grid's lines. Raises `UnknownBatchError`."""
    unit = batch.unit_of(batch.batch_of(store, id))
    checker = Checker(unit, context, batch.known_elsewhere(store, id))
    people = list(batch.people(store, id))
    twice = duplicates(((at, person.row) for at, person in enumerate(people, 1)), context)

    def judged() -> Iterator[tuple[Line, RowCheck]]:
        for at, person in enumerate(people, 1):
            check = RowCheck(at, ())
            if not person.submitted:
                check = checker.check(person.row, at, person.answers)
                check = replace(check, findings=(*twice.get(at, ()), *check.findings))
                if check.valid:
                    check = replace(check, findings=(stop("EXC-7", "roster.not_submitted"),))
            yield Line(at, person.row), check

    return hand_over(unit, context.today, judged())


def write_list(store: Store, id: int, context: Context) -> tuple[Path, Path]:
    """Write the list beside the ledger, as a workbook and as PDF, in place of an earlier one of the day; the files.

    Raises OSError besides what `list_of` raises.
    """
    made, folder = list_of(store, id, context), store.home / "rosters"
    folder.mkdir(exist_ok=True, mode=0o700)
    path = folder / f"hand-over-{id}-{context.today:%Y%m%d}.xlsx"
    path.write_bytes(as_xlsx(made))
    path.with_suffix(".pdf").write_bytes(as_pdf(made))
    return path, path.with_suffix(".pdf")
