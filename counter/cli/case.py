"""``counter case``: the guided steps without the screen, for a case written as JSON."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

import msgspec
import typer

from counter.cli import alarms
from counter.cli.commands import Commands
from counter.cli.exits import Code, UsageError
from counter.cli.output import (
    Json,
    document,
    finding_document,
    finding_line,
    note,
    paper_document,
    paper_line,
    say,
    yuan,
)
from counter.cli.session import session
from counter.cli.told import exit_if_refused
from counter.clock import today
from counter.i18n import has, listed, notice, step_name, t
from counter.rules.case import Case
from counter.rules.finding import Finding, Level
from counter.rules.judge import Judgement
from counter.rules.record import pictures
from counter.rules.services import SERVICES

if TYPE_CHECKING:
    from counter.desk.desk import Desk, Done
    from counter.province.acts import Telling
    from counter.store.records import AwaitingCase

app = Commands(help=t("cli.help.case"))
app.add_typer(alarms.app, name="alarms")


@dataclass(frozen=True, slots=True)
class Came:
    """What came of submitting a case."""

    state: Literal["recorded", "awaiting", "refused"]
    id: str | None = None
    seq: int | None = None
    quote_number: str | None = None
    telling: "Telling | None" = None

    @property
    def not_done(self) -> bool:
        """Recorded, and the province has said no."""
        return self.telling is not None and self.telling.told == "refused"

    def document(self, judgement: Judgement) -> dict[str, object]:
        return {
            "state": self.state,
            "id": self.id,
            "seq": self.seq,
            "quote_number": self.quote_number,
            "deferred": judgement.deferred,
            "told": self.telling.told if self.telling else None,
        }


CaseFile = Annotated[Path, typer.Argument(metavar="FILE", help=t("cli.option.case"))]


@app.command(help=t("cli.help.case_check"))
def check(context: typer.Context, file: CaseFile, json: Json = False) -> None:
    from counter.rules.judge import judge
    from counter.rules.reference import Context

    here = session(context)
    place = here.settings.place if here.settings.branch else None
    judgement = judge(read_case(file), Context(today=today(), reference=here.reference(), place=place))
    _print(judgement, json=json)


@app.command(help=t("cli.help.case_submit"))
def submit(
    context: typer.Context,
    file: CaseFile,
    photo: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help=t("cli.option.case_photo"))] = None,
    scan: Annotated[list[str] | None, typer.Option(metavar="PAPER=FILE", help=t("cli.option.case_scan"))] = None,
    id: Annotated[UUID | None, typer.Option(help=t("cli.option.case_id"))] = None,
    json: Json = False,
) -> None:
    from counter.desk.desk import CaseRefusedError
    from counter.desk.parcels import where_it_lies

    case = read_case(file)
    with session(context).desk() as desk:
        case = where_it_lies(desk, case)
        case, of_files = take_files(desk, case, photo, scan or [])
        judgement, came = desk.judge(case, str(id or "")), Came("refused")
        if judgement.allowed and not _stops(of_files):
            try:
                came = came_of(desk, desk.submit(str(id or desk.store.drafts.new_id()), case))
            except CaseRefusedError as refused:
                judgement = refused.judgement
        if came.state == "refused":
            for digest in pictures(case):
                desk.store.photos.forget(digest)
    _print(judgement, of_files, came, json=json)


def take_files(desk: "Desk", case: Case, photo: Path | None, scans: Iterable[str]) -> tuple[Case, list[Finding]]:
    """The case with the photo and the images that came as files, and what they were found to be."""
    from counter.desk.intake import take_photo_file, take_scan

    findings: list[Finding] = []
    if photo:
        taken = take_photo_file(desk, photo)
        case, findings = taken.put_into(case), [*taken.findings]
    for one in scans:
        paper, _, file = one.partition("=")
        if not has(f"paper.{paper}") or not Path(file).is_file():
            raise UsageError(t("cli.case.no_scan"))
        taken = take_scan(desk, paper, Path(file), case)
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


def came_of(desk: "Desk", submitted: "Done | AwaitingCase") -> Came:
    """What came of it, in a command's words."""
    from counter.store.records import AwaitingCase

    if isinstance(submitted, AwaitingCase):
        return Came("awaiting", submitted.id)
    entry = submitted.entry
    return Came("recorded", entry.id, entry.seq, desk.store.ledger.quote_number(entry), submitted.telling)


def _stops(findings: Iterable[Finding]) -> bool:
    return any(finding.level is Level.STOP for finding in findings)


def _print(judgement: Judgement, of_files: Sequence[Finding] = (), came: Came | None = None, *, json: bool) -> None:
    """The judgement, with what files that came along were found to be, and what came of a submission."""
    telling = came.telling if came else None
    told = telling.findings if telling else ()
    notices = [notice(each) for each in _notices(judgement, came)]
    allowed = judgement.allowed and not _stops(of_files)
    if json:
        document(
            {
                "service": judgement.service,
                **(came.document(judgement) if came else {}),
                "findings": [finding_document(finding) for finding in (*of_files, *judgement.findings, *told)],
                "allowed": allowed,
                "steps": judgement.steps,
                "papers": judgement.papers,
                "checklist": [paper_document(paper) for paper in judgement.checklist],
                "fee_fen": judgement.fee_fen,
                "waived": judgement.waived,
                "authorised": judgement.authorised,
                "notices": notices,
                "texts": judgement.texts,
                "next": judgement.followed_by,
            }
        )
    else:
        for finding in of_files:
            say(finding_line(finding))
        _say(judgement, notices)
        for finding in told:
            say(finding_line(finding))
        if came and came.quote_number:
            say(t("cli.case.recorded_not_done" if came.not_done else "cli.case.recorded", number=came.quote_number))
        if telling and telling.told == "bank_failed":
            note(t("cli.alarms.raised", id=came.id if came else ""))
        if came and came.state == "awaiting":
            reason = t(f"choice.authorised.{judgement.authorised}")
            note(t("cli.case.waits", reason=reason, id=came.id))
        else:
            note(t("cli.case.allowed") if allowed and not (came and came.not_done) else t("cli.case.refused"))
    if not allowed:
        raise typer.Exit(Code.NO)
    if telling:
        exit_if_refused(telling)


def _notices(judgement: Judgement, came: Came | None) -> tuple[str, ...]:
    """As recorded, with what came of telling the province; what is merely to come is said otherwise before."""
    if came is None or came.quote_number is None:
        return judgement.notices
    from counter.paper.letter import issued

    return issued(came.telling.notices(judgement.notices) if came.telling else judgement.notices)


def _say(judgement: Judgement, notices: list[str]) -> None:
    declared = SERVICES[judgement.service]
    for step, findings in judgement.by_step.items():
        mark = "!" if any(judgement.blocks(finding) for finding in findings) else "+"
        say(f"{mark} {step_name(declared, step)}")
        for finding in findings:
            say(finding_line(finding))
    if judgement.checklist:
        say(t("cli.services.papers", names=listed(paper_line(paper_document(paper)) for paper in judgement.checklist)))
    say(t("cli.case.fee", yuan=yuan(judgement.fee_fen)))
    for told in notices:
        say(f"- {told}")
    if judgement.followed_by:
        say(t("cli.case.followed_by", services=listed(t(f"service.{id}.name") for id in judgement.followed_by)))
