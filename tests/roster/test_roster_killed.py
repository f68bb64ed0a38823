"""kill -9 at random while a roster is imported, edited and submitted: no row lost, none twice, the chain valid.

A few times in the suite; ``COUNTER_KILLS=100`` for a hundred.
"""

import multiprocessing
import os
import random
import sys
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from counter.desk import rosters
from counter.roster.columns import RosterRow
from counter.roster.reader import RosterPerson
from counter.rules.numbers import check_character
from counter.store.records import BatchState
from counter.store.store import Store
from tests.support.rosters import (
    CLERK,
    PASSPHRASE,
    UNIT,
    WINDOW,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")

KILLS = int(os.environ.get("COUNTER_KILLS", "3"))
ROWS = 400
WRONG = 7
"""Every so many rows one is not right."""
CHUNK = 20


def row(at: int, remarks: str = "") -> RosterRow:
    mobile = "138" if at % WRONG == 0 else f"138{at:08d}"
    body = f"4416211990{at // 19_980 + 1:02d}{at // 999 % 20 + 1:02d}{at % 999 + 1:03d}"
    return RosterRow(
        name="王测试", number=body + check_character(body), mobile=mobile, occupation="24", remarks=remarks
    )


def lines(roster: int = 0) -> list[RosterPerson]:
    """The people of a roster; those of another are others."""
    first = roster * ROWS
    return [RosterPerson(at, row(at)) for at in range(first, first + ROWS)]


def unlocked(home: Path) -> Store:
    return Store.unlock(home, CLERK.id, PASSPHRASE)


# --- what the process that is killed does ------------------------------------------------------------------------


def work(what: str, home: Path, number: int, said: Connection) -> None:
    """Import, edit or submit until it is killed; each step is said once it is done."""
    with unlocked(home) as store:
        said.send("ready")
        match what:
            case "import":
                while True:
                    said.send(rosters.create(store, UNIT, lines()).id)
            case "edit":
                ids = [key.id for key in store.batches.keys(number)]
                at = 0
                while True:
                    edit(store, number, ids, at)
                    said.send(at)
                    at += 1
            case _:
                rosters.TRANSACTION = CHUNK  # type: ignore[misc]  # many of them, to be killed between
                rosters.submit(store, number, WINDOW)


def edit(store: Store, number: int, ids: list[str], at: int) -> None:
    """The edit of this turn: change a row, put one in before it, take that out again two turns later."""
    target = ids[at // 3 % len(ids)]
    match at % 3:
        case 0:
            store.batches.change({target: rosters.content_of(row(1, f"edit {at}"))})
        case 1:
            store.batches.insert(number, [rosters.content_of(row(1, f"new {at}"))], target, [f"new-{at}"])
        case _:
            store.batches.delete([f"new-{at - 1}"])


def after(ids: list[str], turns: int) -> list[tuple[str, str]]:
    """Ids and remarks as they stand after so many turns."""
    remarks = {ids[at // 3 % len(ids)]: f"edit {at}" for at in range(0, turns, 3)}
    rows = [(id, remarks.get(id, "")) for id in ids]
    if turns % 3 == 2:
        at = turns - 1
        place = at // 3 % len(ids)
        rows.insert(place, (f"new-{at}", f"new {at}"))
    return rows


# --- killed, and looked at ---------------------------------------------------------------------------------------


def killed(what: str, home: Path, number: int, within: float) -> list[int]:
    """Let a process work for a random time and kill it; the steps that it said were done."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["counter.desk.rosters", "openpyxl", "xlwt", "pytest"])
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(what, home, number, there))
    process.start()
    there.close()
    assert here.recv() == "ready"
    time.sleep(random.uniform(0, within))
    process.kill()
    process.join()
    done = []
    while here.poll():
        try:
            done.append(here.recv())
        except (EOFError, OSError):
            break
    return done


def test_killed_at_random_no_row_is_lost_and_none_is_there_twice(home: Path) -> None:
    with unlocked(home) as store:
        start = time.perf_counter()
        rosters.create(store, UNIT, lines())
        created = time.perf_counter() - start
        store.batches.discard(1)
    halfway = Counter[str]()
    for turn in range(KILLS):
        match turn % 3:
            case 0:
                halfway["import"] += an_import(home, created * 3)
            case 1:
                halfway["edit"] += editing(home)
            case _:
                halfway["submit"] += a_submission(home, lines(turn + 1))
    if KILLS >= 100:
        assert min(halfway[what] for what in ("import", "edit", "submit")) > KILLS // 10, halfway


def an_import(home: Path, within: float) -> bool:
    """All of a roster or nothing; what was said to be there is."""
    done = killed("import", home, 0, within)
    with unlocked(home) as store:
        found = {each.id: each.rows for each in store.batches.list() if each.state is BatchState.OPEN}
        assert set(done) <= set(found)
        assert len(set(found) - set(done)) <= 1
        assert set(found.values()) <= {ROWS}
        for id in found:
            assert [person.row for person in rosters.people(store, id)] == [line.person for line in lines()]
            store.batches.discard(id)
    return len(done) < 3


def editing(home: Path) -> bool:
    """Every change that was made stands, and at most the one under way besides."""
    with unlocked(home) as store:
        made = rosters.create(store, UNIT, lines()).id
        ids = [key.id for key in store.batches.keys(made)]
    done = killed("edit", home, made, 0.3)
    with unlocked(home) as store:
        there = [(person.id, person.row.remarks) for person in rosters.people(store, made)]
        assert there in (after(ids, len(done)), after(ids, len(done) + 1))
        assert len({id for id, _ in there}) == len(there)
        store.batches.discard(made)
    return bool(done)


def a_submission(home: Path, people: list[RosterPerson]) -> bool:
    """What was recorded stands, once; begun again, the rest follows."""
    right = sum(line.person.mobile != "138" for line in people)
    with unlocked(home) as store:
        made = rosters.create(store, UNIT, people).id
        before = store.ledger.count()
    killed("submit", home, made, 0.3)
    with unlocked(home) as store:
        stood = submitted_rows(store, made)
        assert store.ledger.count() == before + len(stood)
        assert len(stood) % CHUNK in (0, right % CHUNK), "whole transactions"
        done = rosters.submit(store, made, WINDOW)
        assert (done.recorded, done.wrong, done.changed) == (right - len(stood), ROWS - right, 0)
        entries = {entry.id for entry in store.ledger.search(limit=right)}
        assert entries == submitted_rows(store, made), "every row is one entry"
        assert store.ledger.count() == before + right
        verified = store.ledger.verify()
        assert (verified.valid, verified.entries) == (True, before + right)
        store.batches.finish(made)
    return 0 < len(stood) < right


def submitted_rows(store: Store, made: int) -> set[str]:
    return {person.id for person in rosters.people(store, made) if person.submitted}
