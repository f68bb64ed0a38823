"""`docs/commands.md` says what the program does: every command with its arguments and options, and no other."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from counter.cli.exits import Code
from counter.cli.root import app

PAGE = (Path(__file__).parent.parent / "docs" / "commands.md").read_text("utf-8")
SECTIONS = {
    heading.strip(): text for heading, text in re.findall(r"^### counter ([^\n]+)\n(.*?)(?=^##|\Z)", PAGE, re.M | re.S)
}
SAID_ONCE = {"--json", "--help", "-h"}


def commands(group: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


COMMANDS = dict(commands(get_command(app)))


def _name(heading: str) -> str:
    return " ".join(word for word in heading.split() if word.islower() and "[" not in word)


def test_every_command_has_its_section() -> None:
    assert {_name(heading) for heading in SECTIONS} == set(COMMANDS)


@pytest.mark.parametrize("heading", SECTIONS)
def test_a_section_names_the_options_of_its_command(heading: str) -> None:
    options = {
        option
        for parameter in COMMANDS[_name(heading)].params
        if parameter.param_type_name == "option"
        for option in parameter.opts
    }
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", SECTIONS[heading]))
    assert options - SAID_ONCE <= named, "not documented"
    assert named <= options | {"--home"}, "documented, and not there"


@pytest.mark.parametrize("heading", SECTIONS)
def test_a_heading_names_the_arguments(heading: str) -> None:
    arguments = [one for one in COMMANDS[_name(heading)].params if one.param_type_name == "argument"]
    assert len(heading.split()) == len(_name(heading).split()) + len(arguments)


def test_every_seed_row_is_described() -> None:
    """`docs/gateway.md` names each row's fields, and its example is one."""
    from msgspec.structs import fields

    from counter.gateway.seeding.seed import PLANT, parse

    page = (Path(__file__).parent.parent / "docs" / "gateway.md").read_text("utf-8")
    for row in PLANT:
        tag = row.__struct_config__.tag
        (line,) = re.findall(rf"^\| `{tag}` \|.*$", page, re.M)
        named = set(re.findall(r"`([a-z_]+)`", line))
        assert {field.name for field in fields(row)} - {"kind", "drawn"} <= named, tag
    (example,) = re.findall(r"```json\n(.*?)```", page, re.S)
    assert len(parse(example.splitlines())) == len(example.splitlines())


def test_every_exit_code_is_explained() -> None:
    explained = {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.M)}
    assert explained == {*map(int, Code)}
