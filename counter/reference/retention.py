"""How long what names a person is kept (``data/retention.toml``)."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec

from counter.reference.load import DATA, ReferenceDataError

Days = Annotated[int, msgspec.Meta(ge=0, le=36525)]
"""0: it is kept."""


class Periods(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The days that each kind is kept; docs/data.md says what belongs to it and from when it counts."""

    entries: Days
    photos: Days
    drafts: Days
    rosters: Days
    papers: Days
    backups: Days


@cache
def periods(folder: Path = DATA) -> Periods:
    """What the data say. Raises `ReferenceDataError`."""
    path = folder / "retention.toml"
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Periods)
    except (OSError, ValueError) as error:  # TOML's and msgspec's errors are ValueErrors
        raise ReferenceDataError(path.name, str(error)) from error
