"""``counter operator``: who can open the ledger (密钥槽)."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counter.cli.commands import Commands
from counter.cli.output import Json, document, note, say, table
from counter.cli.second import Checker, CheckerPassphraseFile, checker_passphrase
from counter.cli.session import ask, session
from counter.i18n import t
from counter.settings import first_line
from counter.store.records import Operator, Role

if TYPE_CHECKING:
    from counter.store.store import Store
    from counter.store.unlocked import Signatory

app = Commands(help=t("cli.help.operator"))

OperatorId = Annotated[str, typer.Argument(metavar="ID", help=t("cli.option.operator"))]
NewPassphrase = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help=t("cli.option.new_passphrase_file"))
]


@app.command("list", help=t("cli.help.operator_list"))
def list_operators(context: typer.Context, json: Json = False) -> None:
    with session(context).store() as store:
        operators = store.operators.list()
    if json:
        document({"operators": operators})
    else:
        headings = [t(f"cli.operator.column.{name}") for name in ("id", "name", "role", "active")]
        table(headings, map(_row, operators))


@app.command(help=t("cli.help.operator_add"))
def add(
    context: typer.Context,
    id: OperatorId,
    name: Annotated[str, typer.Option(help=t("cli.option.name"))],
    role: Annotated[Role, typer.Option(help=t("cli.option.role"))] = Role.CLERK,
    new_passphrase_file: NewPassphrase = None,
    checker: Checker = None,
    checker_passphrase_file: CheckerPassphraseFile = None,
    json: Json = False,
) -> None:
    with session(context).store() as store:
        second = _second(store, checker, checker_passphrase_file)
        added = store.operators.add(id, name, role, new_passphrase(new_passphrase_file), second)
    _done(added, t("cli.operator.added", id=id), json=json)


@app.command(help=t("cli.help.operator_enable"))
def enable(
    context: typer.Context,
    id: OperatorId,
    new_passphrase_file: NewPassphrase = None,
    checker: Checker = None,
    checker_passphrase_file: CheckerPassphraseFile = None,
    json: Json = False,
) -> None:
    with session(context).store() as store:
        second = _second(store, checker, checker_passphrase_file)
        enabled = store.operators.enable(id, new_passphrase(new_passphrase_file), second)
    _done(enabled, t("cli.operator.enabled", id=id), json=json)


@app.command(help=t("cli.help.operator_disable"))
def disable(context: typer.Context, id: OperatorId, json: Json = False) -> None:
    with session(context).store() as store:
        store.operators.disable(id)
        waits = store.operators.key_is_given_up()
    _done({"id": id, "active": False}, t("cli.operator.disabled", id=id), json=json)
    _say_of_the_key(waits=waits)


@app.command(help=t("cli.help.operator_passphrase"))
def passphrase(context: typer.Context, new_passphrase_file: NewPassphrase = None, json: Json = False) -> None:
    here = session(context)
    who, old = here.operator(), here.passphrase()
    with here.store_of(who, old) as store:
        store.operators.change_passphrase(who, old, new_passphrase(new_passphrase_file))
        waits = store.operators.key_is_given_up()
    _done({"id": who}, t("cli.operator.changed", id=who), json=json)
    _say_of_the_key(waits=waits)


@app.command("key-file", help=t("cli.help.operator_key_file"))
def key_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=t("cli.option.key_file_new"))],
    json: Json = False,
) -> None:
    with session(context).store() as store:
        store.operators.add_key_file(file)
        waits = store.operators.key_is_given_up()
    _done({"file": str(file)}, t("cli.operator.key_file", file=file), json=json)
    _say_of_the_key(waits=waits)


def _second(store: "Store", checker: str | None, file: Path | None) -> "Signatory | None":
    """The second person, once they have shown their passphrase; None where nobody is named."""
    return store.operators.verify(checker, checker_passphrase(file)) if checker else None


def new_passphrase(file: Path | None) -> str:
    """A new passphrase: the first line of a file, else asked twice at the terminal."""
    return first_line(file) if file else ask(t("cli.ask.new_passphrase"), hidden=True, confirm=True)


def _done(value: object, text: str, *, json: bool) -> None:
    if json:
        document(value)
    else:
        say(text)


def _say_of_the_key(*, waits: bool) -> None:
    if waits:
        note(t("cli.operator.key_waits"))


def _row(operator: Operator) -> list[str]:
    return [operator.id, operator.name, t(f"cli.role.{operator.role}"), "+" if operator.active else "-"]
