"""The manual page (man 1) in the language in use, from the declarations that ``--help`` shows."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from counter import __version__
from counter.cli import page
from counter.cli.completion import COMPLETING, NAME
from counter.cli.page import Row
from counter.i18n import key_named, listed, t
from counter.keymap.declared import COMMANDS
from counter.keymap.file import FILE as KEYS
from counter.keymap.in_use import keys_of
from counter.keymap.names import said
from counter.reference.load import BRANCHES
from counter.settings import FILE, HOME, NAMES, meaning_of, variable_of

_BREAK: Final = re.compile(r"(?<=[^\x00-\u2fff「《（“])(?=[^\s、。》」”！），：；？])")
"""Where a line of Chinese may break: behind any of its characters, but no line begins with a closing mark or ends with
an opening one (避头尾). Said at each place: groff's classes of characters (zh.tmac) can have troff run for ever."""


def manual(root: Any) -> str:
    """The page of `counter` and all its commands, as roff."""
    context = root.context_class(root, info_name=NAME, **root.context_settings)
    return "\n".join(
        [
            '.\\" -*- coding: utf-8 -*-',
            f'.TH COUNTER 1 "" "{NAME} {__version__}"',
            ".ad l",  # Chinese has no spaces to widen
            ".nh",  # a hyphen in a name of ours would be typed
            *_section("cli.manual.name", [f"{NAME} \\- {_escaped(t('cli.manual.summary'))}"]),
            *_section("cli.manual.synopsis", _called(root, context)),
            *_section("cli.manual.description", [_text(root.help)]),
            *_section("cli.parser.options", _rows(page.options(root, context))),
            *_section("cli.parser.commands", _commands(root, context)),
            *_section("cli.manual.exits", _rows(page.exit_codes())),
            *_section("cli.manual.environment", _rows(_variables(root, context))),
            *_section("cli.manual.files", _rows(_files())),
            *_section("cli.manual.keys", [_text(t("cli.manual.keys_are", file=KEYS)), *_rows(_keys())]),
            "",
        ]
    )


def _commands(root: Any, context: Any) -> Iterator[str]:
    """Every command that does something, with what it takes."""
    for command, called in page.walk(root, context):
        if not hasattr(command, "commands"):
            yield f'.SS "{_text(called.command_path)}"'
            yield from _called(command, called)
            yield ".PP"
            yield _text(command.help)
            yield from _rows([*page.arguments(command), *page.options(command, called)])


def _variables(root: Any, context: Any) -> Iterator[Row]:
    """What the environment may say: the home, every setting, what stands in for an option."""
    yield HOME, t("cli.manual.home")
    for name in NAMES:
        yield variable_of(name), t("cli.manual.setting", name=name, meaning=meaning_of(name))
    given = (parameter for command, _ in page.walk(root, context) for parameter in command.params if parameter.envvar)
    for variable, parameter in {one.envvar: one for one in given}.items():
        yield variable, t("cli.manual.given", option=parameter.opts[0], meaning=parameter.help)
    yield COMPLETING, t("cli.manual.completes")


def _files() -> Iterator[Row]:
    """What stands in the home."""
    from counter.store.database import FILE_NAME as LEDGER
    from counter.store.keys import FILE_NAME as KEYRING

    yield FILE, t("cli.manual.file.settings")
    yield KEYS, t("cli.manual.file.keys")
    yield LEDGER, t("cli.manual.file.ledger")
    yield KEYRING, t("cli.manual.file.keyring")
    yield BRANCHES, t("cli.manual.file.branches")
    yield "crash-*.txt", t("cli.manual.file.crash")
    yield "before-schema-*/", t("cli.manual.file.older")


def _keys() -> Iterator[Row]:
    """What the keys of the screen do, as they are now; those of forms and lists stay what they are everywhere."""
    for id, command in COMMANDS.items():
        if not command.fixed:
            where = listed(t(f"keys.place.{place}") for place in command.places)
            yield listed(map(said, keys_of(id))), t("cli.manual.key", does=key_named(id), where=where, id=id)


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f".SH {_escaped(t(title).upper())}"
    yield from lines


def _called(command: Any, context: Any) -> Iterator[str]:
    yield f".B {_text(context.command_path)}"
    yield _text(" ".join(page.pieces(command)))


def _rows(rows: Iterable[Row]) -> Iterator[str]:
    for name, means in rows:
        yield ".TP"
        yield f".B {_text(name)}"
        yield _text(means)


def _text(text: str) -> str:
    """A paragraph as roff takes it, with a break where Chinese or a list of choices may have one."""
    said = _BREAK.sub(r"\\:", _escaped(text).replace("|", "|\\:"))
    return f"\\&{said}" if said.startswith(".") else said


def _escaped(text: str) -> str:
    """Text that stands as it is, a hyphen that can be copied; apropos(1) reads the name of a page only so."""
    return text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("\n", " ")
