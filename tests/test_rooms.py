"""The house stays in order where the import contracts do not look: modules that import each other, large files, the root."""

from pathlib import Path

import grimp

PACKAGE = Path(__file__).parent.parent / "counter"
LINES = 350
"""Of a file; a longer one is a room with too many doors. The wire's messages stand in one file on purpose."""
AT_THE_ROOT = 9


def test_no_module_imports_itself_round_a_circle() -> None:
    """Also through a package's own ``__init__``, which the contract on siblings lets pass."""
    graph = grimp.build_graph("counter")
    left = {module: set(graph.find_modules_directly_imported_by(module)) for module in graph.modules}
    while free := {module for module, imported in left.items() if not imported & left.keys()}:
        left = {module: imported for module, imported in left.items() if module not in free}
    assert not left, f"these import each other, or import those who do: {sorted(left)}"


def test_no_file_is_a_hall() -> None:
    sizes = {file.relative_to(PACKAGE).as_posix(): _lines(file) for file in PACKAGE.rglob("*.py")}
    assert {name: size for name, size in sizes.items() if size > LINES and name != "province/wire.py"} == {}


def test_few_modules_stand_at_the_root() -> None:
    assert len(list(PACKAGE.glob("*.py"))) <= AT_THE_ROOT


def _lines(file: Path) -> int:
    return len(file.read_text("utf-8").splitlines())
