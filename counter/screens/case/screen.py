"""The case on the screen (办理): its steps, one at a time, and what the rules say of it after every key."""

from collections.abc import Iterator
from itertools import chain

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive

from counter.desk.desk import Desk
from counter.desk.open_case import OpenCase, concerns
from counter.i18n import step_name, t
from counter.province.questions.question import ENTERED, LEFT, Answer
from counter.rules.case import Case
from counter.rules.finding import Finding
from counter.rules.judge import Judgement
from counter.rules.service import Service, StepId
from counter.rules.services import SERVICES
from counter.screens.base import DeskScreen
from counter.screens.case.asking import Asking
from counter.screens.case.authorise import note_revealed
from counter.screens.case.customer import customer_line
from counter.screens.case.explaining import beside_form, where_the_clerk_is
from counter.screens.case.keeping import Keeping
from counter.screens.case.pane import StepPane
from counter.screens.case.recording import Recording
from counter.screens.case.steps import PANES
from counter.screens.dialogs.ask import AskScreen
from counter.widgets.fields.field import Field
from counter.widgets.fields.text import FormInput
from counter.widgets.lines import FindingsStrip, Line, StepMark, StepsLine
from counter.widgets.prose import Prose

FIELDS = "FormInput, Choice, Ticks"


class CaseScreen(DeskScreen[None]):
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
        Binding("enter", "enter", show=False),
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
    way_on: reactive[Service | None] = reactive(None, layout=False, bindings=True)

    def __init__(self, desk: Desk, id: str, case: Case, step: StepId | None = None) -> None:
        super().__init__(desk)
        self.open = OpenCase(desk, id, case, step or SERVICES[case.service].steps[0])
        self.pane: StepPane | None = None
        self.passing = False
        """Has the clerk come on to this step, and touched nothing yet?"""
        self.came_by_itself = False
        """Has the clerk come to a field without Enter, and typed nothing there yet?"""
        self.revealed = False
        self.keeping = Keeping(self, self.open, self.show_findings)
        self.asking = Asking(self, self.open, self.show_findings, self.answered)
        self.recording = Recording(self, self.open, self.show_findings, self.show_refused)

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

    async def _enter(self, *, passing: bool = False) -> None:
        """Show the step where the case stands; with `passing` the clerk comes on, and a step that asks for nothing is
        passed, at once or when the province has answered."""
        holder = self.query_one("#pane")
        self.open.enter(passing=passing)
        self.passing = passing
        self.revealed = False  # each step is looked at anew
        # no answer meets the one that goes
        self.pane = PANES[self.open.step](self.desk, self.open.service, self.open.case)
        await holder.remove_children()
        await holder.mount(self.pane)
        self._show()
        self.keeping.save()  # with the step it stands at now
        self._focus_first()
        self.refresh_bindings()
        self.asking.what_is_due(self.step_pane, ENTERED)

    async def action_next(self) -> None:
        """F10: on to the next step, when nothing holds this one up; on the confirmation, record what has been seen."""
        if self.recording.is_unseen():
            return
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

    async def action_record(self) -> None:
        """F10 on the confirmation, once it may."""
        await self.action_next()

    async def action_enter(self) -> None:
        """Enter: on as F10; on the confirmation it reads on, and records nothing."""
        if self.open.step is StepId.CONFIRM:
            self.step_pane.scroll_page_down(animate=False)
        else:
            await self.action_next()

    async def _leave(self) -> None:
        self.open.settle()
        self.keeping.save()
        self.asking.what_is_due(self.step_pane, LEFT)
        left, detour = self.open.step, self.open.back_to_confirm
        following = self.open.leave()
        if following is None:
            self.recording.start()
        else:
            self.open.step = following
            await self._enter(passing=not detour)
            if detour:
                self.step_pane.come_back(left)

    def _ask_clerk(self, asks: tuple[Finding, ...]) -> None:
        async def answered(word: bool | None) -> None:
            if word:
                self.open.acknowledge(asks)
                self._show()
                await self.action_enter()

        self.app.push_screen(AskScreen.about(asks, own=not self.open.service.presented_by), answered)

    async def action_turn(self, by: int) -> None:
        """One step back or, where it was seen already, forward."""
        await self.action_go(self.open.steps.index(self.open.step) + 1 + by)

    async def action_go(self, number: int) -> None:
        """To a step by its place in the line, as far as the clerk has been."""
        if step := self.open.reachable(number):
            self.open.settle()
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

    async def action_refer(self) -> None:
        """F7: hold the case that is stopped, and give the customer the way on (REF-1)."""
        if self.way_on is not None and await self.keeping.is_kept():
            referral = self.desk.new_case(self.way_on.id)
            self.app.switch_screen(CaseScreen(self.desk, self.desk.store.drafts.new_id(), referral))

    # --- filling

    def on_field_changed(self, event: Field.Changed) -> None:
        event.stop()
        self.passing = self.came_by_itself = False
        self.open.fill(event.field.path, event.value)
        self._show()

    async def on_field_accepted(self, event: Field.Accepted) -> None:
        """Enter, and what is done by itself: on to the next field that asks for something; where none does, to the next
        step, which a digit does not open. A field that must be given is not passed without."""
        event.stop()
        field, came_by_itself = event.field, self.came_by_itself
        self.came_by_itself = event.by_itself
        if event.by_itself and self.open.is_stopped_at(field.path):
            return
        if came_by_itself and field.asks:
            return  # the Enter that a scanner types after its number
        self.keeping.save()
        self.asking.what_is_due(self.step_pane, field.path)
        if event.more:
            return
        if following := self._asks_after(field):
            self.open.insisted.add(field.path)
            self._come_to(following)
        elif not event.by_digit:
            await self.action_enter()

    def _asks_after(self, field: Field) -> Field | None:
        """The field itself where it must be given and is not; else the next one that asks for something, from the top
        again after the last."""
        fields = self._fields()
        at = fields.index(field) if field in fields else -1
        in_turn = (field, *fields[at + 1 :], *fields[: max(at, 0)])
        return next((each for each in in_turn if each.asks), None)

    def _come_to(self, field: Field) -> None:
        """What is typed here replaces what stood there, and never hangs on to its end."""
        self._focus(field)
        self.show_findings()
        for box in field.query(FormInput):
            box.select_all()

    # --- showing

    def _show(self) -> None:
        opened = self.open
        if self.step_pane.is_mounted:  # an answer may come while the step is being laid out: `_enter` shows it then
            self.step_pane.show(opened.case, opened.judgement, strict=opened.step in opened.strict)
        marks = [StepMark(step_name(opened.service, step), opened.mark(step)) for step in opened.steps]
        self.query_one(StepsLine).show(t(f"service.{opened.service.id}.name"), marks)
        self.query_one("#customer", Line).text = customer_line(opened, self.desk.reference)
        self.way_on = opened.way_on
        self.recording.show()
        self.show_findings()

    def show_findings(self) -> None:
        strip, field = self.query_one(FindingsStrip), self._unreadable_field()
        strip.findings = self.open.visible(self._focused_path())
        strip.elsewhere = tuple((step_name(self.open.service, at), each) for at, each in self.open.elsewhere())
        said = (self.recording.notice, self.asking.notice, field.problem if field else "", self.keeping.problem)
        strip.notice = next(filter(None, said), "")
        self.query_one("#side", Prose).update(beside_form(self.finding_for_help(), self._focused_field()))

    def finding_for_help(self) -> Finding | None:
        """What is said first; what is merely not filled in yet where there is no field to explain."""
        elsewhere = (finding for _, finding in self.open.elsewhere())
        lacking = () if self._focused_field() else self.open.findings()
        return next(chain(elsewhere, self.open.visible(self._focused_path()), lacking), None)

    def explained(self) -> Iterator[str]:
        return where_the_clerk_is(self._focused_field(), self.open.service, self.open.step)

    # --- focus

    def on_descendant_focus(self) -> None:
        if self.pane is not None and self.pane.is_attached:
            self.show_findings()

    @property
    def step_pane(self) -> StepPane:
        assert self.pane is not None, "a case screen always shows a step once it is mounted"
        return self.pane

    def _fields(self) -> list[Field]:
        """The fields that the clerk can be in."""
        return [field for field in self.step_pane.fields() if field.typed] if self.pane else []

    def _focused_field(self) -> Field | None:
        node = self.focused
        return next((parent for parent in node.ancestors if isinstance(parent, Field)), None) if node else None

    def is_typing(self, finding: Finding) -> bool:
        """Is the clerk in the field that it is about?"""
        return bool(path := self._focused_path()) and concerns(finding, path)

    def _empty_field(self) -> Field | None:
        """The field that the clerk is in, where it asks for something and nothing has been typed yet."""
        field = self._focused_field()
        untouched = field is not None and field.asks and not any(box.value for box in field.query(FormInput))
        return field if untouched else None

    def _focused_path(self) -> str:
        field = self._focused_field()
        return field.path if field else ""

    def _focus(self, field: Field) -> None:
        field.query(FIELDS).first().focus()

    def _lead_to(self, field: Field) -> None:
        """The field with a problem is in sight, wherever the clerk had read on to."""
        self.step_pane.look_up()
        self._focus(field)
        field.scroll_visible(animate=False)

    def _focus_first(self) -> None:
        if field := self.step_pane.begins_at(self._fields()):
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
        """F8: a step stopped since it was left, this step's next field with a problem, the next step that has one."""
        if elsewhere := self.open.elsewhere():
            step, finding = elsewhere[0]
            self.open.turn_to(step)
            await self._enter()
            self._focus_problem((finding,))
            return
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
        if action == "record":
            return self.recording.still.stands
        return action != "refer" or self.way_on is not None

    def action_ask_province(self) -> None:
        """F5: ask the province (again)."""
        self.asking.put(self.step_pane, self.step_pane.questions)

    def on_step_pane_ask(self, event: StepPane.Ask) -> None:
        event.stop()
        self.action_ask_province()

    def on_step_pane_taken(self, event: StepPane.Taken) -> None:
        event.stop()
        self.open.put(event.case)
        self.keeping.save()
        self._show()

    async def on_step_pane_answered(self, event: StepPane.Answered) -> None:
        event.stop()
        await self.answered(event.about, event.answer, self.open.step)

    async def answered(self, asked_about: Case, answer: Answer, step: StepId, asked: tuple[str, ...] = ()) -> None:
        """An answer to what was asked at a step: dropped if about somebody else; a stop of a left step rings."""
        waiting = self._empty_field()
        if self.open.is_about(asked_about):
            known = set(self.open.elsewhere())
            self.open.answer(answer, step, asked)
            if set(self.open.elsewhere()) - known:
                self.app.bell()
        self.keeping.save()
        self._show()
        if self.step_pane.is_mounted:
            self.step_pane.answered(self.open.case)
        if waiting is not None and waiting is self._focused_field() and not waiting.asks:
            self._come_to(self._asks_after(waiting) or waiting)  # the province has filled it
        self.refresh_header()
        if self.passing and self.open.passes():  # the answer that the step waited for, before the clerk touched it
            self.open.passed.add(self.open.step)
            await self._leave()

    async def show_refused(self, judgement: Judgement) -> None:
        """Where the case was refused at its confirmation, and why."""
        step, refused = self.open.refused(judgement)
        await self.action_go(self.open.steps.index(step) + 1)
        self.open.extra = refused
        self._show()
        self.refresh_header()

    # --- what the clerk has seen

    def on_key(self, event: events.Key) -> None:
        """Before the key acts: when it was pressed, and that the step is touched."""
        self.recording.key(event.time)
        self.passing = False

    def on_screen_resume(self) -> None:
        """What another screen stood over has to be looked at again."""
        self.recording.still.begin()

    def action_reveal(self) -> None:
        """F6: show what is masked; the audit remembers who looked."""
        self.revealed = not self.revealed
        self.step_pane.reveal(whole=self.revealed)
        note_revealed(self, self.desk, self.open.id)
