"""How often the same entry is sent (``data/sync.toml``)."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec

from counter.reference.load import DATA, ReferenceDataError


class Tries(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`failures`: the syncs in which the province may fail over one entry, until it comes back."""

    failures: Annotated[int, msgspec.Meta(ge=1, le=1000)]


@cache
def tries(folder: Path = DATA) -> Tries:
    """What the data say. Raises `ReferenceDataError`."""
    path = folder / "sync.toml"
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Tries)
    except (OSError, ValueError) as error:  # TOML's and msgspec's errors are ValueErrors
        raise ReferenceDataError(path.name, str(error)) from error
