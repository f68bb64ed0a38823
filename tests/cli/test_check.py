"""``counter check``: the rules from the shell."""

from pathlib import Path

import pytest
from PIL import Image

from tests.cli.conftest import Counter


def test_a_valid_number_says_birth_sex_and_region(counter: Counter) -> None:
    done = counter("check", "id", "11010519491231002X", "--json")
    assert done.code == 0
    assert done.json == {
        "results": [
            {
                "input": "11010519491231002X",
                "valid": True,
                "kind": "id_card",
                "birth": "1949-12-31",
                "sex": "F",
                "region": "110105",
                "findings": [],
            }
        ]
    }


def test_a_wrong_check_digit_is_refused_in_the_official_words(counter: Counter) -> None:
    done = counter("check", "id", "440308199901101512", "440308199901101513", "--json")
    assert done.code == 1
    right, wrong = done.json["results"]
    assert (right["valid"], wrong["valid"]) == (True, False)
    assert [(finding["level"], finding["rule"]) for finding in wrong["findings"]] == [("stop", "WHO-5")]
    assert "社会保障号检验位不符合检验规则" in wrong["findings"][0]["message"]


def test_lines_of_standard_input(counter: Counter) -> None:
    done = counter("check", "id", "-", "--json", input="11010519491231002X\n\n 440308199901101512 \n")
    assert [result["valid"] for result in done.json["results"]] == [True, True]


@pytest.mark.parametrize(
    "nonsense", ["", " ", "x" * 10_000, "\x00\x1b[2J", "😀", "１１０１０５", "' OR 1=1 --", "\u202e123", "𠮷"]
)
def test_nonsense_is_an_answer_and_no_traceback(counter: Counter, nonsense: str) -> None:
    done = counter("check", "id", "--json", "--", nonsense)
    assert done.code == 1
    assert done.json["results"][0]["findings"]
    assert "Traceback" not in done.stderr


def test_the_kind_is_obeyed(counter: Counter) -> None:
    assert counter("check", "id", "H12345678", "--kind", "hk_macau_permit", "--json").code == 0
    assert counter("check", "id", "H12345678", "--kind", "id_card", "--json").code == 1
    assert counter("check", "id", "H12345678", "--kind", "driving_licence").code == 2


def test_company_codes(counter: Counter) -> None:
    done = counter("check", "uscc", "91350100M000100Y43", "913", "--json")
    assert done.code == 1
    assert [result["valid"] for result in done.json["results"]] == [True, False]


def test_photos(counter: Counter, tmp_path: Path) -> None:
    file = tmp_path / "small.jpg"
    Image.new("RGB", (10, 10), "white").save(file)
    done = counter("check", "photo", file, "--json")
    assert done.code == 1
    (result,) = done.json["results"]
    assert result["input"] == str(file)
    assert {finding["rule"] for finding in result["findings"]} == {"PHO-6"}


def test_in_english(counter: Counter) -> None:
    done = counter("check", "id", "440308199901101513", "--lang", "en", "--json")
    assert "check digit" in done.json["results"][0]["findings"][0]["message"].lower()


def test_for_people_a_number_is_a_line_and_its_findings(counter: Counter) -> None:
    done = counter("check", "id", "440308199901101513")
    assert done.stdout.startswith("! 440308")
    assert "WHO-5" in done.stdout
