"""The settings: ``<home>/counter.toml``, then the environment (``COUNTER_<FIELD>``), then the flag.

One msgspec struct. Not pydantic-settings: its import alone costs 0.3 s of the 0.1 s that stand before the first frame.
"""

import errno
import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_type_hints

import msgspec

from counter.files import expanded, line_of, write_whole
from counter.i18n import DEFAULT, LANGUAGES, t
from counter.rules.reference import Place

FILE: Final = "counter.toml"
PREFIX: Final = "COUNTER_"

Seconds = Annotated[float, msgspec.Meta(gt=0, le=600)]
Chosen = Annotated[str, msgspec.Meta(pattern=rf"\A({'|'.join(LANGUAGES)})\Z")]
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

    idle_lock_minutes: Annotated[int, msgspec.Meta(ge=1, le=240)] = 5
    """Minutes without a key until the screen locks."""

    scan_folder: Path | None = None
    """Folder into which the document camera saves its files (高拍仪)."""

    slip_printer: str = ""
    """Command that prints a slip from its standard input: ``lp -d receipt``; run without a shell."""

    keyboard: Literal["kitty", "plain"] = "kitty"
    """What is asked of the terminal: flag 1 of kitty's keyboard protocol, or nothing (`counter.terminal.keyboard`)."""

    theme: Annotated[str, msgspec.Meta(pattern=r"\A\w[\w-]{0,39}\Z")] = "dark"
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


_TYPES: Final[dict[str, Any]] = get_type_hints(Settings, include_extras=True)
_IN_FILE: Final = tuple(name for name in Settings.__struct_fields__ if name != "home")


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
    named = home or (Path(environ["COUNTER_HOME"]) if environ.get("COUNTER_HOME") else None)
    return expanded(named).absolute() if named else default_home()


def load_settings(
    home: Path | None = None, lang: str | None = None, *, environ: Mapping[str, str] = os.environ
) -> Settings:
    """The settings that hold now: file, then environment, then flag. Raises `SettingsError`."""
    where = home_of(home, environ)
    return Settings(home=where, **(_from_file(where / FILE) | _from_environment(environ) | _from_flag(lang)))


def write_settings(settings: Settings) -> Path:
    """Write `counter.toml` with what differs from the defaults, whole or not at all; the path it stands at."""
    said, usual = (
        msgspec.to_builtins(some, enc_hook=str)  # paths
        for some in (settings, Settings(home=settings.home))
    )
    lines = [f"{name} = {_toml(said[name])}\n" for name in _IN_FILE if said[name] != usual[name]]
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = settings.home / FILE
    write_whole(path, "".join(lines))
    return path


def _from_file(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text("utf-8")
        said = tomllib.loads(text)
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        at = re.search(r"line (\d+)", str(error))
        raise SettingsError(t("settings.syntax", file=path, line=at[1] if at else "?")) from None
    except OSError as error:
        raise SettingsError(t("settings.unreadable", file=path, reason=error.strerror)) from None
    for name in said:
        if name not in _IN_FILE:
            raise SettingsError(t("settings.unknown", source=line_of(path, text, name), name=name))
    return {name: _converted(name, value, line_of(path, text, name)) for name, value in said.items()}


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    named = {name: f"{PREFIX}{name.upper()}" for name in _IN_FILE}
    return {
        name: _converted(name, environ[variable], variable, strict=False)
        for name, variable in named.items()
        if environ.get(variable)
    }


def _from_flag(lang: str | None) -> dict[str, Any]:
    return {"lang": _converted("lang", lang, "--lang")} if lang else {}


def _converted(name: str, value: object, source: str, *, strict: bool = True) -> Any:
    try:
        return msgspec.convert(value, _TYPES[name], strict=strict, dec_hook=_path)
    except msgspec.ValidationError:
        expected = t(f"settings.field.{name}", languages=", ".join(LANGUAGES))
        raise SettingsError(t("settings.value", source=source, name=name, expected=expected)) from None


def _path(_: type, value: object) -> Path:
    if not isinstance(value, str):
        raise TypeError
    return expanded(Path(value))


def _toml(value: object) -> str:
    # a JSON string or number is a TOML one, but for DEL, which TOML wants escaped
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
