"""Commands that speak the clerk's language: Typer parses, what it says is ours (`page`, `misuse`)."""

import sys
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.models import CommandFunctionType

from counter.cli import misuse, page
from counter.cli.exits import Code
from counter.cli.output import note
from counter.i18n import t


class _Worded:
    """What Typer would say in English, said by our catalogs. Mixed in before Typer's class."""

    help: str | None

    def get_usage(self, ctx: Any) -> str:
        return page.usage(self, ctx)

    def get_help(self, ctx: Any) -> str:
        return page.help_page(self, ctx)

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]  # of the class that this is mixed into
        if option is not None:
            option.help = t("cli.option.help")
        return option

    def get_short_help_str(self, limit: int = 0) -> str:  # noqa: ARG002 - Typer clips there
        """The whole of it: a clipped sentence helps nobody."""
        return self.help or ""

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        offered = super().shell_complete(ctx, incomplete)  # type: ignore[misc]  # likewise
        for item in offered:  # Typer loses an apostrophe on the way to zsh
            item.help = (item.help or "").replace("'", "’")
        return offered


class Command(_Worded, TyperCommand):
    """A command."""


class CommandGroup(_Worded, TyperGroup):
    """A group of commands."""

    def main(self, *args: Any, **options: Any) -> Any:
        try:
            code = super().main(*args, **options | {"standalone_mode": False})
        except typer.TyperException as error:
            note(misuse.sentence(error))
            code = error.exit_code
        except typer.Abort:
            code = Code.INTERRUPTED
        sys.exit(code)


class Commands(typer.Typer):
    """Where commands are declared: a `CommandGroup` of `Command`s. Called without a command it says its help."""

    def __init__(self, **options: Any) -> None:
        usual: dict[str, Any] = {"cls": CommandGroup, "no_args_is_help": True}
        super().__init__(**usual | options)

    def command(self, name: str | None = None, **options: Any) -> Callable[[CommandFunctionType], CommandFunctionType]:
        usual: dict[str, Any] = {"cls": Command}
        return super().command(name, **usual | options)
