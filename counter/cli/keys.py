"""``counter keys``: which key does what, and what is wrong in the file that puts them elsewhere."""

from typing import Any, Final

import typer

from counter.cli.commands import Commands
from counter.cli.exits import Code
from counter.cli.output import Json, document, say, table
from counter.cli.session import session
from counter.i18n import key_named, key_problem, listed, t
from counter.keymap.declared import COMMANDS
from counter.keymap.file import FILE, KeyFile, KeyProblem, read_keys
from counter.keymap.names import said
from counter.settings import home_of

app = Commands(help=t("cli.help.keys"))
MOST: Final = 3
"""So many keys of a command are listed for people: those of forms are many, and known."""


@app.command("list", help=t("cli.help.keys_list"))
def list_keys(context: typer.Context, json: Json = False) -> None:
    home = home_of(session(context).home)
    found = read_keys(home)
    rows = [_document(id, found) for id in COMMANDS]
    if json:
        document({"file": str(home / FILE), "keys": rows})
        return
    say(t("cli.keys.file", file=home / FILE))
    headings = [t(f"cli.keys.column.{name}") for name in ("id", "key", "does", "where", "remapped_from")]
    table(headings, map(_row, rows))


@app.command("check", help=t("cli.help.keys_check"))
def check_keys(context: typer.Context, json: Json = False) -> None:
    home = home_of(session(context).home)
    found = read_keys(home)
    if json:
        problems = [_problem_document(each) for each in found.problems]
        document({"file": str(home / FILE), "valid": not problems, "remapped": len(found.moved), "problems": problems})
    else:
        for each in found.problems:
            say(f"! {key_problem(each)}")
        say(t("cli.keys.checked", file=home / FILE, count=len(found.moved)))
    if found.problems:
        raise typer.Exit(Code.NO)


def _document(id: str, found: KeyFile) -> dict[str, Any]:
    command = COMMANDS[id]
    return {
        "id": id,
        "keys": found.keys_of(id),
        "does": key_named(id),
        "where": [t(f"keys.place.{place}") for place in command.places],
        "places": command.places,
        "fixed": command.fixed,
        "remapped_from": command.keys if id in found.moved else (),
        "source": found.sources.get(id, ""),
    }


def _row(row: dict[str, Any]) -> list[str]:
    """A command's document in words: which keys it had before, or that they stay."""
    before = t("cli.keys.fixed") if row["fixed"] else listed(map(said, row["remapped_from"]))
    keys, more = row["keys"][:MOST], row["keys"][MOST:]
    return [row["id"], listed([*map(said, keys), *([".."] if more else [])]), row["does"], listed(row["where"]), before]


def _problem_document(problem: KeyProblem) -> dict[str, str]:
    return {
        "code": problem.code,
        "id": problem.id,
        "key": problem.key,
        "source": problem.source,
        "message": key_problem(problem),
    }
