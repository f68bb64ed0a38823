"""Every language: its own traits, and catalogs that are whole unless another stands in: same keys and placeholders, nothing empty or half translated, nothing that nobody says."""

import re
import string
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from counter import i18n
from counter.rules.reference import Bank, CityPolicy, Coded

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "counter" / "locale"
SOURCE = ROOT / "counter"

WHOLE = [language for language in i18n.LANGUAGES if not i18n.traits(language).fallback]
"""The languages for whose sentences no other stands in."""
NAMESPACES = sorted(file.stem for file in (LOCALE / i18n.DEFAULT).glob("*.toml") if file.stem != "language")
CJK = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
NAMES = ("广东人社", "粤省事", "掌上12333")
"""Apps that have no English name."""
QUOTED_TERM = re.compile(r"\([^()]*\)|\"[^\"]*\"|" + "|".join(NAMES))
"""In an English sentence an official term may stand in brackets or quotation marks, as on the form or the screen."""

CALL = re.compile(r"""\b(?:t|has|Key)\(\s*(f?)(["'])(?P<key>[^"'\n]+)\2""")
"""A literal key, or an f-string whose holes are chosen at run time."""
LITERAL = re.compile(r"""(f?)(["'])(?P<key>[a-z_]+\.[A-Za-z0-9_.{}\[\]()]+)\2""")
"""Any literal that looks like a key: bindings and tables name theirs before they are said."""

OWN = re.compile(r"""f(["'])\{self\.(?P<name>[a-z_]+)\}(?P<rest>\.[A-Za-z0-9_.{}]+)\1""")
"""An f-string that begins with an attribute of the class: one key for each value that a class gives it."""

BY_ID = ("finding.", "rule.")
"""Chosen by an id that rules and wire messages carry; the tests of the rules see to it that each has its sentence."""


@cache
def catalog(language: str, namespace: str) -> dict[str, str]:
    file = LOCALE / language / f"{namespace}.toml"
    return dict(_flat(namespace, tomllib.loads(file.read_text("utf-8")))) if file.exists() else {}


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
    """What a sentence says; ``{count:row|rows}`` only chooses a word, which Chinese need not."""
    return {name for _, name, spec, _ in string.Formatter().parse(text) if name is not None and "|" not in (spec or "")}


def test_every_folder_is_a_language_with_its_traits() -> None:
    assert i18n.LANGUAGES[0] == i18n.DEFAULT
    assert set(i18n.LANGUAGES) == {folder.name for folder in LOCALE.iterdir()}
    for language in i18n.LANGUAGES:
        traits = i18n.traits(language)
        assert traits.name and traits.separator
        assert min(traits.label_width.field, traits.label_width.step) > 0
        assert all(traits.name_field in thing.__struct_fields__ for thing in (Bank, Coded, CityPolicy))
        assert traits.short_name_field in Bank.__struct_fields__


def test_chinese_and_english_lean_on_no_other() -> None:
    assert {"zh_CN", "en"} <= set(WHOLE)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_language_has_the_same_catalogs_or_fewer(language: str) -> None:
    namespaces = {file.stem for file in (LOCALE / language).glob("*.toml")} - {"language"}
    assert namespaces <= set(NAMESPACES), "nobody says these"
    assert language not in WHOLE or namespaces == set(NAMESPACES)


@pytest.mark.parametrize("namespace", NAMESPACES)
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_catalog_is_whole_or_has_what_stands_in(language: str, namespace: str) -> None:
    first, own = catalog(i18n.DEFAULT, namespace), catalog(language, namespace)
    assert set(own) <= set(first), "nobody says these"
    assert language not in WHOLE or set(own) == set(first)
    differing = [key for key in own if placeholders(first[key]) != placeholders(own[key])]
    assert not differing, "placeholders differ"
    empty = [key for key in own if not own[key].strip()]
    assert not empty


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_plural_has_two_words(language: str) -> None:
    """``{count:person|people}``: a format that is no plural is nothing a sentence needs."""
    specs = {
        (key, name, spec)
        for namespace in NAMESPACES
        for key, text in catalog(language, namespace).items()
        for _, name, spec, _ in string.Formatter().parse(text)
        if name is not None and spec
    }
    assert not [(key, spec) for key, _, spec in specs if spec.count("|") != 1]
    assert {name for key, name, _ in specs if name not in placeholders(whole(language)[key])} <= {"count"}


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_english_is_english(namespace: str) -> None:
    mixed = {key: text for key, text in catalog("en", namespace).items() if CJK.search(QUOTED_TERM.sub("", text))}
    assert not mixed


def test_english_counts_as_english_does() -> None:
    """One person, two people; "1 people" and "card(s)" are how a program talks."""
    things = "people|persons|entries|branches|cards|photos|rows|days|characters|digits"
    counted = re.compile(rf"\(s\)|\{{(?!limit)[a-z_]+\}} ({things})\b")  # a limit is many
    assert not [key for key, text in whole("en").items() if counted.search(text)]


@pytest.mark.parametrize("file", sorted(LOCALE.rglob("*.toml")), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_nothing_waits_for_a_translator(file: Path) -> None:
    assert not re.search(r"fuzzy|TODO|FIXME|XXX", file.read_text("utf-8"), re.IGNORECASE)


@cache
def sources() -> str:
    return "\n".join(file.read_text("utf-8") for file in sorted(SOURCE.rglob("*.py")))


def _own_keys() -> Iterator[str]:
    for found in OWN.finditer(sources()):
        for value in re.findall(rf"""^    {found["name"]} = ["']([a-z_]+)["']$""", sources(), re.M):
            yield value + found["rest"]


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
    literals |= {(key, True) for key in _own_keys()}
    said = re.compile("|".join(_pattern(key, is_format=is_format) for key, is_format in literals))
    unsaid = [key for key in whole("zh_CN") if not key.startswith(BY_ID) and not said.fullmatch(key)]
    assert not unsaid
