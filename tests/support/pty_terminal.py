"""A terminal with a person in front of it: `counter` runs in a real pseudo-terminal, pyte draws what it writes."""

import fcntl
import os
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Self

import pyte
from wcwidth import wcswidth

PATIENCE = 30.0
"""Seconds until a screen that does not come is a failure; a loaded machine is slow, a test never waits for less."""

KEYS = {
    "enter": "\r",
    "esc": "\x1b",
    "tab": "\t",
    "space": " ",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "home": "\x1b[H",
    "ctrl+end": "\x1b[1;5F",
    "shift+tab": "\x1b[Z",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "backspace": "\x7f",
    **dict(zip(("f1", "f2", "f3", "f4"), ("\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS"), strict=True)),
    **{f"f{n}": f"\x1b[{code}~" for n, code in zip(range(5, 13), (15, 17, 18, 19, 20, 21, 23, 24), strict=True)},
    **{f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "acglpqrtux"},
}
"""What a terminal of the xterm family sends for a key."""

INTO_TERMINAL = "import os, sys; os.login_tty(0); os.execvp(sys.argv[1], sys.argv[1:])"
"""Make standard input the controlling terminal, as a login does, and become the program."""

# pyte knows no private sequences with < = > (the kitty keyboard's, xterm's): a terminal without them ignores them, and
# so it does pictures (sixel is a device control string, kitty's are application program commands)
UNKNOWN = re.compile(rb"\x1b\[[<=>][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b[P_][^\x1b]*\x1b\\")
UNFINISHED = re.compile(rb"\x1b(\[[<=>?]?[0-9;]*\$?|[P_][^\x1b]*\x1b?)?$")

OSC = re.compile(rb"\x1b\]([^\x07\x1b]*)")

Seen = str | Callable[[str], object]


class Terminal:
    """A program in a pseudo-terminal. `raw` is every byte it wrote; `text` the screen as a person sees it."""

    def __init__(
        self, *command: str, size: tuple[int, int] = (80, 24), environ: Mapping[str, str | None] | None = None
    ) -> None:
        self.raw = bytearray()
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._shown = [""] * size[1]
        self._changed = threading.Condition()
        self._ended = False
        self._held = b""
        self._fd, inside = os.openpty()
        self._set_size(size)
        self._process = subprocess.Popen(
            [sys.executable, "-c", INTO_TERMINAL, *command],
            stdin=inside,
            stdout=inside,
            stderr=inside,
            env=_environment(environ or {}),
            close_fds=True,
        )
        os.close(inside)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    # --- what is seen ----------------------------------------------------------------------------------------

    @property
    def lines(self) -> list[str]:
        """The lines of the screen without the blanks at their ends."""
        with self._changed:
            return list(self._shown)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def cursor(self) -> tuple[int, int]:
        """Where the terminal's own cursor stands: column, line."""
        return self._screen.cursor.x, self._screen.cursor.y

    def wait_for(self, *seen: Seen, timeout: float = PATIENCE) -> str:
        """Wait until all of that stands on the screen (a text, or what a function of the screen's text says)."""

        def all_seen() -> bool:
            text = "\n".join(self._shown)
            return all(one in text if isinstance(one, str) else one(text) for one in seen)

        with self._changed:
            came = self._changed.wait_for(lambda: all_seen() or self._ended, timeout) and all_seen()
        assert came, f"{seen} is not on the screen:\n{self.text}"
        return self.text

    def osc(self) -> list[bytes]:
        """What it told the terminal itself (operating system commands): title, clipboard, pointer."""
        with self._changed:
            return OSC.findall(bytes(self.raw))

    # --- what is done ----------------------------------------------------------------------------------------

    def type(self, text: str) -> None:
        """Type text, all in one write, as a scanner does."""
        self.types_bytes(text.encode())

    def types_bytes(self, data: bytes) -> None:
        """What a terminal or a scanner of another encoding sends."""
        while data:
            data = data[os.write(self._fd, data) :]

    def press(self, *keys: str) -> None:
        """Press keys by name (``f10``, ``enter``, ``ctrl+l``); a single character is itself."""
        for key in keys:
            self.type(KEYS.get(key, key))

    def resize(self, columns: int, lines: int) -> None:
        """Pull the window to another size."""
        with self._changed:
            self._screen.resize(lines, columns)
            self._shown = [""] * lines
            self._look(range(lines))
        self._set_size((columns, lines))

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        self.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send it to the program."""
        self._process.send_signal(number)

    def wait(self) -> int:
        """Wait until the program has ended; its exit code."""
        code = self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.running:
            self.kill()
        os.close(self._fd)

    # --- inside ----------------------------------------------------------------------------------------------

    def _look(self, lines: Iterable[int]) -> None:
        for y in lines:
            self._shown[y] = self._line(y).rstrip()

    def _line(self, y: int) -> str:
        """A line, its wide characters whole: of one that was half overwritten the other half is blank."""
        cells = [self._screen.buffer[y][x].data for x in range(self._screen.columns)]
        shown: list[str] = []
        for cell, after in zip(cells, [*cells[1:], " "], strict=True):
            if cell.isascii() and cell:
                shown.append(cell)
            elif cell == "":
                shown.append("" if shown and wcswidth(shown[-1]) == 2 else " ")
            else:
                shown.append(" " if wcswidth(cell) == 2 and after else cell)
        return "".join(shown)

    def _set_size(self, size: tuple[int, int]) -> None:
        columns, lines = size
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._fd, 65536)
            except OSError:  # Linux: the other end is closed
                data = b""
            with self._changed:
                self._ended = not data
                self._draw(data)
                self._changed.notify_all()
            if not data:
                return

    def _draw(self, data: bytes) -> None:
        self.raw += data
        data = self._held + data
        unfinished = UNFINISHED.search(data)
        self._held = data[unfinished.start() :] if unfinished else b""
        self._stream.feed(UNKNOWN.sub(b"", data[: len(data) - len(self._held)]))
        self._look(y for y in self._screen.dirty if y < len(self._shown))
        self._screen.dirty.clear()


def _environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    """A terminal's environment; None takes a variable out. Nothing of the caller's own counter comes along."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("COUNTER_", "TEXTUAL"))}
    for name in ("NO_COLOR", "COLORTERM", "TERM_PROGRAM", "TMUX", "COLUMNS", "LINES"):
        mine.pop(name, None)
    usual = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    return {name: value for name, value in (mine | usual | dict(changes)).items() if value is not None}


def until(done: Callable[[], bool]) -> None:
    """Wait until another program has written what this one reads."""
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)
