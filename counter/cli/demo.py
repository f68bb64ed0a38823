"""``counter demo``: a throw-away branch, straight into the screen."""

import os
import select
import signal
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from counter.cli.output import Json, document, note
from counter.cli.session import session
from counter.i18n import language, t
from counter.terminal.hangup import end_with_terminal


def demo(
    context: typer.Context,
    no_screen: Annotated[bool, typer.Option("--no-screen", help=t("cli.option.no_screen"))] = False,
    practice: Annotated[bool, typer.Option("--practice", help=t("cli.option.practice"))] = False,
    reader: Annotated[bool, typer.Option("--reader", help=t("cli.option.reader"))] = False,
    card: Annotated[bool, typer.Option("--card", help=t("cli.option.card"))] = False,
    printer: Annotated[bool, typer.Option("--printer", help=t("cli.option.demo_printer"))] = False,
    json: Json = False,
) -> None:
    from counter.demo import CLERK, SUPERVISOR, branch, readers

    if practice and (no_screen or session(context).home):
        raise typer.BadParameter(t("cli.demo.practice_alone"), param_hint="--practice")
    if (reader or card) and no_screen:
        raise typer.BadParameter(t("cli.demo.reader_alone"), param_hint="--reader" if reader else "--card")
    with ExitStack() as stack:
        stopped = stack.enter_context(stop_asked()) if no_screen else None
        if stopped is None:
            end_with_terminal(stack.close)  # the province and its database end as well
        # only the flag names a home: COUNTER_HOME may be a real counter's
        home = session(context).home or Path(stack.enter_context(_throw_away()))
        here = stack.enter_context(branch(home.absolute(), language(), session(context).reference(), printer=printer))
        note(here.customers)
        if stopped is None:
            from counter.app import run

            hand = stack.enter_context(readers(documents=reader, cards=card)) if reader or card else None
            settings = hand.plugged_into(here.settings) if hand is not None else here.settings
            lay = hand.lay if hand is not None else None
            raise typer.Exit(run(settings, here.customers, practises=practice, lay=lay))
        if json:
            who = {"operator": CLERK.id, "supervisor": SUPERVISOR.id, "passphrase_file": here.passphrase_file}
            document({"home": here.settings.home, "province": here.province, **who})
            sys.stdout.flush()
        else:
            note(t("cli.demo.serving", home=here.settings.home, url=here.province))
        stopped.wait()


@contextmanager
def stop_asked() -> Iterator[threading.Event]:
    """An event that is set when somebody asks to stop: SIGTERM, SIGINT, or the other end of standard input is gone."""
    stopped = threading.Event()
    signals = [signal.SIGTERM, signal.SIGINT, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before = {number: signal.signal(number, lambda *_: stopped.set()) for number in signals}
    if _is_open_pipe():
        threading.Thread(target=_wait_for_end, args=(stopped,), daemon=True).start()
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_open_pipe() -> bool:
    """Is standard input a pipe that somebody holds? An empty one (cron, `&`) says nothing about stopping."""
    try:
        if not stat.S_ISFIFO(os.fstat(sys.stdin.fileno()).st_mode):
            return False
        poll = select.poll()
    except (OSError, ValueError, AttributeError):  # no standard input; no poll on Windows
        return False
    poll.register(sys.stdin.fileno(), select.POLLHUP)
    return not poll.poll(0)


def _wait_for_end(stopped: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    stopped.set()


def _throw_away() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="counter-demo-", ignore_cleanup_errors=True)
