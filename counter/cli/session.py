"""What a command knows of its surroundings: home, settings, operator; opened when asked for."""

import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from counter.i18n import t
from counter.settings import Settings, load_settings

if TYPE_CHECKING:
    from counter.desk.desk import Desk
    from counter.rules.reference import Reference
    from counter.store.store import Store


class NoOperatorError(Exception):
    """Nobody said who signs in, and there is no terminal to ask at."""


@dataclass
class Session:
    """One call of a command: the flags `--home` and `--lang`, and what follows from them."""

    home: Path | None = None
    lang: str | None = None

    @cached_property
    def settings(self) -> Settings:
        return load_settings(self.home, self.lang)

    def store(self) -> "Store":
        """The ledger, unlocked by an operator; to be used in a `with`."""
        return self.store_of(self.operator(), self.passphrase())

    def store_of(self, operator: str, passphrase: str) -> "Store":
        """The ledger, unlocked with these credentials; to be used in a `with`."""
        from counter.store.store import Store

        return Store.unlock(self.settings.home, operator, passphrase)

    def desk(self, key_file: Path | None = None) -> "Desk":
        """The desk with its province, unlocked by an operator or a timer's key file; to be used in a `with`."""
        from counter.desk.opening import open_desk
        from counter.store.store import Store

        store = Store.unlock_with_key_file(self.settings.home, key_file) if key_file else self.store()
        return open_desk(store, self.settings)

    def reference(self) -> "Reference":
        """The reference data, with the home's own branch list."""
        from counter.reference.load import load_reference

        return load_reference(self.settings.home)

    def operator(self) -> str:
        """Who signs in: the setting, else who is asked at the terminal. Raises `NoOperatorError`."""
        return self.settings.operator or ask(t("cli.ask.operator"))

    def passphrase(self) -> str:
        """Their passphrase: the first line of the file that the settings name, else asked at the terminal, hidden."""
        return self.settings.passphrase() or ask(t("cli.ask.passphrase"), hidden=True)


def session(context: typer.Context) -> Session:
    """The session of a running command."""
    found = context.find_object(Session)
    if found is None:
        raise RuntimeError("a command runs under the root, which makes the session")
    return found


def ask(question: str, *, hidden: bool = False, confirm: bool = False) -> str:
    """Ask at the terminal, on standard error. Raises `NoOperatorError` where there is none."""
    if not sys.stdin.isatty():
        raise NoOperatorError
    while True:
        answer: str = typer.prompt(question, hide_input=hidden, err=True)
        if not confirm or answer == typer.prompt(t("cli.ask.again"), hide_input=hidden, err=True):
            return answer.strip()
        typer.echo(t("cli.ask.differs"), err=True)
