"""What a field and a step are (F1, and beside the form on a wide screen): before a mistake is made."""

from collections.abc import Iterator
from itertools import chain, islice

from counter.desk.open_case import OpenCase
from counter.i18n import listed, sentence, step_name, t
from counter.rules.explained import EXPLAINED, explained_as
from counter.rules.finding import Finding, Level
from counter.rules.service import Service, StepId
from counter.screens.dialogs.help import rule_text
from counter.widgets.fields.field import Field


def about(path: str, label: str) -> str:
    """What a field is called, what it is, its form, and where its value comes from; '' of one that is not explained."""
    known = explained_as(path)
    if not known:
        return ""
    lines = (
        label,
        "",
        t(f"explain.{known}.what"),
        t("explain.form", form=t(f"explain.{known}.form")),
        t("explain.origin", origins=listed(t(f"explain.from.{origin}") for origin in EXPLAINED[known].origins)),
    )
    return "\n".join(lines)


def rules_of(path: str) -> Iterator[str]:
    """The rules that speak of a field, each with its text and source, the one that says most first."""
    known = explained_as(path)
    return (rule_text(rule) for rule in (EXPLAINED[known].rules if known else ()))


def about_step(service: Service, step: StepId) -> str:
    """What the step is for, and how the keys go through a form."""
    head = t("explain.step_title", step=step_name(service, step))
    return "\n".join((head, "", t(f"explain.step.{step}"), t("explain.forms")))


def said_first(opened: OpenCase, field: Field | None) -> Finding | None:
    """What is said first; what is merely not filled in yet where there is no field to explain."""
    elsewhere = (finding for _, finding in opened.elsewhere())
    lacking = () if field else opened.findings()
    return next(chain(elsewhere, opened.visible(field.path if field else ""), lacking), None)


def beside(opened: OpenCase, field: Field | None, *, said: bool = False) -> str:
    """Beside the form: what is wrong, and its rule; where nothing is, what the focused field is.

    With `said` the findings stand at their fields already: there is room for what the field is, and for the rule.
    """
    first = said_first(opened, field)
    told = about(field.path, field.label) if field else ""
    if field and told and (first is None or first.level is Level.TELL):
        return "\n\n".join([told, *islice(rules_of(field.path), 1)])
    if first is None:
        return t("screen.side_empty")
    return "\n\n".join(filter(None, (told if said else sentence(first), rule_text(first.rule))))


def explained(opened: OpenCase, field: Field | None) -> Iterator[str]:
    """The field, its rules, the step."""
    if field:
        yield from filter(None, (about(field.path, field.label), *rules_of(field.path)))
    yield about_step(opened.service, opened.step)
