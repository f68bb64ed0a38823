"""``counter man``: the manual page, shown or put where man(1) looks for it, in every language that is whole."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from counter.cli.output import note
from counter.files import write_whole
from counter.i18n import LANGUAGES, Language, listed, t, traits

_COMMON: Final[Language] = "en"
"""The language of the pages that stand in no language's folder: man(1) shows them to who has none in their own."""


def man(
    context: typer.Context,
    to: Annotated[Path | None, typer.Option(file_okay=False, help=t("cli.option.man_to"))] = None,
) -> None:
    if to is None:
        from counter.cli.manual import manual

        typer.echo(manual(context.find_root().command), nl=False)
    else:
        # one that leans on another has no words of the shell: its page would be the other's
        files = [_written(to, language) for language in LANGUAGES if not traits(language).fallback]
        note(t("cli.manual.written", files=listed(map(str, files))))


def _written(folder: Path, language: Language) -> Path:
    """Write the page of a language, as a `counter` of that language says it: help is read once, at the start."""
    command = [sys.executable, "-m", "counter", "--lang", language, "man"]
    page = subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603 - this program itself
    section = (folder if language == _COMMON else folder / language) / "man1"
    section.mkdir(parents=True, exist_ok=True)
    file = section / "counter.1"
    write_whole(file, page)
    file.chmod(0o644)  # for everybody, where the folder is
    return file
