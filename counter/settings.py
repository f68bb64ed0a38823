"""The settings: ``<home>/counter.toml``, then the environment (``COUNTER_<FIELD>``), then the flag.

One msgspec struct. Not pydantic-settings: its import alone costs 0.3 s of the 0.1 s that stand before the first frame.
"""

import errno
import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, starmap
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_type_hints

import msgspec
from msgspec.structs import fields

from counter.files import expanded, line_of, write_whole
from counter.i18n import DEFAULT, LANGUAGES, listed, reason, t
from counter.rules.reference import Place

FILE: Final = "counter.toml"
PREFIX: Final = "COUNTER_"
HOME: Final = f"{PREFIX}HOME"
"""The variable of the home."""

Seconds = Annotated[float, msgspec.Meta(gt=0, le=600)]
Chosen = Annotated[
    str, msgspec.Meta(pattern=rf"^({'|'.join(LANGUAGES)})(?![\s\S])", extra_json_schema={"enum": list(LANGUAGES)})
]
"""One of the languages that there are catalogs of."""


class SettingsError(Exception):
    """A setting that cannot be used; the text says which one, where, and what is expected, in the clerk's language."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a counter is told once. ``settings.field.<name>`` in the catalogs says what each field may be."""

    home: Path
    """The folder of the ledger and of `counter.toml`; never in the file itself."""

    lang: Chosen = DEFAULT
    """Language of every sentence: a folder of ``counter/locale``."""

    operator: str = ""
    """Operator id to sign in with where there is no terminal (柜员号)."""

    passphrase_file: Path | None = None
    """File whose first line is that operator's passphrase, where there is no terminal."""

    city: str = ""
    """Where the counter stands: code of the city policy (440100, 441621)."""

    bank: str = ""
    """Service bank id (服务银行): ``abc``, ``icbc`` …"""

    branch: str = ""
    """Branch id (网点) in the branch list."""

    counter: str = ""
    """Number of the window (窗口号) in that branch."""

    province: str = ""
    """Address of the province's platform, in place of the one kept at enrolment; its key stays the pinned one."""

    proxy: str = ""
    """Proxy on the way to the province, as ``http://address:port``; ``environment``: the one that the environment names
    (HTTPS_PROXY). None where nothing is said, whatever the environment says."""

    idle_lock_minutes: Annotated[int, msgspec.Meta(ge=1, le=240)] = 5
    """Minutes without a key until the screen locks."""

    scan_folder: Path | None = None
    """Folder into which the document camera saves its files (高拍仪)."""

    id_reader: str = ""
    """Where the ID-card reader is plugged in: ``COM3``, ``/dev/ttyUSB0``, ``socket://host:port`` (身份证阅读器)."""

    card_reader: str = ""
    """Where social security cards are laid (`counter.devices.card_slot`): ``pcsc``, ``pcsc:part of its name``,
    ``socket://host:port`` (社保卡读卡器)."""

    slip_printer: str = ""
    """The slip printer (`counter.devices.printer`): ``tcp://HOST:9100``, ``serial:COM3?baud=19200``, ``file:PATH``,
    ``windows:NAME``, ``escpos:COMMAND``; else a command that prints plain text from its standard input, run without a
    shell: ``lp -d receipt``."""

    font: Path | None = None
    """Font file (.ttf, .otf, .ttc) for paper, before those that `data/fonts.toml` knows: for rare names."""

    keyboard: Literal["kitty", "plain"] = "kitty"
    """What is asked of the terminal: flag 1 of kitty's keyboard protocol, or nothing (`counter.terminal.keyboard`)."""

    photo: Literal["auto", "kitty", "sixel", "blocks", "none"] = "auto"
    """How the photo is shown; ``auto``: as the environment tells of the terminal (`counter.terminal.pictures`)."""

    theme: Annotated[str, msgspec.Meta(pattern=r"^\w[\w-]{0,39}(?![\s\S])")] = "dark"
    """How the screen looks: a theme of `counter.look.themes`, or ``<home>/themes/<theme>.toml``."""

    screen_reader: bool = False
    """For screen readers and braille lines: the terminal's cursor at the focus, no frames, a finding on one line."""

    ask_seconds: Seconds = 3.0
    """How long a question to the province may take at the counter before it is *deferred*."""

    sync_seconds: Seconds = 30.0
    """How long one request of `counter sync` may take."""

    @property
    def place(self) -> Place:
        """Where the counter stands, as the rules ask it."""
        return Place(city=self.city, bank=self.bank, branch=self.branch, counter=self.counter)

    def passphrase(self) -> str:
        """The first line of the passphrase file; empty without one. Raises OSError."""
        return first_line(self.passphrase_file) if self.passphrase_file else ""


class SettingOrigin(StrEnum):
    """Where the value of a setting comes from; a later one holds over those before it."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as it holds now; `source` is where it is said, as ``file:line``, variable or flag, empty by default."""

    name: str
    value: Any
    origin: SettingOrigin = SettingOrigin.DEFAULT
    source: str = ""

    @property
    def default(self) -> Any:
        """What it is where nobody says it."""
        return _DEFAULTS[self.name]


_TYPES: Final[dict[str, Any]] = get_type_hints(Settings, include_extras=True)
_DEFAULTS: Final = {field.name: field.default for field in fields(Settings) if field.name != "home"}
NAMES: Final = tuple(_DEFAULTS)
"""Every setting that the file and the environment may say."""


def first_line(path: Path) -> str:
    """The first line of a file, as passphrases are kept. Raises OSError."""
    try:
        with path.open(encoding="utf-8") as file:
            return file.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise OSError(errno.EILSEQ, os.strerror(errno.EILSEQ), str(path)) from None


def default_home() -> Path:
    """The platform's data folder for `counter`."""
    from platformdirs import user_data_path  # noqa: PLC0415 - not needed where a home is named

    return user_data_path("counter", appauthor=False)


def home_of(home: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """The home that holds: the flag's, else ``COUNTER_HOME``, else the platform's."""
    named = home or (Path(environ[HOME]) if environ.get(HOME) else None)
    return expanded(named).absolute() if named else default_home()


def load_settings(
    home: Path | None = None, lang: str | None = None, *, environ: Mapping[str, str] = os.environ
) -> Settings:
    """The settings that hold now: file, then environment, then flag. Raises `SettingsError`."""
    said = {setting.name: setting.value for setting in settings_by_name(home, lang, environ=environ).values()}
    return Settings(home=home_of(home, environ), **said)


def settings_by_name(
    home: Path | None = None, lang: str | None = None, *, environ: Mapping[str, str] = os.environ
) -> dict[str, Setting]:
    """Every setting that the file may say, and where its value comes from. Raises `SettingsError`."""
    said = chain(_from_file(home_of(home, environ) / FILE), _from_environment(environ), _from_flag(lang))
    return {name: Setting(name, default) for name, default in _DEFAULTS.items()} | {each.name: each for each in said}


def variable_of(name: str) -> str:
    """The environment variable that says a setting."""
    return f"{PREFIX}{name.upper()}"


def meaning_of(name: str) -> str:
    """What a setting may be, in the clerk's language."""
    return t(f"settings.field.{name}", languages=", ".join(LANGUAGES))


def plain(value: Any) -> Any:
    """A setting's value as JSON and TOML have it: a path is a string."""
    return msgspec.to_builtins(value, enc_hook=str)


def schema() -> dict[str, Any]:
    """The JSON Schema of `counter.toml`."""
    declared = msgspec.json.schema(Settings, schema_hook=lambda _: {"type": "string", "format": "path"})
    known = declared["$defs"][Settings.__name__]["properties"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": FILE,
        "type": "object",
        "properties": {name: known[name] | {"description": meaning_of(name)} for name in NAMES},
        "additionalProperties": False,
    }


def write_settings(settings: Settings) -> Path:
    """Write `counter.toml` with what differs from the defaults, whole or not at all; the path it stands at."""
    said = {name: getattr(settings, name) for name in NAMES}
    changed = {name: value for name, value in said.items() if value != _DEFAULTS[name]}
    return _write(settings.home, "".join(starmap(_line_of, changed.items())))


def change_setting(home: Path, name: str, text: str) -> Path:
    """Say one setting in `counter.toml`, as the environment would say it; an empty text takes it out of the file.

    All other lines stay as they are. Answers with the file. Raises `SettingsError`, OSError: then nothing has changed.
    """
    if name not in NAMES:
        raise SettingsError(t("settings.no_such", name=name, known=listed(NAMES)))
    path = home / FILE
    before, said = _read(path)
    said.pop(name, None)
    line = ""
    if text:
        value = _converted(name, text, text, strict=False)
        value = value.absolute() if isinstance(value, Path) else value
        said[name], line = plain(value), _line_of(name, value)
    after = _with_line(before, name, line)
    if not _says(after, said):
        raise SettingsError(t("settings.by_hand", source=line_of(path, before, name), name=name))
    return _write(home, after)


def _with_line(text: str, name: str, line: str) -> str:
    """A file's text with a setting's line in the place of the one before it, else at the end."""
    own = rf'^[ \t]*"?{name}"?[ \t]*=.*(\n|\Z)'
    changed, found = re.subn(own, lambda _: line, text, count=1, flags=re.MULTILINE)
    if found:
        return changed
    return text + ("\n" if text and not text.endswith("\n") else "") + line


def _says(text: str, said: Mapping[str, Any]) -> bool:
    try:
        return tomllib.loads(text) == said
    except tomllib.TOMLDecodeError:
        return False


def _write(home: Path, text: str) -> Path:
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = home / FILE
    write_whole(path, text)
    return path


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    """The file's text, and what it says; nothing where there is none."""
    try:
        text = path.read_text("utf-8")
        return text, tomllib.loads(text)
    except FileNotFoundError:
        return "", {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        at = re.search(r"line (\d+)", str(error))
        raise SettingsError(t("settings.syntax", file=path, line=at[1] if at else "?")) from None
    except OSError as error:
        raise SettingsError(t("settings.unreadable", file=path, reason=reason(error))) from None


def _from_file(path: Path) -> Iterator[Setting]:
    text, said = _read(path)
    for name, value in said.items():
        source = line_of(path, text, name)
        if name not in NAMES:
            raise SettingsError(t("settings.unknown", source=source, name=name))
        yield Setting(name, _converted(name, value, source), SettingOrigin.FILE, source)


def _from_environment(environ: Mapping[str, str]) -> Iterator[Setting]:
    for name in NAMES:
        variable = variable_of(name)
        if said := environ.get(variable):
            yield Setting(name, _converted(name, said, variable, strict=False), SettingOrigin.ENVIRONMENT, variable)


def _from_flag(lang: str | None) -> Iterator[Setting]:
    if lang:
        yield Setting("lang", _converted("lang", lang, "--lang"), SettingOrigin.FLAG, "--lang")


def _converted(name: str, value: object, source: str, *, strict: bool = True) -> Any:
    try:
        return msgspec.convert(value, _TYPES[name], strict=strict, dec_hook=_path)
    except msgspec.ValidationError:
        raise SettingsError(t("settings.value", source=source, name=name, expected=meaning_of(name))) from None


def _path(_: type, value: object) -> Path:
    if not isinstance(value, str):
        raise TypeError
    return expanded(Path(value))


def _line_of(name: str, value: object) -> str:
    return f"{name} = {toml(value)}\n"


def toml(value: object) -> str:
    """A setting's value as the file says it; one that may be left out, and is, as an empty string."""
    # a JSON string or number is a TOML one, but for DEL, which TOML wants escaped
    return json.dumps("" if value is None else plain(value), ensure_ascii=False).replace("\x7f", "\\u007f")
