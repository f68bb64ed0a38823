"""`counter` itself: what stands before a command, and the commands by name."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from counter.cli import (
    audit,
    authorise,
    blanks,
    bookings,
    branches,
    case,
    check,
    day,
    exits,
    gateway,
    keys,
    ledger,
    operator,
    parcels,
    retention,
    settings,
    till,
)
from counter.cli.anywhere import sorted_out
from counter.cli.close import close
from counter.cli.commands import CommandGroup, Commands
from counter.cli.completion import Shell, install, script
from counter.cli.demo import demo
from counter.cli.doctor import doctor
from counter.cli.init import init
from counter.cli.man import man
from counter.cli.output import note
from counter.cli.province import enrol, sync
from counter.cli.screen import open_screen
from counter.cli.services import services
from counter.cli.session import Session
from counter.cli.text import text
from counter.cli.version import versions
from counter.i18n import DEFAULT, LANGUAGES, listed, t, traits, use_keys, use_language
from counter.keymap.file import read_keys
from counter.settings import SettingsError, home_of


class Root(CommandGroup):
    """`--home` and `--lang` may stand anywhere; what goes wrong ends in a sentence and an exit code."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        given, rest = sorted_out(args)
        first = [part for name, value in given.items() if value is not None for part in (name, value)]
        lacking = [name for name, value in given.items() if value is None]
        return super().parse_args(ctx, first + (lacking or rest))  # the first to lack its value is what is wrong

    def invoke(self, ctx: Any) -> Any:
        with exits.without_traceback(ctx):
            return super().invoke(ctx)


app = Commands(
    name="counter",
    cls=Root,
    help=t("cli.help.counter"),
    no_args_is_help=False,  # it opens the screen
    rich_markup_mode=None,  # plain text: boxes are drawn two columns wide on Chinese consoles, and rich costs 0.1 s
    add_completion=False,  # `completion` has it, in the clerk's language
    pretty_exceptions_enable=False,  # its tracebacks show locals, and locals are people
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _languages() -> str:
    said = listed(f"{language} {traits(language).name}" for language in LANGUAGES)
    return t("cli.option.lang", languages=said, usual=DEFAULT)


@app.callback(invoke_without_command=True)
def counter(
    context: typer.Context,
    home: Annotated[Path | None, typer.Option(help=t("cli.option.home"), show_default=False)] = None,
    lang: Annotated[str | None, typer.Option(help=_languages(), autocompletion=lambda: list(LANGUAGES))] = None,
    version: Annotated[bool, typer.Option("--version", help=t("cli.option.version"))] = False,
    show_completion: Annotated[Shell | None, typer.Option(help=t("cli.option.show_completion"))] = None,
    install_completion: Annotated[Shell | None, typer.Option(help=t("cli.option.install_completion"))] = None,
) -> None:
    context.obj = Session(home, lang)
    use_keys(read_keys(home_of(home)))
    with suppress(SettingsError):  # said when a command needs them: help and doctor must work without
        use_language(context.obj.settings.lang)
    if version:
        typer.echo("\n".join(versions()))
    elif show_completion:
        typer.echo(script(show_completion))
    elif install_completion:
        note(t("cli.completion.installed", file=install(install_completion)))
    elif context.invoked_subcommand is None:
        raise typer.Exit(open_screen(home, lang))
    else:
        return
    raise typer.Exit


_COMMANDS: dict[str, Callable[..., None]] = {
    "demo": demo,
    "init": init,
    "enrol": enrol,
    "services": services,
    "text": text,
    "sync": sync,
    "close": close,
    "doctor": doctor,
    "man": man,
}
_GROUPS = {
    "case": case.app,
    "check": check.app,
    "roster": bookings.app,
    "parcels": parcels.app,
    "till": till.app,
    "blanks": blanks.app,
    "ledger": ledger.app,
    "day": day.app,
    "authorise": authorise.app,
    "branches": branches.app,
    "operator": operator.app,
    "audit": audit.app,
    "retention": retention.app,
    "settings": settings.app,
    "keys": keys.app,
    "gateway": gateway.app,
}
for _name, _command in _COMMANDS.items():
    app.command(_name, help=t(f"cli.help.{_name}"))(_command)
for _name, _group in _GROUPS.items():
    app.add_typer(_group, name=_name)
