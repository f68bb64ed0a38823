"""``counter ledger correct`` and ``write-off``: what becomes of an entry that the province returned (退回)."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from counter.cli.exits import Code
from counter.cli.output import Json, document, finding_document, finding_line, note, say
from counter.cli.second import Checker, CheckerPassphraseFile, second_person
from counter.cli.session import session
from counter.cli.slips import entry_of
from counter.i18n import t
from counter.store.deeds import REVEAL_ENTRY

Entry = Annotated[str, typer.Argument(metavar="SEQ|ID", help=t("cli.option.entry"))]


def correct(
    context: typer.Context,
    entry: Entry,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help=t("cli.option.corrected"))] = None,
    photo: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help=t("cli.option.case_photo"))] = None,
    json: Json = False,
) -> None:
    """Without a file, the case as it came back (whole, and noted in the audit); with one, the new entry."""
    from counter.cli.case import came_of, read_case, take_files
    from counter.desk.desk import CaseRefusedError
    from counter.desk.returned import reason_for, send_again

    with session(context).desk() as desk:
        found = entry_of(desk.store, entry)
        desk.store.clearing.require_returned(found.id)
        if file is None:
            desk.store.audit.note(REVEAL_ENTRY, found.id)
            note(reason_for(found))
            case = found.record.case if found.record else None
            document(case) if json else say(msgspec.json.format(msgspec.json.encode(case)).decode())
            return
        case, of_file = take_files(desk, read_case(file), photo, ())
        try:
            came = came_of(desk, send_again(desk, found, case))
        except CaseRefusedError as refused:
            findings = [*of_file, *refused.judgement.findings]
            if json:
                said = {"corrects": found.id, "state": "refused", "id": None, "seq": None, "quote_number": None}
                document(said | {"findings": [finding_document(each) for each in findings]})
            else:
                for finding in findings:
                    say(finding_line(finding))
            raise typer.Exit(Code.NO) from None
    if json:
        document(
            {
                "corrects": found.id,
                "state": came.state,
                "id": came.id,
                "seq": came.seq,
                "quote_number": came.quote_number,
                "findings": [],
            }
        )
    elif came.state == "awaiting":
        note(t("cli.ledger.correction_waits", id=came.id))
    else:
        say(t("cli.ledger.corrected", seq=found.seq, number=came.quote_number))


def write_off(
    context: typer.Context,
    entry: Entry,
    reason: Annotated[str, typer.Option(help=t("cli.option.write_off"))],
    checker: Checker = None,
    checker_passphrase_file: CheckerPassphraseFile = None,
    json: Json = False,
) -> None:
    from counter.desk import returned

    with session(context).desk() as desk:
        found = entry_of(desk.store, entry)
        decision = returned.write_off(desk, found, reason, *second_person(checker, checker_passphrase_file))
    if json:
        document({"id": found.id, "seq": found.seq, "written_off": True, "decision": decision})
    else:
        say(t("cli.ledger.written_off", seq=found.seq, maker=decision.maker, checker=decision.checker))
