"""Stylesheets are parsed once a session, not once an app: an app shares with the next what both parse alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from textual.css.stylesheet import Stylesheet


class _Kept(dict[Any, Any]):
    """Rules by their source, as they are in one set of colours."""

    def clear(self) -> None:
        """A stylesheet forgets its rules when it is given other colours; in these they are still right."""


@contextmanager
def css_parsed_once() -> Iterator[None]:
    """Every stylesheet keeps its rules where the next one of the same colours looks for them."""
    kept: dict[object, _Kept] = {}
    parse = Stylesheet.parse

    def parse_what_is_new(self: Stylesheet) -> None:
        rules: Any = kept.setdefault(frozenset(self._variables.items()), _Kept())
        self._parse_cache = rules
        parse(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "parse", parse_what_is_new)
        yield
