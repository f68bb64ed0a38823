"""Who gets in: disabling and enabling killed anywhere, who counts as a supervisor, who confirms one, open sessions."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from counter.files import PRIVATE
from counter.store import keys
from counter.store.errors import (
    ConflictError,
    DisabledOperatorError,
    ExposedError,
    LastSupervisorError,
    SecondSupervisorError,
    SessionEndedError,
    UnknownOperatorError,
    WrongCredentialsError,
)
from counter.store.records import Operator, Role
from counter.store.store import Store, operators_at
from tests.store.test_store_at_once import START
from tests.store.test_store_killed import MOST
from tests.support.store_samples import (
    CLERK,
    JPEG,
    PASSPHRASE,
    PLACE,
    SUPERVISOR,
    case,
    edit_keyring,
    record,
)

Unlock = Callable[..., Store]
NEW = "another made-up one"
OTHER = Operator("s02", "主管丙", Role.SUPERVISOR)
no_modes = pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")


def gets_in(home: Path, id: str, *passphrases: str) -> bool:
    for passphrase in passphrases:
        try:
            Store.unlock(home, id, passphrase).close()
        except (WrongCredentialsError, DisabledOperatorError):
            continue
        return True
    return False


# --- killed


def _die_at(call: int, home: Path, act: Callable[[Store], object]) -> None:
    """Do it in this process, and be gone at the nth file call from then on."""
    left = call

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event.partition(".")[0] in {"open", "os", "tempfile"} and str(home) in str(arguments):
            left -= 1
            if left == 0:
                os._exit(9)

    with Store.unlock(home, SUPERVISOR.id, PASSPHRASE) as store:
        sys.addaudithook(count)
        act(store)
        os._exit(0)


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
@pytest.mark.parametrize("disabled_before", [False, True], ids=["disable", "enable"])
def test_killed_anywhere_somebody_is_in_or_out_and_everything_agrees(
    template: Path, tmp_path: Path, disabled_before: bool
) -> None:
    """Row, slot, list and sign-in say the same after the next start, and it can be done again."""
    before = Path(shutil.copytree(template, tmp_path / "before"))
    act: Callable[[Store], object] = lambda store: store.operators.disable(CLERK.id)  # noqa: E731
    if disabled_before:
        with Store.unlock(before, SUPERVISOR.id, PASSPHRASE) as store:
            store.operators.disable(CLERK.id)
        act = lambda store: store.operators.enable(CLERK.id, NEW)  # noqa: E731
    outcomes = set()
    for call in range(1, MOST):
        home = Path(shutil.copytree(before, tmp_path / f"killed-{call}"))
        child = START.Process(target=_die_at, args=(call, home, act))
        child.start()
        child.join()
        with Store.unlock(home, SUPERVISOR.id, PASSPHRASE) as store:
            listed = {each.id: each.active for each in store.operators.list()}[CLERK.id]
            slot = keys.read_keyring(home).slot(CLERK.id)
            noted = [note.subject for note in store.audit.list() if note.action.startswith(("disable", "enable"))]
            assert store.ledger.verify().valid
        assert slot is not None and bool(slot.wrapped) == slot.active == listed == gets_in(
            home, CLERK.id, PASSPHRASE, NEW
        )
        assert len(noted) == disabled_before + (listed is disabled_before), "noted where it holds, and only there"
        outcomes.add(listed)
        if child.exitcode == 0:
            break
        with Store.unlock(home, SUPERVISOR.id, PASSPHRASE) as store:
            if listed is not disabled_before:
                act(store)
    assert outcomes == {True, False} and call > 3


def test_a_slot_of_nobody_is_closed_by_the_next_start(home: Path, unlock: Unlock) -> None:
    """What is left of an operator who was being added when the program was killed."""
    keyring = keys.read_keyring(home)
    slot = keyring.slot(CLERK.id)
    assert slot is not None
    ghost = keys.Slot(**{name: getattr(slot, name) for name in slot.__struct_fields__} | {"id": "ghost"})
    keys.write_keyring(home, keyring.with_slot(ghost))
    unlock().close()
    assert [person.id for person in operators_at(home)] == [SUPERVISOR.id, CLERK.id]


# --- who counts


def test_a_supervisor_whose_slot_is_closed_is_none(supervised: Store, home: Path, unlock: Unlock) -> None:
    """By the rows there are two; by the slots only one gets in, who stays, and who can let the other in again."""
    supervised.operators.add(OTHER.id, OTHER.name, OTHER.role, PASSPHRASE)
    edit_keyring(home, lambda slot: slot.update(active=False, wrapped="", nonce=""), OTHER.id)
    assert {each.id: each.active for each in supervised.operators.list()}[OTHER.id] is False
    with pytest.raises(LastSupervisorError):
        supervised.operators.disable(SUPERVISOR.id)
    supervised.operators.enable(OTHER.id, NEW, supervised.operators.verify(CLERK.id, PASSPHRASE))
    unlock(OTHER.id, NEW).close()
    supervised.operators.disable(SUPERVISOR.id)
    assert not gets_in(home, SUPERVISOR.id, PASSPHRASE)


def test_who_is_enabled_needs_the_new_passphrase(supervised: Store, home: Path) -> None:
    operators = supervised.operators
    for unknown in ("c77", "timer"):
        with pytest.raises(UnknownOperatorError):
            operators.enable(unknown, NEW)
    with pytest.raises(ConflictError):
        operators.enable(CLERK.id, NEW)
    operators.disable(CLERK.id)
    assert operators.enable(CLERK.id, NEW) == CLERK
    assert not gets_in(home, CLERK.id, PASSPHRASE)
    assert gets_in(home, CLERK.id, NEW)


# --- a supervisor is made by two


def test_a_supervisor_is_confirmed_by_another(supervised: Store, unlock: Unlock) -> None:
    """The first second one can be confirmed by nobody; from then on each is, and the audit says by whom."""
    verify = supervised.operators.verify
    supervised.operators.add(OTHER.id, OTHER.name, OTHER.role, PASSPHRASE)
    for second in (None, verify(SUPERVISOR.id, PASSPHRASE), verify(CLERK.id, PASSPHRASE)):
        with pytest.raises(SecondSupervisorError):
            supervised.operators.add("s03", "主管丁", Role.SUPERVISOR, PASSPHRASE, second)
    assert len(supervised.operators.list()) == 3
    supervised.operators.add("s03", "主管丁", Role.SUPERVISOR, PASSPHRASE, verify(OTHER.id, PASSPHRASE))
    (noted,) = [note for note in supervised.audit.list() if note.action == "confirm supervisor"]
    assert (noted.operator, noted.subject) == (OTHER.id, "s03")
    supervised.operators.add("c02", "柜员", Role.CLERK, PASSPHRASE)
    unlock("s03").close()


def test_who_has_sent_all_others_away_makes_none_alone(supervised: Store) -> None:
    operators = supervised.operators
    operators.add(OTHER.id, OTHER.name, OTHER.role, PASSPHRASE)
    operators.disable(OTHER.id)
    acts: tuple[Callable[[], object], ...] = (
        lambda: operators.add("s03", "主管丁", Role.SUPERVISOR, PASSPHRASE),
        lambda: operators.enable(OTHER.id, NEW),
    )
    for act in acts:
        with pytest.raises(SecondSupervisorError):
            act()
    operators.add("s03", "主管丁", Role.SUPERVISOR, PASSPHRASE, operators.verify(CLERK.id, PASSPHRASE))


# --- an open session


def test_a_disabled_operators_open_session_does_nothing_more(store: Store, supervised: Store, tmp_path: Path) -> None:
    ended = []
    store.when_ended = lambda: ended.append(True)
    store.drafts.save("draft-1", case(), "identity")
    supervised.operators.disable(CLERK.id)
    acts: tuple[Callable[[], object], ...] = (
        lambda: store.ledger.append("id-1", "exchange", record()),
        lambda: store.drafts.save("draft-2", case(), "identity"),
        store.drafts.list,
        lambda: store.ledger.search("1"),
        lambda: store.photos.put(JPEG),
        lambda: store.audit.note("reveal", "id-1"),
        lambda: store.back_up(tmp_path / "copy"),
        lambda: store.operators.verify(SUPERVISOR.id, PASSPHRASE),
    )
    for act in acts:
        with pytest.raises(SessionEndedError):
            act()
    assert len(ended) == len(acts)
    assert not (tmp_path / "copy").exists()
    assert (supervised.ledger.count(), [draft.id for draft in supervised.drafts.list()]) == (0, ["draft-1"])
    supervised.operators.enable(CLERK.id, NEW)


def test_who_disables_themselves_is_out(supervised: Store) -> None:
    supervised.operators.add(OTHER.id, OTHER.name, OTHER.role, PASSPHRASE)
    supervised.operators.disable(SUPERVISOR.id)
    with pytest.raises(SessionEndedError):
        supervised.audit.list()


# --- modes


@no_modes
@pytest.mark.parametrize("mode", [0o750, 0o705, 0o704, 0o702])
def test_a_home_that_others_can_read_is_not_opened(home: Path, unlock: Unlock, mode: int) -> None:
    home.chmod(mode)
    with pytest.raises(ExposedError):
        unlock()
    home.chmod(0o700)
    unlock().close()


@no_modes
def test_a_key_file_that_others_can_read_opens_nothing(supervised: Store, home: Path, tmp_path: Path) -> None:
    key_file = tmp_path / "timer.key"
    supervised.operators.add_key_file(key_file)
    key_file.chmod(0o640)
    with pytest.raises(ExposedError):
        Store.unlock_with_key_file(home, key_file)
    key_file.chmod(PRIVATE)
    Store.unlock_with_key_file(home, key_file).close()


@no_modes
def test_a_folder_that_becomes_a_home_is_its_owners(tmp_path: Path) -> None:
    kept, homes = tmp_path / "kept", (tmp_path / "made", tmp_path / "restored")
    for home in homes:
        home.mkdir(mode=0o755)
    with Store.create(homes[0], PLACE, SUPERVISOR, PASSPHRASE) as store:
        store.back_up(kept)
    Store.restore(homes[1], kept, SUPERVISOR.id, PASSPHRASE)
    for home in homes:
        assert home.stat().st_mode & 0o077 == 0
        Store.unlock(home, SUPERVISOR.id, PASSPHRASE).close()
