"""Find by any fragment (任意片段): lines of text in one long string, in memory.

One search of a string is the fastest index that Python has: 100,000 lines of 40 characters are looked through in a few
milliseconds, whatever was typed, a single Chinese character too (an index of trigrams needs three).
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Generic, TypeVar

from counter.rules.text import plain

_END: Final = "\n"
"""Between two lines; no line has one."""
_GAP: Final = "\t"
"""Between two words of a line, so that nothing is found across them."""

T = TypeVar("T")


def words_of(query: str) -> list[str]:
    """What has to be found, each of them, in whatever order."""
    return plain(query).casefold().split()


class Fragments(Generic[T]):
    """Things, each with the words that it is found by; those that came last are found first."""

    def __init__(self, lines: Iterable[tuple[T, Sequence[str]]] = ()) -> None:
        self._things: list[T] = []
        self._starts = array("L")
        self._text = _END
        self.add(lines)

    def __len__(self) -> int:
        return len(self._things)

    def add(self, lines: Iterable[tuple[T, Sequence[str]]]) -> None:
        """Put things behind those that there are."""
        parts, start = [self._text], len(self._text)
        for thing, words in lines:
            line = _GAP.join(" ".join(word.split()) for word in words if word).casefold() + _END
            self._things.append(thing)
            self._starts.append(start)
            start += len(line)
            parts.append(line)
        self._text = "".join(parts)

    def find(self, query: str) -> Iterator[T]:
        """The things in whose lines every word of the query stands; none for an empty query."""
        words = words_of(query)
        if not words:
            return
        rarest, *others = sorted(words, key=self._text.count) if len(words) > 1 else words
        at = self._text.rfind(rarest)
        while at >= 0:
            place = bisect_right(self._starts, at) - 1
            start = self._starts[place]
            line = self._text[start : self._text.index(_END, start)] if others else ""
            if all(word in line for word in others):
                yield self._things[place]
            at = self._text.rfind(rarest, 0, start)
