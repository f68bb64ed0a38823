"""What came of telling the province at once, as a command says it."""

from typing import TYPE_CHECKING, Any

import typer

from counter.cli.exits import Code
from counter.cli.output import finding_document, finding_line, say

if TYPE_CHECKING:
    from counter.province.acts import Telling


def told_document(telling: "Telling") -> dict[str, Any]:
    """`told` is null where there was nothing to tell; the findings say what came of it."""
    return {"told": telling.told, "findings": [finding_document(finding) for finding in telling.findings]}


def say_told(telling: "Telling") -> None:
    """The same for people."""
    for finding in telling.findings:
        say(finding_line(finding))


def exit_if_refused(telling: "Telling") -> None:
    """What the province refuses is a no, although the entry stands; no answer is none."""
    if telling.told == "refused":
        raise typer.Exit(Code.NO)
