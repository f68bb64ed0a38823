"""The commands: parse, call, print. Each imports what it needs when it runs, so that `--help` costs nothing."""

import os
import sys
import warnings
from pathlib import Path

from counter.cli.anywhere import language_asked, sorted_out
from counter.cli.completion import COMPLETING, NAME
from counter.cli.screen import open_screen
from counter.i18n import use_language
from counter.terminal.encoding import harmless


def main() -> None:
    """`counter` of the shell."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a console that lacks a rare name shows a mark
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # those of libraries are for developers
    sys.argv[1:] = map(harmless, sys.argv[1:])  # the parser repeats an argument that it does not know
    given, rest = sorted_out(sys.argv[1:])
    use_language(language_asked(given, os.environ))
    if not rest and None not in given.values() and COMPLETING not in os.environ:
        # the screen, without what only the commands need: Typer brings pydantic, 0.2 s before the first frame
        home = given.get("--home")
        sys.exit(open_screen(Path(home) if home else None, given.get("--lang")))
    if COMPLETING in os.environ:
        from typer.completion import completion_init  # type: ignore[attr-defined]  # not in its __all__

        completion_init()
    from counter.cli.root import app  # now: help texts are read once, in this language

    app(prog_name=NAME)
