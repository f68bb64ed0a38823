"""The terminal is gone: its window was closed, the connection broke. Or the program is told to end, and the terminal
stays: then it is left as it was.

Textual would go on reading from and writing to nothing, at full speed and for ever, and a signal does not always come.
Everything that was accepted has been kept as a draft, so the process may end at once.
"""

import asyncio
import atexit
import os
import signal
import sys
from collections.abc import Callable
from threading import Event, Thread
from time import sleep

SECONDS = 1.0
GONE = 129  # 128 + SIGHUP, as shells say it
TOLD = 143  # 128 + SIGTERM
FAREWELL_SECONDS = 10.0
"""What an orderly end may take after a SIGHUP, until the process ends without one."""


def when_told_to_end(leave: Callable[[int], None]) -> None:
    """Call `leave` with the exit code on SIGTERM, in the running event loop; on Windows, which has none, never."""
    if sys.platform != "win32":
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, leave, TOLD)


def end_with_terminal(clean_up: Callable[[], None]) -> None:
    """End the process, after `clean_up`, once the terminal on standard input is gone; without one do nothing."""
    if not sys.__stdin__ or not sys.__stdin__.isatty():
        return
    hung_up = Event()
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda *_: hung_up.set())
    Thread(target=_watch, args=(sys.__stdin__.fileno(), hung_up, clean_up), name="hangup", daemon=True).start()


def _watch(terminal: int, hung_up: Event, clean_up: Callable[[], None]) -> None:
    while not hung_up.wait(SECONDS) and os.isatty(terminal):
        pass
    if os.isatty(terminal):  # a signal alone, and somebody still looks at it
        os.kill(os.getpid(), signal.SIGTERM)
        sleep(FAREWELL_SECONDS)
    try:
        clean_up()
        atexit._run_exitfuncs()  # what would run at an orderly end: the demonstration's PostgreSQL stops there
    finally:
        os._exit(GONE)  # the main thread hangs in a write to the terminal and cannot end by itself
