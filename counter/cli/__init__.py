"""The commands: parse, call, print. Each imports what it needs when it runs, so that `--help` costs nothing."""

import os
import sys
from collections.abc import Mapping, Sequence

from counter.i18n import LANGUAGES, Language, use_language


def main() -> None:
    """`counter` of the shell."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a console that lacks a rare name shows a mark
    use_language(language_asked(sys.argv[1:], os.environ))
    from counter.cli.root import app  # now: help texts are read once, in this language

    app()


def language_asked(arguments: Sequence[str], environ: Mapping[str, str]) -> Language:
    """The language for the help texts, before anything is parsed: ``--lang``, else ``COUNTER_LANG``, else Chinese."""
    asked = environ.get("COUNTER_LANG", "")
    for at, argument in enumerate(arguments):
        if argument == "--lang":
            asked = "".join(arguments[at + 1 : at + 2])
        elif argument.startswith("--lang="):
            asked = argument.removeprefix("--lang=")
    return next((language for language in LANGUAGES if language == asked), LANGUAGES[0])
