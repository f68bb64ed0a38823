"""File, then environment, then flag; and what is wrong is said with its place."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from counter import i18n
from counter.settings import Settings, SettingsError, default_home, home_of, load_settings, write_settings


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    i18n.use_language("zh_CN")
    yield
    i18n.use_language("zh_CN")


def load(home: Path, lang: str | None = None, **environ: str) -> Settings:
    return load_settings(home, lang, environ=environ)


def test_nothing_said_is_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path) == Settings(home=tmp_path)
    assert load(tmp_path).lang == "zh_CN"
    assert load(tmp_path).idle_lock_minutes == 5


def test_file_then_environment_then_flag(tmp_path: Path) -> None:
    (tmp_path / "counter.toml").write_text('lang = "en"\nbank = "abc"\nidle_lock_minutes = 9\n')
    assert load(tmp_path).idle_lock_minutes == 9
    settings = load(tmp_path, lang="zh_CN", COUNTER_LANG="en", COUNTER_IDLE_LOCK_MINUTES="7", COUNTER_BANK="")
    assert (settings.lang, settings.idle_lock_minutes, settings.bank) == ("zh_CN", 7, "abc")


def test_home_is_the_flag_then_the_environment_then_the_platform(tmp_path: Path) -> None:
    environ = {"COUNTER_HOME": str(tmp_path / "b")}
    assert home_of(tmp_path / "a", environ) == tmp_path / "a"
    assert home_of(None, environ) == tmp_path / "b"
    assert home_of(None, {}) == default_home()


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path / "new",
        city="441621",
        branch='紫金"支行\\',
        counter="2\x7f",
        ask_seconds=1.5,
        scan_folder=tmp_path,
    )
    path = write_settings(settings)
    assert load(settings.home) == settings
    assert "idle_lock_minutes" not in path.read_text("utf-8")
    assert [file.name for file in settings.home.iterdir()] == ["counter.toml"]


@pytest.mark.parametrize(
    ("written", "place", "says"),
    [
        ("bank = \n", "counter.toml", "第 1 行"),
        ('bank = "abc"\nidle_lock_minutes = 0\n', "counter.toml:2", "1 到 240"),
        ('\n\nidle_lock_minutes = "5"\n', "counter.toml:3", "1 到 240"),
        ('colour = "red"\n', "counter.toml:1", "colour"),
        ('home = "/elsewhere"\n', "counter.toml:1", "home"),
        ('lang = "fr"\n', "counter.toml:1", "zh_CN, en"),
        ("[place]\ncity = 1\n", "counter.toml", "place"),
    ],
)
def test_a_wrong_file_is_said_with_its_line(tmp_path: Path, written: str, place: str, says: str) -> None:
    (tmp_path / "counter.toml").write_text(written)
    with pytest.raises(SettingsError) as caught:
        load(tmp_path)
    assert place in str(caught.value)
    assert says in str(caught.value)


def test_a_wrong_variable_is_said_by_its_name(tmp_path: Path) -> None:
    i18n.use_language("en")
    with pytest.raises(SettingsError, match="COUNTER_ASK_SECONDS: ask_seconds should be the seconds"):
        load(tmp_path, COUNTER_ASK_SECONDS="soon")
    with pytest.raises(SettingsError, match="--lang"):
        load(tmp_path, lang="fr")


def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "counter.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError):
        load(tmp_path)


def test_a_tilde_of_nobody_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert home_of(environ={"COUNTER_HOME": "~$nobody/home"}) == tmp_path / "~$nobody" / "home"
