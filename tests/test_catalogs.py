"""Two languages, both whole: same keys and placeholders, nothing empty or half translated, nothing that nobody says."""

import re
import string
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "counter" / "locale"
SOURCE = ROOT / "counter"

NAMESPACES = sorted(file.stem for file in (LOCALE / "zh_CN").glob("*.toml"))
CJK = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
NAMES = ("广东人社", "粤省事", "掌上12333")
"""Apps that have no English name."""
QUOTED_TERM = re.compile(r"\([^()]*\)|\"[^\"]*\"|" + "|".join(NAMES))
"""In an English sentence an official term may stand in brackets or quotation marks, as on the form or the screen."""

CALL = re.compile(r"""\b(?:t|has|Key)\(\s*(f?)(["'])(?P<key>[^"'\n]+)\2""")
"""A literal key, or an f-string whose holes are chosen at run time."""
LITERAL = re.compile(r"""(f?)(["'])(?P<key>[a-z_]+\.[A-Za-z0-9_.{}\[\]()]+)\2""")
"""Any literal that looks like a key: bindings and tables name theirs before they are said."""

BY_ID = ("finding.", "rule.")
"""Chosen by an id that rules and wire messages carry; the tests of the rules see to it that each has its sentence."""


@cache
def catalog(language: str, namespace: str) -> dict[str, str]:
    text = (LOCALE / language / f"{namespace}.toml").read_text("utf-8")
    return dict(_flat(namespace, tomllib.loads(text)))


def whole(language: str) -> dict[str, str]:
    return {key: text for namespace in NAMESPACES for key, text in catalog(language, namespace).items()}


def _flat(path: str, table: dict[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(f"{path}.{name}", value)
        else:
            assert isinstance(value, str), f"{path}.{name} is no sentence"
            yield f"{path}.{name}", value


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_catalogs() -> None:
    assert sorted(file.stem for file in (LOCALE / "en").glob("*.toml")) == NAMESPACES


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_a_catalog_is_whole_in_both_languages(namespace: str) -> None:
    chinese, english = catalog("zh_CN", namespace), catalog("en", namespace)
    assert set(chinese) == set(english)
    differing = [key for key in chinese if placeholders(chinese[key]) != placeholders(english[key])]
    assert not differing, "placeholders differ"
    empty = [key for key in chinese if not chinese[key].strip() or not english[key].strip()]
    assert not empty


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_english_is_english(namespace: str) -> None:
    mixed = {key: text for key, text in catalog("en", namespace).items() if CJK.search(QUOTED_TERM.sub("", text))}
    assert not mixed


@pytest.mark.parametrize("file", sorted(LOCALE.rglob("*.toml")), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_nothing_waits_for_a_translator(file: Path) -> None:
    assert not re.search(r"fuzzy|TODO|FIXME|XXX", file.read_text("utf-8"), re.IGNORECASE)


@cache
def sources() -> str:
    return "\n".join(file.read_text("utf-8") for file in sorted(SOURCE.rglob("*.py")))


def _pattern(key: str, *, is_format: bool) -> str:
    """A regular expression for what an f-string may become: a hole is one or more names."""
    parts = re.split(r"\{[^{}]*\}", key) if is_format else [key]
    return r"[A-Za-z0-9_.-]+".join(map(re.escape, parts))


def test_every_key_that_is_said_exists() -> None:
    known = whole("zh_CN")
    missing = []
    for call in CALL.finditer(sources()):
        said = re.compile(_pattern(call["key"], is_format=bool(call[1])))
        if "." in call["key"] and not any(said.fullmatch(key) for key in known):
            missing.append(call["key"])
    assert not missing


def test_every_key_is_said() -> None:
    """By a call, by a literal that names it, or by an id."""
    literals = {(found["key"], bool(found[1])) for found in LITERAL.finditer(sources())}
    said = re.compile("|".join(_pattern(key, is_format=is_format) for key, is_format in literals))
    unsaid = [key for key in whole("zh_CN") if not key.startswith(BY_ID) and not said.fullmatch(key)]
    assert not unsaid
