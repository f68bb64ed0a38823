"""The chain under any sequence of operations, and under any tampering."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from counter.province.wire import EntryAnswer, Outcome
from counter.rules.limits import MAX_FEE
from counter.rules.link import Link
from counter.rules.record import CaseRecord
from counter.store import cipher
from counter.store.database import Database
from counter.store.errors import ConflictError, NotReversibleError
from counter.store.records import SendState
from counter.store.store import Store
from counter.store.verify import verify_chain
from tests.support.store_samples import (
    CLERK,
    JPEG,
    PASSPHRASE,
    case,
    checked,
    file_key,
    reverse,
    unguard,
    waiver,
)

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


class LedgerMachine(RuleBasedStateMachine):
    """Everything that a day brings, in any order, against a plain model of what should be there."""

    template: Path
    drafts = Bundle("drafts")
    entries = Bundle("entries")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.home = Path(shutil.copytree(self.template, self.folder / "home"))
        self.store = Store.unlock(self.home, CLERK.id, PASSPHRASE)
        self.held: set[str] = set()
        self.recorded: dict[str, CaseRecord] = {}
        self.states: dict[str, SendState] = {}
        self.reversed: set[str] = set()

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @rule(target=drafts, name=NAMES, step=st.sampled_from(["identity", "photo", "confirm"]))
    def hold(self, name: str, step: str) -> str:
        case_id = self.store.drafts.new_id()
        self.store.drafts.save(case_id, case(name=name, photo=self.store.photos.put(JPEG)), step)
        self.held.add(case_id)
        return case_id

    @rule(id=consumes(drafts))
    def discard(self, id: str) -> None:
        self.store.drafts.discard(id)
        self.held.discard(id)

    @rule(target=entries, id=consumes(drafts), fee=st.integers(0, MAX_FEE), with_checker=st.booleans())
    def confirm(self, id: str, fee: int, with_checker: bool) -> str:
        held = self.store.drafts.get(id)
        assert held is not None
        self.recorded[id] = CaseRecord(case=held.case, fee_fen=fee, authorised="waiver" if with_checker else "")
        if with_checker:
            checked(self.store, id, "exchange", self.recorded[id])
        else:
            self.store.ledger.append(id, "exchange", self.recorded[id])
        self.held.discard(id)
        self.states[id] = SendState.PENDING
        return id

    @rule(id=entries)
    def confirm_otherwise(self, id: str) -> None:
        with pytest.raises(ConflictError):
            self.store.ledger.append(id, "another kind", self.recorded[id])

    @rule(target=entries, id=entries)
    def reverse(self, id: str) -> Any:
        if id in self.reversed or self.states[id] is SendState.REJECTED:  # what came back is corrected or written off
            with pytest.raises(NotReversibleError):
                self.store.ledger.reverse(id, "again")
            return multiple()
        back = reverse(self.store, id)
        assert back.record is not None
        self.reversed |= {id, back.id}  # nor is a reversal reversed
        self.recorded[back.id], self.states[back.id] = back.record, SendState.PENDING
        return back.id

    @rule(id=entries, outcome=st.sampled_from(Outcome))
    def settle(self, id: str, outcome: Outcome) -> None:
        self.store.outbox.settle([EntryAnswer(id=id, outcome=outcome)])
        if outcome is not Outcome.RETRY and self.states[id] is SendState.PENDING:
            self.states[id] = SendState(outcome.value)

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = Store.unlock(self.home, CLERK.id, PASSPHRASE)

    @invariant()
    def nothing_is_lost_or_doubled_and_the_chain_holds(self) -> None:
        entries = self.store.ledger.search(limit=1000)
        assert [entry.seq for entry in entries] == list(range(len(self.recorded), 0, -1))
        assert {entry.id: entry.record for entry in entries} == self.recorded
        assert {entry.id: entry.state for entry in entries} == self.states
        assert {draft.id for draft in self.store.drafts.list()} == self.held
        verification = self.store.ledger.verify()
        assert (verification.entries, verification.valid) == (len(self.recorded), True)


def test_any_sequence_of_operations_keeps_the_chain(template: Path) -> None:
    LedgerMachine.template = template
    run_state_machine_as_test(LedgerMachine, settings=settings(max_examples=15, stateful_step_count=20, deadline=None))


COLUMNS = (
    *(f"entry.{name}" for name in (*Link.__struct_fields__, "hash")),
    *("body.salt", "body.content"),
)
IDS = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot")  # no bit makes one the other
ENTRIES = len(IDS)


@pytest.fixture(scope="module")
def written(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Path]]:
    """A ledger of a few entries, without triggers."""
    home = Path(shutil.copytree(template, tmp_path_factory.mktemp("written") / "home"))
    with Store.unlock(home, CLERK.id, PASSPHRASE) as store:
        for case_id in IDS[:-1]:
            checked(store, case_id, "exchange", waiver())
        reverse(store, IDS[1])
    with closing(cipher.connect(home / "ledger.db", file_key(home))) as connection:
        unguard(connection)
    with closing(Database(home / "ledger.db", file_key(home))) as database:
        yield database, home


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seq=st.integers(1, ENTRIES), column=st.sampled_from(COLUMNS), where=st.integers(0, 10_000), bit=st.integers(0, 7)
)
def test_any_single_tampering_is_found_where_it_is(
    written: tuple[Database, Path], seq: int, column: str, where: int, bit: int
) -> None:
    database, _ = written
    table, name = column.split(".")
    with closing(database.connect()) as connection:
        unguard(connection)
        ((kind, before),) = connection.execute(f"SELECT typeof({name}), {name} FROM {table} WHERE seq = {seq}")
        after, expression = tampered(kind, before, where, bit)
        if name == "seq" and 1 <= after <= ENTRIES:
            return  # taken by another row
        connection.execute(f"UPDATE {table} SET {name} = {expression} WHERE seq = ?", (after, seq))
        try:
            found = verify_chain(database)
            assert not found.valid
            assert found.first_bad_seq == (max(1, min(seq, after)) if name == "seq" else seq)
        finally:
            row = after if name == "seq" else seq
            connection.execute(f"UPDATE {table} SET {name} = ? WHERE seq = ?", (before, row))
    assert verify_chain(database).valid


def tampered(kind: str, before: Any, where: int, bit: int) -> tuple[Any, str]:
    """The value with one bit of it changed, and how SQL stores it with the type that it had."""
    if kind == "integer":
        return before ^ (1 << bit), "?"
    if kind == "null":
        return "x", "?"
    content = bytearray(before.encode() if kind == "text" else before)
    content[where % len(content)] ^= 1 << bit
    return bytes(content), "CAST(? AS TEXT)" if kind == "text" else "?"


@pytest.mark.parametrize(
    ("tampering", "undo", "first_bad"),
    [
        (
            "DELETE FROM outbox WHERE seq = 3",
            "INSERT INTO outbox (seq, state, code, rule) VALUES (3, 'pending', '', '')",
            3,
        ),
        ("UPDATE identity SET branch = 'GZ-0002'", "UPDATE identity SET branch = 'GZ-0001'", 1),
        ("UPDATE entry SET hash = x'00' WHERE seq = 6", None, 6),
        ("DELETE FROM body WHERE seq = 4", None, 4),
        ("UPDATE entry SET recorded_at = replace(recorded_at, '+00:00', '-00:00') WHERE seq = 3", None, 3),
        ("UPDATE entry SET recorded_at = replace(recorded_at, 'T', ' ') WHERE seq = 5", None, 5),
        ("UPDATE entry SET kind = CAST(x'ff' AS TEXT) WHERE seq = 5", None, 5),
        ("DELETE FROM entry WHERE seq = 2", None, 2),
        ("DELETE FROM identity", None, 1),
    ],
)
def test_other_tampering_is_found(
    written: tuple[Database, Path], tmp_path: Path, tampering: str, undo: str | None, first_bad: int
) -> None:
    home = Path(shutil.copytree(written[1], tmp_path / "home"))
    with (
        closing(Database(home / "ledger.db", written[0].key)) as database,
        closing(database.connect()) as connection,
    ):
        unguard(connection)
        connection.execute(tampering)
        assert verify_chain(database).first_bad_seq == first_bad
        if undo:
            connection.execute(undo)
            assert verify_chain(database).valid


def test_two_entries_exchanged_are_found(written: tuple[Database, Path], tmp_path: Path) -> None:
    home = Path(shutil.copytree(written[1], tmp_path / "home"))
    with closing(Database(home / "ledger.db", written[0].key)) as database:
        with closing(database.connect()) as connection:
            unguard(connection)
            for table in ("entry", "body", "outbox"):
                for old, new in ((2, 99), (3, 2), (99, 3)):
                    connection.execute(f"UPDATE {table} SET seq = {new} WHERE seq = {old}")
        assert verify_chain(database).first_bad_seq == 2
