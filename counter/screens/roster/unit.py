"""The unit (单位): what holds for all people of a roster, saved field by field."""

import asyncio
from collections.abc import Iterator

from msgspec import structs
from textual.app import ComposeResult

from counter.desk.desk import Desk
from counter.desk.open_case import concerns
from counter.i18n import explained, named, t
from counter.roster.checks import Checker
from counter.rules.case import Mode
from counter.rules.finding import Finding, Level
from counter.rules.masking import mask_mobile, mask_name
from counter.rules.reference import Branch
from counter.rules.text import mobile_text, name_text, number_text
from counter.rules.unit import Delivery, Unit, unit_of
from counter.screens.base import DeskScreen
from counter.screens.case.explaining import about, rules_of
from counter.screens.options import choices, find_bank, find_branch
from counter.store.errors import StoreError
from counter.widgets.bound import bound
from counter.widgets.fields.area import FormArea
from counter.widgets.fields.choice import ChoiceField, Option
from counter.widgets.fields.field import Field
from counter.widgets.fields.search import SearchField
from counter.widgets.fields.text import TextField
from counter.widgets.lines import FindingsStrip
from counter.widgets.prose import Prose

ATTRIBUTES = {
    "unit.name": "name",
    "unit.uscc": "uscc",
    "unit.contact": "contact",
    "unit.contact_mobile": "mobile",
    "bank": "bank",
    "branch": "branch",
    "mode": "mode",
    "delivery": "delivery",
}
"""The unit's attributes by the path under which the rules speak of them."""


class UnitScreen(DeskScreen[None]):
    """The unit's fields with what the rules say of them."""

    DEFAULT_CSS = "UnitScreen FormArea { padding: 1 1; }"
    BINDINGS = [
        bound("next-problem", "next_problem"),
        bound("back", "leave"),
        bound("next", "leave", "key.back", show=False),
    ]

    def __init__(self, desk: Desk, batch: int, unit: Unit) -> None:
        super().__init__(desk)
        self.batch_id = batch
        self.unit = unit
        self.saved = unit
        """The unit as the ledger has it."""

    def compose_body(self) -> ComposeResult:
        banks, branches = self.desk.reference.banks, self.desk.reference.branches
        with FormArea():
            yield Prose(t("batch.unit"))
            yield TextField("unit.name", clean=name_text)
            yield TextField("unit.uscc", clean=number_text, limit=30)
            yield TextField("unit.contact", clean=name_text, mask=mask_name)
            yield TextField("unit.contact_mobile", clean=mobile_text, mask=mask_mobile, limit=30)
            yield ChoiceField("mode", lambda: choices("mode", (Mode.SAME_NUMBER, Mode.CHANGE_BANK)), tall=True)
            yield SearchField(
                "bank",
                find_bank(self.desk.reference, lambda: banks),
                lambda id: named(banks[id]) if id in banks else id,
            )
            yield SearchField(
                "branch",
                find_branch(self.desk.reference, self._branches),
                lambda id: branches[id].name if id in branches else id,
            )
            yield ChoiceField("delivery", _deliveries, label="roster.unit.delivery", tall=True)
        yield FindingsStrip()

    async def on_mount(self) -> None:
        self._show()
        self._focus(self.query(Field).first())

    def _branches(self) -> list[Branch]:
        city, reference = self.desk.place.city, self.desk.reference
        return [each for each in reference.branches.values() if (each.bank, each.city) == (self.unit.bank, city)]

    def _show(self) -> None:
        findings = self._findings()
        for field in self.query(Field):
            value = getattr(self.unit, ATTRIBUTES[field.path])
            field.show(value)
            wrong = any(concerns(each, field.path) and each.level is Level.STOP for each in findings)
            field.set_mark("!" if wrong and value else "*" if wrong else " ")
        self._say(findings)

    def on_descendant_focus(self) -> None:
        """The focused field's findings come first."""
        self._say(self._findings())

    def _say(self, findings: tuple[Finding, ...]) -> None:
        here = next((field.path for field in self.query(Field) if field.has_focus_within), "")
        self.query_one(FindingsStrip).findings = tuple(
            sorted(findings, key=lambda each: (not concerns(each, here), each.level is not Level.STOP))
        )

    def _findings(self) -> tuple[Finding, ...]:
        return Checker(self.unit, self.desk.context()).of_unit

    def on_field_changed(self, event: Field.Changed) -> None:
        event.stop()
        self.unit = unit_of(structs.asdict(self.unit) | {ATTRIBUTES[event.field.path]: str(event.value or "")})
        self._show()

    async def on_field_accepted(self, event: Field.Accepted) -> None:
        """Enter: save, and on to the next field; from the last one back to the roster."""
        event.stop()
        await self._save()
        fields = list(self.query(Field))
        after = fields[fields.index(event.field) + 1 :]
        if after:
            self._focus(after[0])
        elif not event.by_digit:
            self.dismiss(None)

    async def on_descendant_blur(self) -> None:
        await self._save()

    async def _save(self) -> None:
        """Save what has changed, in a thread; a refusal is said, and tried again at the next field."""
        unit = self.unit
        if unit == self.saved:
            return
        try:
            await asyncio.to_thread(self.desk.store.batches.update, self.batch_id, unit)
        except StoreError as error:
            self.notify(explained(error), severity="error")
        else:
            self.saved = unit

    def _focus(self, field: Field) -> None:
        field.query("Input, Choice").first().focus()

    def action_next_problem(self) -> None:
        """F8: the next field with a problem."""
        fields = list(self.query(Field))
        findings = [each for each in self._findings() if each.level in (Level.STOP, Level.ASK)]
        at = next((place + 1 for place, field in enumerate(fields) if field.has_focus_within), 0)
        for field in (*fields[at:], *fields[:at]):
            if any(concerns(each, field.path) for each in findings):
                return self._focus(field)

    async def action_leave(self) -> None:
        """Esc: back to the roster."""
        await self._save()
        self.dismiss(None)

    def finding_for_help(self) -> Finding | None:
        return next(iter(self.query_one(FindingsStrip).findings), None)

    def explained(self) -> Iterator[str]:
        for field in self.query(Field):
            if field.has_focus_within:
                yield from (about(field.path, field.label), *rules_of(field.path))


def _deliveries() -> list[Option]:
    return [Option(str(way), t(f"roster.delivery.{way}")) for way in Delivery]
