"""What is wrong with the line that was typed, in the clerk's language: Typer's errors have English sentences only."""

import re
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final
from uuid import UUID

import typer

from counter.cli import page
from counter.i18n import listed, t


def sentence(error: typer.TyperException) -> str:
    """The sentence of a parser's error, how the command is called, and where its help is."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return error.message  # the help itself
    context = getattr(error, "ctx", None)
    said = [_wrong(error, context)]
    if context is not None:
        said += [page.usage(context.command, context), t("cli.parser.see", command=context.command_path)]
    return "\n".join(said)


def _wrong(error: Any, context: Any) -> str:
    match type(error).__name__:
        case "NoSuchOption":
            near = listed(sorted(error.possibilities or ()))
            return t("cli.parser.no_option", name=error.option_name) + _meant(near)
        case "MissingParameter" if error.param is not None:
            return t("cli.parser.missing", name=_name(error.param), meaning=error.param.help)
        case "BadOptionUsage":
            lacks = "requires" in error.message
            return t("cli.parser.no_value" if lacks else "cli.parser.takes_none", name=error.option_name)
        case "BadParameter" if error.param is not None:
            return _wrong_value(error.param, error.message)
    return _of_the_line(error.message, context)


def _of_the_line(message: str, context: Any) -> str:
    """Errors that only their English sentence tells apart; one that we do not know is said as it is."""
    if found := re.match(r"No such command '(.*)'\.", message):
        near = listed(get_close_matches(found[1], context.command.commands))
        return t("cli.parser.no_command", name=found[1]) + _meant(near)
    if found := re.match(r"Got unexpected extra argument\(s\) \((.*)\)$", message, re.DOTALL):
        return t("cli.parser.too_many", arguments=found[1])
    if message == "Missing command.":
        return t("cli.parser.no_command_given")
    return t("cli.parser.wrong", message=message)


def _meant(near: str) -> str:
    return t("cli.parser.meant", near=near) if near else ""


def _wrong_value(parameter: Any, message: str) -> str:
    for pattern, key in _OF_PATHS.items():
        if found := re.match(rf"(?:file|dir|path) '(.*)' {pattern}\.$", message, re.DOTALL):
            return t("cli.parser.value", name=_name(parameter), wrong=t(key, path=found[1]))
    return t("cli.parser.value", name=_name(parameter), wrong=t("cli.parser.expected", what=_expected(parameter)))


_OF_PATHS: Final = {
    "does not exist": "cli.parser.path_missing",
    "is a file": "cli.parser.path_file",
    "is a directory": "cli.parser.path_folder",
    "is not readable": "cli.parser.path_unreadable",
    "is not writable": "cli.parser.path_unwritable",
}
"""What the parser says of a path that it checks."""


def _expected(parameter: Any) -> str:
    """What a parameter's value may be."""
    kind = parameter.type_descriptor
    if kind.is_choice:
        return t("cli.parser.one_of", values=listed(page.choices(parameter)))
    if parameter.min is not None:
        return t("cli.parser.number", least=parameter.min, most=parameter.max)
    by_type = {UUID: t("cli.parser.uuid"), datetime: t("cli.parser.date")}
    return by_type.get(kind.annotation) or str(parameter.help)


def _name(parameter: Any) -> str:
    """What a parameter is called on the line."""
    return page.argument(parameter) if parameter.param_type_name == "argument" else str(parameter.opts[0])
