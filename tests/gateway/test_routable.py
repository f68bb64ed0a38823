"""Statements that Citus can route: what stands in ON CONFLICT gives the same on every node.

Citus sends the clause to the shards as it is written, and refuses any function in it that is not immutable: the moment
is a parameter. Which functions those are says PostgreSQL's own catalog.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.province_world import query

GATEWAY = Path(__file__).parents[2] / "counter" / "gateway"
CONFLICT = re.compile(r"\bON\s+CONFLICT\b(?P<clause>(?:(?!\bRETURNING\b)[^;])*)", re.IGNORECASE)
CALLED = re.compile(r"\b([a-z_][a-z0-9_]*)\s*\(", re.IGNORECASE)
WORDS = re.compile(r"\b(?:current_(?:timestamp|time|date)|localtime(?:stamp)?)\b|::\s*timestamptz\b", re.IGNORECASE)
"""What calls a function without looking like it; a text's cast to a moment asks for the session's zone."""


def texts(source: str) -> Iterator[tuple[int, str]]:
    """Every text of a module by its line; what is formatted into one is its own business, and left out."""
    nodes = list(ast.walk(ast.parse(source)))
    parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes:
        match node:
            case ast.JoinedStr(values=values):
                yield node.lineno, "".join(str(part.value) for part in values if isinstance(part, ast.Constant))
            case ast.Constant(value=str(text)) if id(node) not in parts:
                yield node.lineno, text


def refused(file: str, source: str, changing: frozenset[str]) -> list[str]:
    """What Citus would refuse, as ``file:line: name``; `changing` are the functions that are not immutable."""
    found = [(1, source)] if file.endswith(".sql") else list(texts(source))
    return [
        f"{file}:{line + text.count(chr(10), 0, clause.start())}: {name.lower()}"
        for line, text in found
        for clause in CONFLICT.finditer(text)
        for name in (*CALLED.findall(clause["clause"]), *WORDS.findall(clause["clause"]))
        if name.lower() in changing or WORDS.fullmatch(name)
    ]


@pytest.fixture(scope="module")
def changing(postgresql: str) -> frozenset[str]:
    rows = query(postgresql, "SELECT DISTINCT proname::text FROM pg_proc WHERE provolatile <> 'i'")
    return frozenset(name for (name,) in rows)


def test_no_statement_of_the_gateway_changes_by_the_node_that_runs_it(changing: frozenset[str]) -> None:
    files = sorted((*GATEWAY.rglob("*.py"), *GATEWAY.rglob("*.sql")))
    found = {file.relative_to(GATEWAY).as_posix(): file.read_text("utf-8") for file in files}
    assert sum(len(CONFLICT.findall(source)) for source in found.values()) >= 10, "the statements are looked at"
    assert [each for file, source in found.items() for each in refused(file, source, changing)] == []


@pytest.mark.parametrize(
    ("clause", "names"),
    [
        ("ON CONFLICT (a) DO UPDATE SET at = now()", ["now"]),
        ("ON CONFLICT (a) DO UPDATE SET at = Current_Timestamp", ["current_timestamp"]),
        ("ON CONFLICT (a) DO UPDATE SET n = nextval ('x') WHERE b > random() RETURNING now()", ["nextval", "random"]),
        ("ON CONFLICT (a) DO UPDATE SET at = '2026-01-01'::timestamptz", ["::timestamptz"]),
        ("ON CONFLICT (a, lower(b)) DO UPDATE SET (at, n) = (%s, coalesce(excluded.n, 0))", []),
        ("ON CONFLICT DO NOTHING RETURNING now()", []),
    ],
)
def test_what_is_refused_is_named_by_file_and_line(clause: str, names: list[str], changing: frozenset[str]) -> None:
    plain = f'\nDO = (\n    "INSERT INTO t VALUES (now())"\n    " {clause}"\n)\n'
    formatted = plain.replace('"INSERT INTO t', 'f"INSERT INTO {t}')
    for source in (plain, formatted):
        assert refused("a.py", source, changing) == [f"a.py:3: {name}" for name in names]
    assert refused("b.sql", f"SELECT now();\n{clause};\nSELECT now()", changing) == [f"b.sql:2: {n}" for n in names]
