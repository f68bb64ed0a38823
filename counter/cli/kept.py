"""What of ``counter ledger`` keeps a ledger safe and brings it back: a backup, a restore, what the old machine had."""

from pathlib import Path
from typing import Annotated

import typer

from counter.cli.exits import Code
from counter.cli.output import Json, document, note, say
from counter.cli.session import session
from counter.i18n import listed, t
from counter.settings import first_line
from counter.store.records import Verification


def backup(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", file_okay=False, help=t("cli.option.backup"))],
    json: Json = False,
) -> None:
    with session(context).store() as store:
        found = store.back_up(folder)
    _verified(found, folder, t("cli.ledger.backed_up", entries=found.entries, folder=folder), json=json)


def restore(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", exists=True, file_okay=False, help=t("cli.option.backup"))
    ],
    json: Json = False,
) -> None:
    from counter.store.store import Store

    here = session(context)
    home = here.settings.home
    found = Store.restore(home, folder, here.operator(), here.passphrase())
    if json:
        document({"folder": home, "entries": found.entries, "valid": found.valid, "missing": list(found.missing)})
        return
    say(t("cli.ledger.restored", entries=found.entries, folder=home))
    if gone := found.missing:
        say(t("cli.ledger.restored_missing", expected=found.expected, first=gone[0], last=gone[-1]))
    note(t("cli.ledger.restored_next"))


def carry_over(
    context: typer.Context,
    old_home: Annotated[
        Path, typer.Argument(metavar="FOLDER", exists=True, file_okay=False, help=t("cli.option.old_home"))
    ],
    old_passphrase_file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help=t("cli.option.old_passphrase_file"))
    ] = None,
    json: Json = False,
) -> None:
    here = session(context)
    who, passphrase = here.operator(), here.passphrase()
    there = first_line(old_passphrase_file) if old_passphrase_file else passphrase
    with here.store_of(who, passphrase) as store:
        found = store.carry_over(old_home, there)
    if json:
        document(
            {
                "carried": [{"was": was, "quote_number": number} for was, number in found.carried],
                "waiting": [{"was": was, "id": id} for was, id in found.waiting],
                "there": found.there,
                "missing": found.missing,
            }
        )
    else:
        for was, number in found.carried:
            say(t("cli.ledger.carried", old=was, new=number))
        for was, id in found.waiting:
            say(t("cli.ledger.carried_waits", old=was, id=id))
        carried, waiting = len(found.carried), len(found.waiting)
        say(t("cli.ledger.carried_over", carried=carried, waiting=waiting, there=found.there))
        if found.missing:
            say(t("cli.ledger.carried_missing", numbers=listed(str(seq) for seq in found.missing)))
    if found.missing:
        raise typer.Exit(Code.NO)


def _verified(found: Verification, folder: Path, text: str, *, json: bool) -> None:
    if json:
        document({"folder": folder, "entries": found.entries, "valid": found.valid})
    else:
        say(text)
