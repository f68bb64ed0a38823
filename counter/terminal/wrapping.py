"""Text in columns: Chinese takes two a character and breaks anywhere, words do not break."""

import re
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells

_TOKEN = re.compile(r"\s+|[（「『《“‘]*(?:\d+年\d+月\d+日|[!-~]+|.)[，。；：、！？）」』》”’]*")
"""What a line is broken between: no line begins with a closing mark or ends with an opening one (避头尾); a day written
in characters is one word."""


def hang(head: str, text: str, width: int) -> list[str]:
    """A paragraph in lines of at most `width` columns, hanging under its head."""
    lines, line = [], head
    for token in _tokens(text, max(width - cell_len(head), 2)):
        if cell_len(line) + cell_len(token.rstrip()) > width:
            lines.append(line.rstrip())
            line = " " * cell_len(head)
        line += token if line.strip() else token.lstrip()
    return [*lines, line.rstrip()]


def _tokens(text: str, room: int) -> Iterator[str]:
    """What a line is broken between; a word that no line has room for is cut, as nothing may be lost at the edge."""
    for token in _TOKEN.findall(text):
        yield from chop_cells(token, room) if cell_len(token) > room else (token,)
