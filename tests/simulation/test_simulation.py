"""A short, fixed slice of the simulator; ``make simulate ROUNDS=n SEED=s`` and ``python -m tests.simulation.loss`` do more."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from counter.store.errors import DamagedLedgerError, LedgerDiskError, LedgerFullError, LedgerReadOnlyError, StoreError
from counter.store.store import Store
from tests.simulation.calls import BROKEN, FULL, READ_ONLY, Call, watched
from tests.simulation.fuzz import fuzz
from tests.simulation.loss import cut, lose_power, record_life
from tests.simulation.power import Said, Step
from tests.simulation.round import Simulation
from tests.support.cheap import cheap_slots
from tests.support.store_samples import CLERK, PASSPHRASE, PLACE, SUPERVISOR, SetClock, case, record

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at a process's files as Linux shows them")

ROUNDS = 3
CUTS = 25


def test_rounds_of_a_counter_its_province_and_their_network(postgresql: str, tmp_path: Path) -> None:
    with Simulation(postgresql, tmp_path).open() as simulation:
        for seed in range(1, ROUNDS + 1):
            simulation.round(seed)
    figures = simulation.figures
    assert figures.kills and figures.disk_faults and figures.syncs > ROUNDS and figures.entries, str(figures)


def test_spoilt_inputs_are_refused_or_read(tmp_path: Path) -> None:
    assert len(fuzz(tmp_path, seed=1, count=4000)) == 6, "every parser"


def test_the_power_goes_and_what_was_said_to_be_done_is_there(tmp_path: Path) -> None:
    with cheap_slots():
        assert lose_power(tmp_path, seed=1, cuts=CUTS) == CUTS


def test_a_disk_that_is_never_synced_loses_what_was_said(tmp_path: Path) -> None:
    """The replay finds what it is there to find."""
    with cheap_slots():
        steps = [step for step in record_life(tmp_path / "life", 1) if isinstance(step, Said) or not _syncs(step)]
        with pytest.raises((AssertionError, DamagedLedgerError)):
            for at in (len(steps) - each for each in range(3)):
                cut(steps, tmp_path / "life", tmp_path / f"cut-{at}", at, 1)


def _syncs(step: Step) -> bool:
    return isinstance(step, Call) and step.kind == "sync"


@pytest.mark.parametrize(
    ("number", "kind"), [(FULL, LedgerFullError), (READ_ONLY, LedgerReadOnlyError), (BROKEN, LedgerDiskError)]
)
def test_a_disk_that_fails_at_any_call_is_no_tampering(tmp_path: Path, number: int, kind: type[StoreError]) -> None:
    """From every file call on: the work is done or says why it is not, the ledger is whole, and work goes on after."""
    home = tmp_path / "home"
    with cheap_slots(), Store.create(home, PLACE, SUPERVISOR, PASSPHRASE, SetClock()) as made:
        made.operators.add(CLERK.id, CLERK.name, CLERK.role, PASSPHRASE)
    with cheap_slots(), Store.unlock(home, CLERK.id, PASSPHRASE, SetClock()) as store:
        first, came = 1, set[type[Exception]]()
        while (error := _worked(store, first, number)) is not None:
            came.add(type(error))
            assert store.ledger.verify().valid
            first += 1
        assert came and DamagedLedgerError not in came
        assert came <= {kind, LedgerDiskError, LedgerFullError, LedgerReadOnlyError}
        assert kind in came
        entries = {entry.id for entry in store.ledger.search(limit=1000)}
        assert f"entry-{first}" in entries
        assert len(entries) == store.ledger.verify().entries


@pytest.mark.parametrize("number", [FULL, BROKEN])
def test_a_backup_on_a_disk_that_fails_at_any_call(tmp_path: Path, number: int) -> None:
    """It is there and whole, or not there, and why is said in the store's words; and can be made again."""
    with cheap_slots(), Store.create(tmp_path / "home", PLACE, SUPERVISOR, PASSPHRASE, SetClock()) as store:
        store.ledger.append("entry-1", "exchange", record())
        first, came = 1, set[type[Exception]]()
        while (error := _done(lambda: store.back_up(tmp_path / "kept"), tmp_path / "kept", first, number)) is not None:
            came.add(type(error))
            if not Store.is_there(tmp_path / "kept"):
                assert store.back_up(tmp_path / "kept").valid
            with Store.unlock(tmp_path / "kept", SUPERVISOR.id, PASSPHRASE) as kept:
                assert kept.ledger.verify().entries == 1
            shutil.rmtree(tmp_path / "kept")
            first += 19 if first > 20 else 1  # page after page is copied
        assert came
        assert LedgerFullError in came or number != FULL
        assert came <= {
            LedgerFullError,
            LedgerDiskError,
            OSError,
        }  # of a file outside the home the shell names the file


def _worked(store: Store, first: int, number: int) -> Exception | None:
    """Keep a draft and record it on a disk that fails from a call on; what came of it."""

    def work() -> None:
        store.drafts.save(f"entry-{first}", case(), "confirm")
        store.ledger.append(f"entry-{first}", "exchange", record())

    return _done(work, store.home, first, number)


def _done(work: Callable[[], object], folder: Path, first: int, number: int) -> Exception | None:
    """Do it on a disk that fails from a call on; what came of it."""
    calls = 0

    def failing(_call: Call) -> int:
        nonlocal calls
        calls += 1
        return number if calls >= first else 0

    with watched(folder, failing):
        try:
            work()
        except (StoreError, OSError) as error:
            return error
    return None
