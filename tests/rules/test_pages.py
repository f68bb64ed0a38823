"""The generated pages are current, and every rule has code that obeys it and a test that proves it."""

import pytest

from tests.support.pages import (
    PAGES,
    ROOT,
    code_of_rules,
    proofs_of_rules,
    rules,
)


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_current(name: str) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == PAGES[name](), "make docs"


def test_every_rule_has_code_and_a_test() -> None:
    code, tests = code_of_rules(), proofs_of_rules()
    assert not [rule for rule in rules() if not code[rule]], "nothing in counter/ obeys these"
    assert not [rule for rule in rules() if not tests[rule]], (
        "no test proves these: mark one with pytest.mark.rule, or name it test_pic_1_..."
    )


def test_no_test_proves_a_rule_that_is_none() -> None:
    assert set(proofs_of_rules()) == set(rules())
