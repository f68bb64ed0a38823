"""The options by which a second person (复核人) stands beside who has signed in."""

from pathlib import Path
from typing import Annotated

import typer

from counter.cli.session import ask
from counter.i18n import t
from counter.settings import first_line

Checker = Annotated[str | None, typer.Option(help=t("cli.option.checker"))]
CheckerPassphraseFile = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help=t("cli.option.checker_passphrase_file"))
]


def checker_passphrase(file: Path | None, question: str = "cli.ask.checker_passphrase") -> str:
    """Their passphrase: the first line of the file, else asked at the terminal, hidden."""
    return first_line(file) if file else ask(t(question), hidden=True)


def second_person(checker: str | None, file: Path | None) -> tuple[str, str]:
    """Who it is, as named or asked at the terminal, and their passphrase."""
    return checker or ask(t("cli.ask.checker")), checker_passphrase(file)
