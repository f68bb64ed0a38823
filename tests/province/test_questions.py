"""A question is one declaration: what a new one lacks is said here by name."""

import ast
import importlib
import pkgutil
from pathlib import Path
from types import ModuleType

import pytest

from counter import desk, i18n, province, rules
from counter.province import questions
from counter.province.questions import QUESTIONS, questions_at
from counter.province.questions.question import ENTERED, LEFT, Answer, Question, never, unanswered
from counter.rules.service import StepId
from counter.rules.services import SERVICES
from counter.screens.case.steps import PANES
from tests.test_catalogs import WHOLE


def lacks(question: Question[Answer]) -> list[str]:
    """What a question must have and does not, in words."""
    sentences = [f"screen.question.{question.id}"]
    if question.defers:
        sentences.append(f"finding.deferred.{question.id}")
    lacking = [f"the sentence {key} in {lang}" for key in sentences for lang in WHOLE if not _said(key, lang)]
    used = {step for service in SERVICES.values() for step in service.steps}
    if not used.intersection(question.steps).intersection(PANES):
        lacking.append("a step of some service at which it is put")
    if question.defers and question.again is None:
        lacking.append("how it is asked again at sync")
    if not question.defers and (question.again or question.in_bulk):
        lacking.append("that a case may be confirmed without it: else it is never asked again")
    if (question.open is never) is bool(question.moments):
        lacking.append("both the moments at which it puts itself and when it is still open")
    for moment in question.moments:
        if moment not in (ENTERED, LEFT) and not i18n.has(f"field.{moment}"):
            lacking.append(f"the field {moment} after which it puts itself")
    return lacking


def _said(key: str, language: i18n.Language) -> bool:
    with i18n.speaking(language):
        return i18n.has(key)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda question: question.id)
def test_nothing_lacks(question: Question[Answer]) -> None:
    assert lacks(question) == []


def test_what_a_new_question_lacks_is_named() -> None:
    def ask(*_nobody: object) -> Answer:
        return Answer()

    new = Question(id="made_up", steps=(), put=ask, deferred=unanswered, defers=True, moments=("nowhere",))
    assert lacks(new) == [
        "the sentence screen.question.made_up in zh_CN",
        "the sentence screen.question.made_up in en",
        "the sentence finding.deferred.made_up in zh_CN",
        "the sentence finding.deferred.made_up in en",
        "a step of some service at which it is put",
        "how it is asked again at sync",
        "both the moments at which it puts itself and when it is still open",
        "the field nowhere after which it puts itself",
    ]


def test_every_question_that_a_file_declares_is_in_the_list() -> None:
    """A file of the package is a question or two; one that nobody lists is never put."""
    found: dict[str, Question[Answer]] = {}
    for module in pkgutil.iter_modules(questions.__path__):
        declared = vars(importlib.import_module(f"{questions.__name__}.{module.name}"))
        found |= {name: value for name, value in declared.items() if isinstance(value, Question)}
    unlisted = {name for name, question in found.items() if QUESTIONS.get(question.id) is not question}
    assert not unlisted, "a line in counter/province/questions/__init__.py"
    assert len(QUESTIONS) == len({id(question) for question in found.values()}), "no two have one id"


def test_what_the_rules_leave_open_is_what_the_questions_ask_again() -> None:
    """`deferred(rule, question, field)` in the rules, and `defers` on the declaration."""
    left_open = set()
    for file in Path(rules.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "deferred":
                left_open.add(ast.literal_eval(node.args[1]))
    assert left_open == {question.id for question in QUESTIONS.values() if question.defers}


@pytest.mark.parametrize("room", [province, desk], ids=["province", "desk"])
def test_every_finding_of_an_answer_has_its_sentence(room: ModuleType) -> None:
    """`tell(rule, code)` and `stop(rule, code)` where the province is asked and files come in."""
    assert room.__file__ is not None
    for file in Path(room.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"tell", "stop"}:
                code = node.args[1]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    lacking = [lang for lang in i18n.LANGUAGES if not _said(f"finding.{code.value}", lang)]
                    assert not lacking, f"{file.name}:{node.lineno} the sentence finding.{code.value}"


def test_a_step_may_put_several() -> None:
    """At the booking's step two are declared; the pane takes the one that fits who asks (see the screens' tests)."""
    assert [question.id for question in questions_at(StepId.BOOKING)] == ["booking", "reviews"]
    assert [question.id for question in questions_at(StepId.ONE_CARD)] == ["one_card"], "the clean-up takes a word"
    assert questions_at(StepId.CONFIRM) == ()
