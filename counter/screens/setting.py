"""A setting to change (设置): what it is, what it may be, and where it is written (as by `counter settings set`)."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeAlias

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from counter.i18n import reason, t
from counter.screens.background import Background
from counter.screens.dialogs.dialog import Dialog
from counter.settings import (
    FILE,
    Setting,
    SettingOrigin,
    Settings,
    SettingsError,
    change_setting,
    meaning_of,
    plain,
    schema,
    settings_by_name,
)
from counter.widgets.fields.choice import Choice, Option
from counter.widgets.fields.text import FormInput
from counter.widgets.prose import Prose

Settle: TypeAlias = Callable[[str, Any], Awaitable[bool]]
"""Told a setting's name and its new value; answers whether it holds already, else from the next start."""


class SettingScreen(Dialog[None]):
    """Enter writes what is typed or chosen, an empty text takes the setting out of the file; what it cannot be is said,
    and nothing is written."""

    def __init__(self, settings: Settings, name: str, settle: Settle) -> None:
        self._choices = _choices(name)
        super().__init__(name, t("screen.menu_hint" if self._choices else "palette.setting_hint"))
        self._home = settings.home
        self._setting = name
        self._value = getattr(settings, name)
        self._settle = settle

    def compose_body(self) -> Iterable[Widget]:
        yield Prose(meaning_of(self._setting))
        yield Prose(id="problem", classes="problem")
        if self._choices:
            yield Choice([Option(each, each) for each in self._choices], tall=True)
        else:
            yield FormInput(limit=400)
        yield Prose(f"\n{t('palette.setting_file', file=self._home / FILE)}")

    def on_mount(self) -> None:
        if self._choices:
            choice = self.query_one(Choice)
            choice.chosen = _typed(self._value)
            choice.focus()
        else:
            box = self.query_one(FormInput)
            box.value = _typed(self._value)
            box.focus()
            box.select_all()  # what is typed replaces it

    @on(Choice.Done)
    def _chosen(self, event: Choice.Done) -> None:
        event.stop()
        self._write(str(self.query_one(Choice).chosen))

    @on(Input.Submitted)
    def _given(self, event: Input.Submitted) -> None:
        event.stop()
        self._write(event.value.strip())

    def _write(self, text: str) -> None:
        def written(_work: Background[Setting | str]) -> Setting | str:
            """As it holds now; or why it cannot be."""
            try:
                change_setting(self._home, self._setting, text)
                return settings_by_name(self._home)[self._setting]
            except SettingsError as error:
                return str(error)
            except OSError as error:
                return reason(error)

        self.in_background(written, self._written, group="setting", once=True)

    async def _written(self, now: Setting | str) -> None:
        if isinstance(now, str):
            self.query_one("#problem", Prose).update(now)
            return
        self.answer(None)
        if now.origin is SettingOrigin.ENVIRONMENT:
            said = t("cli.settings.overruled", source=now.source)
        else:
            holds = await self._settle(now.name, now.value)
            said = t("palette.setting_now" if holds else "palette.setting_later", name=now.name)
        self.app.notify(said, markup=False, timeout=10)


def _choices(name: str) -> tuple[str, ...]:
    """What a setting may be, where that is one of a few things."""
    known = schema()["properties"][name]
    return ("true", "false") if known.get("type") == "boolean" else tuple(known.get("enum", ()))


def _typed(value: object) -> str:
    """A value as it is typed."""
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(plain(value))
