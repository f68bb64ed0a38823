"""``counter ledger``: what was done, read and kept safe."""

import csv
import io
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from counter.cli.commands import Commands
from counter.cli.exits import Code, UsageError
from counter.cli.output import Json, document, note, say, table, yuan
from counter.cli.second import Checker, CheckerPassphraseFile, checker_passphrase
from counter.cli.session import Session, session
from counter.i18n import LANGUAGES, listed, t
from counter.rules.masking import mask_name, mask_number
from counter.store.deeds import EXPORT, LETTER, PRINT, REVEAL_ENTRY, SAVE
from counter.store.errors import StoreError
from counter.store.records import LedgerEntry, SendState, Verification

if TYPE_CHECKING:
    from counter.desk.desk import Desk
    from counter.paper.languages import Printed
    from counter.rules.reference import Reference
    from counter.store.store import Store

app = Commands(help=t("cli.help.ledger"))

_COLUMNS = ("seq", "number", "business_date", "kind", "holder", "document", "fee", "maker", "state")
"""What a list shows of an entry; the headings are ``cli.ledger.column.<name>``."""

_SEQ_DIGITS = 19
"""A sequence number of this many digits no longer fits SQLite's integers."""

Day = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help=t("cli.option.on"))]


@app.command("list", help=t("cli.help.ledger_list"))
def list_entries(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help=t("cli.option.search"), show_default=False)] = "",
    on: Day = None,
    state: Annotated[SendState | None, typer.Option(help=t("cli.option.state"))] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help=t("cli.option.limit"))] = 50,
    json: Json = False,
) -> None:
    with session(context).store() as store:
        found = store.ledger.search(text, on=_date(on), state=state, limit=limit)
        entries = [summary(entry, store.ledger.quote_number(entry)) for entry in found]
        count = store.ledger.count()
    if json:
        document({"entries": entries, "count": count})
    else:
        table([t(f"cli.ledger.column.{name}") for name in _COLUMNS], map(_row, entries))
        note(t("cli.ledger.shown", shown=len(entries), count=count))


@app.command(help=t("cli.help.ledger_show"))
def show(
    context: typer.Context,
    entry: Annotated[str, typer.Argument(metavar="SEQ|ID", help=t("cli.option.entry"))],
    reveal: Annotated[bool, typer.Option("--reveal", help=t("cli.option.reveal"))] = False,
    json: Json = False,
) -> None:
    with session(context).store() as store:
        found = _entry(store, entry)
        if reveal:
            store.audit.note(REVEAL_ENTRY, found.id)
        whole = details(found, store.ledger.quote_number(found), reveal=reveal)
    if json:
        document(whole)
    else:
        say(msgspec.json.format(msgspec.json.encode(whole)).decode())


@app.command(help=t("cli.help.ledger_slip"))
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
        found = _entry(store, entry)
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


@app.command(help=t("cli.help.ledger_reverse"))
def reverse(
    context: typer.Context,
    entry: Annotated[str, typer.Argument(metavar="SEQ|ID", help=t("cli.option.entry"))],
    reason: Annotated[str, typer.Option(help=t("cli.option.reversal"))],
    checker: Checker = None,
    checker_passphrase_file: CheckerPassphraseFile = None,
    json: Json = False,
) -> None:
    with session(context).desk() as desk:
        found = _entry(desk.store, entry)
        passphrase = checker_passphrase(checker_passphrase_file) if checker else ""
        asked = desk.reverse(found.id, reason)
        back = _authorised(desk, asked.id, checker, passphrase) if checker else None
        number = desk.store.ledger.quote_number(back) if back else None
    if json:
        state = "recorded" if back else "awaiting"
        seq = back.seq if back else None
        document({"id": asked.id, "reverses": found.id, "state": state, "seq": seq, "quote_number": number})
    else:
        say(t("cli.ledger.reversed", number=number) if back else t("cli.ledger.reversal_waits", id=asked.id))


@app.command(help=t("cli.help.ledger_verify"))
def verify(context: typer.Context, json: Json = False) -> None:
    with session(context).store() as store:
        found = store.ledger.verify(_checked)
    if json:
        flaws = [{"what": flaw.what, "which": flaw.which} for flaw in found.flaws]
        said = {"entries": found.entries, "valid": found.valid, "first_bad_seq": found.first_bad_seq}
        document(said | {"flaws": flaws})
    elif found.valid:
        say(t("cli.ledger.valid", entries=found.entries))
    elif found.first_bad_seq is not None:
        say(t("cli.ledger.invalid", entries=found.entries, seq=found.first_bad_seq))
    for flaw in found.flaws if not json else ():
        say(t(f"ledger.flaw.{flaw.what}", which=flaw.which))
    if not found.valid:
        raise typer.Exit(Code.DAMAGED)


def _checked(stage: str, done: int, total: int) -> None:
    note(f"{t(f'ledger.stage.{stage}')}  {done}/{total}")


@app.command(help=t("cli.help.ledger_export"))
def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=t("cli.option.csv"))],
    on: Day = None,
    json: Json = False,
) -> None:
    from counter.files import write_whole

    with session(context).store() as store:
        found = store.ledger.search(on=_date(on), limit=store.ledger.count() or 1)
        entries = [summary(entry, store.ledger.quote_number(entry)) for entry in reversed(found)]
        store.audit.note(EXPORT)
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([t(f"cli.ledger.column.{name}") for name in _COLUMNS])
    writer.writerows(map(_row, entries))
    write_whole(file, target.getvalue().encode("utf-8-sig"))  # the mark makes Excel read Chinese
    if json:
        document({"entries": len(entries), "file": str(file)})
    else:
        say(t("cli.ledger.exported", entries=len(entries), file=file))


@app.command(help=t("cli.help.ledger_backup"))
def backup(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", file_okay=False, help=t("cli.option.backup"))],
    json: Json = False,
) -> None:
    with session(context).store() as store:
        found = store.back_up(folder)
    _verified(found, folder, t("cli.ledger.backed_up", entries=found.entries, folder=folder), json=json)


@app.command(help=t("cli.help.ledger_restore"))
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


@app.command("carry-over", help=t("cli.help.ledger_carry_over"))
def carry_over(
    context: typer.Context,
    old_home: Annotated[
        Path, typer.Argument(metavar="FOLDER", exists=True, file_okay=False, help=t("cli.option.old_home"))
    ],
    json: Json = False,
) -> None:
    with session(context).store() as store:
        found = store.carry_over(old_home)
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


def _entry(store: "Store", asked: str) -> LedgerEntry:
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


def _authorised(desk: "Desk", id: str, checker: str, passphrase: str) -> LedgerEntry:
    """Authorise what was just asked for; where the second person may not, nothing is left waiting."""
    try:
        return desk.authorise(id, checker, passphrase).entry
    except StoreError:
        desk.refuse(id, "")
        raise


def _verified(found: Verification, folder: Path, text: str, *, json: bool) -> None:
    if json:
        document({"folder": folder, "entries": found.entries, "valid": found.valid})
    else:
        say(text)


def summary(entry: LedgerEntry, number: str) -> dict[str, Any]:
    """An entry as it is listed: the person masked, the fee in fen."""
    holder = entry.record.case.holder if entry.record else None
    return {
        "seq": entry.seq,
        "id": entry.id,
        "quote_number": number,
        "business_date": entry.business_date,
        "recorded_at": entry.recorded_at,
        "kind": entry.kind,
        "fee_fen": entry.fee_fen,
        "maker": entry.maker,
        "checker": entry.checker,
        "reverses": entry.reverses,
        "state": entry.state,
        "code": entry.code,
        "rule": entry.rule,
        "holder": mask_name(holder.name) if holder else None,
        "document": mask_number(holder.document.number) if holder else None,
    }


def details(entry: LedgerEntry, number: str, *, reveal: bool) -> dict[str, Any]:
    """An entry with its link in the chain; the record itself only when it is to be revealed."""
    link = {
        "body_digest": entry.body_digest,
        "previous": entry.previous,
        "hash": entry.hash,
        "algorithm": entry.algorithm,
    }
    return summary(entry, number) | link | ({"record": entry.record} if reveal else {})


def _row(entry: dict[str, Any]) -> list[str]:
    shown = entry | {
        "number": entry["quote_number"],
        "fee": yuan(entry["fee_fen"]),
        "kind": t(f"service.{entry['kind']}.name"),
        "state": t(f"choice.state.{entry['state']}"),
    }
    return [str(shown[name] if shown[name] is not None else "-") for name in _COLUMNS]


def _date(given: datetime | None) -> date | None:
    return given.date() if given else None
