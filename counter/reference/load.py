"""Loads the reference data (基础数据) of `data/`; what each file holds and how to change it stands in docs/data.md.

The data live in the checkout's `data/`, which the wheel carries as `counter/_data`. A real branch list that was
imported, ``<home>/branches.csv``, replaces the shipped one. Everything is read once, when first asked for.
"""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from msgspec import structs

from counter.rules.reference import AcceptedText, Bank, Branch, CityPolicy, Coded, Reference, Region

BRANCHES: Final = "branches.csv"
DEFAULT: Final = "default"
"""Whose values and texts a city takes that has none of its own."""

_PACKAGE: Final = Path(__file__).parent.parent
DATA: Final = _PACKAGE / "_data" if (_PACKAGE / "_data").is_dir() else _PACKAGE.parent / "data"
"""Where the shipped data stand: the wheel's copy, else the checkout's own."""

T = TypeVar("T", bound=msgspec.Struct)


class ReferenceDataError(Exception):
    """A file of reference data cannot be read; `place` is its name, with the line; never a row's content."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place}: {why}")
        self.place = place


def load_reference(home: Path | None = None) -> Reference:
    """The reference data, with the branches of `home` in place of the shipped ones where it has a list of its own.

    Cached; a branch list that changes is read again. Raises ReferenceDataError.
    """
    own = home / BRANCHES if home else None
    if own is None or not own.is_file():
        return read_folder(DATA)
    stat = own.stat()
    return _with_branches(own, (stat.st_mtime_ns, stat.st_ino))


@lru_cache(maxsize=1)
def _with_branches(path: Path, _version: tuple[int, int]) -> Reference:
    return structs.replace(read_folder(DATA), branches=_keyed(path, Branch, "id"))


@cache
def read_folder(folder: Path) -> Reference:
    """The reference data of a folder that is laid out as `data/` is. Raises ReferenceDataError."""
    regions = _keyed(folder / "regions.csv", Region, "code")
    general, cities = _policies(folder / "cities.toml", regions, _texts(folder / "texts"))
    return Reference(
        regions=regions,
        cities=cities,
        general=general,
        banks=_keyed(folder / "banks.csv", Bank, "id"),
        branches=_keyed(folder / BRANCHES, Branch, "id"),
        ethnicities=_keyed(folder / "ethnicities.csv", Coded, "code"),
        occupations=_keyed(folder / "occupations.csv", Coded, "code"),
        holidays=_holidays(folder / "holidays.csv"),
    )


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row by its column names, with the number of the line that it ends on."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            for row in reader:
                yield reader.line_num, row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ReferenceDataError(path.name, type(error).__name__) from error


def _keyed(path: Path, row_type: type[T], key: str) -> dict[str, T]:
    items: dict[str, T] = {}
    for line, row in _rows(path):
        try:
            item = msgspec.convert(row, row_type, strict=False)
        except msgspec.ValidationError as error:
            raise ReferenceDataError(f"{path.name}:{line}", f"not a {row_type.__name__}") from error
        if items.setdefault(row[key], item) is not item:
            raise ReferenceDataError(f"{path.name}:{line}", f"the {key} stands there twice")
    return items


def _holidays(path: Path) -> dict[date, bool]:
    try:
        return {date.fromisoformat(row["date"]): row["working"] == "1" for _, row in _rows(path)}
    except (KeyError, ValueError) as error:
        raise ReferenceDataError(path.name, "rows are date (YYYY-MM-DD) and working (0 or 1)") from error


Texts = dict[str, dict[str, AcceptedText]]
"""Texts by their ids, by the city that says so."""


def _texts(folder: Path) -> Texts:
    """The texts of ``texts/<city>/<id>.toml``."""
    found: Texts = {}
    for file in sorted(folder.glob("*/*.toml")):
        city, id = file.parent.name, file.stem
        try:
            written = tomllib.loads(file.read_text("utf-8"))
            found.setdefault(city, {})[id] = msgspec.convert({**written, "id": id, "city": city}, AcceptedText)
        except (OSError, ValueError, msgspec.ValidationError) as error:
            raise ReferenceDataError(f"texts/{city}/{file.name}", str(error)) from error
    return found


def _policies(path: Path, regions: Mapping[str, Region], texts: Texts) -> tuple[CityPolicy, dict[str, CityPolicy]]:
    """What holds in general, and what each city makes of it."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
        default = {**data["default"], "texts": texts.pop(DEFAULT, {})}
        own = {code: {**values, "texts": texts.pop(code, {})} for code, values in data["city"].items()}
        if texts:
            raise ReferenceDataError("texts", f"no such city as {', '.join(texts)}")
        cities = {code: _policy(default, values, code, regions[code].name) for code, values in own.items()}
        return _policy(default, {"en": ""}), cities
    except (OSError, ValueError, KeyError, msgspec.ValidationError) as error:
        raise ReferenceDataError(path.name, str(error)) from error


MERGED: Final = ("fees", "photo", "offices", "referrals", "texts")
"""The tables of which a city names only what differs."""


def _policy(default: dict[str, Any], own: dict[str, Any], code: str = "", name: str = "") -> CityPolicy:
    merged = {table: {**default.get(table, {}), **own.get(table, {})} for table in MERGED}
    return msgspec.convert({**default, **own, **merged, "city": code, "zh": name}, CityPolicy)
