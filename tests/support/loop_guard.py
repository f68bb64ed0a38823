"""The event loop waits for nobody: the ledger, a passphrase and a thread are asked in a thread."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest

from counter.store import slots
from counter.store.database import Database

GUARDED = ((Database, "read"), (Database, "write"), (slots, "hash_secret_raw"), (Future, "result"))


@contextmanager
def guarded_loop() -> Iterator[None]:
    """Whatever the application does of `GUARDED` on its own thread fails, and so does the block if that was caught.

    A test runs on the same thread, and may look into the ledger.
    """
    touched: list[str] = []

    def guard(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            at_once = isinstance(args[0], Future) and args[0].done() if args else False
            if not at_once and in_the_application():
                touched.append(name)
                raise AssertionError(f"the event loop waits for {name}")
            return function(*args, **kwargs)

        return guarded

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in GUARDED:
            patch.setattr(owner, name, guard(name, getattr(owner, name)))
        yield
    assert not touched, f"the event loop waited for {touched}"


def in_the_application() -> bool:
    """Does the application run here, on the event loop's thread? Its tasks are neither a test's nor a fixture's."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return False  # a thread without a loop
    coroutine: Any = task.get_coro() if task is not None else None
    file = coroutine.cr_code.co_filename if coroutine is not None else ""
    return not ("/tests/" in file or "pytest" in file)
