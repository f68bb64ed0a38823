"""The reader of identity cards (身份证阅读器): polled in a thread of its own, it says what it reads and how it is.

`CardReading` is what is asked next and what an answer makes of it: find, select, read, and read again. One byte of
check lets one spoilt frame in 256 pass, so only what came twice the same is a card. A module that has never given a
card twice is believed where the text holds together (`counter.devices.chip`).
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from time import monotonic
from typing import Final, Protocol

from counter.devices import sam
from counter.devices.chip import SIZE, UnreadableCardError, read_text
from counter.devices.port import Port, SerialLine
from counter.devices.sam import Frames, Reply, SamCommand
from counter.rules.case import ReadDocument

TRIES: Final = 3
"""So often is a card or a question tried before the clerk is told."""
GARBAGE_BYTES: Final = 8192
"""More than this without an answer is a line at the wrong speed, or no reader at all."""


class ReaderState(StrEnum):
    """How the reader is; `reader.state.<state>` in the catalogs is the sentence, with what to do."""

    READY = "ready"
    AWAY = "away"  # not plugged in, or its line cannot be opened
    SILENT = "silent"  # open, and no answer
    GARBLED = "garbled"  # what comes is no answer
    UNREADABLE = "unreadable"  # a card lies there that cannot be read


News = ReaderState | ReadDocument


class DocumentReader(Protocol):
    """What reads documents. `told` is called from a thread of the reader's, with each change of state and each card."""

    def start(self, told: Callable[[News], None]) -> None:
        """Begin to look for cards."""

    def stop(self) -> None:
        """No more; returns at once."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient the reader is, in seconds."""

    between: float = 0.3
    """Between two looks for a card."""
    answer: float = 1.5
    """For an answer, but that to READ."""
    card: float = 4.0
    """For a card's text and photo."""
    again: float = 2.0
    """Until a line is opened again that was lost."""


GLANCE: Final = Pace(answer=0.5)
"""Of who looks whether a reader is there."""


class NoAnswerError(Exception):
    """The module has said nothing in time, or nothing that is an answer; `state` says which."""

    def __init__(self, state: ReaderState) -> None:
        super().__init__(state)
        self.state = state


@dataclass
class CardReading:
    """Where the reading of a card stands.

    `command` is what is asked next; `first` what the card gave the first time, `lying` what was announced and has not
    been seen to go since: it is not announced again, whoever is served meanwhile. `twice`: has this module ever given
    a card twice?
    """

    command: SamCommand = SamCommand.FIND
    first: bytes = b""
    lying: bytes = b""
    failed: int = 0
    twice: bool = False

    def answered(self, reply: Reply) -> News | None:
        """What the answer to `command` makes of it; news where there is any."""
        match self.command:
            case SamCommand.FIND:
                return self._looked(reply)
            case SamCommand.SELECT if reply.status == sam.DONE:
                self.command = SamCommand.READ
            case SamCommand.READ if reply.status == sam.DONE or self._is_given_once(reply):
                return self._read(reply)
            case _:
                return self._fail()
        return None

    def lost(self) -> News | None:
        """No answer came: from the start, and what was read once counts for nothing."""
        return self._fail()

    def _looked(self, reply: Reply) -> News | None:
        if reply.status == sam.FOUND:
            self.command = SamCommand.SELECT
        elif reply.status == sam.NO_CARD:
            self.lying, self.failed = b"", 0
            return ReaderState.READY
        else:
            return self._fail()
        return None

    def _read(self, reply: Reply) -> News | None:
        again = reply.status == sam.DONE
        if not self.first:
            self.first = reply.data
            return None
        self.twice = self.twice or again
        data = self.first
        if again and reply.data != data:
            return self._fail()
        try:
            read = document(data)
        except UnreadableCardError:
            return self._fail()
        known, self.lying = self.lying, data
        self.command, self.first, self.failed = SamCommand.FIND, b"", 0
        return ReaderState.READY if known == data else read

    def _is_given_once(self, reply: Reply) -> bool:
        """Is this a module that refuses to give again what it has just given?"""
        return bool(self.first) and not self.twice and reply.status == sam.NOT_READ

    def _fail(self) -> News | None:
        self.command, self.first = SamCommand.FIND, b""
        self.failed += 1
        return ReaderState.UNREADABLE if self.failed % TRIES == 0 else None


def document(data: bytes) -> ReadDocument:
    """The person of what READ gave: two lengths, the text, the raw photo. Raises `UnreadableCardError`."""
    sizes = int.from_bytes(data[:2]), int.from_bytes(data[2:4])
    if sizes[0] != SIZE or len(data) != 4 + sum(sizes):
        raise UnreadableCardError
    return ReadDocument(person=read_text(data[4 : 4 + SIZE]), photo=data[4 + SIZE :])


@dataclass
class IdReader:
    """A SAM module on a line that `open_line` opens; unplugged and plugged in again it is found again."""

    open_line: Callable[[], Port]
    pace: Pace = Pace()
    _stopped: threading.Event = field(default_factory=threading.Event)
    _state: ReaderState | None = None
    _reading: CardReading = field(default_factory=CardReading)

    def start(self, told: Callable[[News], None]) -> None:
        """Poll until it is stopped, in a thread that dies with the program."""
        threading.Thread(target=self._run, args=(told,), name="id-reader", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def _run(self, told: Callable[[News], None]) -> None:
        while not self._stopped.is_set():
            try:
                with closing(self.open_line()) as port:
                    self._poll(port, told)
            except NoAnswerError as error:
                self._tell(error.state, told)
            except (OSError, ValueError):
                self._tell(ReaderState.AWAY, told)
            self._stopped.wait(self.pace.again)

    def _poll(self, port: Port, told: Callable[[News], None]) -> None:
        self._reading = reading = CardReading(lying=self._reading.lying)  # what lay there has not been seen to go
        silent = 0
        while not self._stopped.is_set():
            try:
                reply = ask(port, reading.command, self.pace)
            except NoAnswerError:
                silent += 1
                if silent == TRIES:
                    raise
                news = reading.lost()
                quiet(port, self.pace)
            else:
                silent = 0
                news = reading.answered(reply)
            if news is not None:
                self._tell(news, told)
            if reading.command is SamCommand.FIND:
                self._stopped.wait(self.pace.between)

    def _tell(self, news: News, told: Callable[[News], None]) -> None:
        """A card always, a state where it is another."""
        if self._stopped.is_set() or news == self._state:
            return
        self._state = news if isinstance(news, ReaderState) else ReaderState.READY
        told(news)


def ask(port: Port, command: SamCommand, pace: Pace) -> Reply:
    """Ask the module and wait for its whole answer. Raises `NoAnswerError`, and OSError where the line is lost."""
    port.write(sam.frame(command))
    frames, garbage = Frames(), 0
    until = monotonic() + (pace.card if command is SamCommand.READ else pace.answer)
    while monotonic() < until:
        arrived = port.read()
        for reply in frames.feed(arrived):
            return reply
        garbage += len(arrived)
        if garbage > GARBAGE_BYTES:
            raise NoAnswerError(ReaderState.GARBLED)
    raise NoAnswerError(ReaderState.GARBLED if garbage else ReaderState.SILENT)


def quiet(port: Port, pace: Pace) -> None:
    """Let what is still on its way arrive: a late answer must not be taken for the next one. A flood has no end."""
    until, arrived = monotonic() + pace.answer, 0
    with suppress(TimeoutError):
        while (piece := port.read()) and arrived <= GARBAGE_BYTES and monotonic() < until:
            arrived += len(piece)


def state_at(address: str, pace: Pace = GLANCE) -> ReaderState:
    """Does a reader answer there? For a thread: it waits for a device."""
    try:
        with closing(SerialLine(address)) as port:
            right = ask(port, SamCommand.STATUS, pace).status == sam.DONE
            return ReaderState.READY if right else ReaderState.GARBLED
    except NoAnswerError as error:
        return error.state
    except (OSError, ValueError):
        return ReaderState.AWAY


def found(taken: str = "") -> Iterator[str]:
    """The serial ports of this machine at which a reader answers; not one that `taken` names, a printer would print
    the question. What else hangs there is sent ten bytes."""
    from serial.tools.list_ports import comports  # noqa: PLC0415 - only where somebody looks for one

    for port in comports():
        if port.device not in taken and state_at(port.device) is ReaderState.READY:
            yield port.device
