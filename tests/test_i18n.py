"""The clerk's language: what names a thing, what explains an error, how a plural is chosen, and a third language."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from counter import i18n
from counter.province.errors import OutOfReachError
from counter.reference.load import load_reference
from counter.settings import Settings, SettingsError, load_settings
from counter.store.errors import NotAllowedError, OwnCaseError

ROOT = Path(__file__).parent.parent
ID = "441621198001150000"
"""Its check digit is wrong."""
THIRD = "zz_Test"
TRAITS = """
name = "正體中文"
fallback = "zh_CN"
documents = ["chinese_passport"]
date = "{0.year}.{0.month}.{0.day}"
"""
A_SLIP = """
from datetime import date
from msgspec import structs
from counter.i18n import dated, short_name, speaking, t, written
from counter.paper.languages import BREAK, for_customer
from counter.rules.case import Case, Document, DocumentKind, Holder
from counter.reference.load import load_reference
abc = load_reference().banks["abc"]
def make():
    return "|".join([t("slip.title"), t("slip.date"), short_name(abc), dated(date(2026, 1, 2)), written("批准云准")])
case = Case(service="exchange", holder=Holder(document=Document(kind=DocumentKind.CHINESE_PASSPORT)))
print(for_customer(make, case).text.replace(BREAK, "|"))
"""


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    i18n.use_language(i18n.DEFAULT)
    yield
    i18n.use_language(i18n.DEFAULT)


def test_a_thing_has_its_name_in_the_language_in_use() -> None:
    reference = load_reference()
    bank, city, ethnicity = reference.banks["abc"], reference.cities["441621"], reference.ethnicities["01"]
    assert [i18n.named(thing) for thing in (bank, city, ethnicity)] == ["农业银行", city.zh, "汉族"]
    assert i18n.short_name(bank) == "农行"
    i18n.use_language("en")
    assert [i18n.named(thing) for thing in (bank, city, ethnicity)] == [bank.en, city.en, ethnicity.en]
    assert i18n.short_name(bank) == bank.en


def test_an_error_is_explained_by_its_class_or_what_it_is_a_kind_of() -> None:
    class OfItsKindError(OwnCaseError):
        pass

    assert i18n.explained(OutOfReachError("timeout")) == i18n.t("error.OutOfReachError")
    assert i18n.explained(OwnCaseError()) == i18n.t("error.OwnCaseError") != i18n.t("error.NotAllowedError")
    assert i18n.explained(NotAllowedError()) == i18n.t("error.NotAllowedError")
    assert i18n.explained(OfItsKindError()) == i18n.t("error.OwnCaseError")


def test_an_error_that_nobody_foresaw_is_not_explained() -> None:
    class ConflictError(Exception):
        """Somebody else's, of the same name."""

    assert i18n.explained(ConflictError("with a number in it")) == ""
    assert i18n.explained(OSError(28, "No space left on device")) == ""


@pytest.mark.parametrize(("count", "said"), [(0, "0 people"), (1, "1 person"), (2, "2 people"), ("1", "1 person")])
def test_a_plural_is_chosen_by_its_count(count: int | str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_catalog", lambda *_: {"roster.people": "{count} {count:person|people}"})
    assert i18n.t("roster.people", count=count) == said


def test_what_is_no_language_is_refused_with_those_that_are(tmp_path: Path) -> None:
    for wrong in ("fr", "zh_CN\n", "zh", "zh_CN, en"):
        with pytest.raises(SettingsError, match=", ".join(i18n.LANGUAGES)):
            load_settings(tmp_path, wrong, environ={})
    assert Settings(home=tmp_path).lang == i18n.DEFAULT


@pytest.fixture
def with_a_third(tmp_path: Path) -> Path:
    """A copy of the program with a folder of catalogs more, of which most lack: where Python finds it."""
    place = tmp_path / "program"
    shutil.copytree(ROOT / "counter", place / "counter", ignore=shutil.ignore_patterns("__pycache__"))
    (place / "data").symlink_to(ROOT / "data")
    folder = place / "counter" / "locale" / THIRD
    folder.mkdir()
    (folder / "language.toml").write_text(TRAITS, "utf-8")
    (folder / "slip.toml").write_text('title = "回執單"\n', "utf-8")
    (folder / "script.txt").write_text("# words, characters\n批准批准 准準 农農 业業 云雲\n", "utf-8")
    (folder / "finding.toml").write_text('[number]\ncheck_digit = "證件號碼校驗位不對。"\n', "utf-8")
    return place


def run(place: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "counter", "--home", str(place / "home"), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(place), "COLUMNS": "200", **environ}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=place)


def test_a_third_language_is_a_folder_of_catalogs(with_a_third: Path) -> None:
    """Said where it says, else by its fallback; and no line of Python knows of it."""
    for done in (
        run(with_a_third, "--lang", THIRD, "check", "id", ID),
        run(with_a_third, "check", "id", ID, COUNTER_LANG=THIRD),
    ):
        assert done.returncode == 1
        assert "證件號碼校驗位不對。" in done.stdout
    listed = run(with_a_third, "--lang", THIRD, "ledger", "list")
    assert i18n.t("error.NoOperatorError") in listed.stderr, "the fallback's"
    helped = run(with_a_third, "--help", COUNTER_LANG=THIRD)
    assert f"{THIRD} 正體中文" in helped.stdout
    refused = run(with_a_third, "--lang", "fr", "ledger", "list")
    assert THIRD in refused.stderr


def test_a_third_language_is_on_the_paper_of_those_who_read_it(with_a_third: Path) -> None:
    """What it lacks is the fallback's; names and days are as it writes them; the trade's language stands below."""
    environ = {**os.environ, "PYTHONPATH": str(with_a_third), "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", A_SLIP]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environ, cwd=with_a_third)
    own = ["回執單", "办理时间", "農行", "2026.1.2", "批准雲準"]
    trades = ["社会保障卡业务回执单", "办理时间", "农行", "2026-01-02", "批准云准"]
    assert done.stdout.strip().split("|") == own + trades
