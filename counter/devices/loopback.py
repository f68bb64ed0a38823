"""A receipt printer that is none: it stands on a port of this machine, answers as one does, and keeps what it was given
as text. For the demonstration, for trying out a counter, and for the tests.
"""

import socketserver
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Final

from counter.devices import escpos

PICTURE: Final = "\ufffc"
"""Stands in a text for a picture (OBJECT REPLACEMENT CHARACTER)."""
ReadPicture = Callable[[bytes], str]


class UnreadableSlipError(ValueError):
    """What was sent is no slip of ours; the text says where it goes wrong."""


@dataclass(frozen=True, slots=True)
class PrintedSlip:
    """What came out: the text with a mark for each picture, the pictures (3 bytes a column of dots), the QR codes."""

    text: str
    pictures: tuple[bytes, ...]
    codes: tuple[str, ...]

    def read(self, picture: ReadPicture) -> str:
        """The text, with each picture as somebody reads it."""
        read = iter(self.pictures)
        return "".join(picture(next(read)) if char == PICTURE else char for char in self.text)


def decoded(content: bytes) -> Iterator[PrintedSlip]:
    """The slips of what a printer was sent, each to its cut. Raises `UnreadableSlipError`."""
    slip = _Slip(content)
    while not slip.at_end:
        yield slip.to_cut()


class _Slip:
    """Reading commands, one after another."""

    def __init__(self, content: bytes) -> None:
        self._content, self._at = content, 0
        self._chinese = False

    @property
    def at_end(self) -> bool:
        return self._at >= len(self._content)

    def to_cut(self) -> PrintedSlip:
        text, stored = b"", ""
        words: list[str] = []
        pictures: list[bytes] = []
        codes: list[str] = []
        while True:
            if self._begins(escpos.CUT):
                words.append(self._words(text))
                return PrintedSlip("".join(words), tuple(pictures), tuple(codes))
            if self._begins(escpos.PICTURE):
                words += [self._words(text), PICTURE]
                text = b""
                pictures.append(self._take(3 * int.from_bytes(self._take(2), "little")))
            elif self._begins(escpos.QR):
                function = self._take(int.from_bytes(self._take(2), "little"))
                if function.startswith(b"1P0"):
                    stored = function[3:].decode("ascii")
                elif function == b"1Q0":
                    codes.append(stored)
            elif mode := next((each for each in _MODES if self._begins(each)), None):
                words.append(self._words(text))
                text, self._chinese = b"", mode == escpos.CHINESE
            else:
                text += self._letter()

    def _words(self, text: bytes) -> str:
        """In Chinese only between the marks for it: without them a printer shows Latin letters with accents."""
        return text.decode("gb18030" if self._chinese else "cp437")

    def _letter(self) -> bytes:
        letter = self._take(1)
        if letter != b"\n" and letter < b" ":
            raise UnreadableSlipError(f"{letter!r} at {self._at - 1}")
        return letter + (self._take(1) if self._chinese and letter >= b"\x80" else b"")

    def _begins(self, command: bytes) -> bool:
        found = self._content.startswith(command, self._at)
        self._at += len(command) * found
        return found

    def _take(self, size: int) -> bytes:
        taken = self._content[self._at : self._at + size]
        if len(taken) < size:
            raise UnreadableSlipError("ends without a cut")
        self._at += size
        return taken


_MODES: Final = (escpos.START, escpos.CHINESE, escpos.END_CHINESE)


_QUESTIONS: Final = (escpos.ASK_OFFLINE, escpos.ASK_PAPER, escpos.ASK_DONE)


class LoopbackPrinter:
    """The printer. `slips` has what came out, a folder the text of each; what is set on it goes wrong with the next."""

    def __init__(self, folder: Path | None = None, read: ReadPicture = lambda _: PICTURE) -> None:
        self.slips: list[PrintedSlip] = []
        self.paper = True
        self.cover_open = False
        self.answers = True
        self.breaks_after: int | None = None
        """Bytes of a slip after which it is unplugged."""
        self.paper_for: int | None = None
        """Bytes of a slip after which the paper ends."""
        self.knows_done = True
        """Does it know the question whether all is printed?"""
        self._folder, self._read, self._names = folder, read, count(1)
        self._server: socketserver.ThreadingTCPServer | None = None
        self._writer: ThreadPoolExecutor | None = None
        self._written: list[Future[None]] = []

    @property
    def address(self) -> str:
        """As the setting `slip_printer` says it."""
        assert self._server is not None, "asked while it stands"
        return f"tcp://127.0.0.1:{self._server.server_address[1]}"

    def status(self, question: bytes) -> int:
        """The answer to a question."""
        if question == escpos.ASK_DONE:
            return 0 if self.paper else escpos.DONE_PAPER_END
        wrong = 0 if self.paper else escpos.PAPER_END if question == escpos.ASK_PAPER else escpos.PAPER_STOP
        if question == escpos.ASK_OFFLINE and self.cover_open:
            wrong |= escpos.COVER_OPEN
        return 0x12 | wrong

    def take(self, content: bytes) -> None:
        """A slip that came whole."""
        for slip in decoded(content):
            self.slips.append(slip)
            if self._folder is not None and self._writer is not None:
                file = self._folder / f"{next(self._names):03}.txt"
                self._written.append(self._writer.submit(self._write, slip, file))

    def _write(self, slip: PrintedSlip, file: Path) -> None:
        """Behind its back: whoever prints waits for an answer, not for the reading of pictures."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join((slip.read(self._read), *slip.codes)), "utf-8")

    @contextmanager
    def standing(self) -> Iterator["LoopbackPrinter"]:
        """On a free port, for as long as the block runs; what it printed is in the folder then. Raises
        OSError where it could not be written."""
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Served, bind_and_activate=True)
        server.daemon_threads = True
        server.printer = self  # type: ignore[attr-defined]  # the handler's way to it
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        with server, ThreadPoolExecutor(1) as writer:
            self._server, self._writer = server, writer
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()
        self._server = self._writer = None
        for written in self._written:
            written.result()


class _Served(socketserver.BaseRequestHandler):
    """One connection: one slip."""

    def handle(self) -> None:
        printer: LoopbackPrinter = self.server.printer  # type: ignore[attr-defined]  # see above
        taken = b""
        while came := self.request.recv(4096):
            taken += came
            if printer.breaks_after is not None and len(taken) > printer.breaks_after:
                return
            if printer.paper_for is not None and len(taken) > printer.paper_for:
                printer.paper = False
            asked = next((each for each in _QUESTIONS if taken.endswith(each)), b"")
            if asked:  # who asks waits for the answer: nothing follows
                taken = taken.removesuffix(asked)
                if asked == escpos.ASK_DONE and printer.paper:
                    printer.take(taken)
                    taken = b""
                self._answer(printer, asked)
        if printer.paper:
            printer.take(taken)

    def _answer(self, printer: LoopbackPrinter, question: bytes) -> None:
        if printer.answers and (printer.knows_done or question != escpos.ASK_DONE):
            self.request.sendall(bytes([printer.status(question)]))
