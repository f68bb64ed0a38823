"""The shell works at the desk and goes round it nowhere. What import-linter cannot express stands here."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from counter import cli

MODULES = sorted(Path(cli.__file__).parent.glob("*.py"))
READ_ONLY = {"blanks", "kept", "ledger", "operator", "province", "slips", "till"}
"""Beside the desk: reading the ledger, keeping it safe and bringing it back, its operators, the enrolment that the
province comes from, and the books of till and blank cards, which are no cases."""


def _name(node: ast.expr) -> str:
    """What is called: ``connect``, or ``.store`` of whatever."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name):
            return f".{name}"
    return ""


def _calls(node: ast.AST) -> set[str]:
    return {_name(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)}


def _functions(file: Path) -> Iterator[ast.FunctionDef]:
    tree = ast.parse(file.read_text("utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _unlocks(calls: set[str]) -> bool:
    return bool(calls & {".desk", ".store", ".store_of"})


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_no_command_makes_a_desk_of_its_own(file: Path) -> None:
    calls = _calls(ast.parse(file.read_text("utf-8")))
    assert not calls & {"connect", "Desk", "sync", "Province"}
    assert ("open_desk" in calls) is (file.stem == "session"), "`Session.desk` opens it"


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_where_the_desk_has_a_context_none_is_built(file: Path) -> None:
    both = [one.name for one in _functions(file) if "Context" in _calls(one) and _unlocks(_calls(one))]
    assert both == []


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_the_ledger_without_the_desk_is_only_read(file: Path) -> None:
    opened = {one.name for one in _functions(file) if _calls(one) & {".store", ".store_of"}}
    assert not opened or file.stem in {*READ_ONLY, "session"}


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_what_waits_is_reached_through_the_desk(file: Path) -> None:
    """`desk.awaiting()`, and never the store's own `awaiting`, by which nobody is told of anything."""
    tree = ast.parse(file.read_text("utf-8"))
    called = {each.func for each in ast.walk(tree) if isinstance(each, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "awaiting":
            assert node in called, f"{file.name}:{node.lineno}"


def test_a_case_is_checked_without_unlocking_anything() -> None:
    (case,) = [file for file in MODULES if file.stem == "case"]
    (check,) = [one for one in _functions(case) if one.name == "check"]
    assert not _unlocks(_calls(check))
