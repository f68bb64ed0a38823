"""Writes the pages that are generated from the rules: ``python -m tests.support.pages`` (or ``make docs``).

docs/services.md: for every service, customer and presenter what the rules answer. docs/states.md: the life of a card
and of a booking. docs/rules.md: every rule, the code that obeys it and the tests that prove it. docs/wire.md: `wire_page.py`.
`test_pages.py` compares.
"""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from counter import i18n
from counter.rules.booking import BOOKING
from counter.rules.card_life import CardState
from counter.rules.case import Case, PresentedBy
from counter.rules.finding import Level
from counter.rules.judge import Judgement, judge
from counter.rules.papers import name_of
from counter.rules.service import Paper, Service
from counter.rules.services import CARD_LIFE, SERVICES
from tests.support.customers import (
    CUSTOMERS,
    PICKUPS,
    complete,
)
from tests.support.made_up import SHELL
from tests.support.wire_page import wire_page

ROOT = Path(__file__).parent.parent.parent
_PLURAL = re.compile(r"\{\w+:[^{}|]*\|([^{}]*)\}")
"""A word that is chosen by its count; the pages have the one for several."""
NOTE = "<!-- generated: python -m tests.support.pages -->"
SERVICES_INTRO = """\
For every service, kind of customer and person at the window: what the rules answer to a customer who brings all that
is asked for (Zijin, everything else in order). A stop names its rule; customers with the same answer share a row.
Papers are originals unless they say copy. What is told are the notices at the end of the page."""
STATES_INTRO = """\
Each arrow is an event with the rule that governs it; what has no arrow is refused by that rule. A service is an event
by its own id, and its declaration says what it makes of a card; the other events come from the province or the
production line (`counter/rules/card_life.py`). A booking's are in `counter/rules/booking.py`."""
UNKNOWN_NOTE = """\
A card of which nothing is known (`unknown`) may be brought to every service that asks for the card itself or for
the holder's word instead; never to collection or to a withdrawal of a loss."""
LAPSE_NOTE = """\
`lapse` is not sent by anybody: an approval lapses by itself after the city's days, day 10 still being valid where
it is ten. In working days past the published holidays the day is uncertain, and the clerk is asked."""


# --- docs/services.md ------------------------------------------------------------------------------------------


def services_page() -> str:
    parts = [
        "# The services",
        NOTE,
        SERVICES_INTRO,
        *map(_service, SERVICES.values()),
        _notices(),
    ]
    return "\n\n".join(parts) + "\n"


def _service(service: Service) -> str:
    zh, en = _name("zh_CN", service.id), _name("en", service.id)
    steps = " > ".join(_say("en", f"step.{step}") for step in service.steps)
    rows: dict[tuple[str, ...], list[str]] = {}
    for presented_by in PresentedBy:
        for customer in CUSTOMERS:
            rows.setdefault((presented_by, *_answer(service, customer, presented_by)), []).append(customer)
    lines = [
        "| presented by | customer | answer | papers | fee | collection | authorised | consents | told |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for (presenter, *cells), customers in rows.items():
        who = "everybody" if len(customers) == len(CUSTOMERS) else "; ".join(customers)
        lines.append(f"| {' | '.join([presenter, who, *cells])} |")
    return f"## {service.number} {en} ({zh}, `{service.id}`)\n\nSteps: {steps}\n\n" + "\n".join(lines)


def _answer(service: Service, customer: str, presented_by: PresentedBy) -> tuple[str, ...]:
    case = complete(service, customer, presented_by)
    judgement = judge(case, SHELL)
    if not judgement.allowed:
        rules = dict.fromkeys(finding.rule for finding in judgement.findings if finding.level is Level.STOP)
        return (f"no: {', '.join(rules)}", "", "", "", "", "", "")
    papers = "; ".join(_paper(paper, case) for paper in judgement.checklist)
    return (
        "yes",
        papers,
        f"{judgement.fee_fen / 100:.0f} yuan" if judgement.fee_fen else "free",
        ", ".join(_collected(service, customer, presented_by)),
        judgement.authorised and _say("en", f"choice.authorised.{judgement.authorised}"),
        ", ".join(judgement.consents),
        _told(judgement),
    )


def _paper(paper: Paper, case: Case) -> str:
    names = [" and ".join(_say("en", name_of(id, case)) for id in ways) for ways in ((paper.id,), *paper.otherwise)]
    names[0] += " (copy)" if paper.form == "copy" else ""
    return " or ".join(names)


def _collected(service: Service, customer: str, presented_by: PresentedBy) -> Iterator[str]:
    for method in service.pickup_methods:
        if judge(complete(service, customer, presented_by, pickup=PICKUPS[method]), SHELL).allowed:
            yield method


def _told(judgement: Judgement) -> str:
    """The notices by their keys; a referral by its subject."""
    keys = (notice.partition("?")[0] for notice in judgement.notices)
    return ", ".join(dict.fromkeys(key.rpartition(".")[0] or key for key in keys))


def _notices() -> str:
    lines = ["## What is told", "", "| notice | in English | in Chinese |", "|---|---|---|"]
    for key in _catalog("en", "notice"):
        english, chinese = (_PLURAL.sub(r"\1", _catalog(each, "notice")[key]) for each in ("en", "zh_CN"))
        lines.append(f"| {key} | {english} | {chinese} |")
    return "\n".join(lines)


def _name(language: i18n.Language, id: str) -> str:
    return _say(language, f"service.{id}.name")


def _say(language: i18n.Language, key: str) -> str:
    before = i18n.language()
    i18n.use_language(language)
    try:
        return i18n.t(key)
    finally:
        i18n.use_language(before)


def _catalog(language: str, namespace: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / f"counter/locale/{language}/{namespace}.toml").read_text("utf-8"))


# --- docs/states.md --------------------------------------------------------------------------------------------


def states_page() -> str:
    names = _catalog("zh_CN", "choice")
    return (
        "\n\n".join(
            [
                "# The life of a card and of a booking",
                NOTE,
                STATES_INTRO,
                "## A card (社保卡)",
                f"```mermaid\n{CARD_LIFE.mermaid(hidden=[CardState.UNKNOWN])}\n```",
                _legend(names["card_state"]),
                UNKNOWN_NOTE,
                "## A change-of-bank booking (预约换行换卡)",
                f"```mermaid\n{BOOKING.mermaid()}\n```",
                _legend(names["booking"]),
                LAPSE_NOTE,
            ]
        )
        + "\n"
    )


def _legend(names: dict[str, str]) -> str:
    return " · ".join(f"`{state}` {name}" for state, name in names.items())


# --- docs/rules.md ---------------------------------------------------------------------------------------------

CITED = re.compile(r"\b([A-Z]{3})-(\d+)(?: to (?:\1-)?(\d+))?\b")
BY_NAME = re.compile(r"^test_([a-z]{3})_(\d+)_")


def rules() -> tuple[str, ...]:
    """Every id of the book of rules, in its order."""
    return tuple(tomllib.loads((ROOT / "counter/locale/en/rule.toml").read_text("utf-8")))


def code_of_rules() -> dict[str, list[str]]:
    """The files of the package that cite a rule."""
    found: dict[str, list[str]] = {rule: [] for rule in rules()}
    for source in sorted((ROOT / "counter").rglob("*.py")):
        cited = {rule for match in CITED.finditer(source.read_text("utf-8")) for rule in _range(match)}
        for rule in cited & found.keys():
            found[rule].append(source.relative_to(ROOT).as_posix())
    return found


def _range(match: re.Match[str]) -> list[str]:
    first, last = int(match[2]), int(match[3] or match[2])
    return [f"{match[1]}-{n}" for n in range(first, last + 1)]


def proofs_of_rules() -> dict[str, list[str]]:
    """The tests that a rule's marker or name gives to it, as file::name."""
    found: dict[str, list[str]] = {rule: [] for rule in rules()}
    for source in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                for rule in dict.fromkeys([*_marked(node), *_named(node)]):
                    found.setdefault(rule, []).append(f"{source.name}::{node.name}")
    return found


def _marked(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.rule":
            yield from (str(each.value) for each in decorator.args if isinstance(each, ast.Constant))


def _named(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    if match := BY_NAME.match(node.name):
        yield f"{match[1].upper()}-{match[2]}"


def rules_page() -> str:
    book, code, tests = _catalog("en", "rule"), code_of_rules(), proofs_of_rules()
    lines = ["| rule | title | obeyed by | proved by |", "|---|---|---|---|"]
    for rule in rules():
        title = dict(book[rule].items())["title"]
        lines.append(f"| {rule} | {title} | {'<br>'.join(code[rule])} | {'<br>'.join(tests[rule])} |")
    intro = (
        "Every rule of the book, the code that cites it and the tests that carry its id (as a marker or in their name)."
        "\nThe rules in full: F1 on a finding, or `counter/locale/en/rule.toml`."
    )
    return "\n\n".join(["# The rules, their code and their tests", NOTE, intro, "\n".join(lines)]) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "services.md": services_page,
    "states.md": states_page,
    "rules.md": rules_page,
    "wire.md": lambda: wire_page(NOTE),
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (ROOT / "docs" / name).write_text(page(), "utf-8")
