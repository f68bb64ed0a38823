"""A service is one declaration: whatever a declared service still lacks is named here, in a sentence.

Whoever adds a service runs this file until it is silent. What the screens do with a service is driven in
`tests/screens/test_every_service.py`, what the rules answer to every customer in `test_walk.py`.
"""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import counter.rules.services
from counter import i18n
from counter.gateway.persons.effects import EFFECTS
from counter.paper.slip import sections, slip_of
from counter.rules.case import Case, PresentedBy
from counter.rules.filling import value_at
from counter.rules.judge import judge
from counter.rules.referrals import PARTS
from counter.rules.service import ALL_DETAILS, Effect, Service, StepId
from counter.rules.services import SERVICES
from counter.rules.steps import CHECKS
from tests.support.customers import CUSTOMERS, PICKUPS, complete
from tests.support.made_up import REFERENCE, SHELL, WINDOW

ROOT = Path(__file__).parent.parent.parent
CITIES = tomllib.loads((ROOT / "data" / "cities.toml").read_text("utf-8"))
"""The shipped data, whose cities decide; the tests' own are a frozen copy."""
PAGE = (ROOT / "docs" / "services.md").read_text("utf-8")
MAKES_A_CARD = frozenset({Effect.FIRST_CARD, Effect.NEW_CARD})
LEAVES_THE_CARD = frozenset({Effect.NOTHING, Effect.BOOKING, Effect.REVIEW})
OFFERS: tuple[tuple[StepId, str], ...] = (
    (StepId.PHOTO, "photo_sources"),
    (StepId.MODE, "modes"),
    (StepId.PICKUP, "pickup_methods"),
    (StepId.DETAILS, "details"),
)
"""What a step offers comes from the declaration."""


def lacks(check: Callable[[Service], Iterator[str]]) -> Callable[[str], None]:
    """A test of every service that fails with the sentences of a check."""

    @pytest.mark.parametrize("id", SERVICES)
    def test(id: str) -> None:
        found = [f"service {id!r} {sentence}" for sentence in dict.fromkeys(check(SERVICES[id]))]
        assert not found, "\n" + "\n".join(found)

    test.__doc__ = check.__doc__
    return test


@cache
def judged(service: Service) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The papers, notices and reasons for a second person that the service comes to, whoever asks for it and how."""
    papers, notices, authorised = set[str](), set[str](), set[str]()
    for customer in CUSTOMERS:
        for who in service.presented_by or (PresentedBy.HOLDER,):
            for pickup in service.pickup_methods or PICKUPS:
                case = complete(service, customer, who, pickup=PICKUPS[pickup])
                judgement = judge(case, SHELL)
                papers |= {*judgement.papers, *(id for paper in judgement.checklist for id in paper.ids)}
                notices |= set(judgement.notices)
                authorised |= {judgement.authorised}
    return frozenset(papers - {""}), frozenset(notices), frozenset(authorised - {""})


def asked_for(service: Service) -> Case:
    """A case of a citizen who brings all that the service asks."""
    return complete(service, "citizen", next(iter(service.presented_by), PresentedBy.HOLDER))


def unsaid(keys: Iterator[tuple[str, str]]) -> Iterator[str]:
    """Which of these catalog keys a language has no sentence for, and what they are the text of."""
    for key, what in keys:
        for language in i18n.LANGUAGES:
            with i18n.speaking(language):
                if not i18n.has(key) or not i18n.t(key).strip():
                    file = f"counter/locale/{language}/{key.partition('.')[0]}.toml"
                    yield f"has no {what} in {language}: add {key.partition('.')[2]} to {file}"


# --- in the catalogue ------------------------------------------------------------------------------------------


def test_every_declared_service_stands_in_the_catalogue() -> None:
    package = counter.rules.services
    modules = (import_module(f"{package.__name__}.{found.name}") for found in iter_modules(package.__path__))
    forgotten = [
        f"{name} of {module.__name__} is declared, but not listed in counter/rules/services/__init__.py"
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, Service) and value is not SERVICES.get(value.id)
    ]
    assert not forgotten, "\n".join(forgotten)


def _numbered(service: Service) -> Iterator[str]:
    """The number that the clerk types chooses one service."""
    sharing = Counter(each.number for each in SERVICES.values())[service.number]
    if sharing > 1:
        free = next(number for number in range(1, 100) if number not in {each.number for each in SERVICES.values()})
        yield f"has the number {service.number}, which another has: {free} is free"


def _documented(service: Service) -> Iterator[str]:
    """It heads a part of the generated page."""
    if f"`{service.id}`)\n" not in PAGE:
        yield "has no place in docs/services.md: make docs"


# --- what is said ----------------------------------------------------------------------------------------------


def _named(service: Service) -> Iterator[str]:
    """Home shows name and hint, and finds the service by its initials."""
    yield from unsaid((f"service.{service.id}.{part}", part) for part in ("name", "hint", "initials"))


def _said(service: Service) -> Iterator[str]:
    """Steps, choices and labels that the screens show of the service."""
    yield from unsaid((f"step.{step}", f"name of the step {step!r}") for step in service.steps)
    yield from unsaid((f"choice.consent.{each}", f"text of the consent {each!r}") for each in service.consents)
    yield from unsaid(
        (f"choice.reason.{each}", f"name of an agent's reason {each!r}") for each in service.agent_reasons
    )
    yield from unsaid((f"choice.referral.{each}", f"name of its kind {each!r}") for each in service.referrals)
    for path in (*service.details, *service.card_details):
        yield from unsaid(iter([(f"field.{path}", f"label of its field {path!r}")]))
    if service.letter:
        yield from unsaid(iter([(f"letter.{service.letter}", "letter")]))
    if StepId.REFERRAL in service.steps:
        subjects = [f"{service.id}.{kind}" for kind in service.referrals] or [service.id]
        yield from unsaid((f"referral.{subject}.{part}", "way on") for subject in subjects for part in PARTS)


def _told(service: Service) -> Iterator[str]:
    """What the customer brings and hears, and what a second person is told."""
    papers, notices, authorised = judged(service)
    keys = (notice.partition("?")[0] for notice in sorted(notices))
    yield from unsaid((f"paper.{each}", f"name of the paper {each!r}") for each in sorted(papers))
    yield from unsaid((key if "." in key else f"notice.{key}", f"text of the notice {key!r}") for key in keys)
    yield from unsaid((f"choice.authorised.{each}", f"reason {each!r} to authorise it") for each in sorted(authorised))
    if not notices:
        yield "tells the customer nothing afterwards: give its declaration notices"


# --- what it asks ----------------------------------------------------------------------------------------------


def _stepped(service: Service) -> Iterator[str]:
    """Its steps ask what it declares, and nothing is declared for a step that it has not."""
    if service.steps[-1:] != (StepId.CONFIRM,):
        yield "does not end with the step 'confirm'"
    for step in service.steps:
        if step not in CHECKS:
            yield f"has the step {step!r}, of which counter/rules/steps/__init__.py knows no checks"
    for step in service.checks:
        if step not in service.steps:
            yield f"asks at the step {step!r}, which it does not have"
    for step, offered in OFFERS:
        if step in service.steps and not getattr(service, offered):
            yield f"has the step {step!r}, but its declaration has no {offered} for it"
        if step not in service.steps and getattr(service, offered) and step is not StepId.DETAILS:
            yield f"declares {offered}, but has no step {step!r}"
    if service.needs_card and not {StepId.CARD, StepId.MODE} & set(service.steps):
        yield "needs a card, but no step of it asks for the card: add the step 'card'"


def _asked(service: Service) -> Iterator[str]:
    """Every field that it asks is one of a case, and a step has it."""
    for path in service.details:
        if path not in ALL_DETAILS:
            yield f"asks {path!r} among the details, which the details step has no field for"
    for path in service.card_details:
        if path not in ("reason", "insured", "medical_account_closed") and not path.startswith("old_card."):
            yield f"asks {path!r} of the card, which is no value of a card"
    if service.card_details and StepId.CARD not in service.steps:
        yield "asks something of the card, but has no step 'card'"
    whole = asked_for(service)
    for path in (*service.details, *service.card_details):
        try:
            value_at(whole, path)
        except AttributeError:
            yield f"asks {path!r}, which is no value of a case (counter/rules/case.py)"


# --- what comes of it ------------------------------------------------------------------------------------------


def _done(service: Service) -> Iterator[str]:
    """The province does something with it, or the declaration says that it does nothing."""
    if service.effect is not Effect.NOTHING and service.effect not in EFFECTS:
        yield (
            f"has no effect at the province: nothing does {service.effect} there; "
            "add a function to EFFECTS of counter/gateway/persons/effects.py"
        )


def _moved(service: Service) -> Iterator[str]:
    """A service that does something to a card is a transition of its life (docs/states.md), by a rule of the book."""
    if service.effect not in LEAVES_THE_CARD and not service.moves:
        yield f"is no transition of a card's life, but its effect is {service.effect}: give its declaration moves"
    if service.effect in LEAVES_THE_CARD and service.moves:
        yield f"moves a card, but its effect leaves the card as it is: {service.effect} should be another"
    yield from unsaid((f"rule.{move.rule}.text", f"rule {move.rule!r} for its moves") for move in service.moves)


def _charged(service: Service) -> Iterator[str]:
    """FEE-1, APP-6: a card is free only where a city says so."""
    if service.effect in MAKES_A_CARD and service.id not in CITIES["default"]["fees"]:
        yield "makes a card, but data/cities.toml has no fee for it: add it to [default.fees], 0 where it is free"


def _on_the_slip(service: Service) -> Iterator[str]:
    """The customer's slip names it and every step that it has."""
    known = {*sections(Case(), REFERENCE), StepId.CONFIRM}
    for step in service.steps:
        if step not in known:
            yield f"has the step {step!r}, of which the slip says nothing: add it to sections of counter/paper/slip.py"
    place = WINDOW.place
    assert place is not None
    case = asked_for(service)
    for language in i18n.LANGUAGES:
        with i18n.speaking(language):
            name, record = f"service.{service.id}.name", judge(case, SHELL).record(case)
            if i18n.has(name) and i18n.t(name) not in slip_of(record, REFERENCE, place):
                yield f"is not named on its slip in {language}"


test_its_number_is_its_own = lacks(_numbered)
test_it_has_its_place_in_the_documents = lacks(_documented)
test_it_has_a_name_in_both_languages = lacks(_named)
test_what_the_screens_show_of_it_has_its_text = lacks(_said)
test_what_is_told_has_its_text = lacks(_told)
test_its_steps_ask_what_it_declares = lacks(_stepped)
test_its_fields_are_those_of_a_case = lacks(_asked)
test_the_province_does_something_with_it = lacks(_done)
test_it_is_a_transition_of_a_card_s_life = lacks(_moved)
test_a_card_that_it_makes_has_its_fee = lacks(_charged)
test_it_stands_on_the_slip = lacks(_on_the_slip)


def test_every_fee_is_that_of_a_service() -> None:
    tables = {"default": CITIES["default"], **CITIES["city"]}
    strangers = [
        f"data/cities.toml has a fee for {id!r} in {city}, which is no service"
        for city, policy in tables.items()
        for id in policy.get("fees", {})
        if id not in SERVICES
    ]
    assert not strangers, "\n".join(strangers)


def test_every_effect_is_some_service_s() -> None:
    unused = set(Effect) - {service.effect for service in SERVICES.values()}
    assert not unused, "no service has these effects: take them out of counter/rules/service.py"
    assert set(EFFECTS) == set(Effect) - {Effect.NOTHING}
