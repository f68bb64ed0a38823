"""Every page of ``--help`` and every sentence about a wrong line is in the clerk's language, the parser's too."""

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from counter.cli.anywhere import language_asked
from counter.i18n import LANGUAGES, traits
from counter.settings import NAMES
from tests.test_catalogs import CJK, QUOTED_TERM

MISUSES = {
    "nonsense": ("没有 nonsense 这个命令", "There is no command nonsense"),
    "ledger lst": ("没有 lst 这个命令；是不是 list", "There is no command lst; perhaps list"),
    "ledger list --limt 3": ("没有 --limt 这个选项；是不是 --limit", "There is no option --limt; perhaps --limit"),
    "ledger list --limit": ("--limit 后面要有值", "--limit needs a value"),
    "ledger list --home": ("--home 后面要有值", "--home needs a value"),
    "ledger list --json=3": ("--json 后面不能有值", "--json takes no value"),
    "ledger list --limit x": (
        "--limit：应当是 1 到 10000 的整数",
        "--limit: it should be a whole number from 1 to 10000",
    ),
    "ledger list --on soon": ("--on：应当是日期，写作 2026-11-20", "--on: it should be a date, such as 2026-11-20"),
    "ledger show 1 2": ("多出来的参数：2", "More arguments than it takes: 2"),
    "operator add": ("缺少 编号（柜员号）", "ID is missing: Operator id"),
    "operator add x --name y --role boss": (
        "--role：应当是 clerk、supervisor、timer 之一",
        "--role: it should be one of clerk, supervisor, timer",
    ),
    "case submit x --id 3": ("--id：应当是 UUID", "--id: it should be a UUID"),
    "check photo /no/where": ("没有 /no/where 这个文件或文件夹", "there is no file or folder /no/where"),
    "check photo /": ("/ 是文件夹，不是文件", "/ is a folder, not a file"),
    "case check /no/where": ("没有这个文件或文件夹", "there is no such file or folder"),
}

PROBE = """
import json, sys
from typer.main import get_command
from typer.testing import CliRunner
from counter.i18n import use_language
use_language(sys.argv[1])
from counter.cli import page
from counter.cli.root import app
root = get_command(app)
context = root.context_class(root, info_name="counter", **root.context_settings)
pages = {called.command_path: command.get_help(called) for command, called in page.walk(root, context)}
words = {called.info_name for _, called in page.walk(root, context)}
for command, called in page.walk(root, context):
    for parameter in command.get_params(called):
        words |= {*parameter.opts, *(page.choices(parameter) if parameter.type_descriptor.is_choice else ())}
runs = [CliRunner().invoke(app, ["--lang", sys.argv[1], *misuse.split()]) for misuse in json.loads(sys.argv[2])]
print(json.dumps({"pages": pages, "words": sorted(words), "errors": [[run.exit_code, run.stderr] for run in runs]}))
"""


@cache
def said_in(language: str) -> Any:
    """Help is read when the program starts: each language is a start."""
    command = [sys.executable, "-c", PROBE, language, json.dumps(list(MISUSES))]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_the_pages_in_english_are_english() -> None:
    names = re.compile("|".join(traits(language).name for language in LANGUAGES))  # each in its own words
    mixed = {
        path: found[0]
        for path, text in said_in("en")["pages"].items()
        if (found := CJK.search(QUOTED_TERM.sub("", names.sub("", text))))
    }
    assert not mixed


def test_the_pages_in_chinese_have_no_english_sentence() -> None:
    """Two English words side by side are a sentence of the parser's, where they are no command, option or name."""
    said = said_in("zh_CN")
    ours = {
        *NAMES,
        *said["words"],
        "counter",
        "local",
        "share",
        "JSON",
        "Schema",
        "counter.toml",
        "UUID",
        "en",
        "English",
    }
    for path, text in said["pages"].items():
        for phrase in re.findall(r"[A-Za-z-][A-Za-z_.'-]+(?: [A-Za-z-][A-Za-z_.'-]+)+", text):
            assert set(phrase.split()) <= ours, f"{path}: {phrase}"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_everything_on_a_page_has_its_meaning_and_no_word_is_clipped(language: str) -> None:
    for path, text in said_in(language)["pages"].items():
        rows = re.findall(r"^  (?=\S)(.*)\n(?!   )", text, re.M)
        assert not [row for row in rows if re.fullmatch(r"--?[\w-]+(, --[\w-]+)?( [A-Z|=]+)?", row)], path
        assert "..." not in re.sub(
            r"(?:COMMAND|命令|NUMBER|号码|FILE|文件|CODE|代码|CARD|卡号|PIECES|张数) ?\.\.\.", "", text
        ), path


@pytest.mark.parametrize("misuse", MISUSES)
def test_a_wrong_line_is_said_in_the_clerks_language(misuse: str) -> None:
    at = list(MISUSES).index(misuse)
    for language, sentence in zip(("zh_CN", "en"), MISUSES[misuse], strict=True):
        code, told = said_in(language)["errors"][at]
        assert code == 2
        assert sentence in told
        if language == "zh_CN":
            assert not re.search(r"Usage|Error|Try|Invalid|No such|Missing|Value", told)
        else:
            assert not CJK.search(told)


def test_help_is_in_the_language_that_the_settings_file_names(tmp_path: Path) -> None:
    file = tmp_path / "counter.toml"
    file.write_text('lang = "en"\n')
    assert language_asked({"--home": str(tmp_path)}, {}) == "en"
    assert language_asked({}, {"COUNTER_HOME": str(tmp_path), "COUNTER_LANG": "zh_CN"}) == "zh_CN"
    file.write_text('lang = "fr"\n')
    assert language_asked({"--home": str(tmp_path), "--lang": "en"}, {}) == "en"
    assert language_asked({"--home": str(tmp_path)}, {}) == "zh_CN"
