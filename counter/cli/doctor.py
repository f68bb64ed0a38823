"""``counter doctor``: what is wrong, and what to do."""

import typer

from counter.cli.exits import Code
from counter.cli.output import Json, document, say
from counter.cli.session import session
from counter.i18n import t

_MARK = {"good": "+", "warning": "?", "wrong": "!"}


def doctor(context: typer.Context, json: Json = False) -> None:
    from counter.doctor import Verdict, examine

    here = session(context)
    checks = list(examine(here.home, here.lang))
    told = [
        {"check": check.id, "health": check.health, "message": t(f"doctor.{check.id}.{check.code}", **check.params)}
        for check in checks
    ]
    well = not any(check.health is Verdict.WRONG for check in checks)
    if json:
        document({"healthy": well, "checks": told})
    else:
        for check in told:
            say(f"{_MARK[check['health']]} {check['message']}")
    if not well:
        raise typer.Exit(Code.NO)
