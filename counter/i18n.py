"""Sentences for people: Chinese first (默认中文), English complete beside it.

A catalog is a TOML file, ``locale/<language>/<namespace>.toml``; a key is ``<namespace>.<dotted path>``. Symbolic
keys instead of gettext's source sentences, because neither language translates the other, most sentences are chosen by
an id (a rule, a service, a finding), and TOML needs no compile step. A namespace is read when first asked for.
"""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Final, Literal
from urllib.parse import parse_qsl

from counter.rules.finding import Finding, Key, Param

Language = Literal["zh_CN", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh_CN", "en")

_current: Language = "zh_CN"


def use_language(language: Language) -> None:
    """Choose the language of every sentence from here on, for the whole process."""
    global _current  # noqa: PLW0603 - one clerk, one language: as gettext.install does
    _current = language


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Another language for as long as the block runs: a slip in both."""
    before = _current
    use_language(language)
    try:
        yield
    finally:
        use_language(before)


def language() -> Language:
    """The language in use."""
    return _current


@cache
def _catalog(language: Language, namespace: str) -> dict[str, str]:
    source = files("counter") / "locale" / language / f"{namespace}.toml"
    flat: dict[str, str] = {}
    pending = [(namespace, tomllib.loads(source.read_text("utf-8")))]
    while pending:
        path, table = pending.pop()
        for name, value in table.items():
            if isinstance(value, dict):
                pending.append((f"{path}.{name}", value))
            else:
                flat[f"{path}.{name}"] = value
    return flat


def t(key: str, /, **params: object) -> str:
    """The sentence of a key in the language in use, ``{placeholders}`` filled. Raises KeyError for an unknown key."""
    sentence = _catalog(_current, key.partition(".")[0])[key]
    return sentence.format_map(params) if params else sentence


def has(key: str) -> bool:
    """Is there such a sentence?"""
    try:
        return key in _catalog(_current, key.partition(".")[0])
    except FileNotFoundError:
        return False


def sentence(finding: Finding) -> str:
    """A finding in the clerk's language, and what its parameters name in that language too."""
    return t(f"finding.{finding.code}", **{name: _named(value) for name, value in finding.params.items()})


def notice(told: str) -> str:
    """A notice in the language in use: ``notice.<key>``, the values behind its question mark filled in; one with a dot
    is a whole key (``referral.e_card.what``)."""
    key, _, values = told.partition("?")
    return t(key if "." in key else f"notice.{key}", **dict(parse_qsl(values)))


def _named(value: Param) -> str | int:
    if isinstance(value, Key):
        return t(value)
    if isinstance(value, str | int):
        return value
    return value.zh if _current == "zh_CN" else value.en
