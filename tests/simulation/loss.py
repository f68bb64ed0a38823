"""A counter's life on a disk that loses its power: what it said is done is there afterwards, and it opens or is made anew.

python -m tests.simulation.loss --seed 1 --cuts 500
"""

import argparse
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

from counter.store.errors import MissingLedgerError, WrongCredentialsError
from counter.store.records import Role
from counter.store.store import Store
from tests.simulation.power import Disk, Recorder, Step
from tests.support.cheap import cheap_slots
from tests.support.store_samples import CLERK, JPEG, PASSPHRASE, PLACE, SUPERVISOR, SetClock, case, record

LATER = "another made-up passphrase"
Said = Callable[[str], None]


def live(folder: Path, said: Said, dice: Random) -> None:
    """Make a ledger, work, keep it safe, bring it back; each thing is said once it is done."""
    home = folder / "home"
    with Store.create(home, PLACE, SUPERVISOR, PASSPHRASE, SetClock()) as store:
        said("made")
        store.operators.add(CLERK.id, CLERK.name, Role.CLERK, PASSPHRASE)
        said("clerk")
    with Store.unlock(home, CLERK.id, PASSPHRASE, SetClock()) as store:
        for number in range(dice.randint(2, 5)):
            store.drafts.save(f"draft-{number}", case(), "details")
            said(f"draft {number}")
            digest = store.photos.put(JPEG + bytes([number])) if dice.random() < 0.5 else ""
            store.ledger.append(f"entry-{number}", "exchange", record(photo=digest))
            said(f"entry {number}")
        store.operators.change_passphrase(CLERK.id, PASSPHRASE, LATER)
        said("changed")
    with Store.unlock(home, SUPERVISOR.id, PASSPHRASE, SetClock()) as store:
        store.back_up(folder / "kept")
        said("kept")
    Store.restore(folder / "back", folder / "kept", SUPERVISOR.id, PASSPHRASE)
    said("restored")


def look(folder: Path, said: list[str]) -> None:
    """What was said is there; nothing opens as what it is not."""
    for name, word in (("home", "made"), ("kept", "kept"), ("back", "restored")):
        try:
            store = Store.unlock(folder / name, SUPERVISOR.id, PASSPHRASE, SetClock())
        except MissingLedgerError:
            assert word not in said, f"{word} was said, and there is no ledger"
            if name == "home":
                Store.create(folder / name, PLACE, SUPERVISOR, PASSPHRASE, SetClock()).close()
            continue
        with store:
            assert store.ledger.verify().valid
            _whole(store, said if name == "home" or word in said else [])
    if "clerk" in said:
        _opens(folder / "home", must_be_new="changed" in said)


def _whole(store: Store, said: list[str]) -> None:
    drafts = {draft.id for draft in store.drafts.list()}
    for number in (word.partition(" ")[2] for word in said if word.startswith("entry")):
        assert store.ledger.by_id(f"entry-{number}") is not None, f"entry {number} was said, and is not there"
        assert f"draft-{number}" in drafts


def _opens(home: Path, *, must_be_new: bool) -> None:
    """The clerk gets in by the one passphrase or the other, by the new one once that was said."""
    with suppress(WrongCredentialsError):
        Store.unlock(home, CLERK.id, LATER, SetClock()).close()
        return
    assert not must_be_new, "the passphrase was changed, and the old one is asked for"
    Store.unlock(home, CLERK.id, PASSPHRASE, SetClock()).close()


def record_life(folder: Path, seed: int) -> list[Step]:
    """The log of one life."""
    folder.mkdir(exist_ok=True)
    recorder = Recorder(folder)
    with recorder.recording():
        live(folder, recorder.said, Random(seed))
    return recorder.steps


def cut(steps: list[Step], folder: Path, target: Path, at: int, seed: int) -> None:
    """The power goes after so many calls."""
    disk = Disk(folder)
    said = disk.play(steps[:at])
    disk.found(target, Random(f"{seed} {at}"))
    look(target, said)


def lose_power(folder: Path, seed: int, cuts: int) -> int:
    """Live once, and lose the power at so many places that the seed draws; how many were looked at."""
    steps = record_life(folder / "life", seed)
    places = sorted(Random(seed).sample(range(len(steps) + 1), min(cuts, len(steps) + 1)))
    for at in places:
        target = folder / f"cut-{at}"
        try:
            cut(steps, folder / "life", target, at, seed)
        except Exception as error:
            raise AssertionError(f"seed {seed}, the power went after call {at} of {len(steps)}") from error
        shutil.rmtree(target)
    return len(places)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--cuts", type=int, default=1_000_000, help="of each life; all of them by default")
    chosen = parser.parse_args()
    done = 0
    with cheap_slots():
        for seed in range(chosen.seed, chosen.seed + chosen.rounds):
            with tempfile.TemporaryDirectory() as folder:
                done += lose_power(Path(folder), seed, chosen.cuts)
            print(f"seed {seed}: {done} power losses, nothing lost", flush=True)  # noqa: T201 - a command


if __name__ == "__main__":
    main()
