"""One name means one thing: what docs/words.md names is there, and no two classes share a name."""

import ast
import re
from collections import defaultdict
from pathlib import Path
from pkgutil import resolve_name

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "words.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(counter(?:\.\w+)+)`", PAGE)))
ROW = re.compile(r"^\| (?P<trade>[^|]+) \| (?P<ours>[^|]+) \| (?P<what>[^|]+) \| (?P<where>[^|]+) \|$", re.M)
HEADS = {"the trade says", "---"}

TABLES = "counter.store.tables"
TWINS = {
    "Alarm": "counter.store.records",
    "Audit": "counter.store.audit",
    "Awaiting": "counter.store.awaiting",
    "Batch": "counter.store.records",
    "BatchRow": "counter.store.records",
    "Decision": "counter.rules.decision",
    "Draft": "counter.store.records",
    "Entry": "counter.province.wire",
    "Event": "counter.province.wire",
    "Identity": "counter.store.identity",
    "Operator": "counter.store.records",
    "Outbox": "counter.store.outbox",
    "Parcel": "counter.rules.parcel",
    "ParcelCard": "counter.rules.parcel",
    "Photo": "counter.rules.case",
    "Receipt": "counter.province.wire",
}
"""A table of the ledger file, and where what it holds is in memory or on the wire. Nothing else shares a name."""


@pytest.mark.parametrize("name", NAMED)
def test_what_the_page_names_is_there(name: str) -> None:
    assert resolve_name(name)


def rows() -> list[re.Match[str]]:
    return [row for row in ROW.finditer(PAGE) if row["trade"] not in HEADS]


def test_a_word_is_explained_once() -> None:
    words = [row["ours"] for row in rows()]
    assert len(words) == len(set(words)) >= 60


def test_every_word_has_its_place() -> None:
    assert not [row["ours"] for row in rows() if not re.search(r"`counter(\.\w+)+`", row["where"])]


def test_a_name_is_one_class() -> None:
    places = defaultdict(list)
    for file in sorted((ROOT / "counter").rglob("*.py")):
        module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(module)
    shared = {name: sorted(modules) for name, modules in places.items() if len(modules) > 1}
    assert shared == {name: sorted((TABLES, twin)) for name, twin in TWINS.items()}
