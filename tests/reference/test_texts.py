"""The texts that customers accept: whole in both languages, and another text is another version."""

import re
import shutil
from pathlib import Path

import pytest
from rich.cells import cell_len

from counter import i18n
from counter.paper.accepted import file_name, text_page
from counter.reference.load import ReferenceDataError, read_folder
from counter.rules.reference import SAMPLE, AcceptedText, Reference

ROOT = Path(__file__).parents[2]
DATA, FROZEN = ROOT / "data", ROOT / "tests" / "support" / "frozen"
CJK = re.compile("[\u3400-\u9fff]")
NAMES = re.compile("广东人社|粤省事|掌上12333")


def texts_of(reference: Reference) -> dict[str, AcceptedText]:
    return {text.name: text for city in reference.cities.values() for text in city.texts.values()}


TEXTS = texts_of(read_folder(DATA))


def test_every_city_has_both_texts() -> None:
    for city in read_folder(DATA).cities.values():
        assert {"terms", "e_card"} <= set(city.texts)


@pytest.mark.rule("TXT-1")
def test_txt_1_a_text_that_changes_is_another_version() -> None:
    """The frozen copy is what was shown under its name; renew the copy together with a new version."""
    for name, text in texts_of(read_folder(FROZEN)).items():
        assert TEXTS.get(name, text) == text, f"{name} has changed: give it another version"


@pytest.mark.parametrize("name", TEXTS)
def test_both_languages_say_as_much(name: str) -> None:
    text = TEXTS[name]
    assert len(text.zh.strip().split("\n")) == len(text.en.strip().split("\n"))
    assert not CJK.search(NAMES.sub("", text.en))
    assert text.source, "where its facts come from, or that it waits for the city's own"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("name", TEXTS)
def test_a_page_keeps_its_columns_and_says_its_version(name: str, language: str) -> None:
    with i18n.speaking(language):
        page = text_page(TEXTS[name])
        assert max(map(cell_len, page.split("\n"))) <= 48
        assert TEXTS[name].version in page and i18n.t(f"choice.text.{TEXTS[name].id}") in page
        sample = i18n.t("text.sample")
        assert (sample[:10] in page) is (TEXTS[name].source == SAMPLE)
    assert re.fullmatch(r"[a-z_]+-[a-z0-9-]+", file_name(TEXTS[name]))


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("440100/terms.toml", 'version = "2026-11"', r"texts/440100/terms\.toml"),
        ("440100/terms.toml", 'version = "soon"\nzh = "a"\nen = "b"\nsource = "c"', "version"),
        ("440100/terms.toml", "zh = ", r"texts/440100/terms\.toml"),
        ("999999/terms.toml", 'version = "2026-11"\nzh = "a"\nen = "b"\nsource = "c"', "999999"),
    ],
)
def test_a_text_that_cannot_be_read_is_named(tmp_path: Path, file: str, content: str, said: str) -> None:
    folder = tmp_path / "data"
    shutil.copytree(FROZEN, folder)
    (folder / "texts" / file).parent.mkdir(exist_ok=True)
    (folder / "texts" / file).write_text(content, "utf-8")
    with pytest.raises(ReferenceDataError, match=said):
        read_folder(folder)


def test_data_without_texts_are_data(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(FROZEN, folder, ignore=shutil.ignore_patterns("texts"))
    assert all(city.texts == {} for city in read_folder(folder).cities.values())
