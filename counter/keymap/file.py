"""``<home>/keys.toml``: the keys that a clerk has put elsewhere, ``id = "key"`` or ``id = ["key", "key"]``.

What is wrong in it is named, and for that the usual keys stay: a counter opens whatever its keys are.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Final, TypeAlias

from counter.files import line_of
from counter.keymap.declared import COMMANDS, meet
from counter.keymap.names import named, said, same_as, unfit

FILE: Final = "keys.toml"
Keys: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyProblem:
    """Something that cannot be as the file says: ``keys.problem.<code>`` in the catalogs is its sentence."""

    code: str
    source: str
    """``file:line``, or the file."""
    id: str = ""
    key: str = ""
    same_as: str = ""
    """The key that this one cannot be told from."""
    others: tuple[str, ...] = ()
    """The ids of the commands in whose way it is."""
    error: OSError | None = None


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What the file says, as far as it can be."""

    moved: Mapping[str, Keys] = field(default_factory=dict)
    """The ids that have other keys than usual."""
    problems: tuple[KeyProblem, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    """Where each of those ids is said: ``file:line``."""

    def keys_of(self, id: str) -> Keys:
        """The keys of a command."""
        return self.moved.get(id, COMMANDS[id].keys)


def read_keys(home: Path) -> KeyFile:
    """The file of a home; nothing is moved where there is none."""
    path = home / FILE
    try:
        text = path.read_text("utf-8")
        told = tomllib.loads(text)
    except FileNotFoundError:
        return KeyFile()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        at = re.search(r"line (\d+)", str(error))
        return KeyFile(problems=(KeyProblem("syntax", f"{path}:{at[1]}" if at else str(path)),))
    except OSError as error:
        return KeyFile(problems=(KeyProblem("unreadable", str(path), error=error),))
    sources = {id: line_of(path, text, id) for id in told}
    problems: list[KeyProblem] = []
    moved: dict[str, Keys] = {}
    for id, value in told.items():
        wrong = list(_wrong(id, value, sources[id]))
        problems += wrong
        if not wrong and (keys := _keys(value)) != COMMANDS[id].keys:
            moved[id] = keys
    moved, clashes = _apart(moved, sources)
    in_order = sorted([*problems, *clashes], key=lambda problem: list(told).index(problem.id))
    return KeyFile(moved, tuple(in_order), {id: sources[id] for id in moved})


def _keys(value: object) -> Keys:
    listed = value if isinstance(value, list) else str(value).split(",")
    return tuple(dict.fromkeys(named(str(each)) for each in listed if str(each).strip()))


def _wrong(id: str, value: object, source: str) -> Iterator[KeyProblem]:
    """What keeps an entry of the file from being taken, by itself."""
    if id not in COMMANDS:
        yield KeyProblem("no_such", source, id)
        return
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str) for each in texts):
        yield KeyProblem("value", source, id)
    elif COMMANDS[id].fixed:
        yield KeyProblem("fixed", source, id)
    elif not _keys(value):
        yield KeyProblem("none", source, id)
    else:
        for key in _keys(value):
            if key not in COMMANDS[id].keys and (code := unfit(key)):
                yield KeyProblem(code, source, id, said(key), same_as(key))


def _apart(moved: dict[str, Keys], sources: Mapping[str, str]) -> tuple[dict[str, Keys], list[KeyProblem]]:
    """What is left once nothing is in another's way: what is, goes back to its usual keys, until all stand apart."""
    problems: list[KeyProblem] = []
    while clashes := _clashes(moved):
        problems += [
            KeyProblem("clash", sources[id], id, said(key), others=tuple(clashes[id, key])) for id, key in clashes
        ]
        back = {id for id, _ in clashes}
        moved = {id: keys for id, keys in moved.items() if id not in back}
    return moved, problems


def _clashes(moved: Mapping[str, Keys]) -> dict[tuple[str, str], list[str]]:
    """By moved command and key: the others that have this key where it works.

    Two that share a key usually, where the inner one comes first (recording and going on), may share another as well.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for id, other in product(moved, COMMANDS):
        usual, theirs = set(COMMANDS[id].keys), COMMANDS[other].keys
        if id == other or usual & set(theirs) or not meet(id, other):
            continue
        for key in moved[id]:
            if key not in usual and key in moved.get(other, theirs):
                found.setdefault((id, key), []).append(other)
    return found
