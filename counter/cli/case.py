"""``counter case``: the guided steps without the screen, for a case written as JSON."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from counter.cli.exits import Code, UsageError
from counter.cli.output import Json, document, finding_document, finding_line, note, say, yuan
from counter.cli.session import session
from counter.clock import today
from counter.i18n import has, notice, t
from counter.rules.case import Case, pictures
from counter.rules.finding import Finding, Level
from counter.rules.judge import Judgement

if TYPE_CHECKING:
    from counter.desk.desk import Desk
    from counter.store.records import AwaitingCase, LedgerEntry

app = typer.Typer(help=t("cli.help.case"), no_args_is_help=True)

CaseFile = Annotated[Path, typer.Argument(metavar="FILE", help=t("cli.option.case"))]


@app.command(help=t("cli.help.case_check"))
def check(context: typer.Context, file: CaseFile, json: Json = False) -> None:
    from counter.rules.judge import judge
    from counter.rules.reference import Context

    here = session(context)
    place = here.settings.place if here.settings.branch else None
    judgement = judge(read_case(file), Context(today=today(), reference=here.reference(), place=place))
    _print(judgement, {}, (), json=json)


@app.command(help=t("cli.help.case_submit"))
def submit(
    context: typer.Context,
    file: CaseFile,
    photo: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help=t("cli.option.case_photo"))] = None,
    scan: Annotated[list[str] | None, typer.Option(metavar="PAPER=FILE", help=t("cli.option.case_scan"))] = None,
    id: Annotated[str | None, typer.Option(help=t("cli.option.case_id"))] = None,
    json: Json = False,
) -> None:
    from counter.desk.desk import Desk
    from counter.store.records import LedgerEntry

    case, here = read_case(file), session(context)
    with here.store() as store:
        desk = Desk(store, here.reference())
        case, of_files = _take_files(desk, case, photo, scan or [])
        judgement = desk.judge(case)
        done = None
        if judgement.allowed and not _stops(of_files):
            done = _submitted(desk, id or store.drafts.new_id(), case, judgement)
        else:
            for digest in pictures(case):
                store.photos.forget(digest)
        entry = done if isinstance(done, LedgerEntry) else None
        said = {
            "state": "recorded" if entry else "awaiting" if done else "refused",
            "id": done.id if done else None,
            "seq": entry.seq if entry else None,
            "quote_number": store.ledger.quote_number(entry) if entry else None,
            "deferred": judgement.deferred,
        }
    _print(judgement, said, of_files, json=json)


def _take_files(desk: "Desk", case: Case, photo: Path | None, scans: Iterable[str]) -> tuple[Case, list[Finding]]:
    """The case with the photo and the images that came as files, and what they were found to be."""
    findings: list[Finding] = []
    if photo:
        taken = desk.photo_from_file(photo)
        case, findings = taken.put_into(case), [*taken.findings]
    for one in scans:
        paper, _, file = one.partition("=")
        if not has(f"paper.{paper}") or not Path(file).is_file():
            raise UsageError(t("cli.case.no_scan"))
        taken = desk.scan_from_file(paper, Path(file), case)
        case, findings = taken.put_into(case), [*findings, *taken.findings]
    return case, findings


@app.command(help=t("cli.help.case_schema"))
def schema(json: Json = False) -> None:
    found = msgspec.json.schema(Case)
    if json:
        document(found)
    else:
        say(msgspec.json.format(msgspec.json.encode(found)).decode())


def read_case(file: Path) -> Case:
    """The case in a file, or on standard input for ``-``. Raises `UsageError` for what is no case."""
    content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    try:
        return msgspec.json.decode(content, type=Case)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        # the reason may quote a value, which may be about a person: only the path is said
        _, found, path = str(error).rpartition(" - at `")
        raise UsageError(t("cli.case.no_case", where=path.rstrip("`") if found else "$")) from None


def _submitted(desk: "Desk", id: str, case: Case, judgement: Judgement) -> "LedgerEntry | AwaitingCase":
    """Record an allowed case, or have it wait for its second person; by the same id once, waiting or authorised."""
    if not judgement.authorised:
        return desk.confirm(id, case)
    standing = desk.store.ledger.by_id(id)
    return standing if standing and standing.record == judgement.record(case) else desk.ask_authorisation(id, case)


def _stops(findings: Iterable[Finding]) -> bool:
    return any(finding.level is Level.STOP for finding in findings)


def _print(judgement: Judgement, said: dict[str, Any], of_photo: Iterable[Finding], *, json: bool) -> None:
    """The judgement, with what a photo file that came along was found to be."""
    notices = [notice(each) for each in judgement.notices]
    allowed = judgement.allowed and not _stops(of_photo)
    if json:
        document(
            {
                "service": judgement.service,
                **said,
                "findings": [finding_document(finding) for finding in (*of_photo, *judgement.findings)],
                "allowed": allowed,
                "steps": judgement.steps,
                "papers": judgement.papers,
                "fee_fen": judgement.fee_fen,
                "waived": judgement.waived,
                "authorised": judgement.authorised,
                "notices": notices,
            }
        )
    else:
        for finding in of_photo:
            say(finding_line(finding))
        _tell(judgement, notices, said.get("quote_number"))
        if said.get("state") == "awaiting":
            reason = t(f"choice.authorised.{judgement.authorised}")
            note(t("cli.case.waits", reason=reason, id=said["id"]))
        else:
            note(t("cli.case.allowed") if allowed else t("cli.case.refused"))
    if not allowed:
        raise typer.Exit(Code.NO)


def _tell(judgement: Judgement, notices: list[str], quote_number: str | None) -> None:
    for step, findings in judgement.by_step.items():
        mark = "!" if any(judgement.blocks(finding) for finding in findings) else "+"
        say(f"{mark} {t(f'step.{step}')}")
        for finding in findings:
            say(finding_line(finding))
    say(t("cli.case.fee", yuan=yuan(judgement.fee_fen)))
    for told in notices:
        say(f"- {told}")
    if quote_number:
        say(t("cli.case.recorded", number=quote_number))
