"""The slip printer, by the words of the setting `slip_printer`: where it stands, what is wrong with it, one slip to it.

A receipt printer (ESC/POS) that answers is asked before a slip whether it can, and after it whether it has; of one that
does not answer, all that is known is whether it took everything. On a serial line no answer is no printer.
"""

import errno
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

from counter.devices.channels import Channel, DeviceFile, OpenChannel, PrintCommand, Serial, Tcp, WindowsPrinter, end
from counter.devices.escpos import (
    ASK_DONE,
    ASK_OFFLINE,
    ASK_PAPER,
    COVER_OPEN,
    DONE_PAPER_END,
    FAULT,
    PAPER_END,
    PAPER_STOP,
    is_done,
    is_status,
)
from counter.rules.finding import Key

ANSWER_SECONDS = 0.5
"""How long a printer may take to answer while it rests."""
PRINT_SECONDS = 8.0
"""How long a slip may take to be printed."""
_LATE: Final = 8
PIECE: Final = 2048
"""Bytes that are sent at once."""
_ADDRESS: Final = re.compile(r"(tcp|serial|file|windows|escpos):(?://)?(.+)", re.DOTALL)


class Trouble(StrEnum):
    """What is wrong; ``printer.<trouble>`` in the catalogs says what to do."""

    ADDRESS = "address"  # the setting names no printer
    UNPLUGGED = "unplugged"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    FAULT = "fault"
    HALF = "half"  # broken off in the middle, or never said to be done
    HALF_PAPER = "half_paper"  # the paper ended in the middle
    COMMAND = "command"  # the print command failed


class PrinterError(Exception):
    """Nothing, or not all, has been printed."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.said = {"trouble": Key(f"printer.{trouble}")}


def words_of(setting: str) -> tuple[str, ...]:
    """The words of the setting `slip_printer`; an address is one, with whatever blanks and backslashes it has."""
    if setting.startswith(("tcp:", "serial:", "file:", "windows:")):
        return (setting,)
    try:
        return tuple(shlex.split(setting))
    except ValueError:  # a quote that never ends
        return (setting,)


@dataclass(frozen=True, slots=True)
class Printer:
    """A printer: the way to it, and whether it speaks ESC/POS; a print command of the system's takes plain text."""

    channel: Channel
    escpos: bool


def printer_at(words: Sequence[str]) -> Printer:
    """The printer that the words of a setting name. Raises `PrinterError` (address).

    ``tcp://HOST:PORT``, ``serial:PORT?baud=19200&answers=no``, ``file:PATH``, ``windows:NAME``, ``escpos:COMMAND …``:
    ESC/POS; any other words are a command that takes plain text.
    """
    found = _ADDRESS.fullmatch(words[0]) if words else None
    if not words or (found and found[1] != "escpos" and len(words) > 1):
        raise PrinterError(Trouble.ADDRESS)
    if found is None:
        return Printer(PrintCommand(tuple(words)), escpos=False)
    return Printer(_channel(found[1], found[2], words[1:]), escpos=True)


def _channel(kind: str, where: str, more: Sequence[str]) -> Channel:
    match kind:
        case "tcp":
            host, _, port = where.rpartition(":")
            if not host or not port.isdecimal() or not 0 < int(port) < 65536:
                raise PrinterError(Trouble.ADDRESS)
            return Tcp(host.strip("[]"), int(port))
        case "serial":
            return _serial(where)
        case "file":
            return DeviceFile(Path(where))
        case "windows":
            return WindowsPrinter(where)
    return PrintCommand((where, *more))


def _serial(where: str) -> Serial:
    port, _, options = where.partition("?")
    known = {"baud": "9600", "answers": "yes"} | dict(parse_qsl(options))
    if len(known) > 2 or not known["baud"].isdecimal() or known["answers"] not in {"yes", "no"}:
        raise PrinterError(Trouble.ADDRESS)
    return Serial(port, int(known["baud"]), answers=known["answers"] == "yes")


def look(printer: Printer) -> None:
    """Is it there and ready? Raises `PrinterError`; of a command nothing can be said before it runs."""
    line = _opened(printer)
    try:
        _ready(line, printer)
    finally:
        end(line)


def print_on(printer: Printer, content: bytes) -> None:
    """One slip, whole. Blocks: for a thread. Raises `PrinterError`."""
    line = _opened(printer)
    try:
        answers = _ready(line, printer)
        _send(line, content)
        if answers:
            _printed(line)
    except BaseException:
        end(line)
        raise
    try:
        line.close()
    except OSError:
        raise PrinterError(Trouble.COMMAND if isinstance(printer.channel, PrintCommand) else Trouble.HALF) from None


def _opened(printer: Printer) -> OpenChannel:
    try:
        return printer.channel.open()
    except OSError:
        command = isinstance(printer.channel, PrintCommand)
        raise PrinterError(Trouble.COMMAND if command else Trouble.UNPLUGGED) from None


def _ready(line: OpenChannel, printer: Printer) -> bool:
    """Does it answer? Raises `PrinterError` where it says that it cannot print, or is gone."""
    if not printer.channel.answers:
        return False
    try:
        offline, paper = _asked(line, ASK_OFFLINE), _asked(line, ASK_PAPER)
    except OSError:
        raise PrinterError(Trouble.UNPLUGGED) from None
    if printer.channel.must_answer and offline is paper is None:
        raise PrinterError(Trouble.UNPLUGGED)
    if trouble := _said(offline, paper):
        raise PrinterError(trouble)
    return offline is not None


def _asked(line: OpenChannel, question: bytes) -> int | None:
    """A status; None where the printer has none to give. Raises OSError."""
    line.write(question)
    answer = line.read(ANSWER_SECONDS)
    return answer[0] if answer and is_status(answer[0]) else None


def _said(offline: int | None, paper: int | None) -> Trouble | None:
    offline, paper = offline or 0, paper or 0
    if paper & PAPER_END or offline & PAPER_STOP:
        return Trouble.PAPER_OUT
    if offline & COVER_OPEN:
        return Trouble.COVER_OPEN
    return Trouble.FAULT if offline & FAULT else None


def _send(line: OpenChannel, content: bytes) -> None:
    for first in range(0, len(content), PIECE):
        try:
            line.write(content[first : first + PIECE])
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise PrinterError(Trouble.HALF) from None
            # Linux says of a printer on USB without paper that there is no space
            raise PrinterError(Trouble.HALF_PAPER if first else Trouble.PAPER_OUT) from None


def _printed(line: OpenChannel) -> None:
    """Wait until it says that all has been printed; of one that does not know the question, that it is still well."""
    try:
        line.write(ASK_DONE)
        done = _done(line)
        if done is not None:
            trouble = Trouble.PAPER_OUT if done & DONE_PAPER_END else None
        else:
            offline, paper = _asked(line, ASK_OFFLINE), _asked(line, ASK_PAPER)
            trouble = Trouble.FAULT if offline is None else _said(offline, paper)
    except OSError:
        trouble = Trouble.FAULT
    if trouble:
        raise PrinterError(Trouble.HALF_PAPER if trouble is Trouble.PAPER_OUT else Trouble.HALF)


def _done(line: OpenChannel) -> int | None:
    """The answer to `ASK_DONE`, behind others that came late; None where none came."""
    for _ in range(_LATE):
        answer = line.read(PRINT_SECONDS)
        if not answer:
            break
        if is_done(answer[0]):
            return answer[0]
    return None
