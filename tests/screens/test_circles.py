"""What is drawn has no circle of imports, not even one that only a type checker sees."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import counter

ROOT = Path(counter.__file__).parent
ROOMS = ("screens", "widgets", "terminal")


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")


def imports(file: Path, modules: set[str]) -> set[str]:
    """The modules of these that a file imports, wherever in it and for whatever."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names} & modules
            found |= names or {node.module} & modules
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & modules
    return found


def test_no_circle_among_screens_and_widgets() -> None:
    files = {module_of(file): file for room in ROOMS for file in (ROOT / room).rglob("*.py")}
    graph = {module: imports(file, set(files)) - {module} for module, file in files.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(reversed(error.args[1]))) from None
