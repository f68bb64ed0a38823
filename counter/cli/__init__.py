"""The commands: parse, call, print. Each imports what it needs when it runs, so that `--help` costs nothing."""

import os
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from counter.i18n import DEFAULT, LANGUAGES, Language, use_language

ANYWHERE: Final = ("--home", "--lang")
"""The options that may stand anywhere."""


def main() -> None:
    """`counter` of the shell."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a console that lacks a rare name shows a mark
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # those of libraries are for developers
    given, rest = sorted_out(sys.argv[1:])
    use_language(language_asked(given, os.environ))
    if not rest and None not in given.values():
        # the screen, without what only the commands need: Typer brings pydantic, 0.2 s before the first frame
        home = given.get("--home")
        sys.exit(open_screen(Path(home) if home else None, given.get("--lang")))
    from counter.cli.root import app  # now: help texts are read once, in this language

    app()


def open_screen(home: Path | None, lang: str | None, roster: Path | None = None) -> int:
    """Open the screen, with a roster file straight at its rows, until it is left; the exit code."""
    from counter.settings import load_settings

    try:
        settings = load_settings(home, lang)
        use_language(settings.lang)
        from counter.store.keys import operators_at

        operators_at(settings.home)  # no ledger, or a damaged one: said here, not on a screen
        from counter.app import run
        from counter.terminal.hangup import end_with_terminal

        end_with_terminal(lambda: None)  # every accepted field is kept already
        return run(settings, roster=roster)
    except Exception as error:
        from counter.cli.exits import told

        return told(error, home)


def sorted_out(arguments: Sequence[str]) -> tuple[dict[str, str | None], list[str]]:
    """The options that may stand anywhere (None where the value lacks), and all other arguments, in their order."""
    given: dict[str, str | None] = {}
    rest: list[str] = []
    waiting: Iterator[str] = iter(arguments)
    for argument in waiting:
        name, joined, value = argument.partition("=")
        if argument == "--":
            rest += [argument, *waiting]
        elif name in ANYWHERE:
            given[name] = value if joined else next(waiting, None)
        else:
            rest.append(argument)
    return given, rest


def language_asked(given: Mapping[str, str | None], environ: Mapping[str, str]) -> Language:
    """The language for the help texts, before anything is parsed: ``--lang``, else ``COUNTER_LANG``, else `DEFAULT`."""
    asked = given.get("--lang") or environ.get("COUNTER_LANG", "")
    return asked if asked in LANGUAGES else DEFAULT
