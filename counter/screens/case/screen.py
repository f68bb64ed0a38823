"""The case on the screen (办理): its steps, one at a time, and what the rules say of it after every key."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive

from counter.desk.desk import CaseRefusedError, Desk, Done
from counter.desk.open_case import OpenCase, concerns
from counter.i18n import listed, sentence, step_name, t
from counter.province.questions.question import ENTERED, LEFT, Answer, Question
from counter.rules.case import Case
from counter.rules.finding import Finding
from counter.rules.service import Service, StepId
from counter.rules.services import SERVICES
from counter.screens.case.authorise import ask_supervisor
from counter.screens.case.customer import customer_line
from counter.screens.case.held_before import OffersHeld
from counter.screens.case.keeping import Keeping
from counter.screens.case.pane import StepPane
from counter.screens.case.result import ResultScreen
from counter.screens.case.steps import PANES
from counter.screens.dialogs.ask import AskScreen
from counter.screens.dialogs.help import rule_text
from counter.store.records import AwaitingCase
from counter.widgets.fields.field import Field
from counter.widgets.fields.text import FormInput
from counter.widgets.lines import FindingsStrip, Line, StepMark, StepsLine
from counter.widgets.prose import Prose

FIELDS = "FormInput, Choice, Ticks"


class CaseScreen(OffersHeld):
    """One customer's service in progress: the panes of its steps fill an `OpenCase`."""

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
        Binding("f7", "refer", "key.refer", id="refer"),
        Binding("f4", "hold", "key.hold", id="hold"),
        Binding("f5", "ask_province", "key.ask_province", id="ask"),
        Binding("f8", "next_problem", "key.next_problem", id="problem"),
        Binding("f6", "reveal", "key.reveal", id="reveal"),
        Binding("pageup", "turn(-1)", "key.step_before", show=False, priority=True),
        Binding("pagedown", "turn(1)", "key.step_after", show=False, priority=True),
        *(Binding(f"alt+{n}", f"go({n})", show=False) for n in range(1, 9)),
    ]
    asking: reactive[str] = reactive("", layout=False)
    way_on: reactive[Service | None] = reactive(None, layout=False, bindings=True)

    def __init__(self, desk: Desk, id: str, case: Case, step: StepId | None = None) -> None:
        super().__init__(desk)
        self.open = OpenCase(desk, id, case, step or SERVICES[case.service].steps[0])
        self.pane: StepPane | None = None
        self.keeping = Keeping(self, self.open, self._show_findings)

    def compose_body(self) -> ComposeResult:
        yield StepsLine()
        yield Line(id="customer")
        with Horizontal(id="middle"):
            yield Vertical(id="pane")
            yield Prose(id="side")
        yield FindingsStrip()

    async def on_mount(self) -> None:
        await self._enter()

    # --- moving between the steps

    async def _enter(self) -> None:
        holder = self.query_one("#pane")
        self.open.extra = ()
        self.pane = PANES[self.open.step](
            self.desk, self.open.service, self.open.case
        )  # no answer meets the one that goes
        await holder.remove_children()
        await holder.mount(self.pane)
        self._show()
        self.keeping.save()  # with the step it stands at now
        self._focus_first()
        self.refresh_bindings()
        self._ask_what_is_due(ENTERED)

    async def action_next(self) -> None:
        """F10: on to the next step, when nothing holds this one up."""
        if field := self._unreadable_field():
            self._focus(field)
        elif stops := self.open.stops():
            self.open.strict.add(self.open.step)
            self._show()
            self._focus_problem(stops)
        elif asks := self.open.asks():
            self._ask_clerk(asks)
        else:
            await self._leave()

    async def _leave(self) -> None:
        self.open.settle()
        self.keeping.save()
        self._ask_what_is_due(LEFT)
        left, detour = self.open.step, self.open.back_to_confirm
        following = self.open.leave()
        if following is None:
            self._confirm()
        else:
            self.open.step = following
            await self._enter()
            if detour:
                self._pane().come_back(left)

    def _ask_clerk(self, asks: tuple[Finding, ...]) -> None:
        async def answered(word: bool | None) -> None:
            if word:
                self.open.acknowledge(asks)
                self._show()
                await self.action_next()

        self.app.push_screen(AskScreen.about(asks, own=not self.open.service.presented_by), answered)

    async def action_turn(self, by: int) -> None:
        """One step back or, where it was seen already, forward."""
        await self.action_go(self.open.steps.index(self.open.step) + 1 + by)

    async def action_go(self, number: int) -> None:
        """To a step by its place in the line, as far as the clerk has been."""
        if step := self.open.reachable(number):
            self.open.turn_to(step)
            await self._enter()

    async def action_back(self) -> None:
        """Esc: a step back; from the first one home, the case held."""
        if self.open.step is self.open.steps[0]:
            await self.action_hold()
        else:
            await self.action_turn(-1)

    async def action_hold(self) -> None:
        """F4: hold the case and serve the next customer; it stays here where it could not be kept."""
        if await self.keeping.is_kept():
            self.dismiss(None)

    def go_on_with(self, id: str, case: Case, step: StepId) -> None:
        """Another case in the place of this one."""
        self.app.switch_screen(CaseScreen(self.desk, id, case, step))

    async def action_refer(self) -> None:
        """F7: hold the case that is stopped, and give the customer the way on (REF-1)."""
        if self.way_on is not None and await self.keeping.is_kept():
            referral = self.desk.new_case(self.way_on.id)
            self.app.switch_screen(CaseScreen(self.desk, self.desk.store.drafts.new_id(), referral))

    # --- filling

    def on_field_changed(self, event: Field.Changed) -> None:
        event.stop()
        self.open.fill(event.field.path, event.value)
        self._show()

    async def on_field_accepted(self, event: Field.Accepted) -> None:
        """Enter: on to the next field; at the last one to the next step."""
        event.stop()
        fields = self._fields()
        after = fields[fields.index(event.field) + 1 :] if event.field in fields else []
        self.keeping.save()
        self._ask_what_is_due(event.field.path)
        if event.more:
            return
        if after:
            self._focus(after[0])
            for box in after[0].query(FormInput):
                box.select_all()  # what is typed here replaces what stood there, and never hangs on to its end
        else:
            await self.action_next()

    # --- showing

    def _show(self) -> None:
        opened = self.open
        if self._pane().is_mounted:  # an answer may come while the step is being laid out: `_enter` shows it then
            self._pane().show(opened.case, opened.judgement, strict=opened.step in opened.strict)
        marks = [StepMark(step_name(opened.service, step), opened.mark(step)) for step in opened.steps]
        self.query_one(StepsLine).show(t(f"service.{opened.service.id}.name"), marks)
        self.query_one("#customer", Line).text = customer_line(opened, self.desk.reference)
        self.way_on = opened.way_on
        self._show_findings()

    def _show_findings(self) -> None:
        strip, field = self.query_one(FindingsStrip), self._unreadable_field()
        strip.findings = self.open.visible(self._focused_path())
        strip.notice = self.asking or (field.problem if field else "") or self.keeping.problem
        about = self.finding_for_help()
        side = f"{sentence(about)}\n\n{rule_text(about.rule)}" if about else t("screen.side_empty")
        self.query_one("#side", Prose).update(side)

    def finding_for_help(self) -> Finding | None:
        findings = self.open.visible(self._focused_path()) or self.open.findings()
        return findings[0] if findings else None

    # --- focus

    def on_descendant_focus(self) -> None:
        if self.pane is not None and self.pane.is_attached:
            self._show_findings()

    def _pane(self) -> StepPane:
        assert self.pane is not None, "a case screen always shows a step once it is mounted"
        return self.pane

    def _fields(self) -> list[Field]:
        """The fields that the clerk can be in."""
        return [field for field in self._pane().fields() if field.typed] if self.pane else []

    def _focused_field(self) -> Field | None:
        node = self.focused
        return next((parent for parent in node.ancestors if isinstance(parent, Field)), None) if node else None

    def _focused_path(self) -> str:
        field = self._focused_field()
        return field.path if field else ""

    def _focus(self, field: Field) -> None:
        field.query(FIELDS).first().focus()

    def _lead_to(self, field: Field) -> None:
        """The field with a problem is in sight, wherever the clerk had read on to."""
        self._pane().look_up()
        self._focus(field)
        field.scroll_visible(animate=False)

    def _focus_first(self) -> None:
        if field := self._pane().begins_at(self._fields()):
            self._focus(field)
        else:
            self.set_focus(None)

    def _unreadable_field(self) -> Field | None:
        return next((field for field in self._fields() if field.problem), None)

    def _focus_problem(self, findings: tuple[Finding, ...]) -> None:
        for field in self._fields():
            if any(concerns(finding, field.path) for finding in findings):
                self._lead_to(field)
                return

    async def action_next_problem(self) -> None:
        """F8: the next field of this step with a problem, else the next step that has one."""
        self.open.strict.add(self.open.step)
        self._show()
        problems = (*self.open.stops(), *self.open.asks())
        fields = [field for field in self._fields() if any(concerns(problem, field.path) for problem in problems)]
        if fields:
            focused = self._focused_field()
            at = fields.index(focused) + 1 if focused in fields else 0
            self._lead_to(fields[at % len(fields)])
        elif not self.open.judgement.allowed and (blocked := self.open.first_blocked()) in self.open.seen:
            self.open.turn_to(blocked)
            await self._enter()

    # --- the province

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key that does not apply here is dimmed."""
        if action == "ask_province":
            return True if self.pane is not None and self.pane.questions else None
        return action != "refer" or self.way_on is not None

    def action_ask_province(self) -> None:
        """F5: ask the province (again)."""
        self._put(self._pane().questions)

    def _ask_what_is_due(self, moment: str) -> None:
        """Put the step's questions that put themselves now."""
        case = self.open.case
        self._put(tuple(question for question in self._pane().questions if question.is_due(moment, case)))

    def _put(self, questions: tuple[Question[Answer], ...]) -> None:
        if questions:
            asked = listed(t(f"screen.question.{question.id}") for question in questions)
            self.asking = t("screen.asking", question=asked)
            self._show_findings()
            case, pane = self.open.case, self._pane()
            self.in_background(
                lambda _: pane.ask_in_turn(questions, case), lambda answer: self._answered(case, answer), under=True
            )

    def on_step_pane_ask(self, event: StepPane.Ask) -> None:
        event.stop()
        self.action_ask_province()

    def on_step_pane_taken(self, event: StepPane.Taken) -> None:
        event.stop()
        self.open.put(event.case)
        self.keeping.save()
        self._show()

    def on_step_pane_answered(self, event: StepPane.Answered) -> None:
        event.stop()
        self._answered(event.about, event.answer)

    def _answered(self, asked_about: Case, answer: Answer) -> None:
        """An answer about somebody who is no longer on the screen is dropped."""
        self.asking = ""
        if self.open.is_about(asked_about):
            self.open.put(answer.put_into(self.open.case))
            self.open.extra = answer.findings
        self.keeping.save()
        self._show()
        if self._pane().is_mounted:
            self._pane().answered(self.open.case)
        self.refresh_header()

    # --- confirming

    def _confirm(self) -> None:
        case = self.open.case
        self.in_background(lambda _: self.open.submit(case), self._submitted, group="confirm", once=True)

    async def _submitted(self, submitted: Done | AwaitingCase | CaseRefusedError) -> None:
        """Its result; the supervisor, or Esc: then it waits in their list; or at its step why it is refused (APP-4)."""
        if isinstance(submitted, Done):
            self._finished(submitted)
        elif isinstance(submitted, AwaitingCase):
            await ask_supervisor(self, submitted, self._finished)
        else:
            step, refused = self.open.refused(submitted.judgement)
            await self.action_go(self.open.steps.index(step) + 1)
            self.open.extra = refused
            self._show()
            self.refresh_header()

    def _finished(self, done: Done | None) -> None:
        if done is not None:
            self.app.switch_screen(ResultScreen(self.desk, done))
        else:
            self.notify(t("authorise.waits"))
            self.dismiss(None)

    def action_reveal(self) -> None:
        """F6: show what is masked; the audit remembers who looked."""
        for box in self.query(FormInput):
            box.revealed = not box.revealed
            box.refresh()
        self.in_background(lambda _: self.desk.store.audit.note("reveal", self.open.id), lambda _: None, under=True)
