"""A service's id is written once, on its declaration: everybody else reads a fact of the declaration.

A comparison with an id, or a table keyed by ids, is a fact about a service that a new one lacks without anybody
noticing. Where one service is really meant (a clean-up inside an application), its declared object is imported.
"""

import ast
from pathlib import Path

import pytest

from counter.rules.services import SERVICES

ROOT = Path(__file__).parent.parent.parent
DECLARATIONS = ROOT / "counter" / "rules" / "services"
OTHER_WORDS = {
    "counter/cli/__init__.py": {"replace": "how a console writes what it cannot"},
    "counter/demo.py": {"cancel": "a customer of the demonstration", "report_loss": "a customer of the demonstration"},
    "counter/gateway/openapi.py": {"query": "where a parameter stands"},
    "counter/gateway/persons/booked.py": {"exchange": "an event in a booking's life"},
    "counter/gateway/persons/effects.py": {"medical_account": "the code of a refusal"},
    "counter/keymap/declared.py": {"collect": "a screen"},
    "counter/province/questions/one_card.py": {"clean_up": "a question"},
    "counter/rules/booking.py": {"exchange": "an event in a booking's life"},
    "counter/rules/notices.py": {
        "activate": "a notice",
        "collect": "a notice",
        "e_card": "a notice",
        "medical_account": "a notice",
    },
    "counter/screens/base.py": {"online": "the province answers"},
    "counter/screens/roster/collect.py": {"activate": "an act of the list", "collect": "an act of the list"},
    "counter/screens/roster/menu.py": {"collect": "an entry of the menu"},
    "counter/screens/roster/screen.py": {"collect": "an entry of the menu"},
    "counter/screens/roster/view.py": {"replace": "how an encoding writes what it cannot"},
    "counter/screens/sign_in.py": {"unlock": "the ledger is unlocked"},
    "counter/terminal/encoding.py": {"replace": "how bytes are read that are no text"},
    "counter/store/store.py": {"unlock": "the ledger is unlocked"},
}
"""The same word, but no service: by file, with what it means there."""


def written(source: Path) -> dict[str, int]:
    """The service ids that a file writes as strings of their own, with the line of the first."""
    found: dict[str, int] = {}
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in SERVICES:
            found.setdefault(node.value, node.lineno)
    return found


SOURCES = [source for source in sorted((ROOT / "counter").rglob("*.py")) if DECLARATIONS not in source.parents]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.relative_to(ROOT).as_posix())
def test_no_service_id_stands_outside_its_declaration(source: Path) -> None:
    file = source.relative_to(ROOT).as_posix()
    allowed = set(OTHER_WORDS.get(file, {}))
    found = written(source)
    astray = [
        f"{file}:{line} writes {id!r}: read a fact of the service's declaration (counter/rules/service.py), "
        "or import the declared service"
        for id, line in found.items()
        if id not in allowed
    ]
    assert not astray, "\n" + "\n".join(astray)
    assert allowed <= set(found), f"no longer written in {file}, so no exception any more: {allowed - set(found)}"


def test_no_declaration_asks_for_another_by_its_id() -> None:
    """Among the declarations an id stands where a service is declared, and in no comparison or table."""
    for source in DECLARATIONS.glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            compared = [*node.comparators, node.left] if isinstance(node, ast.Compare) else []
            keyed = [key for key in node.keys if key] if isinstance(node, ast.Dict) else []
            said = {each.value for each in (*compared, *keyed) if isinstance(each, ast.Constant)}
            assert not said & set(SERVICES), f"{source.name} compares with {said & set(SERVICES)}"
