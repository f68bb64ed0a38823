"""A social security card: what is asked of it, what is not, and that what is spoilt becomes nobody else."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from counter.devices import card_slot
from counter.devices.card_reader import CardNews, CardReader, SlotPace, SlotState, slot_state
from counter.devices.card_slot import NoDriverError, slot_at
from counter.devices.simulated_card import SimulatedSlot, VirtualCard
from counter.devices.social_card import UnknownCardError, UnreadableSocialCardError, read_card
from counter.rules.read_card import ReadCard
from tests.devices.spoilt_cards import is_nobody_else, spoil_one, what_is_read
from tests.support.social_cards import OTHERS, THEIRS, Slot

QUICK = SlotPace(between=0.005, again=0.02)
READS_ONLY = {0xA4, 0xB2, 0xC0}
"""SELECT, READ RECORD, GET RESPONSE."""


@pytest.mark.parametrize(
    "card",
    [
        THEIRS,
        OTHERS,
        structs.replace(THEIRS, name="次仁旺堆平措朗杰多吉扎西顿珠央金旺姆卓玛"),
        structs.replace(THEIRS, issued=None, expires=None),
        ReadCard(THEIRS.number, "TEST12345", "TEST PERSON"),
    ],
)
def test_what_is_on_a_card_is_read(card: ReadCard) -> None:
    assert read_card(VirtualCard(card).answer) == card


def test_no_key_and_no_pin_of_the_card_is_touched() -> None:
    slot = Slot(VirtualCard(THEIRS))
    read_card(slot.transmit)
    assert {command[0] for command in slot.commands} == {0}, "no secure messaging"
    assert {command[1] for command in slot.commands} == READS_ONLY


def test_a_holder_behind_a_pin_stays_there() -> None:
    slot = Slot(VirtualCard(THEIRS, hidden=True))
    read = read_card(slot.transmit)
    assert read == ReadCard(THEIRS.number, issued=THEIRS.issued, expires=THEIRS.expires)
    assert {command[1] for command in slot.commands} == READS_ONLY


def test_a_card_of_another_kind_is_unknown() -> None:
    with pytest.raises(UnknownCardError):
        read_card(VirtualCard(THEIRS, unknown=True).answer)


@pytest.mark.parametrize(
    "wrong",
    [
        structs.replace(THEIRS, number="B00000"),
        structs.replace(THEIRS, social_number=THEIRS.social_number[:-1] + "0"),
        structs.replace(THEIRS, birth=OTHERS.birth),
        structs.replace(THEIRS, name=""),
        structs.replace(THEIRS, name="钟\u202e试"),
    ],
)
def test_what_contradicts_itself_is_unreadable(wrong: ReadCard) -> None:
    with pytest.raises(UnreadableSocialCardError):
        read_card(VirtualCard(wrong).answer)


@given(chance=st.randoms(use_true_random=False))
def test_a_spoilt_answer_becomes_nobody_else(chance: random.Random) -> None:
    assert is_nobody_else(what_is_read(spoil_one(chance)))


@given(answers=st.lists(st.binary(max_size=64), min_size=1, max_size=40))
def test_garbage_is_no_card(answers: list[bytes]) -> None:
    turn = iter(answers)
    with pytest.raises((UnreadableSocialCardError, UnknownCardError)):
        read_card(lambda _: next(turn, b""))


# --- the reader


@contextmanager
def reading(setting: str) -> Iterator[Callable[[CardNews], None]]:
    """A reader that runs; what is given is the next that it says, whatever it says before."""
    said: Queue[CardNews] = Queue()
    reader = CardReader(lambda: slot_at(setting), QUICK)
    reader.start(said.put)

    def told(wanted: CardNews) -> None:
        while said.get(timeout=20) != wanted:
            pass

    try:
        yield told
    finally:
        reader.stop()


def test_a_card_is_read_over_a_socket_once_until_it_is_lifted() -> None:
    with SimulatedSlot() as slot, reading(slot.address) as told:
        told(SlotState.READY)
        slot.lay(VirtualCard(THEIRS))
        told(THEIRS)
        slot.unplug()
        slot.lay(VirtualCard(OTHERS))
        told(OTHERS)
        slot.lay(VirtualCard(THEIRS, unknown=True))
        told(SlotState.UNKNOWN)
        slot.lay(None)
        told(SlotState.READY)


def test_a_card_that_is_pulled_out_while_it_is_read_is_read_when_it_is_back() -> None:
    pulled = threading.Event()

    def spoil(sent: bytes) -> bytes:
        if not pulled.is_set() and len(sent) > 20:
            slot.lay(None)
            pulled.set()
        return sent

    with SimulatedSlot(spoil=spoil) as slot, reading(slot.address) as told:
        told(SlotState.READY)
        slot.lay(VirtualCard(THEIRS))
        assert pulled.wait(timeout=20)
        slot.lay(VirtualCard(OTHERS))
        told(OTHERS)


def test_a_card_that_only_stammers_is_said_to_be_unreadable() -> None:
    with SimulatedSlot(spoil=lambda sent: sent[:1]) as slot, reading(slot.address) as told:
        slot.lay(VirtualCard(THEIRS))
        told(SlotState.UNREADABLE)
        slot.lay(None)
        told(SlotState.READY)


def test_no_slot_is_told_from_no_service(monkeypatch: pytest.MonkeyPatch) -> None:
    with SimulatedSlot() as slot:
        assert slot_state(slot.address) is SlotState.READY
    assert slot_state(slot.address) is SlotState.AWAY
    assert slot_state("COM3") is SlotState.AWAY

    def nothing(_name: str) -> None:
        raise ImportError

    monkeypatch.setattr(card_slot, "import_module", nothing)
    assert slot_state("pcsc") is SlotState.NO_DRIVER and card_slot.found() == []
    with pytest.raises(NoDriverError):
        slot_at("pcsc:Virtual")
