"""``counter settings``: what each setting is, and where that comes from; all of it from the one declaration."""

from contextlib import suppress
from typing import Annotated, Any

import msgspec
import typer

from counter.cli.commands import Commands
from counter.cli.output import Json, document, note, say
from counter.cli.session import session
from counter.i18n import t
from counter.settings import (
    FILE,
    NAMES,
    Setting,
    SettingOrigin,
    SettingsError,
    change_setting,
    home_of,
    meaning_of,
    plain,
    schema,
    settings_by_name,
    toml,
    variable_of,
)

app = Commands(help=t("cli.help.settings"))


def _names() -> list[tuple[str, str]]:
    return [(name, meaning_of(name)) for name in NAMES]


def _values(context: typer.Context) -> list[str]:
    """What the setting that stands before it may be, where that is a choice."""
    known: dict[str, Any] = schema()["properties"].get(context.params.get("name"), {})
    return list(known.get("enum", ()))


@app.command("list", help=t("cli.help.settings_list"))
def list_settings(context: typer.Context, json: Json = False) -> None:
    here = session(context)
    settings = settings_by_name(here.home, here.lang).values()
    file = home_of(here.home) / FILE
    if json:
        document({"file": str(file), "settings": list(map(_document, settings))})
        return
    say(t("cli.settings.file", file=file))
    for setting in settings:
        origin = t(f"cli.settings.origin.{setting.origin}", source=setting.source)
        say(t("cli.settings.row", name=setting.name, value=toml(setting.value), origin=origin))
        say(f"    {meaning_of(setting.name)}")


@app.command("set", help=t("cli.help.settings_set"))
def set_setting(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=t("cli.option.setting"), autocompletion=_names)],
    value: Annotated[str, typer.Argument(metavar="VALUE", help=t("cli.option.setting_value"), autocompletion=_values)],
    json: Json = False,
) -> None:
    here = session(context)
    file = change_setting(home_of(here.home), name, value)
    if json:
        document({"file": str(file), "name": name})
    else:
        say(t("cli.settings.written", file=file))
    with suppress(SettingsError):  # another line of the file may be wrong still
        holds = settings_by_name(here.home)[name]
        if holds.origin is SettingOrigin.ENVIRONMENT:
            note(t("cli.settings.overruled", source=holds.source))


@app.command("schema", help=t("cli.help.settings_schema"))
def settings_schema(json: Json = False) -> None:
    if json:
        document(schema())
    else:
        say(msgspec.json.format(msgspec.json.encode(schema())).decode())


def _document(setting: Setting) -> dict[str, Any]:
    return {
        "name": setting.name,
        "value": plain(setting.value),
        "default": plain(setting.default),
        "origin": setting.origin,
        "source": setting.source,
        "variable": variable_of(setting.name),
        "meaning": meaning_of(setting.name),
    }
