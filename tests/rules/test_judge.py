"""The judgement as a whole: total, monotonous, every finding at home in the case and in both languages."""

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import counter
from counter import i18n
from counter.rules.case import (
    Booking,
    Case,
    Changes,
    Document,
    Holder,
    IdentityAnswer,
    IdentityCheck,
    KnownCard,
    OldCard,
    OneCard,
    OneCardAnswer,
    Photo,
    PhotoSource,
    Pickup,
    PickupMethod,
    Proxy,
    ReadDocument,
)
from counter.rules.finding import Finding, Key, Level
from counter.rules.judge import judge
from counter.rules.normal import normalise
from counter.rules.reference import Context
from counter.rules.service import StepId
from counter.rules.services import SERVICES, UnknownServiceError, service
from tests.support.made_up import (
    APPLY,
    EXCHANGE,
    OF_ICBC,
    REFERENCE,
    SHELL,
    WINDOW,
    ZIJIN,
    judged,
    number,
    policy,
    with_values,
)

PACKAGE = Path(counter.__file__).parent


@pytest.fixture(autouse=True)
def _chinese_afterwards() -> Iterator[None]:
    yield
    i18n.use_language("zh_CN")


# --- any case whatsoever ---------------------------------------------------------------------------------------

words = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", "abc", "icbc", "rcb", ZIJIN, "440100", "01", number("19900101"), "@paper.x", "{x}", "\x00"]),
    st.sampled_from(list(REFERENCE.branches)[:50]),
)
days = st.one_of(st.none(), st.dates(), st.sampled_from([date.min, date.max]))


def _part(
    kind: type[msgspec.Struct], **given_strategies: st.SearchStrategy[object]
) -> st.SearchStrategy[msgspec.Struct]:
    strategies = {
        field.name: words if field.type is str else st.from_type(field.type)  # enums, flags, numbers, None
        for field in msgspec.structs.fields(kind)
        if field.name not in given_strategies
    }
    return st.builds(kind, **strategies, **given_strategies)


documents = _part(
    Document,
    valid_from=days,
    valid_to=st.one_of(days, st.just("long_term")),
    number=st.one_of(words, st.from_regex(r"\d{18}")),
)
proxies = _part(Proxy, document=documents, birth=days)
cards = st.lists(_part(KnownCard), max_size=3).map(tuple)
some = st.lists(words, max_size=3).map(tuple)
people = _part(Holder, document=documents, birth=days)
cases = _part(
    Case,
    service=st.sampled_from(list(SERVICES)),
    holder=people,
    read=st.lists(_part(ReadDocument, person=people), max_size=2).map(tuple),
    guardian=st.one_of(st.none(), proxies),
    agent=st.one_of(st.none(), proxies),
    changes=st.one_of(st.none(), _part(Changes)),
    papers=some,
    consents=some,
    acknowledged=some,
    identity_check=_part(IdentityCheck, asked_at=st.none()),
    one_card=_part(OneCard, cards=cards, asked_at=st.none()),
    old_card=st.one_of(st.none(), _part(OldCard, expires=days, issued=days, status=st.sampled_from(["", *"0123499"]))),
    booking=st.one_of(st.none(), _part(Booking, approved_on=days, booked_on=days)),
    photo=_part(Photo),
    pickup=_part(Pickup),
)
contexts = st.sampled_from([SHELL, WINDOW, policy(clean_up="refer", booking_day_kind="working")])


def _has_path(path: str) -> bool:
    kind: Any = Case
    for name in path.split("."):
        fields = {field.name: field.type for field in msgspec.structs.fields(kind)}
        if name not in fields:
            return False
        kind = next(
            (each for each in getattr(fields[name], "__args__", (fields[name],)) if each is not type(None)), None
        )
    return True


@settings(max_examples=300, deadline=None)
@given(cases, contexts)
def test_judging_never_raises_and_every_finding_can_be_shown(case: Case, context: Context) -> None:
    judgement = judge(case, context)
    assert judgement.allowed is not any(judgement.blocks(finding) for finding in judgement.findings)
    assert tuple(judgement.by_step) == judgement.steps
    for finding in judgement.findings:
        assert _has_path(finding.field), finding
        assert i18n.has(f"rule.{finding.rule}.text"), finding
        for language in i18n.LANGUAGES:
            i18n.use_language(language)
            assert "{" not in i18n.sentence(finding).replace("{x}", "")
    for notice in judgement.notices:
        for language in i18n.LANGUAGES:
            i18n.use_language(language)
            assert "{" not in i18n.notice(notice)
    for paper in judgement.papers:
        assert i18n.t(f"paper.{paper}")


@settings(max_examples=100, deadline=None)
@given(cases, contexts)
def test_a_case_in_normal_form_is_judged_the_same(case: Case, context: Context) -> None:
    normal = normalise(case)
    assert normalise(normal) == normal
    assert judge(normal, context) == judge(case, context)


SPOILERS: tuple[dict[str, object], ...] = (
    {"presented_by": "agent"},
    {"holder__document__number": "440308199901101513"},
    {"holder__document__valid_to": date(2020, 1, 1)},
    {"holder__name": ""},
    {"holder__insurance": None},
    {"papers": ()},
    {"identity_check__answer": IdentityAnswer.MISMATCH},
    {"one_card__answer": OneCardAnswer.PENDING},
    {"photo__source": None},
    {"bank": "cmb"},
    {"branch": OF_ICBC.id, "bank": "abc"},
    {"pickup__method": None},
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([APPLY, EXCHANGE]), st.sets(st.integers(0, len(SPOILERS) - 1), min_size=1))
def test_what_stops_a_case_stops_it_whatever_else_is_wrong(case: Case, chosen: set[int]) -> None:
    assert judge(case, SHELL).allowed
    for index in chosen:
        case = with_values(case, SPOILERS[index])
        assert not judge(case, SHELL).allowed


@settings(max_examples=100, deadline=None)
@given(cases, contexts)
def test_the_clerk_s_word_answers_what_is_asked_and_nothing_more(case: Case, context: Context) -> None:
    silent = judge(msgspec.structs.replace(case, acknowledged=()), context)
    asked = tuple(finding.code for finding in silent.findings if finding.level is Level.ASK)
    spoken = judge(msgspec.structs.replace(case, acknowledged=asked), context)
    assert spoken.findings == silent.findings
    assert spoken.allowed is not any(finding.level is Level.STOP for finding in silent.findings)


# --- the shape -------------------------------------------------------------------------------------------------


def test_the_design_s_example_is_allowed_and_says_what_is_still_to_be_asked() -> None:
    text = """{"service": "exchange", "city": "441621", "presented_by": "holder",
     "holder": {"name": "王测试", "document": {"kind": "id_card", "number": "%s", "valid_from": "2015-01-01",
                "valid_to": "2035-01-01"}, "ethnicity": "01", "mobile": "13800000000", "occupation": "%s",
                "region": "441621", "address": "紫城镇测试路1号101房", "insurance": "employee"},
     "papers": ["id_card_front", "id_card_back"], "one_card": {"answer": "here", "cards": []},
     "old_card": {"number": "B00000019", "bank": "abc", "kind": "financial", "generation": 2, "in_hand": true,
                  "expires": "2027-05-01"},
     "mode": "same_number", "photo": {"source": "keep"}, "bank": "abc", "branch": "%s",
     "pickup": {"method": "branch"}}"""
    case = msgspec.json.decode(text % (number("19900101"), EXCHANGE.holder.occupation, EXCHANGE.branch), type=Case)
    judgement = judge(case, WINDOW)
    assert judgement.allowed
    assert judgement.deferred == ("identity", "sms")
    assert judgement.fee_fen == 2000


def test_a_service_that_is_not_declared_is_said_so_without_repeating_it() -> None:
    with pytest.raises(UnknownServiceError) as caught:
        judge(Case(service="secret"), SHELL)
    assert "secret" not in str(caught.value)


def test_the_catalogue() -> None:
    assert sorted(each.number for each in SERVICES.values()) == list(range(1, 1 + len(SERVICES)))
    assert list(SERVICES)[:2] == ["apply", "exchange"]
    assert service("exchange").steps.index(StepId.MODE) == 3
    assert judged(APPLY).consents == ("terms", "e_card", "id_photo")
    assert judged(APPLY, photo__source=PhotoSource.FILE).consents == ("terms", "e_card")


def test_a_step_of_another_service_asks_nothing() -> None:
    assert judged(APPLY, pickup__method=PickupMethod.INSTANT, mode="same_number").allowed


# --- sentences -------------------------------------------------------------------------------------------------


def _emitted() -> Iterator[tuple[str, frozenset[str], str]]:
    """Every code that the package's source emits, with the names of its parameters."""
    for source in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id in {"stop", "ask", "tell"} and len(node.args) > 1:
                code = node.args[1]
                if isinstance(code, ast.Constant):
                    names = frozenset(word.arg or "" for word in node.keywords) - {"field"}
                    yield str(code.value), names, source.name
            elif node.func.id == "missing" and len(node.args) == 2 and isinstance(node.args[1], ast.Constant):
                assert i18n.has(f"field.{node.args[1].value!s}"), node.args[1].value
            elif node.func.id == "deferred" and isinstance(node.args[1], ast.Constant):
                yield f"deferred.{node.args[1].value!s}", frozenset(), source.name


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_code_has_a_sentence_with_its_placeholders(language: i18n.Language) -> None:
    i18n.use_language(language)
    emitted = list(_emitted())
    assert len({code for code, _, _ in emitted}) > 60
    for code, names, source in emitted:
        assert i18n.has(f"finding.{code}"), (
            f"{source} finds {code!r}, which has no sentence: add it to counter/locale/{language}/finding.toml"
        )
        wanted = {name for _, name, _, _ in Formatter().parse(i18n.t(f"finding.{code}")) if name}
        assert wanted <= names, f"{source}: {code}"


def test_parameters_are_put_into_the_clerk_s_language() -> None:
    bank = REFERENCE.banks["abc"]
    named = Finding(
        Level.STOP,
        "APP-2",
        "papers.missing",
        params={"paper": Key("paper.passport"), "form": Key("choice.paper_form.original")},
    )
    other = Finding(Level.STOP, "BNK-2", "bank.other_counter", params={"bank": bank, "hotline": "{bank}"})
    plain = Finding(Level.STOP, "APP-2", "papers.missing", params={"paper": "paper.passport", "form": "copy"})
    assert i18n.sentence(named) == "缺材料：护照资料页（原件）。"
    assert bank.zh in i18n.sentence(other)
    assert "{bank}" in i18n.sentence(other)
    assert "paper.passport" in i18n.sentence(plain)
    i18n.use_language("en")
    assert i18n.sentence(named) == "Paper missing: passport, data page (original)."
    assert bank.en in i18n.sentence(other)
