"""``counter enrol`` and ``counter sync``: the province."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counter.cli.exits import Code, UsageError
from counter.cli.ledger import summary
from counter.cli.output import Json, document, note, say
from counter.cli.second import CheckerPassphraseFile, checker_passphrase
from counter.cli.session import ask, session
from counter.cli.till import payments_document
from counter.i18n import t
from counter.store.records import LedgerEntry

if TYPE_CHECKING:
    from counter.province.sync import Progress, SyncReport
    from counter.store.records import Operator
    from counter.store.store import Store


def enrol(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help=t("cli.option.url"))],
    code: Annotated[str | None, typer.Option(envvar="COUNTER_ENROL_CODE", help=t("cli.option.code"))] = None,
    ca: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help=t("cli.option.ca"))] = None,
    fingerprint: Annotated[str | None, typer.Option(help=t("cli.option.fingerprint"))] = None,
    checker: Annotated[str | None, typer.Option(help=t("cli.option.enrol_checker"))] = None,
    checker_passphrase_file: CheckerPassphraseFile = None,
    json: Json = False,
) -> None:
    from counter.desk import enrolling
    from counter.province.transport import Way
    from counter.rules.signing import fingerprint as key_fingerprint

    here = session(context)
    with here.store() as store:
        store.operators.require_supervisor()
        way = Way(ca.read_text("latin-1") if ca else "", here.settings.proxy)

        def second(shown: str) -> "Operator":
            note(t("cli.enrol.fingerprint", url=url, fingerprint=shown))
            _compare(shown, fingerprint)
            return store.operators.verify(
                checker or ask(t("cli.ask.enrol_checker")),
                checker_passphrase(checker_passphrase_file, "cli.ask.enrol_passphrase"),
            ).operator

        given = code or ask(t("cli.ask.code"), hidden=True)
        province_key = enrolling.enrol(store, url, way, given, second)
    if json:
        document({"province": url, "province_key": province_key, "fingerprint": key_fingerprint(province_key)})
    else:
        say(t("cli.enrol.done", url=url, key=province_key))


def _compare(shown: str, given: str | None) -> None:
    """Is it the fingerprint that the province has told by another way? Where nobody says it, it is asked: the last
    four groups, which cannot be typed without reading them. Raises `UsageError`."""
    expected = given if given is not None else ask(t("cli.ask.fingerprint"))
    compact = "".join(expected.split()).lower()
    whole = shown.replace(" ", "")
    if compact not in (whole, whole[-16:]) or (given is not None and compact != whole):
        raise UsageError(t("cli.enrol.differs"))


def sync(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=t("cli.option.dry_run"))] = False,
    key_file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help=t("cli.option.key_file"))] = None,
    json: Json = False,
) -> None:
    from counter.desk.day import clock_back

    with session(context).desk(key_file) as desk:
        if back := clock_back(desk):
            note(back)
        if dry_run:
            _tell_waiting(desk.store, json=json)
            return
        if desk.province is None:
            raise UsageError(t("cli.sync.not_enrolled"))
        report = desk.sync(_progressed)
        alarms = len(desk.store.alarms.list())
        fetched = [summary(entry, desk.store.ledger.quote_number(entry)) for entry in _fetched(desk.store, report)]
        paid = [payments_document(desk.store.payments.of(day.business_date)) for day in report.days]
    _tell_report(report, alarms, fetched, paid, json=json)


def _fetched(store: "Store", report: "SyncReport") -> list[LedgerEntry]:
    """What a restored home has taken over, in its order."""
    return sorted(store.ledger.of_ids(report.fetched).values(), key=lambda entry: entry.seq)


def _progressed(progress: "Progress") -> None:
    note(f"{t(f'day.stage.{progress.stage}')}  {progress.done}/{progress.total}")


def _tell_waiting(store: "Store", *, json: bool) -> None:
    counts, days = store.outbox.counts(), store.days.to_match()
    if json:
        document({"pending": counts.pending, "photos": counts.photos, "days": days})
    else:
        say(t("cli.sync.waiting", pending=counts.pending, photos=counts.photos, days=len(days)))


def _tell_report(
    report: "SyncReport", alarms: int, fetched: list[dict[str, Any]], paid: list[dict[str, Any]], *, json: bool
) -> None:
    said = {
        "sent": report.sent,
        "created": report.created,
        "exists": report.exists,
        "rejected": report.rejected,
        "conflict": report.conflict,
        "pending": report.pending,
        "photos": report.photos,
        "matched": report.matched,
        "waiting": report.waiting,
        "alarms": alarms,
        "fetched": fetched,
    }
    from counter.desk.day import outcome, unequal

    if json:
        sides = {
            "offered_again": report.offered_again,
            "differing": report.differing,
            "days": report.days,
            "payments": paid,
        }
        sides |= {"held_up": report.held_up, "photos_refused": report.photos_refused, "payments": paid}
        document(said | sides)
    else:
        for entry in fetched:
            say(t("cli.sync.fetched", number=entry["quote_number"], kind=t(f"service.{entry['kind']}.name")))
        say(t("cli.sync.done", **said))
        say(outcome(report))
        for line in unequal(report):
            say(line)
        for on in report.waiting:
            say(t("day.waiting", date=on))
        if alarms:
            say(t("cli.alarms.waiting_at_sync", count=alarms))
    if not report.matched or report.rejected or report.conflict:
        raise typer.Exit(Code.NO)
