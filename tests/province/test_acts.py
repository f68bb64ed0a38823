"""What is told at once is one declaration an act: what a new one lacks is said here by name."""

from dataclasses import replace
from typing import cast

import pytest

from counter import i18n
from counter.province.acts import ACTS, NOTHING_TO_TELL, Act, Said, Telling, Told
from counter.province.client import Province
from counter.province.errors import RefusedError
from counter.rules.finding import Level
from counter.rules.services import SERVICES
from counter.rules.services.loss import REPORT_LOSS
from tests.support.made_up import WINDOW
from tests.support.shell import case_of
from tests.test_catalogs import WHOLE


def lacks(name: str, act: Act) -> list[str]:
    """What an act must have and does not, in words."""
    lacking = [f"what is said when it is {told}" for told in (Told.DONE, Told.LATER) if told not in act.outcomes]
    if name not in {service.at_once for service in SERVICES.values()}:
        lacking.append("a service that names it as its at_once")
    for said in act.outcomes.values():
        keys = [f"finding.{said.code}", *([f"notice.{said.notice}"] if said.notice else ())]
        lacking += [f"the sentence {key} in {lang}" for key in keys for lang in WHOLE if not _said(key, lang)]
    if not i18n.has(f"rule.{act.rule}.text"):
        lacking.append(f"the rule {act.rule}")
    return lacking


def _said(key: str, language: i18n.Language) -> bool:
    with i18n.speaking(language):
        return i18n.has(key)


@pytest.mark.parametrize("name", ACTS)
def test_nothing_lacks(name: str) -> None:
    assert lacks(name, ACTS[name]) == []


def test_every_act_that_a_service_names_is_declared() -> None:
    assert {service.at_once for service in SERVICES.values()} - {None} == set(ACTS)


def test_what_a_new_act_lacks_is_named() -> None:
    new = replace(ACTS["booking"], rule="NEW-1", outcomes={Told.DONE: Said("new.done", "holder", "new_done")})
    assert lacks("made_up", new) == [
        "what is said when it is later",
        "a service that names it as its at_once",
        "the sentence finding.new.done in zh_CN",
        "the sentence finding.new.done in en",
        "the sentence notice.new_done in zh_CN",
        "the sentence notice.new_done in en",
        "the rule NEW-1",
    ]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("name", ACTS)
def test_every_outcome_is_said_whole(name: str, language: i18n.Language) -> None:
    """Each sentence has the values that fill it; of no answer nobody is told that it is done."""
    act = ACTS[name]
    (service,) = [service for service in SERVICES.values() if service.at_once == name]
    case = case_of(service.id)
    recorded = service.notices(case, service, WINDOW)
    with i18n.speaking(language):
        for told in act.outcomes:
            telling = act._telling(told, case, WINDOW, {})
            said = [*map(i18n.sentence, telling.findings), *map(i18n.notice, telling.notices(recorded))]
            assert not any("{" in sentence or "  " in sentence for sentence in said), said
            assert (telling.told, telling.findings[0].level) == (told, Level.TELL)


@pytest.mark.rule("LOS-1")
def test_los_1_that_it_is_locked_is_told_only_where_the_province_has_said_so() -> None:
    case = case_of("report_loss")
    recorded = REPORT_LOSS.notices(case, REPORT_LOSS, WINDOW)
    act = ACTS["loss"]
    assert recorded[:2] == ("loss_reported", "loss_replace")
    assert recorded[2].startswith("loss_withdraw_holder?document=choice.document.id_card&bank.zh=")
    rest = ["loss_replace", "loss_withdraw_holder"]
    assert NOTHING_TO_TELL.notices(recorded) == recorded
    assert _keys(act._telling(Told.DONE, case, WINDOW, {}), recorded) == ["loss_locked", *rest]
    assert _keys(act.later(case, WINDOW), recorded) == ["loss_locked_later", *rest]
    failed = act._telling(Told.BANK_FAILED, case, WINDOW, {})
    assert _keys(failed, recorded) == ["loss_bank_failed", *rest]
    assert _keys(failed, failed.notices(recorded)) == ["loss_bank_failed", *rest], "said once"


def test_what_a_rule_refuses_is_said_and_nothing_follows_from_it() -> None:
    def refused(*_nobody: object) -> Told:
        raise RefusedError("province.card_state", "", "LOS-2")

    act = replace(ACTS["withdrawal"], put=refused)
    nobody = cast("Province", None)
    telling = act.tell(nobody, "id", case_of("withdraw_loss"), WINDOW)
    (finding,) = telling.findings
    assert (telling.told, finding.level, finding.rule) == (Told.REFUSED, Level.STOP, "LOS-2")
    assert telling.notices(("loss_withdrawal",)) == ("not_done",)


def _keys(telling: Telling, recorded: tuple[str, ...]) -> list[str]:
    return [notice.partition("?")[0] for notice in telling.notices(recorded)]
