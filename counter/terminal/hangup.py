"""The terminal is gone: its window was closed, the connection broke.

Textual would go on reading from and writing to nothing, at full speed and for ever, and a signal does not always come.
Everything that was accepted has been kept as a draft, so the process may end at once.
"""

import atexit
import os
import signal
import sys
from collections.abc import Callable
from threading import Event, Thread

SECONDS = 1.0
GONE = 129  # 128 + SIGHUP, as shells say it


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
    try:
        clean_up()
        atexit._run_exitfuncs()  # what would run at an orderly end: the demonstration's PostgreSQL stops there
    finally:
        os._exit(GONE)  # the main thread hangs in a write to the terminal and cannot end by itself
