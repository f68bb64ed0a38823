"""``counter check``: the rules for numbers and photos, from the shell."""

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from counter.cli.commands import Commands
from counter.cli.exits import Code
from counter.cli.output import Json, document, finding_document, finding_line, say
from counter.cli.session import session
from counter.clock import today
from counter.i18n import t
from counter.rules.case import DocumentKind
from counter.rules.finding import Finding, Level
from counter.terminal.encoding import decoded, text_of

app = Commands(help=t("cli.help.check"))

Result = tuple[dict[str, Any], Sequence[Finding]]


@app.command("id", help=t("cli.help.check_id"))
def check_id(
    context: typer.Context,
    numbers: Annotated[list[str], typer.Argument(metavar="NUMBER...", help=t("cli.option.lines"))],
    kind: Annotated[DocumentKind | None, typer.Option(help=t("cli.option.kind"))] = None,
    json: Json = False,
) -> None:
    from counter.rules.numbers import identify

    regions = session(context).reference().regions

    def one(number: str) -> Result:
        reading = identify(number, kind, today(), regions)
        said = {"kind": reading.kind, "birth": reading.birth, "sex": reading.sex, "region": reading.region}
        return said, reading.findings

    _report(lines_of(numbers), one, json=json)


@app.command("photo", help=t("cli.help.check_photo"))
def check_photo(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", exists=True, dir_okay=False, help=t("cli.option.photo_files"))
    ],
    city: Annotated[str, typer.Option(help=t("cli.option.photo_city"))] = "",
    json: Json = False,
) -> None:
    from counter.rules.photo import check_photo
    from counter.rules.reference import PhotoSpec

    here = session(context)
    policy = here.reference().cities.get(city or here.settings.city)
    spec = policy.photo if policy else PhotoSpec()
    _report(map(str, files), lambda file: ({}, check_photo(Path(file).read_bytes(), spec)), json=json)


@app.command("uscc", help=t("cli.help.check_uscc"))
def check_uscc(
    codes: Annotated[list[str], typer.Argument(metavar="CODE...", help=t("cli.option.lines"))],
    json: Json = False,
) -> None:
    from counter.rules.numbers import check_uscc
    from counter.rules.text import number_text

    _report(lines_of(codes), lambda code: ({}, check_uscc(number_text(code))), json=json)


def lines_of(arguments: Sequence[str]) -> Iterator[str]:
    """The arguments, and for ``-`` the lines of standard input that are not empty."""
    for argument in arguments:
        if argument == "-":
            yield from filter(None, (decoded(line).strip() for line in sys.stdin.buffer))
        else:
            yield text_of(argument)


def _report(inputs: Iterator[str], check: Callable[[str], Result], *, json: bool) -> None:
    results = []
    for given in inputs:
        said, findings = check(given)
        valid = not any(finding.level is Level.STOP for finding in findings)
        found = [finding_document(finding) for finding in findings]
        results.append({"input": given, "valid": valid, **said, "findings": found})
        if not json:
            say(f"{'+' if valid else '!'} {given}")
            for finding in findings:
                say(finding_line(finding))
    if json:
        document({"results": results})
    if not all(result["valid"] for result in results):
        raise typer.Exit(Code.NO)
