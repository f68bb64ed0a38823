"""The case on the screen (办理): its steps, one at a time, and what the rules say of it after every key."""

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from counter.desk import Desk, blocking
from counter.i18n import sentence, t
from counter.rules.case import Case, fill, value_at
from counter.rules.finding import Finding, Level
from counter.rules.judge import Judgement
from counter.rules.masking import mask_name, mask_number
from counter.rules.service import StepId
from counter.rules.services import SERVICES
from counter.screens.ask import AskScreen
from counter.screens.base import DeskScreen
from counter.screens.help import rule_text
from counter.screens.result import ResultScreen
from counter.screens.step import StepPane, concerns
from counter.screens.steps import PANES
from counter.store.records import LedgerEntry
from counter.widgets.lines import FindingsStrip, Line, StepMark, StepsLine
from counter.widgets.row import Row
from counter.widgets.text_row import FormInput

QUESTION_STEP = {
    "identity": StepId.IDENTITY,
    "one_card": StepId.ONE_CARD,
    "photo": StepId.PHOTO,
    "sms": StepId.DETAILS,
    "booking": StepId.MODE,
}


class CaseScreen(DeskScreen[None]):
    """One customer's service in progress. `id` is the draft's, and becomes the entry's."""

    DEFAULT_CSS = """
    CaseScreen #middle { height: 1fr; }
    CaseScreen #pane { width: 1fr; }
    CaseScreen #side { width: 40; padding: 1 2; border-left: ascii $panel; color: $text-muted; display: none; }
    CaseScreen.-wide #side { display: block; }
    CaseScreen #customer { background: $boost; }
    """
    BINDINGS = [
        Binding("f10", "next", "key.next", id="next"),
        Binding("enter", "next", show=False),
        Binding("escape", "back", "key.back", key_display="Esc", id="back"),
        Binding("f4", "hold", "key.hold", id="hold"),
        Binding("f5", "ask_province", "key.ask_province", id="ask"),
        Binding("f8", "next_problem", "key.next_problem", id="problem"),
        Binding("f6", "reveal", "key.reveal", id="reveal"),
        Binding("pageup", "turn(-1)", "key.step_before", show=False),
        Binding("pagedown", "turn(1)", "key.step_after", show=False),
        *(Binding(f"alt+{n}", f"go({n})", show=False) for n in range(1, 9)),
    ]
    asking: reactive[str] = reactive("", layout=False)

    class Finished(Message):
        """The case is in the ledger."""

        def __init__(self, entry: LedgerEntry) -> None:
            super().__init__()
            self.entry = entry

    def __init__(self, desk: Desk, id: str, case: Case, step: StepId | None = None) -> None:
        super().__init__(desk)
        self.case_id = id
        self.case = case
        self.service = SERVICES[case.service]
        self.step = step or self.service.steps[0]
        self.judgement: Judgement = desk.judge(case)
        self.visited: set[StepId] = set(self.service.steps[: self.service.steps.index(self.step)])
        self.strict: set[StepId] = set()
        self.back_to_confirm = False
        self.extra: tuple[Finding, ...] = ()
        self.pane: StepPane | None = None

    def compose_body(self) -> ComposeResult:
        yield StepsLine()
        yield Line(id="customer")
        with Horizontal(id="middle"):
            yield Vertical(id="pane")
            yield Static(id="side", markup=False)
        yield FindingsStrip()

    async def on_mount(self) -> None:
        await self._enter(self.step)

    # --- moving between the steps ----------------------------------------------------------------------------

    async def _enter(self, step: StepId) -> None:
        self.step = step
        self.extra = ()
        holder = self.query_one("#pane")
        await holder.remove_children()
        self.pane = PANES[step](self.desk, self.service, self.case)
        await holder.mount(self.pane)
        self._show()
        self._save()  # with the step it stands at now
        self._focus_first()
        self.refresh_bindings()
        if self.pane.asks_by_itself(self.case):
            self.action_ask_province()

    async def action_next(self) -> None:
        """F10: on to the next step, when nothing holds this one up."""
        findings = self._step_findings()
        if stops := [finding for finding in findings if finding.level is Level.STOP]:
            self.strict.add(self.step)
            self._show()
            self._focus_problem(stops)
        elif asks := blocking(self.judgement, findings):
            self._ask_clerk(asks)
        elif self._unreadable_row() is None:
            await self._leave()

    async def _leave(self) -> None:
        self.visited.add(self.step)
        self._save()
        if self.step is StepId.IDENTITY and self.case.identity_check.answer is None:
            self._put_question(self.pane_question(), self.case)
        steps = self.service.steps
        if self.step is StepId.CONFIRM:
            if self.judgement.allowed:
                self._confirm()
            else:
                await self._enter(self._first_blocked())
        elif self.back_to_confirm:
            self.back_to_confirm = False
            await self._enter(StepId.CONFIRM)
        else:
            await self._enter(steps[steps.index(self.step) + 1])

    def _first_blocked(self) -> StepId:
        blocked = next(step for step, findings in self.judgement.by_step.items() if blocking(self.judgement, findings))
        self.strict.add(blocked)
        return blocked

    @work(group="ask", exclusive=True)
    async def _ask_clerk(self, asks: tuple[Finding, ...]) -> None:
        if await self.app.push_screen_wait(AskScreen(asks)):
            words = dict.fromkeys([*self.case.acknowledged, *(finding.code for finding in asks)])
            self._set(fill(self.case, "acknowledged", tuple(words)))
            await self.action_next()

    async def action_turn(self, by: int) -> None:
        """One step back or, where it was visited already, forward."""
        await self.action_go(self.service.steps.index(self.step) + 1 + by)

    async def action_go(self, number: int) -> None:
        """To a step by its place in the line, as far as the clerk has been."""
        steps = self.service.steps
        if not 1 <= number <= len(steps) or steps[number - 1] is self.step:
            return
        target = steps[number - 1]
        if target in self.visited or target is steps[0]:
            self.back_to_confirm = self.step is StepId.CONFIRM
            self.visited.add(self.step)
            await self._enter(target)

    async def action_back(self) -> None:
        """Esc: a step back; from the first one home, the case held."""
        if self.step is self.service.steps[0]:
            self.action_hold()
        else:
            await self.action_turn(-1)

    def action_hold(self) -> None:
        """F4: hold the case and serve the next customer."""
        self._save()
        self.dismiss(None)

    # --- filling -----------------------------------------------------------------------------------------------

    def on_row_changed(self, event: Row.Changed) -> None:
        event.stop()
        self._set(fill(self.case, event.row.path, event.value))

    async def on_row_accepted(self, event: Row.Accepted) -> None:
        """Enter: on to the next field; at the last one to the next step."""
        event.stop()
        rows = [row for row in self._pane().rows() if row.query("FormInput, Choice, Ticks")]
        after = rows[rows.index(event.row) + 1 :] if event.row in rows else []
        self._save()
        if after:
            self._focus(after[0])
        else:
            await self.action_next()

    def _set(self, case: Case) -> None:
        self.case = case
        self.judgement = self.desk.judge(case)
        self.extra = ()
        self._show()

    def _show(self) -> None:
        pane = self._pane()
        pane.show(self.case, self.judgement, strict=self.step in self.strict)
        self._show_steps()
        self._show_customer()
        self._show_findings()

    def _show_steps(self) -> None:
        deferred = {QUESTION_STEP[question] for question in self.judgement.deferred if question in QUESTION_STEP}
        marks = []
        for step in self.service.steps:
            blocked = bool(blocking(self.judgement, self.judgement.by_step.get(step, ())))
            seen = step in self.visited or step in self.strict
            mark = "!" if blocked else "?" if step in deferred else "+"
            marks.append(StepMark(t(f"step.{step}"), ">" if step is self.step else mark if seen else " "))
        self.query_one(StepsLine).show(t(f"service.{self.service.id}.name"), marks)

    def _show_customer(self) -> None:
        holder, old = self.case.holder, self.case.old_card
        parts = [mask_name(holder.name), mask_number(holder.document.number)]
        if old is not None and old.bank in self.desk.reference.banks:
            parts.append(
                t("screen.old_card", bank=self.desk.reference.banks[old.bank].short, generation=old.generation)
            )
        parts.append(t(f"choice.presented_by.{self.case.presented_by}"))
        known = holder.name or holder.document.number
        said = "  ".join(part for part in parts if part) if known else t("screen.no_customer")
        self.query_one("#customer", Line).text = Text(f" {said}", style="" if known else "dim")

    def _show_findings(self) -> None:
        findings = self._visible_findings()
        strip = self.query_one(FindingsStrip)
        strip.findings = findings
        strip.notice = self.asking or (row.problem if (row := self._unreadable_row()) else "")
        about = self.finding_for_help()
        side = f"{sentence(about)}\n\n{rule_text(about.rule)}" if about else t("screen.side_empty")
        self.query_one("#side", Static).update(side)

    def _step_findings(self) -> tuple[Finding, ...]:
        return (*self.extra, *self.judgement.by_step.get(self.step, ()))

    def _visible_findings(self) -> tuple[Finding, ...]:
        """The step's findings, the focused field's first; what is merely not typed yet waits until F10."""
        strict = self.step in self.strict
        shown = [
            finding
            for finding in self._step_findings()
            if strict or not finding.field or finding.level is not Level.STOP or self._given(finding)
        ]
        focused = self._focused_row()
        shown.sort(key=lambda finding: (not (focused and concerns(finding, focused.path)), finding.level != "stop"))
        return tuple(shown)

    def _given(self, finding: Finding) -> bool:
        """Has this field been given something already? Papers count once the clerk is at them, the one-card check
        once the province has answered."""
        if finding.field.startswith("one_card."):
            return self.case.one_card.answer is not None
        value = value_at(self.case, finding.field)
        return bool(value) and not (finding.field == "papers" and self._focused_path() != "papers")

    def finding_for_help(self) -> Finding | None:
        findings = self._visible_findings() or self._step_findings()
        return findings[0] if findings else None

    # --- focus -------------------------------------------------------------------------------------------------

    def on_descendant_focus(self) -> None:
        if self.pane is not None and self.pane.is_attached:
            self._show_findings()

    def _pane(self) -> StepPane:
        assert self.pane is not None, "a case screen always shows a step once it is mounted"
        return self.pane

    def _focused_row(self) -> Row | None:
        node = self.focused
        return next((parent for parent in node.ancestors if isinstance(parent, Row)), None) if node else None

    def _focused_path(self) -> str:
        row = self._focused_row()
        return row.path if row else ""

    def _focus(self, row: Row) -> None:
        row.query("FormInput, Choice, Ticks").first().focus()

    def _focus_first(self) -> None:
        rows = [row for row in self._pane().rows() if row.query("FormInput, Choice, Ticks")]
        empty = (row for row in rows if row.required and not self._pane().value_of(row, self.case))
        if row := next(empty, rows[0] if rows else None):
            self._focus(row)
        else:
            self.set_focus(None)

    def _unreadable_row(self) -> Row | None:
        return next((row for row in self._pane().rows() if row.problem), None) if self.pane else None

    def _focus_problem(self, findings: list[Finding]) -> None:
        for row in self._pane().rows():
            if row.query("FormInput, Choice, Ticks") and any(concerns(finding, row.path) for finding in findings):
                self._focus(row)
                return

    async def action_next_problem(self) -> None:
        """F8: the next field of this step with a problem, else the next step that has one."""
        self.strict.add(self.step)
        self._show()
        stops = list(blocking(self.judgement, self._step_findings()))
        rows = [row for row in self._pane().rows() if any(concerns(finding, row.path) for finding in stops)]
        if rows:
            focused = self._focused_row()
            at = rows.index(focused) + 1 if focused in rows else 0
            self._focus(rows[at % len(rows)])
        elif not self.judgement.allowed and self._first_blocked() in self.visited:
            await self._enter(self._first_blocked())

    # --- the province ------------------------------------------------------------------------------------------

    def pane_question(self) -> str:
        """What F5 asks on this step."""
        return self._pane().question

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key that does not apply here is dimmed."""
        if action == "ask_province":
            return True if self.pane is not None and self.pane.question else None
        return True

    def action_ask_province(self) -> None:
        """F5: ask the province (again)."""
        if self.pane_question():
            self._put_question(self.pane_question(), self.case)

    def _put_question(self, question: str, case: Case) -> None:
        self.asking = t("screen.asking", question=t(f"screen.question.{question}"))
        self._show_findings()
        self._ask(case, self._pane())

    @work(thread=True, group="province")
    def _ask(self, case: Case, pane: StepPane) -> None:
        self.post_message(StepPane.Answered(case, pane.ask(case)))

    def on_step_pane_ask(self, event: StepPane.Ask) -> None:
        event.stop()
        self.action_ask_province()

    def on_step_pane_answered(self, event: StepPane.Answered) -> None:
        """An answer about somebody who is no longer on the screen is dropped."""
        event.stop()
        self.asking = ""
        if (
            event.about.holder.document == self.case.holder.document
            and event.about.holder.name == self.case.holder.name
        ):
            self._set(event.answer.put_into(self.case))
            self.extra = event.answer.findings
        self._save()
        self._show()
        self._pane().answered(self.case)
        self.refresh_header()

    # --- keeping -----------------------------------------------------------------------------------------------

    def _save(self) -> None:
        if self.case.holder.name or self.case.holder.document.number:
            self._keep(self.case, self.step)

    @work(thread=True, group="draft")
    def _keep(self, case: Case, step: StepId) -> None:
        self.desk.keep(self.case_id, case, step)

    @work(thread=True, exclusive=True, group="confirm")
    def _confirm(self) -> None:
        self.post_message(self.Finished(self.desk.confirm(self.case_id, self.case)))

    def on_case_screen_finished(self, event: Finished) -> None:
        event.stop()
        self.app.switch_screen(ResultScreen(self.desk, event.entry))

    def action_reveal(self) -> None:
        """F6: show what is masked; the audit remembers who looked."""
        for box in self.query(FormInput):
            box.revealed = not box.revealed
            box.refresh()
        self._note_reveal()

    @work(thread=True, group="audit")
    def _note_reveal(self) -> None:
        self.desk.store.audit.note("reveal", self.case_id)
