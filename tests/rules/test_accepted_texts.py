"""The texts that a customer accepts, TXT-1 and APP-5: the record names what was shown, and nothing else."""

import msgspec
import pytest
from msgspec import structs

from counter import i18n
from counter.paper.accepted import text_page
from counter.paper.slip import slip_of
from counter.rules.accepted import names, shown, without_unseen
from counter.rules.case import Case
from counter.rules.judge import judge
from counter.rules.record import decode_record, encode_record
from counter.rules.reference import AcceptedText, Context
from counter.rules.services import SERVICES
from tests.support.made_up import APPLY, EXCHANGE, IN_GUANGZHOU, REFERENCE, SHELL, WINDOW, judged, policy, stops

TERMS, E_CARD = "terms@default-2026-11", "e_card@default-2026-11"
OF_GUANGZHOU = structs.replace(APPLY, city="440100", branch=IN_GUANGZHOU.id)
TEXTS = REFERENCE.cities["441621"].texts
NEXT_YEAR: Context = policy(texts={**TEXTS, "terms": structs.replace(TEXTS["terms"], version="2027-01")})
"""The city has another text by now."""


@pytest.mark.rule("TXT-1", "APP-5")
def test_txt_1_the_record_names_the_version_that_was_shown() -> None:
    seen = shown(APPLY, SHELL)
    assert seen.texts == (TERMS, E_CARD)
    judgement = judge(seen, SHELL)
    assert judgement.allowed
    assert decode_record(encode_record(judgement.record(seen))).texts == (TERMS, E_CARD)


@pytest.mark.rule("TXT-1")
def test_txt_1_a_city_has_texts_of_its_own() -> None:
    assert names(OF_GUANGZHOU, SHELL) == ("terms@440100-2026-11", E_CARD)
    pages = {city: text_page(REFERENCE.cities[city].texts["terms"]) for city in ("440100", "441621")}
    assert "12343" in pages["440100"] and "12343" not in pages["441621"]


@pytest.mark.rule("TXT-1")
def test_txt_1_a_case_that_names_no_text_consents_to_todays() -> None:
    judgement = judge(APPLY, SHELL)
    assert judgement.allowed
    assert judgement.record(APPLY).texts == judgement.texts == (TERMS, E_CARD)


@pytest.mark.rule("TXT-1")
def test_txt_1_a_text_that_has_changed_is_neither_the_old_one_nor_the_new_one() -> None:
    draft = shown(APPLY, SHELL)
    late = judge(draft, NEXT_YEAR)
    assert stops(late) == {("TXT-1", "consents.outdated", "consents")}
    again = shown(draft, NEXT_YEAR)
    judgement = judge(again, NEXT_YEAR)
    assert judgement.allowed
    assert judgement.record(again).texts == ("terms@default-2027-01", E_CARD)


@pytest.mark.rule("TXT-1")
def test_txt_1_another_city_of_issue_is_another_text() -> None:
    moved = structs.replace(OF_GUANGZHOU, texts=shown(APPLY, SHELL).texts)
    assert ("TXT-1", "consents.outdated", "consents") in stops(judge(moved, SHELL))


@pytest.mark.rule("TXT-1")
@pytest.mark.parametrize("texts", [(), (TERMS,), (TERMS, E_CARD), ("terms@default-2020-01", E_CARD), ("?", "@", "x@y")])
def test_txt_1_a_held_case_keeps_the_consents_of_which_it_is_known_what_was_shown(texts: tuple[str, ...]) -> None:
    held = without_unseen(structs.replace(APPLY, texts=texts), SHELL)
    named = {text.partition("@")[0] for text in texts}
    assert held.consents == tuple(each for each in APPLY.consents if each in {*named, "id_photo"})


@pytest.mark.rule("TXT-1")
def test_txt_1_a_name_of_no_text_is_not_recorded() -> None:
    record = judged(APPLY, texts=("nothing@here", "id_photo@default-1", TERMS)).record(APPLY)
    assert record.texts == (TERMS, E_CARD)


def test_an_old_record_and_a_city_without_texts_are_read_as_before() -> None:
    assert msgspec.json.decode(b'{"service": "apply", "consents": ["terms"]}', type=Case).texts == ()
    nothing = policy(texts={})
    judgement = judge(APPLY, nothing)
    assert judgement.allowed and judgement.texts == ()


@pytest.mark.rule("TXT-1")
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_txt_1_the_slip_names_them_where_there_are_any(language: str) -> None:
    assert WINDOW.place is not None
    slips = {}
    with i18n.speaking(language):
        for case in (APPLY, EXCHANGE):
            slips[case.service] = slip_of(judge(case, WINDOW).record(case), REFERENCE, WINDOW.place)
        for text in ("terms", "e_card"):
            named = f"{i18n.t(f'choice.text.{text}')} default-2026-11"
            assert "".join(named.split()) in "".join(slips["apply"].split())
        assert i18n.t("slip.texts") not in slips["exchange"]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_text_is_the_text_of_a_consent_and_has_its_title(language: str) -> None:
    consents = {consent for service in SERVICES.values() for consent in service.consents}
    with i18n.speaking(language):
        for text in _texts():
            assert text.id in consents
            assert i18n.has(f"choice.text.{text.id}")


@pytest.mark.rule("AGE-4")
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_age_4_a_consent_that_lacks_is_said_once(language: str) -> None:
    with i18n.speaking(language):
        for consent in ("terms", "e_card", "id_photo", "guardian"):
            said = i18n.t("finding.consents.missing", consent=i18n.t(f"choice.consent.{consent}"))
            assert said.count("同意") + said.lower().count("consent") + said.lower().count("agree") <= 1


def _texts() -> list[AcceptedText]:
    return [text for city in REFERENCE.cities.values() for text in city.texts.values()]
