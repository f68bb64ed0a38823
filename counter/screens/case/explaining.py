"""What a field and a step are (F1, and beside the form on a wide screen): before a mistake is made."""

from collections.abc import Iterator
from itertools import islice

from counter.i18n import listed, sentence, step_name, t
from counter.rules.explained import EXPLAINED, explained_as
from counter.rules.finding import Finding, Level
from counter.rules.service import Service, StepId
from counter.screens.dialogs.help import rule_text
from counter.widgets.fields.field import Field


def beside_form(about: Finding | None, field: Field | None) -> str:
    """What is wrong, and its rule; where nothing is, what the focused field is and the rule that says most of it."""
    explained = _about_field(field) if field else ""
    if field and explained and (about is None or about.level is Level.TELL):
        return "\n\n".join([explained, *islice(_rules_of(field), 1)])
    return f"{sentence(about)}\n\n{rule_text(about.rule)}" if about else t("screen.side_empty")


def where_the_clerk_is(field: Field | None, service: Service, step: StepId) -> Iterator[str]:
    """Of F1, paragraph by paragraph: the focused field, the rules that speak of it, then the step."""
    if field and (explained := _about_field(field)):
        yield explained
        yield from _rules_of(field)
    yield _about_step(service, step)


def _about_field(field: Field) -> str:
    """Its name, what it is, its form, and where its value comes from; '' of one that is not explained."""
    known = explained_as(field.path)
    if not known:
        return ""
    lines = (
        field.label,
        "",
        t(f"explain.{known}.what"),
        t("explain.form", form=t(f"explain.{known}.form")),
        t("explain.origin", origins=listed(t(f"explain.from.{origin}") for origin in EXPLAINED[known].origins)),
    )
    return "\n".join(lines)


def _rules_of(field: Field) -> Iterator[str]:
    """The rules that speak of a field, each with its text and source, the one that says most first."""
    known = explained_as(field.path)
    return (rule_text(rule) for rule in (EXPLAINED[known].rules if known else ()))


def _about_step(service: Service, step: StepId) -> str:
    """What the step is for, and how the keys go through a form."""
    head = t("explain.step_title", step=step_name(service, step))
    return "\n".join((head, "", t(f"explain.step.{step}"), t("explain.forms")))
