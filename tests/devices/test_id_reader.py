"""The reader of identity cards: frames, chips, the reading of a card by example, and what goes wrong on a line."""

import random
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.devices import sam
from counter.devices.chip import LAYOUTS, UnreadableCardError, read_text, write_text
from counter.devices.port import SerialLine
from counter.devices.reader import (
    GARBAGE_BYTES,
    CardReading,
    IdReader,
    News,
    NoAnswerError,
    Pace,
    ReaderState,
    ask,
    document,
)
from counter.devices.sam import Frames, Reply, SamCommand
from counter.devices.simulated import PHOTO, SimulatedReader
from counter.rules.case import Holder, ReadDocument
from tests.devices.spoiling import QUICK, Fed, spoilt_frames, what_is_read
from tests.support.id_cards import CITIZEN, FOREIGNER_BEFORE, OTHER, PEOPLE

FINDS = Reply(sam.FOUND, bytes(4))
SELECTS = Reply(sam.DONE, bytes(8))
NOTHING = Reply(sam.NO_CARD)


def given_by(person: Holder) -> Reply:
    return Reply(sam.DONE, bytes.fromhex("01000400") + write_text(person) + PHOTO)


# --- frames


@pytest.mark.parametrize(
    "sent, hexed",
    [
        (sam.frame(SamCommand.STATUS), "AAAAAA9669000311FFED"),
        (sam.frame(SamCommand.FIND), "AAAAAA96690003200122"),
        (sam.frame(SamCommand.SELECT), "AAAAAA96690003200221"),
        (sam.frame(SamCommand.READ), "AAAAAA96690003300132"),
        (sam.answer(sam.FOUND, bytes(4)), "AAAAAA9669000800009F0000000097"),
        (sam.answer(sam.NO_CARD), "AAAAAA9669000400008084"),
        (sam.answer(sam.DONE, bytes(8)), "AAAAAA9669000C00009000000000000000009C"),
        (sam.answer(sam.NOT_SELECTED), "AAAAAA9669000400008185"),
        (sam.answer(sam.NOT_READ), "AAAAAA9669000400004145"),
    ],
)
def test_frames_are_those_of_the_formats(sent: bytes, hexed: str) -> None:
    assert sent == bytes.fromhex(hexed)


def test_a_card_is_1295_bytes() -> None:
    whole = sam.answer(sam.DONE, given_by(CITIZEN).data)
    assert len(whole) == 1295 and whole.startswith(bytes.fromhex("AAAAAA966905080000900100 0400"))


@given(st.lists(st.binary(max_size=40), max_size=5), st.integers(1, 7), st.binary(max_size=20))
def test_frames_are_found_in_pieces_and_between_garbage(datas: list[bytes], piece: int, noise: bytes) -> None:
    sent = b"".join(noise.replace(b"\xaa", b"") + sam.answer(sam.DONE, data) for data in datas)
    frames = Frames()
    found = [reply for at in range(0, len(sent), piece) for reply in frames.feed(sent[at : at + piece])]
    assert found == [Reply(sam.DONE, data) for data in datas]


def test_a_length_that_lies_swallows_no_frame_behind_it() -> None:
    lying = sam.HEAD + (0xFFFF).to_bytes(2, "big") + b"xx"
    assert list(Frames().feed(lying + sam.answer(sam.NO_CARD))) == [NOTHING]


def test_a_flood_is_not_kept() -> None:
    frames = Frames()
    for _ in range(200):
        assert not list(frames.feed(bytes(2048)))
        assert not list(frames.feed(sam.HEAD * 400))
    assert frames.waiting < 2 * 2048


# --- chips


@pytest.mark.parametrize("layout", LAYOUTS.values())
def test_a_layout_fills_its_256_bytes_and_has_the_type_at_248(layout: tuple[tuple[str, int], ...]) -> None:
    names = [name for name, _ in layout]
    assert sum(size for _, size in layout) == 256
    assert sum(size for _, size in layout[: names.index("type")]) == 248


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
def test_a_chip_reads_as_it_was_written(person: Holder) -> None:
    text = write_text(person)
    assert len(text) == 256
    assert read_text(text) == person


def test_the_older_permanent_residence_card_is_of_type_i() -> None:
    assert write_text(FOREIGNER_BEFORE)[248:250] == "I".encode("utf-16-le")


@pytest.mark.parametrize(
    "at, put",
    [
        (122, "9"),  # the number's check digit no longer fits
        (30, "2"),  # a woman, by the number a man
        (42, "9"),  # born in another year
        (32, "9"),  # no such people: 98 and 97 alone begin so, and 98 is one
        (196, "9"),  # a month that is none
        (248, "Q"),
        (0, "\x00"),
        (0, "\ud800"),
    ],
)
def test_a_chip_that_contradicts_itself_is_unreadable(at: int, put: str) -> None:
    text = bytearray(write_text(CITIZEN))
    text[at : at + 2] = put.encode("utf-16-le", "surrogatepass")
    if at == 32:
        text[34:36] = "9".encode("utf-16-le")
    with pytest.raises(UnreadableCardError):
        read_text(bytes(text))


@given(st.binary(max_size=300))
def test_what_is_no_chip_is_refused(text: bytes) -> None:
    with pytest.raises(UnreadableCardError):
        read_text(text)


# --- the reading of a card


def played(*replies: Reply | None) -> list[News]:
    """What comes of these answers, None for no answer."""
    reading = CardReading()
    news = [reading.lost() if reply is None else reading.answered(reply) for reply in replies]
    return [each for each in news if each is not None]


READS = ReadDocument(person=CITIZEN, photo=PHOTO)
CARD = given_by(CITIZEN)


def test_find_select_read_and_read_again() -> None:
    assert played(NOTHING, FINDS, SELECTS, CARD, CARD) == [ReaderState.READY, READS]


@pytest.mark.parametrize(
    "replies",
    [
        (FINDS, Reply(sam.NOT_SELECTED), FINDS, SELECTS, CARD, CARD),
        (FINDS, SELECTS, Reply(sam.NOT_READ), FINDS, SELECTS, CARD, CARD),
        (FINDS, SELECTS, None, FINDS, SELECTS, CARD, CARD),
        (FINDS, SELECTS, CARD, given_by(OTHER), FINDS, SELECTS, CARD, CARD),  # two answers that differ are none
        (FINDS, SELECTS, SELECTS, CARD, FINDS, SELECTS, CARD, CARD),  # an answer that came late
        (FINDS, SELECTS, CARD, Reply(sam.NOT_READ)),  # a module that gives a card once
    ],
)
def test_what_fails_is_tried_again(replies: tuple[Reply | None, ...]) -> None:
    assert played(*replies) == [READS]


def test_after_three_tries_the_clerk_is_told() -> None:
    fails = (FINDS, Reply(sam.NOT_SELECTED))
    assert played(*fails * 3) == [ReaderState.UNREADABLE]


def test_a_card_that_lies_there_is_read_once_until_it_has_gone() -> None:
    again = (FINDS, SELECTS, CARD, CARD)
    assert played(*again, *again) == [READS, ReaderState.READY]
    assert played(*again, NOTHING, *again) == [READS, ReaderState.READY, READS]


def test_a_module_that_gave_a_card_twice_must_do_so_again() -> None:
    once = (FINDS, SELECTS, given_by(OTHER), Reply(sam.NOT_READ))
    assert played(FINDS, SELECTS, CARD, CARD, NOTHING, *once) == [READS, ReaderState.READY]


def test_the_raw_photo_stays_with_what_was_read() -> None:
    photo = bytes(range(256)) * 4
    data = bytes.fromhex("01000400") + write_text(CITIZEN) + photo
    assert document(data).photo == photo


# --- a line


@contextmanager
def reading(sim: SimulatedReader) -> Iterator[Callable[[News], None]]:
    """A reader that looks at the simulator: what it yields waits until something was told."""
    told: list[News] = []
    came = threading.Condition()

    def tell(news: News) -> None:
        with came:
            told.append(news)
            came.notify_all()

    def wait_for(news: News) -> None:
        with came:
            assert came.wait_for(lambda: news in told, timeout=10), (news, told)
            told.clear()

    reader = IdReader(lambda: SerialLine(sim.address), QUICK)
    reader.start(tell)
    try:
        yield wait_for
    finally:
        reader.stop()


def test_a_card_is_read_over_a_socket_and_the_reader_comes_back() -> None:
    with SimulatedReader() as sim, reading(sim) as told:
        told(ReaderState.READY)
        sim.lay(CITIZEN)
        told(READS)
        sim.unplug()
        told(ReaderState.AWAY)
        told(ReaderState.READY)  # what lies there still is not read to the next customer
        sim.lay(OTHER)
        told(ReadDocument(person=OTHER, photo=PHOTO))


def test_unplugged_in_the_middle_of_a_card() -> None:
    def half(sent: bytes) -> Iterable[bytes]:
        if len(sent) < 1000 or not cut:
            return [sent]
        cut.clear()
        threading.Timer(0.05, sim.unplug).start()
        return [sent[:700]]

    cut = [True]
    with SimulatedReader(spoil=half) as sim, reading(sim) as told:
        told(ReaderState.READY)
        sim.lay(CITIZEN)
        told(ReaderState.AWAY)
        told(READS)  # plugged in again, the card lies there still


def test_slow_pieces_are_waited_for() -> None:
    def crumbs(sent: bytes) -> Iterable[bytes]:
        return (sent[at : at + 150] for at in range(0, len(sent), 150))

    with SimulatedReader(spoil=crumbs) as sim, reading(sim) as told:
        sim.lay(CITIZEN)
        told(READS)


@pytest.mark.parametrize(
    "spoil, state",
    [
        (lambda _: [], ReaderState.SILENT),
        (lambda sent: [sent[:-1] + bytes([sent[-1] ^ 1])], ReaderState.GARBLED),
    ],
)
def test_no_answer_and_nonsense_are_told_apart(spoil: Callable[[bytes], Iterable[bytes]], state: ReaderState) -> None:
    with SimulatedReader(spoil=spoil) as sim, reading(sim) as told:
        told(state)


def test_garbage_at_full_speed_is_given_up() -> None:
    with pytest.raises(NoAnswerError) as told:
        ask(Fed([bytes(2048)] * 10), SamCommand.FIND, Pace(answer=60))
    assert told.value.state is ReaderState.GARBLED
    assert GARBAGE_BYTES < 2048 * 10


def test_no_spoilt_frame_becomes_another_person() -> None:
    """The first of the frames that `make mutate` has by the ten thousand."""
    for frames in islice(spoilt_frames(random.Random(1)), 300):
        assert what_is_read(frames) in (None, CITIZEN)
