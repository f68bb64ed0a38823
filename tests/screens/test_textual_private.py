"""What Textual keeps to itself stands in one module, is still there, and is not overridden by accident."""

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from textwrap import dedent

import pytest
from textual.app import App
from textual.message_pump import MessagePump

import counter
from counter.terminal import textual_private

ROOT = Path(counter.__file__).parent
DRAWING = sorted(
    file
    for room in ("app.py", "screens", "widgets", "terminal")
    for file in ([ROOT / room] if room.endswith(".py") else (ROOT / room).rglob("*.py"))
)
OURS = ROOT / "terminal" / "textual_private.py"
NOT_TEXTUALS = {"os", "atexit"}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")


def own_names(tree: ast.AST) -> set[str]:
    """The private names that a class defines or sets on itself."""
    return {
        name
        for node in ast.walk(tree)
        for name in (
            [node.name]
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            else [node.attr]
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
            else []
        )
        if is_private(name)
    }


@cache
def names_of(kind: type) -> frozenset[str]:
    """What a class of Textual's has for itself, on the class and on its instances."""
    tree = ast.parse(dedent(inspect.getsource(kind)))
    return frozenset(own_names(tree) | {name for name in vars(kind) if is_private(name)})


@pytest.mark.parametrize("name", textual_private.NAMES)
def test_each_name_is_still_there(name: str) -> None:
    assert hasattr(App(), name)


def test_the_module_names_all_that_it_uses() -> None:
    tree = ast.parse(OURS.read_text("utf-8"))
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and is_private(node.attr)}
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and is_private(node.name)}
    assert used | defined == set(textual_private.NAMES)


@pytest.mark.parametrize("file", [file for file in DRAWING if file != OURS], ids=lambda file: file.stem)
def test_nothing_else_reaches_into_something(file: Path) -> None:
    """A leading underscore is used on `self` alone, and nothing private is imported."""
    reached = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            if owner not in {"self", "cls", *NOT_TEXTUALS}:
                reached.append(f"{node.lineno}: {node.attr}")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual"):
            names = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
            reached += [f"{node.lineno}: {name}" for name in names if is_private(name)]
    assert not reached


def classes() -> Iterator[type]:
    for file in DRAWING:
        module = import_module(module_of(file))
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, MessagePump) and kind.__module__ == module.__name__:
                yield kind


@pytest.mark.parametrize("kind", list(classes()), ids=lambda kind: kind.__name__)
def test_no_name_of_ours_is_one_of_textuals(kind: type) -> None:
    """A method or attribute of ours that Textual also has would replace it, and nobody would see why."""
    if kind.__module__ == textual_private.__name__:
        pytest.skip("there it is meant")
    source = Path(str(sys.modules[kind.__module__].__file__)).read_text("utf-8")
    (tree,) = [
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef) and node.name == kind.__name__
    ]
    theirs = {name for base in kind.__mro__ if base.__module__.startswith("textual") for name in names_of(base)}
    assert not own_names(tree) & theirs
