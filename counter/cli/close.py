"""``counter close``: the end of a business date (关账), by clerk and supervisor; ``counter day reopen`` undoes it."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counter.cli.exits import Code, UsageError
from counter.cli.output import Json, document, note, say
from counter.cli.second import Checker, CheckerPassphraseFile, second_person
from counter.cli.session import session
from counter.i18n import listed, t

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counter.desk.closing import Open

On = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help=t("cli.option.close_on"))]


def close(
    context: typer.Context,
    on: On = None,
    reasons: Annotated[
        list[str] | None, typer.Option("--reason", metavar="KIND=TEXT", help=t("cli.option.close_reason"))
    ] = None,
    checker: Checker = None,
    checker_passphrase_file: CheckerPassphraseFile = None,
    json: Json = False,
) -> None:
    from counter.desk import closing

    given = _reasons(reasons or [], closing.PROVIDERS)
    with session(context).desk() as desk:
        day = date_of(on) or closing.to_close(desk)
        found = closing.what_is_open(desk, day)
        lacking = [each for each in found if not given.get(each.kind, "").strip()]
        if lacking:
            _tell_open(day, found, lacking, json=json)
            raise typer.Exit(Code.NO)
        decision = closing.close(desk, day, given, *second_person(checker, checker_passphrase_file))
        others = desk.store.decisions.open_dates()
    if json:
        document({"date": day, "closed": True, "open": [], "decision": decision, "open_dates": others})
        return
    say(t("cli.close.done", date=day, maker=decision.maker, checker=decision.checker))
    for left in decision.left_open:
        say(f"  {t(f'day.left.{left.kind}', count=left.count)}: {left.reason}")
    if others:
        note(t("day.not_closed", dates=listed(map(str, others))))


def reopen(
    context: typer.Context,
    on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help=t("cli.option.reopen_on"))],
    reason: Annotated[str, typer.Option(help=t("cli.option.reopen"))],
    checker: Checker = None,
    checker_passphrase_file: CheckerPassphraseFile = None,
    json: Json = False,
) -> None:
    from counter.desk import closing

    with session(context).desk() as desk:
        decision = closing.reopen(desk, on.date(), reason, *second_person(checker, checker_passphrase_file))
    if json:
        document({"date": on.date(), "closed": False, "decision": decision})
    else:
        say(t("cli.close.reopened", date=on.date(), maker=decision.maker, checker=decision.checker))


def _tell_open(day: date, found: "Iterable[Open]", lacking: "Iterable[Open]", *, json: bool) -> None:
    if json:
        document({"date": day, "closed": False, "open": [open_document(each) for each in found], "decision": None})
        return
    say(t("cli.close.open", date=day))
    for each in lacking:
        say(f"  ! {t(f'day.left.{each.kind}', count=each.count)}  --reason {each.kind}=…")


def open_document(each: "Open") -> dict[str, Any]:
    """What is open, as commands report it."""
    return {"kind": each.kind, "count": each.count, "ids": each.ids}


def date_of(given: datetime | None) -> date | None:
    """The date that was given, or None."""
    return given.date() if given else None


def _reasons(given: "Iterable[str]", kinds: "Iterable[str]") -> dict[str, str]:
    """The reasons by the kind of what is open. Raises `UsageError`."""
    known, reasons = tuple(kinds), dict[str, str]()
    for one in given:
        kind, there, text = one.partition("=")
        if not there or kind not in known:
            raise UsageError(t("cli.close.no_kind", kinds=listed(known)))
        reasons[kind] = text
    return reasons
