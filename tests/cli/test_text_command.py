"""``counter text``: what a customer accepts, from the shell; and what a case says of it, and of what comes next."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Counter
from tests.cli.test_case import a_case, write


def application(branch: str, **changes: Any) -> dict[str, Any]:
    case = a_case(branch, service="apply", one_card={"answer": "none"}, photo={"source": "id_card"})
    del case["old_card"], case["mode"]
    return case | {"papers": ["id_card_front", "id_card_back"], "consents": ["terms", "e_card", "id_photo"]} | changes


@pytest.mark.rule("TXT-1")
def test_txt_1_the_texts_of_a_city(counter: Counter) -> None:
    found = counter("text", "--city", "440100", "--json").json
    assert [text["name"] for text in found["texts"]] == ["e_card@default-2026-11", "terms@440100-2026-11"]
    (terms,) = counter("text", "terms", "--city", "440100", "--json").json["texts"]
    assert (terms["title"], terms["version"], terms["source"]) == ("办理须知", "2026-11", "sample")
    assert "12343" in terms["text"]
    page = counter("text", "terms", "--city", "441621").stdout
    assert "办理须知" in page and "default-2026-11" in page and "样本" in page
    assert "Terms of service" in counter("text", "terms", "--city", "441621", "--lang", "en").stdout


def test_the_counters_own_city_is_meant_where_none_is_named(ledger: Counter) -> None:
    assert ledger("text", "terms", "--json").json["texts"][0]["city"] == "default"


@pytest.mark.parametrize(
    ("arguments", "said"), [(("text",), "--city"), (("text", "rules", "--city", "440100"), "terms")]
)
def test_what_there_is_not(counter: Counter, arguments: tuple[str, ...], said: str) -> None:
    done = counter(*arguments)
    assert (done.code, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.rule("TXT-1")
def test_txt_1_as_a_file_for_the_printer(counter: Counter, tmp_path: Path) -> None:
    file = tmp_path / "terms.pdf"
    done = counter("text", "terms", "--city", "440100", "--pdf", file, "--json").json
    assert done["file"] == str(file)
    assert file.read_bytes().startswith(b"%PDF")
    assert counter("text", "--city", "440100", "--pdf", tmp_path / "nowhere" / "a.pdf").code != 0


@pytest.mark.rule("TXT-1")
def test_txt_1_what_the_shell_records_names_the_texts(ledger: Counter, branch: str, tmp_path: Path) -> None:
    names = ["terms@default-2026-11", "e_card@default-2026-11"]
    stale = application(branch, texts=["terms@default-2019-06", "e_card@default-2026-11"])
    refused = ledger("case", "submit", write(tmp_path, stale), "--json")
    assert (refused.code, refused.json["state"]) == (1, "refused")
    assert {"TXT-1"} == {each["rule"] for each in refused.json["findings"] if each["level"] == "stop"}
    done = ledger("case", "submit", write(tmp_path, application(branch)), "--json").json
    assert (done["state"], done["texts"]) == ("recorded", names)
    shown = ledger("ledger", "show", "1", "--reveal", "--json").json
    assert shown["record"]["texts"] == names


@pytest.mark.rule("EXC-2", "EXC-5", "TIM-1")
def test_exc_2_an_exchange_with_a_new_number_names_what_follows(ledger: Counter, branch: str, tmp_path: Path) -> None:
    same = ledger("case", "submit", write(tmp_path, a_case(branch)), "--json").json
    assert same["next"] == []
    other = a_case(branch, mode="new_number")
    assert "接着办：待遇发放方式变更" in ledger("case", "check", write(tmp_path, other)).stdout
    new = ledger("case", "submit", write(tmp_path, other), "--json").json
    assert new["next"] == ["benefit_payment"]
    assert "没有公布制卡时间" in new["notices"][0]
    referral = {"service": new["next"][0], "city": "441621", "referral": "every"}
    told = ledger("case", "check", write(tmp_path, referral), "--json").json
    assert told["allowed"]
    assert all(payer in "".join(told["notices"]) for payer in ("机关养老金", "职工养老金", "城乡居民养老金", "林业"))
