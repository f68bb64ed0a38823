"""A theme of one's own is read, or what is wrong with it is said in the clerk's language."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from counter import i18n
from counter.look.own import ThemeError, chosen, read_theme
from counter.look.themes import DARK, LIGHT, THEMES


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "themes").mkdir()
    return tmp_path / "themes" / "mine.toml"


@pytest.fixture(params=i18n.LANGUAGES)
def lang(request: pytest.FixtureRequest) -> Iterator[str]:
    i18n.use_language(request.param)
    yield request.param
    i18n.use_language(i18n.DEFAULT)


def test_what_is_not_said_comes_from_the_base(file: Path, tmp_path: Path) -> None:
    file.write_text('base = "light"\n[colours]\nband = "#0b5d4a"\n')
    theme, said = read_theme("mine", tmp_path)
    assert {name: theme.variables[name] for name in LIGHT} == {**LIGHT, "band": "#0b5d4a"}
    assert not theme.dark
    assert said == ()


def test_without_a_base_it_is_the_dark_one(file: Path, tmp_path: Path) -> None:
    file.write_text("")
    assert {name: read_theme("mine", tmp_path).theme.variables[name] for name in DARK} == DARK


def test_ours_need_no_file(tmp_path: Path) -> None:
    assert {name: chosen(name, tmp_path).theme for name in THEMES} == THEMES


def test_what_is_hard_to_read_is_said_and_used(file: Path, tmp_path: Path) -> None:
    file.write_text('[colours]\nquiet = "#40464c"\n')
    theme, said = chosen("mine", tmp_path)
    assert theme.variables["quiet"] == "#40464c"
    assert [sentence for sentence in said if "quiet" in sentence and "ground" in sentence and "1.9:1" in sentence]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("[colours\n", ["1"]),
        ("\xff", ["?"]),
        ('base = "grey"\n', ["mine.toml:1", "base", "dark"]),
        ("base = []\n", ["mine.toml:1", "base"]),
        ('[colours]\nband = "#0b5d4a"\nborder = "#0b5d4a"\n', ["mine.toml:3", "border", "band"]),
        ('[colors]\nband = "#0b5d4a"\n', ["mine.toml", "colors"]),
        ('[colours]\n\nband = "green"\n', ["mine.toml:3", "band", "#1f5c99"]),
        ("[colours]\nband = 3\n", ["mine.toml:2", "band"]),
        ("colours = 3\n", ["mine.toml:1", "colours"]),
    ],
)
def test_what_is_wrong_is_said_and_the_counter_opens(
    file: Path, tmp_path: Path, lang: str, text: str, names: list[str]
) -> None:
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(ThemeError) as refused:
        read_theme("mine", tmp_path)
    assert all(name in str(refused.value) for name in names), str(refused.value)
    theme, (said,) = chosen("mine", tmp_path)
    assert theme is THEMES["dark"]
    assert str(refused.value) in said


def test_a_file_that_is_not_there_is_named(tmp_path: Path, lang: str) -> None:
    with pytest.raises(ThemeError, match=r"mine\.toml"):
        read_theme("mine", tmp_path)
