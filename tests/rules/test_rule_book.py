"""The book of rules and the catalogs of the rules: complete, and the same in both languages."""

import ast
import re
import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest

from counter.rules.case import (
    BookingStatus,
    DocumentKind,
    IdentityAnswer,
    Insurance,
    Mode,
    OneCardAnswer,
    PhotoSource,
    PickupMethod,
    PresentedBy,
    Sex,
)
from counter.rules.service import StepId
from counter.rules.services import SERVICES

LOCALE = files("counter") / "locale"
FAMILIES = {
    "WHO": 6, "AGE": 4, "AGT": 5, "GRD": 1, "PHO": 7, "ONE": 6, "APP": 6, "BNK": 3, "PIC": 8, "EXC": 10, "FEE": 1,
    "LOS": 2, "REP": 2, "ACT": 1, "PIN": 1, "INF": 2, "LCK": 1, "CAN": 1, "QRY": 1, "FIN": 1, "TXT": 1, "TIM": 1,
    "ELD": 1, "ECD": 1, "NOT": 1, "REF": 1,
}  # fmt: skip
CITED = re.compile(r"[A-Z]{3}-\d")
RULES = [f"{family}-{n}" for family, last in FAMILIES.items() for n in range(1, last + 1)]
NAMESPACES = ("rule", "service", "step", "paper", "choice", "field", "notice", "finding")


def _catalog(language: str, namespace: str) -> dict[str, str]:
    def flat(table: dict[str, object], path: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, value in table.items():
            found |= flat(value, f"{path}{name}.") if isinstance(value, dict) else {f"{path}{name}": str(value)}
        return found

    return flat(tomllib.loads((LOCALE / language / f"{namespace}.toml").read_text("utf-8")), "")


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_rule_has_title_text_and_source(language: str) -> None:
    book = tomllib.loads((LOCALE / language / "rule.toml").read_text("utf-8"))
    assert set(RULES) <= set(book), "the sources' rules stay"
    last = Counter(rule.partition("-")[0] for rule in book)
    numbered = {f"{family}-{n}" for family, count in last.items() for n in range(1, count + 1)}
    assert set(book) == numbered, "a further rule takes the next number of its family"
    for rule, entry in book.items():
        assert set(entry) == {"title", "text", "source"}, rule
        assert all(value.strip() for value in entry.values()), rule


def test_every_rule_that_is_cited_stands_in_the_book() -> None:
    book = _catalog("en", "rule")
    sources = sorted(Path(str(files("counter"))).rglob("*.py"))
    cited = {
        (node.value, source.name)
        for source in sources
        for node in ast.walk(ast.parse(source.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CITED.fullmatch(node.value)
    }
    missing = [
        f"{source} cites {rule}, which is no rule: add it to counter/locale/{{zh_CN,en}}/rule.toml"
        for rule, source in sorted(cited)
        if f"{rule}.title" not in book
    ]
    assert not missing, "\n" + "\n".join(missing)


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_both_languages_have_the_same_keys_and_placeholders(namespace: str) -> None:
    chinese, english = _catalog("zh_CN", namespace), _catalog("en", namespace)
    assert chinese.keys() == english.keys()
    for key, sentence in chinese.items():
        assert _placeholders(sentence) == _placeholders(english[key]), key
        assert sentence.strip() and english[key].strip(), key


def _placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_choice_of_a_case_has_a_name() -> None:
    kinds = {
        "document": DocumentKind, "presented_by": PresentedBy, "sex": Sex, "mode": Mode, "photo": PhotoSource,
        "pickup": PickupMethod, "insurance": Insurance, "one_card": OneCardAnswer, "identity": IdentityAnswer,
        "booking": BookingStatus,
    }  # fmt: skip
    names = _catalog("zh_CN", "choice")
    for kind, values in kinds.items():
        assert all(f"{kind}.{value}" in names for value in values), kind
    assert all(f"consent.{consent}" in names for each in SERVICES.values() for consent in each.consents)


def test_every_step_and_service_has_a_name() -> None:
    assert set(_catalog("en", "step")) == set(StepId)
    services = {key.partition(".")[0] for key in _catalog("en", "service")}
    assert services == {*SERVICES, "reversal"}  # the one kind of entry that is no service
    english, names = _catalog("en", "step"), _catalog("en", "service")
    for each in SERVICES.values():
        line = [names[f"{each.id}.name"], *(english[step] for step in each.steps)]
        assert sum(len(name) + 2 for name in line) < 80, each.id  # one line of 80 columns
