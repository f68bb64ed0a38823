"""Sentences for people: Chinese first (默认中文), English complete beside it.

A language is a folder of catalogs, ``locale/<language>/``, with a ``language.toml`` that says what is its own
(`Traits`). A catalog is a TOML file, ``<namespace>.toml``; a key is ``<namespace>.<dotted path>``. Symbolic keys
instead of gettext's source sentences, because neither language translates the other, most sentences are chosen by an id
(a rule, a service, a finding), and TOML needs no compile step. A namespace is read when first asked for; what it lacks
is said in the language's fallback, key by key.

``{name}`` in a sentence is filled in; ``{count:person|people}`` is the word for one where `count` is 1, else the other.
``{key.record}`` is the key that the command has now (`counter.keymap`): it is filled in when a catalog is read.

What only the data say (a branch, a street, a region) is in the trade's script. A language of another script has a
``script.txt`` beside its catalogs, with which such a name is `written`; what a person typed is left as they typed it.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from errno import errorcode
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import parse_qsl

import msgspec

from counter.keymap import in_use
from counter.keymap.declared import COMMANDS
from counter.keymap.file import KeyFile, KeyProblem
from counter.keymap.names import said as key_said
from counter.rules.finding import Finding, Key, Named, Param
from counter.rules.reference import Bank
from counter.rules.service import Service, StepId

Language: TypeAlias = str
"""The name of a language's folder: one of `LANGUAGES`."""

DEFAULT: Final[Language] = "zh_CN"
"""The trade's language: the one of who chooses none, and of a letter from bank to bank."""

_LOCALE: Final = files("counter") / "locale"
_TRAITS_FILE: Final = "language.toml"
_SCRIPT_FILE: Final = "script.txt"
_ISO_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_KEY: Final = re.compile(r"\{key\.([\w-]+)\}")


def _languages() -> tuple[Language, ...]:
    found = (folder.name for folder in _LOCALE.iterdir() if (folder / _TRAITS_FILE).is_file())
    return tuple(sorted(found, key=lambda language: (language != DEFAULT, language)))


LANGUAGES: Final[tuple[Language, ...]] = _languages()
"""Every language there is, the default one first."""

_current: Language = DEFAULT


class LabelWidth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Columns of the terminal that a label takes, by where it stands."""

    field: int
    """A field of a form."""

    step: int
    """A section of the confirmation."""


class Traits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is a language's own, from its ``language.toml``; what that lacks is the fallback's."""

    name: str
    """As its readers write it: 简体中文."""

    fallback: Language = ""
    """The language whose sentences stand in for those that it lacks; without one it is whole."""

    on_slips: bool = False
    """Is it one of the languages of a slip in several (双语回执单)?"""

    documents: tuple[str, ...] = ()
    """The identity documents (`DocumentKind`) whose holders have their paper in it, above the trade's language."""

    date: str = "{:%Y-%m-%d}"
    """How a day is written, for `str.format`."""

    separator: str
    """Between the items of a list in a sentence."""

    name_field: Literal["zh", "en"]
    """Which field of a thing of reference data is its name."""

    short_name_field: Literal["short", "en"]
    """Which field of a bank is what people call it."""

    label_width: LabelWidth


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


def traits(language: Language = "") -> Traits:
    """What is a language's own; of the one in use where none is named."""
    return _traits(language or _current)


@cache
def _traits(language: Language) -> Traits:
    return msgspec.convert(_own_traits(language), Traits)


def _own_traits(language: Language) -> dict[str, Any]:
    own = tomllib.loads((_LOCALE / language / _TRAITS_FILE).read_text("utf-8"))
    return _own_traits(own["fallback"]) | own if "fallback" in own else own


@cache
def _script(language: Language) -> Callable[[str], str]:
    """From the trade's script into the language's; the fallback's where it has none of its own.

    ``script.txt`` holds words, half of each as the trade writes it and half as the language does; the longest that fits
    counts. Behind ``#`` stands a remark.
    """
    source, fallback = _LOCALE / language / _SCRIPT_FILE, _traits(language).fallback
    if not source.is_file():
        return _script(fallback) if fallback else str
    lines = source.read_text("utf-8").splitlines()
    words = [word for line in lines for word in line.partition("#")[0].split()]
    pairs = {word[: len(word) // 2]: word[len(word) // 2 :] for word in words}
    longer = sorted((part for part in pairs if len(part) > 1), key=len, reverse=True)
    known = re.compile("|".join([*longer, f"[{''.join(part for part in pairs if len(part) == 1)}]"]))
    return lambda text: known.sub(lambda found: pairs[found[0]], text)


@cache
def _catalog(language: Language, namespace: str) -> Mapping[str, str]:
    """The sentences of a namespace by their keys, the fallback's among them; none where there is no such namespace."""
    fallback = _traits(language).fallback
    flat = dict(_catalog(fallback, namespace)) if fallback else {}
    source = _LOCALE / language / f"{namespace}.toml"
    pending = [(namespace, tomllib.loads(source.read_text("utf-8")))] if source.is_file() else []
    while pending:
        path, table = pending.pop()
        for name, value in table.items():
            if isinstance(value, dict):
                pending.append((f"{path}.{name}", value))
            else:
                flat[f"{path}.{name}"] = _KEY.sub(lambda found: in_use.key_of(found[1]), value)
    return flat


def use_keys(keys: KeyFile) -> None:
    """Have every sentence name these keys from here on, for the whole process."""
    if in_use.use(keys):
        _catalog.cache_clear()


class _Plurals(Formatter):
    """As `str.format`, and ``{count:one|more}`` chooses by the count."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, chooses, more = format_spec.partition("|")
        if not chooses:
            return format(value, format_spec)
        return one if str(value) == "1" else more


_PLURALS: Final = _Plurals()


def t(key: str, /, **params: object) -> str:
    """The sentence of a key in the language in use, ``{placeholders}`` filled. Raises KeyError for an unknown key."""
    sentence = _catalog(_current, key.partition(".")[0])[key]
    if not params:
        return sentence
    return _PLURALS.vformat(sentence, (), params) if "|" in sentence else sentence.format_map(params)


def in_every_language(key: str) -> dict[Language, str]:
    """The sentence of a key in each language that has it: what is typed may be of any."""
    namespace = key.partition(".")[0]
    return {language: catalog[key] for language in LANGUAGES if key in (catalog := _catalog(language, namespace))}


def keys_of(namespace: str) -> tuple[str, ...]:
    """The keys of all sentences of a namespace, sorted."""
    return tuple(sorted(_catalog(_current, namespace)))


def has(key: str) -> bool:
    """Is there such a sentence?"""
    return key in _catalog(_current, key.partition(".")[0])


def named(thing: Named) -> str:
    """The name of a thing of reference data (a bank, a city, an item of a code list) in the language in use."""
    return written(str(getattr(thing, traits().name_field)))


def names_of(thing: Named) -> set[str]:
    """The names of a thing of reference data in every language: what somebody may have written."""
    return {_script(each)(str(getattr(thing, _traits(each).name_field))) for each in LANGUAGES}


def short_name(bank: Bank) -> str:
    """A bank as people call it (农行); in English it has its name only."""
    return written(str(getattr(bank, traits().short_name_field)))


def written(name: str) -> str:
    """What the data say in the trade's script (a branch's name, a street, a region), in the script in use."""
    return _script(_current)(name)


def dated(day: date) -> str:
    """A day as it is written in the language in use: 2026-11-20, 2026年11月20日."""
    return traits().date.format(day)


def paper_name(key: str, form: str) -> str:
    """A paper (材料) by its key in the catalog, with what is asked of it: the original (原件) or a copy (复印件)."""
    return t("steps.paper", paper=t(key), form=t(f"choice.paper_form.{form}"))


def listed(items: Iterable[str]) -> str:
    """Items one after the other, as a sentence lists them."""
    return traits().separator.join(items)


def step_name(service: Service, step: StepId) -> str:
    """A step as the service calls it: that of the card after the card that it acts on (原卡, 新卡, 社保卡)."""
    return t(f"step.{service.card}" if step is StepId.CARD else f"step.{step}")


def card_label(service: Service, path: str) -> str:
    """The key of a field's name, as the service calls the card that it acts on (原社保卡号, 新卡卡号, 社保卡号)."""
    own = path.replace("old_card.", f"{service.card}.", 1) if path.startswith("old_card.") else path
    return f"field.{own if has(f'field.{own}') else path}"


def sentence(finding: Finding) -> str:
    """A finding in the clerk's language, and what its parameters name in that language too; the way on behind it."""
    said = t(f"finding.{finding.code}", **{name: _worded(value) for name, value in finding.params.items()})
    return t("finding.way_on", said=said, number=finding.way_on) if finding.way_on else said


def notice(told: str) -> str:
    """A notice in the language in use: ``notice.<key>``, the values behind its question mark filled in; one with a dot
    is is a whole key (``referral.e_card.what``). A referral's part comes behind its label."""
    key, _, values = told.partition("?")
    said = t(key if "." in key else f"notice.{key}", **_told_values(values))
    if not key.startswith("referral."):
        return said
    part = key.rpartition(".")[2]
    return f"{t(f'screen.referral.{part}')}: {said}"


def _told_values(values: str) -> dict[str, str]:
    """A notice's values: of a name in several languages (``office.zh``) the one in use, several of one name listed."""
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(values):
        stem, _, field = name.partition(".")
        if field in ("", traits().name_field):
            found.setdefault(stem, []).append(_told_value(value))
    return {name: listed(texts) for name, texts in found.items()}


def _told_value(value: str) -> str:
    """One that names a choice (``choice.document.hukou``) in its words, a day as it is written, else what data say."""
    if value.startswith("choice."):
        return t(value)
    return dated(date.fromisoformat(value)) if _ISO_DAY.fullmatch(value) else written(value)


def key_named(id: str) -> str:
    """What a command that has a key is called."""
    command = COMMANDS[id]
    return t(command.does, number=id.rpartition("-")[2])


def key_problem(problem: KeyProblem) -> str:
    """What is wrong in ``keys.toml``; the usual keys stay for it."""
    usual = COMMANDS[problem.id].keys if problem.id in COMMANDS else ()
    return t(
        f"keys.problem.{problem.code}",
        source=problem.source,
        id=problem.id,
        key=problem.key,
        usual=listed(map(key_said, usual)),
        same_as=problem.same_as,
        others=listed(f"{key_named(id)} ({id})" for id in problem.others),
        reason=reason(problem.error) if problem.error else "",
    )


def explained(error: BaseException) -> str:
    """The sentence for an error of ours, ``error.<class>``, or of the nearest kind that it is one of.

    Empty for one that nobody foresaw. What the sentence says more is the error's own (`said`, by name).
    """
    for kind in type(error).__mro__:
        if kind.__module__.startswith("counter.") and has(key := f"error.{kind.__name__}"):
            return t(key, **{name: _worded(value) for name, value in getattr(error, "said", {}).items()})
    return ""


def reason(error: OSError) -> str:
    """Why the system refuses; in its own words, which may be English, where the catalogs have none."""
    key = f"error.reason.{errorcode.get(error.errno or 0, '')}"
    return t(key) if has(key) else error.strerror or str(error)


def _worded(value: Param) -> str | int:
    if isinstance(value, Key):
        return t(value)
    return value if isinstance(value, str | int) else named(value)
