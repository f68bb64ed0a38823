"""What commands print: one JSON document on standard output, everything for people beside it."""

from collections.abc import Iterable, Sequence
from typing import Annotated

import msgspec
import typer

from counter.i18n import sentence, t
from counter.rules.finding import Finding
from counter.terminal.encoding import visible

Json = Annotated[bool, typer.Option("--json", help=t("cli.option.json"))]

_MARK = {"stop": "!", "ask": "?", "tell": "-"}


def document(value: object) -> None:
    """The one JSON document of a command, on one line."""
    typer.echo(msgspec.json.encode(value, enc_hook=str))


def say(text: str) -> None:
    """A line of the report, on standard output."""
    typer.echo(visible(text))


def note(text: str) -> None:
    """A line about the work, on standard error."""
    typer.echo(visible(text), err=True)


def finding_document(finding: Finding) -> dict[str, object]:
    """A finding as every command reports it; `field` is the dotted path into the case."""
    return {
        "level": finding.level,
        "rule": finding.rule,
        "code": finding.code,
        "field": finding.field,
        "message": sentence(finding),
    }


def finding_line(finding: Finding) -> str:
    """A finding as a line: mark, sentence, rule."""
    return f"  {_MARK[finding.level]} {sentence(finding)}  {finding.rule}"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Rows under their headings, in columns as wide as the terminal shows them."""
    from rich.cells import cell_len, set_cell_size

    lines = [tuple(headings), *(tuple(row) for row in rows)]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        say("  ".join(map(set_cell_size, line, widths)).rstrip())


def yuan(fen: int) -> str:
    """An amount in yuan, from fen."""
    return f"{fen / 100:.2f}"
