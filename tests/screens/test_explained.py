"""F1 explains the focused field, then the step, then the keys; a wide screen explains it beside the form."""

import pytest
from textual.widget import Widget

from counter import i18n
from counter.desk.desk import Desk
from counter.i18n import has, speaking, t
from counter.roster.checks import BOOKING
from counter.roster.columns import COLUMNS
from counter.rules.case import Case
from counter.rules.explained import EXPLAINED, FieldOrigin, explained_as
from counter.rules.numbers import check_character, check_social_card
from counter.rules.service import StepId
from counter.rules.services import SERVICES
from counter.screens.case.steps import PANES
from counter.screens.dialogs.help import HelpScreen
from counter.screens.roster.unit import ATTRIBUTES
from counter.widgets.fields.field import Field
from counter.widgets.prose import Prose
from tests.support.screen_world import Clerk, Sitting, at, drawn, squashed, without


def typed_fields(widgets: "list[Widget]") -> list[Field]:
    """The fields that a clerk can be in, among widgets and what they hold before they are mounted."""
    found = []
    for widget in widgets:
        found += [widget] if isinstance(widget, Field) and widget.typed else typed_fields(widget._pending_children)
    return found


@pytest.fixture
def paths(clerk: Clerk) -> set[str]:
    """Of every field that any service asks at any step, of a unit, and of a roster's columns."""
    desk = clerk.desk()
    panes = {(service, step) for service in SERVICES.values() for step in service.steps}
    bodies = [list(PANES[step](desk, service, Case(service=service.id)).body()) for service, step in panes]
    columns = {column.path or column.id for column in COLUMNS} | {BOOKING}
    return {field.path for body in bodies for field in typed_fields(body)} | set(ATTRIBUTES) | columns


async def test_every_field_of_every_step_is_explained_in_every_language(paths: set[str]) -> None:
    assert len(paths) > 60
    assert sorted(path for path in paths if not explained_as(path)) == []
    for language in i18n.LANGUAGES:
        with speaking(language):
            lacking = [
                path for path in paths for part in ("what", "form") if not has(f"explain.{explained_as(path)}.{part}")
            ]
            assert lacking == [], language
    assert {explained_as(path) for path in paths} == set(EXPLAINED), "nobody asks these"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_what_an_explanation_rests_on_is_in_the_books(language: str) -> None:
    with speaking(language):
        for path, explained in EXPLAINED.items():
            assert explained.origins and explained.rules, path
            assert [rule for rule in explained.rules if not has(f"rule.{rule}.source")] == [], path
        assert all(has(f"explain.from.{origin}") for origin in FieldOrigin)
        assert all(has(f"explain.step.{step}") for step in StepId)


def test_the_examples_are_made_up_and_have_the_form_that_they_show() -> None:
    number = t("explain.holder.document.number.form").partition("4416")[2][:14]
    assert check_character(f"4416{number}"[:17]) == number[-1]
    assert number.startswith("211900"), "nobody is that old"
    assert not check_social_card("B00000000", "") and "B00000000" in t("explain.old_card.number.form")


async def test_f1_explains_a_field_before_a_mistake_is_made(clerk: Clerk) -> None:
    await clerk.types("2", "enter", "f1")
    assert isinstance(clerk.screen, HelpScreen)
    assert clerk.screen.finding is None
    said = squashed("".join(line for prose in clerk.screen.query(Prose) for line in drawn(prose)))
    known = explained_as(clerk.focused)
    order = (
        t(f"explain.{known}.what"),
        t(f"explain.{known}.form"),
        t("explain.from.document"),
        *(t(f"rule.{rule}.{part}") for rule in EXPLAINED[known].rules for part in ("text", "source")),
        t("explain.step.identity"),
        t("explain.forms"),
        t("screen.keys_title"),
    )
    places = [said.find(squashed(text)) for text in order]
    assert -1 not in places and places == sorted(places)


async def test_a_wide_screen_explains_the_focused_field_until_something_is_wrong(sitting: Sitting, desk: Desk) -> None:
    async with sitting(desk, size=(120, 40)) as clerk:
        await at(clerk, "details", without("holder.mobile"))
        assert clerk.focused == "holder.mobile"

        def beside() -> str:
            return squashed("".join(drawn(clerk.one(Prose, "#side"))))

        assert squashed(t("explain.holder.mobile.what")) in beside()
        assert squashed(t("rule.APP-1.text")) in beside()
        await clerk.types("up")
        assert squashed(t(f"explain.{clerk.focused}.what")) in beside()
        await clerk.types("down", "23", "enter")
        assert squashed(t("finding.text.mobile_characters")) in beside()
        assert squashed(t("explain.holder.mobile.what")) not in beside()
