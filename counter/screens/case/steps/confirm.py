"""确认: everything by section, each with a way back (APP-3), and what the customer must be told."""

from collections.abc import Iterable

from rich.cells import set_cell_size
from textual.binding import Binding
from textual.widget import Widget

from counter.desk.desk import Desk
from counter.i18n import t, traits
from counter.paper.accepted import file_name, text_page
from counter.paper.slip import fee_text, sections, told
from counter.rules.accepted import in_force, outdated
from counter.rules.case import Case
from counter.rules.judge import Judgement
from counter.rules.service import Service, StepId
from counter.screens.case.pane import StepPane
from counter.screens.options import choices
from counter.screens.paper import AcceptedTextScreen
from counter.widgets.fields.choice import Option
from counter.widgets.fields.consents import ConsentsField
from counter.widgets.fields.field import Field
from counter.widgets.prose import Prose


class ConfirmPane(StepPane, can_focus=True):
    """Digits go back to a section; F2 shows a consent's text, elsewhere the slip, as F3 does; F10 writes the entry."""

    step = StepId.CONFIRM
    BINDINGS = [
        *(Binding(str(n), f"screen.go({n})", show=False) for n in range(1, 9)),
        Binding("f10", "screen.next", "key.record"),
        Binding("f2", "preview", "key.preview"),
        Binding("f3", "preview", "key.preview", show=False),
    ]

    def __init__(self, desk: Desk, service: Service, case: Case) -> None:
        super().__init__(desk, service, case)
        self.judgement: Judgement | None = None

    def body(self) -> Iterable[Widget]:
        yield Prose(id="sections")
        yield ConsentsField(self._consents, lambda consent: consent in in_force(self.case, self.desk.context()))
        yield Prose(id="told")

    def on_descendant_focus(self) -> None:
        """The consents take the focus; what is to be read out must not scroll away for them where all has room."""
        self.call_after_refresh(self._keep_the_top)

    def _keep_the_top(self) -> None:
        for consents in self.query(ConsentsField):  # none where the clerk has left the step meanwhile
            if consents.virtual_region.bottom <= self.size.height:
                self.scroll_home(animate=False)

    def _consents(self) -> list[Option]:
        return choices("consent", self.desk.judge(self.case).consents)

    def applies(self, field: Field, case: Case) -> bool:
        return bool(self._consents())

    def value_of(self, field: Field, case: Case) -> object:
        """A consent to a text that has changed since is shown as not given (TXT-1)."""
        changed = outdated(case, self.desk.context())
        return tuple(consent for consent in case.consents if consent not in changed)

    def on_consents_field_read_wanted(self, event: ConsentsField.ReadWanted) -> None:
        """F2 at a consent: what the customer accepts, whole; to save and to print (TXT-1)."""
        event.stop()
        text = in_force(self.case, self.desk.context())[event.consent]
        self.app.push_screen(AcceptedTextScreen(self.desk, text_page(text), file_name(text)))

    def show(self, case: Case, judgement: Judgement, *, strict: bool) -> None:
        super().show(case, judgement, strict=strict)
        self.judgement = judgement
        width, lines = traits().label_width.step, []
        for number, step in enumerate(self.service.steps[:-1], 1):
            summary = sections(case, self.desk.reference).get(step, "")
            lines.append(f"{number} {set_cell_size(t(f'step.{step}'), width)} {summary}")
        fee = fee_text(case, judgement.fee_fen, judgement.waived, self.desk.reference)
        lines.append(f"  {set_cell_size(t('field.fee'), width)} {fee}")
        self.query_one("#sections", Prose).update("\n".join(lines))
        self.query_one("#told", Prose).update("\n".join(["", t("steps.confirm.tell"), *told(judgement.notices)]))
        if not judgement.consents:
            self.focus()

    def action_preview(self) -> None:
        """F2, F3: the slip as it will be printed."""
        from counter.paper.slip import preview
        from counter.screens.dialogs.text import TextScreen

        if self.judgement is not None:
            desk = self.desk
            text = preview(self.case, self.judgement, desk.reference, desk.place, desk.today())
            self.app.push_screen(TextScreen(text))
