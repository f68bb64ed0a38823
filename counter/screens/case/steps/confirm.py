"""确认: everything by section, each with a way back (APP-3), and what the customer must be told."""

from collections.abc import Iterable, Iterator

from rich.cells import set_cell_size
from textual.widget import Widget

from counter.desk.desk import Desk
from counter.i18n import step_name, t, traits
from counter.paper.accepted import file_name, text_page
from counter.paper.languages import for_customer
from counter.paper.slip import fee_text, told
from counter.paper.summary import sections
from counter.rules.accepted import in_force, outdated
from counter.rules.case import Case
from counter.rules.judge import Judgement
from counter.rules.masking import MASKED, WHOLE
from counter.rules.service import Service, StepId
from counter.screens.case.pane import StepPane
from counter.screens.options import choices
from counter.screens.paper import AcceptedTextScreen
from counter.widgets.bound import bound, fixed
from counter.widgets.fields.choice import Option
from counter.widgets.fields.consents import ConsentsField
from counter.widgets.fields.field import Field
from counter.widgets.prose import Prose


class ConfirmPane(StepPane, can_focus=True):
    """Digits go back to a section; F2 shows a consent's text, elsewhere the slip, as F3 does; F10 writes the entry,
    and is shown once the case has stood still (`Recording`)."""

    step = StepId.CONFIRM
    BINDINGS = [
        *(fixed("section", str(n), f"screen.go({n})") for n in range(1, 9)),
        bound("record", "screen.record"),
        bound("record", "screen.record_seen", show=False),
        bound("preview", "preview"),
        fixed("read-on", "space", "page_down"),
    ]

    def __init__(self, desk: Desk, service: Service, case: Case) -> None:
        super().__init__(desk, service, case)
        self.judgement: Judgement | None = None
        self.changed: StepId | None = None
        """The section that the clerk comes back from."""
        self.seen = MASKED

    @property
    def hint(self) -> str:
        """Other words for the bank's own work: nobody stands at the window."""
        return super().hint + ("" if self.service.presented_by else "_own")

    def body(self) -> Iterable[Widget]:
        yield ConsentsField(self._consents, lambda consent: consent in in_force(self.case, self.desk.context()))
        yield Prose(id="sections")
        yield Prose(id="told")

    def on_descendant_focus(self) -> None:
        """The consents take the focus; what is to be read out must not scroll away for them where all has room."""
        self.call_after_refresh(self._keep_the_top)

    def come_back(self, step: StepId) -> None:
        """To what was changed; the consents are out of sight then, and Space must not tick there."""
        self.changed = step
        self.focus(scroll_visible=False)
        self.call_after_refresh(self._keep_the_top)

    def look_up(self) -> None:
        self.changed = None

    def _keep_the_top(self) -> None:
        if self.changed is not None:
            self._show_section(self.changed)
            return
        for consents in self.query(ConsentsField):  # none where the clerk has left the step meanwhile
            if consents.virtual_region.bottom <= self.size.height:
                self.scroll_home(animate=False)

    def _show_section(self, step: StepId) -> None:
        """What was changed is what the clerk wants to see."""
        start = f"{self.service.steps.index(step) + 1} "
        for shown in self.query("#sections").results(Prose):
            lines = shown.render().plain.split("\n")
            line = next((at for at, text in enumerate(lines) if text.startswith(start)), 0)
            self.scroll_to(y=shown.virtual_region.y + line, animate=False)

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
        printed = for_customer(lambda: text_page(text), self.case)
        self.app.push_screen(
            AcceptedTextScreen(self.desk, self.desk.wishes.heeded(printed, self.case), file_name(text))
        )

    def show(self, case: Case, judgement: Judgement, *, strict: bool) -> None:
        super().show(case, judgement, strict=strict)
        self.judgement = judgement
        self._write(case, judgement)
        head = t("steps.confirm.tell" if self.service.presented_by else "steps.confirm.tell_own")
        self.query_one("#told", Prose).update("\n".join(["", head, *told(judgement.notices)]))
        if not judgement.consents:
            self.focus()

    def reveal(self, *, whole: bool) -> None:
        self.seen = WHOLE if whole else MASKED
        if self.judgement is not None:
            self._write(self.case, self.judgement)

    def _write(self, case: Case, judgement: Judgement) -> None:
        self.query_one("#sections", Prose).update("\n".join(self._lines(case, judgement)))

    def _lines(self, case: Case, judgement: Judgement) -> Iterator[str]:
        """What it costs, then each section under its digit, line by line: step, label, and the value that hangs under
        itself."""
        said = sections(case, self.desk.reference, self.seen, compared=WHOLE)
        yield _row("", t("field.fee"), fee_text(case, judgement.fee_fen, judgement.waived, self.desk.reference))
        for number, step in enumerate(self.service.steps[:-1], 1):
            head = f"{number} {step_name(self.service, step)}"
            for line in said[step]:
                yield _row(head, line.label, line.value)
                head = ""
        for line in said[StepId.CONFIRM]:
            if line.label != t("field.consents"):  # ticked above
                yield _row("", line.label, line.value)

    def action_preview(self) -> None:
        """F2, F3: the slip as it will be printed; in which languages is remembered for the print."""
        from counter.paper.slip import preview
        from counter.screens.dialogs.text import PreviewScreen

        if self.judgement is not None:
            desk, case = self.desk, self.case
            printed = preview(case, self.judgement, desk.reference, desk.place, desk.today())
            self.app.push_screen(
                PreviewScreen(desk.wishes.heeded(printed, case), lambda languages: desk.wishes.note(languages, case))
            )


def _row(head: str, label: str, value: str) -> str:
    width = traits().label_width
    return f"{set_cell_size(head, 2 + width.step)} {set_cell_size(label, width.field)} \t{value}"
