"""What a command's declaration says, in the clerk's language: the page of ``--help``. `manual` has the same in roff."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from re import sub
from typing import Any, Final
from uuid import UUID

from rich.cells import cell_len

from counter.cli.exits import Code
from counter.i18n import listed, t
from counter.terminal.wrapping import hang

_WIDEST: Final = 100
"""Longer lines are hard to read."""
_NAMES: Final = 30
"""Columns of a name that has its meaning beside it; under a longer one it stands on the next line."""
_WORD_OF_TYPE: Final[dict[type, str]] = {int: "INTEGER", datetime: "DATE", UUID: "UUID", Path: "PATH"}


Row = tuple[str, str]
"""A name and what it means."""


@dataclass(frozen=True, slots=True)
class Section:
    """Part of a page: `rows` are options, commands, exit codes."""

    title: str
    rows: Sequence[Row]


def usage(command: Any, context: Any) -> str:
    """How it is called, on one line."""
    return t("cli.parser.usage", line=" ".join([context.command_path, *pieces(command)]))


def help_page(command: Any, context: Any) -> str:
    """What ``--help`` shows."""
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    blocks: list[Iterable[str]] = [[usage(command, context)], hang("  ", command.help or "", width)]
    blocks += [_section(section, width) for section in sections(command, context)]
    return "\n\n".join("\n".join(lines) for lines in blocks)


def pieces(command: Any) -> list[str]:
    """What stands behind a command's name: options, then arguments or a command of it."""
    shown = [argument(one) if one.required else f"[{argument(one)}]" for one in _of_kind(command.params, "argument")]
    behind = [placeholder("COMMAND"), "..."] if hasattr(command, "commands") else shown
    return [f"[{t('cli.parser.option')}]", *behind]


def sections(command: Any, context: Any) -> list[Section]:
    """What a command takes: arguments, options, commands, and on the first page the exit codes; none of them empty."""
    below = [(name, one.help) for name, one in getattr(command, "commands", {}).items()]
    found = [
        Section(t("cli.parser.arguments"), arguments(command)),
        Section(t("cli.parser.options"), options(command, context)),
        Section(t("cli.parser.commands"), below),
        Section(t("cli.parser.exits"), exit_codes() if context.parent is None else []),
    ]
    return [section for section in found if section.rows]


def arguments(command: Any) -> list[Row]:
    """A command's arguments, and what each means."""
    return [(argument(one), meaning(one)) for one in _of_kind(command.params, "argument")]


def options(command: Any, context: Any) -> list[Row]:
    """A command's options, and what each means."""
    return [(option(one), meaning(one)) for one in _of_kind(command.get_params(context), "option")]


def walk(command: Any, context: Any) -> Iterator[tuple[Any, Any]]:
    """A command and those below it, each with the context that it is called in."""
    yield command, context
    for name, below in getattr(command, "commands", {}).items():
        yield from walk(below, below.context_class(below, info_name=name, parent=context))


def exit_codes() -> list[Row]:
    """Every exit code, and what it says."""
    return [(str(int(code)), t(f"cli.exit.{code.name}")) for code in Code]


def argument(parameter: Any) -> str:
    """An argument's name, as the usage has it."""
    return placeholder(parameter.metavar or parameter.name.upper())


def option(parameter: Any) -> str:
    """An option's names, with what stands for its value."""
    value = "" if parameter.is_flag else f" {value_of(parameter)}"
    names: list[str] = sorted(parameter.opts, key=len)
    return ", ".join(names) + value


def value_of(parameter: Any) -> str:
    """What stands for an option's value: its choices, else a word for what it is."""
    kind = parameter.type_descriptor
    if kind.is_choice and not _is_long(parameter):
        return "|".join(choices(parameter))
    if kind.is_path:
        return placeholder(parameter.metavar or {"file": "FILE", "dir": "FOLDER"}.get(kind.path_type, "PATH"))
    return placeholder(parameter.metavar or _WORD_OF_TYPE.get(kind.annotation, "TEXT"))


def choices(parameter: Any) -> list[str]:
    """The values that a choice knows, as they are typed."""
    return [str(one.value if isinstance(one, Enum) else one) for one in parameter.type_descriptor.choices]


def _is_long(parameter: Any) -> bool:
    """Has it more choices than a name has room for? Then its meaning lists them."""
    return parameter.type_descriptor.is_choice and len("|".join(choices(parameter))) > _NAMES


def placeholder(metavar: str) -> str:
    """A placeholder in the clerk's language, word by word: ``PAPER=FILE``, 材料=文件."""
    return sub(r"[A-Z]+", lambda word: t(f"cli.word.{word[0]}"), metavar)


def meaning(parameter: Any) -> str:
    """What an argument or option means, with range, default, and the variable that stands in for it."""
    return str(parameter.help) + "".join(t("cli.parser.remark", remark=remark) for remark in _remarks(parameter))


def _remarks(parameter: Any) -> Iterator[str]:
    if parameter.required and parameter.param_type_name == "option":
        yield t("cli.parser.required")
    if parameter.min is not None and parameter.max is not None:
        yield t("cli.parser.range", least=parameter.min, most=parameter.max)
    if _is_long(parameter):
        yield t("cli.parser.one_of", values=listed(choices(parameter))).strip()
    default = parameter.default.value if isinstance(parameter.default, Enum) else parameter.default
    if parameter.show_default and default not in (None, "", False):
        yield t("cli.parser.default", value=default)
    if parameter.envvar:
        yield t("cli.parser.variable", name=parameter.envvar)


def _of_kind(parameters: Sequence[Any], kind: str) -> list[Any]:
    return [one for one in parameters if one.param_type_name == kind and not one.hidden]


def _section(section: Section, width: int) -> Iterator[str]:
    yield t("cli.parser.heading", title=section.title)
    longest = max((cell_len(name) for name, _ in section.rows if cell_len(name) <= _NAMES), default=0)
    for name, means in section.rows:
        head = f"  {name}{' ' * (longest - cell_len(name))}  "
        if cell_len(name) > longest:
            yield f"  {name}"
            head = " " * (longest + 4)
        yield from hang(head, means, width)
