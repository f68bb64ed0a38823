"""Text in columns: Chinese takes two a character and breaks anywhere, words do not break."""

import re

from rich.cells import cell_len

_TOKEN = re.compile(r"\s+|[（「『《“‘]*(?:[!-~]+|.)[，。；：、！？）」』》”’]*")
"""What a line is broken between: no line begins with a closing mark or ends with an opening one (避头尾)."""


def hang(head: str, text: str, width: int) -> list[str]:
    """A paragraph in lines of at most `width` columns, hanging under its head."""
    lines, line = [], head
    for token in _TOKEN.findall(text):
        if cell_len(line) + cell_len(token.rstrip()) > width:
            lines.append(line.rstrip())
            line = " " * cell_len(head)
        line += token if line.strip() else token.lstrip()
    return [*lines, line.rstrip()]
