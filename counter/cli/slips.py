"""``counter ledger slip``: what a customer carries home of an entry, shown, saved or printed again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counter.cli.exits import UsageError
from counter.cli.output import Json, document, note, say
from counter.cli.session import Session, session
from counter.i18n import LANGUAGES, listed, t
from counter.store.deeds import LETTER, PRINT, SAVE
from counter.store.records import LedgerEntry

if TYPE_CHECKING:
    from counter.paper.languages import Printed
    from counter.rules.reference import Reference
    from counter.store.store import Store

_SEQ_DIGITS = 19
"""A sequence number of this many digits no longer fits SQLite's integers."""


def slip(
    context: typer.Context,
    entry: Annotated[str, typer.Argument(metavar="SEQ|ID", help=t("cli.option.entry"))],
    languages: Annotated[
        list[str] | None,
        typer.Option(
            "--in",
            metavar="LANGUAGE",
            help=t("cli.option.paper_languages"),
            autocompletion=lambda: list(LANGUAGES),
        ),
    ] = None,
    letter: Annotated[bool, typer.Option("--letter", help=t("cli.option.letter"))] = False,
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", dir_okay=False, help=t("cli.option.slip_pdf"))] = None,
    print_it: Annotated[bool, typer.Option("--print", help=t("cli.option.print"))] = False,
    json: Json = False,
) -> None:
    from counter.files import write_whole
    from counter.paper.fonts import find_fonts
    from counter.paper.languages import Printed
    from counter.paper.pdf import pdf as as_pdf

    wanted = tuple(dict.fromkeys(languages or ()))
    if not set(wanted) <= set(LANGUAGES):
        raise UsageError(t("cli.ledger.no_language", languages=listed(LANGUAGES)))
    here = session(context)
    with here.store() as store:
        found = entry_of(store, entry)
        printed = _letter(store, found, here.reference()) if letter else _slip(store, found, here.reference())
        store.audit.note_if_room(SAVE if pdf else PRINT, found.id)
        number = "" if letter else store.ledger.quote_number(found)
    if wanted:
        printed = Printed(printed.make, (wanted,))
    if pdf:
        write_whole(pdf, as_pdf(printed.text, pdf.stem, find_fonts(here.settings.font), whole=letter))
        if letter:
            note(t("cli.ledger.letter_written"))
    if print_it:
        _print(here, printed.text, number, whole=letter)
    if json:
        document({"languages": printed.languages, "text": printed.text, "file": str(pdf) if pdf else None})
        return
    if pdf:
        note(t("cli.ledger.slip_written", file=pdf))
    if print_it:
        note(t("result.printed"))
    if not (pdf or print_it):
        say(printed.text)


def _print(here: Session, text: str, number: str, *, whole: bool) -> None:
    """To the printer of the settings. Raises `PrinterError`, `RareCharacterError`."""
    from counter.desk.printing import print_paper
    from counter.devices.printer import words_of

    if not here.settings.slip_printer:
        raise UsageError(t("cli.ledger.no_printer"))
    print_paper(words_of(here.settings.slip_printer), here.settings.font, text, number, whole=whole)


def entry_of(store: "Store", asked: str) -> LedgerEntry:
    """The entry of a sequence number or id. Raises `UsageError` where there is none."""
    is_seq = asked.isdecimal() and len(asked) < _SEQ_DIGITS
    found = store.ledger.get(int(asked)) if is_seq else store.ledger.by_id(asked)
    if found is None:
        raise UsageError(t("cli.ledger.none"))
    return found


def _slip(store: "Store", entry: LedgerEntry, reference: "Reference") -> "Printed":
    from counter.desk.desk import Done
    from counter.paper.slip import printed_slip

    return printed_slip(Done(entry).as_told, store.ledger.quote_number(entry), reference, store.place)


def _letter(store: "Store", entry: LedgerEntry, reference: "Reference") -> "Printed":
    """The letter that goes with the slip, name and numbers whole: the audit remembers who saw it."""
    from counter.paper.letter import has_letter, printed_letter

    if not has_letter(entry):
        raise UsageError(t("cli.ledger.no_letter"))
    store.audit.note(LETTER, entry.id)
    return printed_letter(entry, store.ledger.quote_number(entry), reference, store.place)
