"""The options that may stand anywhere on the command line, read before the parser of commands is imported."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from counter.i18n import DEFAULT, LANGUAGES, Language
from counter.settings import SettingsError, load_settings

ANYWHERE: Final = ("--home", "--lang")
"""The options that may stand anywhere."""


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
    """The language for the help texts, before anything is parsed: that of the settings; where those are wrong, which is
    said when a command needs them, ``--lang``, else ``COUNTER_LANG``, else `DEFAULT`."""
    home, asked = given.get("--home"), given.get("--lang")
    try:
        return load_settings(Path(home) if home else None, asked, environ=environ).lang
    except SettingsError:
        asked = asked or environ.get("COUNTER_LANG", "")
        return asked if asked in LANGUAGES else DEFAULT
