"""The case on the screen (办理): its steps, one at a time, and what the rules say of it after every key."""

from collections.abc import Iterator

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive

from counter.desk.desk import Desk
from counter.i18n import step_name, t
from counter.keymap.in_use import keys_of
from counter.province.questions.question import ENTERED, LEFT, Answer
from counter.rules.case import Case
from counter.rules.finding import Finding
from counter.rules.judge import Judgement
from counter.rules.service import Service, StepId
from counter.screens.case.abreast import Abreast
from counter.screens.case.asking import Asking
from counter.screens.case.authorise import note_revealed
from counter.screens.case.changing import Changing
from counter.screens.case.customer import WhyBack, customer_line
from counter.screens.case.explaining import explained, said_first
from counter.screens.case.keeping import Keeping
from counter.screens.case.laying import LAID_AT
from counter.screens.case.pane import StepPane
from counter.screens.case.recording import Recording
from counter.screens.case.steps import PANES
from counter.screens.dialogs.ask import AskScreen
from counter.widgets.beside import BesideFields
from counter.widgets.bound import bound, fixed
from counter.widgets.fields.field import Field
from counter.widgets.lines import FindingsStrip, Line, StepMark, StepsLine


class CaseScreen(Changing):
    """One customer's service in progress: the panes of its steps fill an `OpenCase`."""

    DEFAULT_CSS = """
    CaseScreen #case { height: 1fr; align-horizontal: center; }
    CaseScreen.-broad #case > * { max-width: 156; }
    CaseScreen.-wide #side, CaseScreen.-broad #side, CaseScreen.-broad BesideFields { display: block; }
    """
    BINDINGS = [
        bound("next", "next"),
        fixed("accept", "enter", "enter"),
        bound("back", "back"),
        bound("refer", "refer"),
        bound("hold", "hold"),
        bound("ask", "ask_province"),
        bound("next-problem", "next_problem"),
        bound("reveal", "reveal"),
        bound("step-before", "turn(-1)", show=False, priority=True),
        bound("step-after", "turn(1)", show=False, priority=True),
        *(bound(f"step-{n}", f"go({n})", show=False) for n in range(1, 9)),
    ]
    way_on: reactive[Service | None] = reactive(None, layout=False, bindings=True)

    def __init__(self, desk: Desk, id: str, case: Case, step: StepId | None = None) -> None:
        super().__init__(desk, id, case, step)
        self.passing = False
        """Has the clerk come on to this step, and touched nothing yet?"""
        self.came_by_itself = False
        """Has the clerk come to a field without Enter, and typed nothing there yet?"""
        self.revealed = False
        self.keeping = Keeping(self, self.open, self.show_findings)
        self.asking = Asking(self, self.open, self.show_findings, self.answered)
        self.recording = Recording(self, self.open, self.show_findings, self.show_refused)

    def compose_body(self) -> ComposeResult:
        with Vertical(id="case"):
            yield from (StepsLine(), WhyBack(self.why_back), Line(id="customer"))
            yield Abreast(id="middle")
            yield Line(id="below")
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
        self.pane = PANES[self.open.step](self.desk, self.open.service, self.open.case)  # no answer meets the former
        await holder.remove_children()
        await holder.mount(self.pane)
        self.recording.begin(self.pane)
        self.show()
        self.keeping.save()  # with the step it stands at now
        self.at.begin()
        self.refresh_bindings()
        self.asking.what_is_due(self.step_pane, ENTERED)
        await self._pass_by()

    async def _pass_by(self) -> None:
        """The answer that the step waited for has come, before the clerk touched it: on past what asks for nothing."""
        if self.passing and self.step_pane.is_mounted and self.open.pass_by():
            await self._leave()

    async def action_next(self, *, records: bool = False) -> None:
        """F10: on to the next step, when nothing holds this one up; on the confirmation only the key that `records`."""
        if self.open.step is StepId.CONFIRM and not records:
            return
        if field := self.at.unreadable:
            self.at.to(field)
        elif stops := self.open.stops():
            if not (self.passing and self.recording.was_on_its_way):
                self.open.strict.add(self.open.step)
                self.show()
            self.at.lead_to_problem(stops)
        elif asks := self.open.asks():
            self._ask_clerk(asks)
        else:
            await self._leave()

    async def action_record(self) -> None:
        """F10 on the confirmation: record what has stood still."""
        if not self.recording.is_unseen():
            await self.action_next(records=True)

    action_record_seen = action_record  # not shown yet, but perhaps pressed after all stood still

    async def action_enter(self) -> None:
        """Enter: on as F10; on the confirmation it reads on, and records nothing."""
        if self.open.step is StepId.CONFIRM:
            self.step_pane.action_page_down()
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
                self.show()
                await self.action_enter()

        self.app.push_screen(AskScreen.about(asks, own=not self.open.service.presented_by), answered)

    async def action_turn(self, by: int) -> None:
        """One step back or, where it was seen already, forward."""
        await self.action_go(self.open.steps.index(self.open.step) + 1 + by)

    async def action_go(self, number: int) -> None:
        """To a step by its place in the line, as far as the clerk has been."""
        if step := self.open.reachable(number):
            self.open.settle()
            await self.turn_to(step)

    async def turn_to(self, step: StepId) -> None:
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

    def change(self, event: Field.Changed) -> None:
        self.passing = self.came_by_itself = False
        self.open.fill(event.field.path, event.value)
        self.show()

    async def accept(self, event: Field.Accepted) -> None:
        """Enter, and what is done by itself: on to the next field that asks for something; where none does, to the next
        step, which a digit does not open. A field that must be given is not passed without."""
        field, came_by_itself = event.field, self.came_by_itself
        if event.by_itself and self.open.is_stopped_at(field.path):
            return
        self.came_by_itself = event.by_itself
        if came_by_itself and field.asks:
            return  # the Enter that a scanner types after its number
        self.keeping.save()
        self.asking.what_is_due(self.step_pane, field.path)
        if event.more:
            return
        if following := self.at.asks_after(field):
            self.open.insisted.add(field.path)
            self.at.come_to(following)
            self.show_findings()
        elif not event.by_digit:
            await self.action_enter()

    def laid(self) -> None:
        """As if all of it had been typed."""
        self.passing = False
        self.keeping.save()
        self.show()
        self.asking.what_is_due(self.step_pane, *LAID_AT)

    # --- showing

    def show(self) -> None:
        opened = self.open
        if self.step_pane.is_mounted:  # an answer may come while the step is being laid out: `_enter` shows it then
            self.step_pane.is_provided = opened.is_provided
            self.step_pane.show(opened.case, opened.judgement, strict=opened.step in opened.strict)
        marks = [StepMark(step_name(opened.service, step), opened.mark(step)) for step in opened.steps]
        self.query_one(StepsLine).show(t(f"service.{opened.service.id}.name"), marks)
        self.query_one("#customer", Line).text = customer_line(opened, self.desk.reference)
        self.way_on = opened.way_on
        self.recording.show()
        self.show_findings()

    def show_findings(self) -> None:
        strip, field = self.query_one(FindingsStrip), self.at.unreadable
        strip.findings = self.open.visible(self.at.path)
        strip.elsewhere = tuple((step_name(self.open.service, at), each) for at, each in self.open.elsewhere())
        said = (self.recording.notice, self.asking.notice, field.problem if field else "", self.keeping.problem)
        strip.notice = next(filter(None, said), "")
        strip.beside = self.query_one(Abreast).show(self.desk, self.open, self.at, strip.findings)

    def finding_for_help(self) -> Finding | None:
        return said_first(self.open, self.at.field)

    def explained(self) -> Iterator[str]:
        return explained(self.open, self.at.field)

    @on(events.DescendantFocus)
    @on(BesideFields.Toggled)
    def _show_where_it_stands_now(self) -> None:
        if self.pane is not None and self.pane.is_attached:
            self.show_findings()

    async def action_next_problem(self) -> None:
        """F8: a step stopped since it was left, this step's next field with a problem, the next step that has one."""
        for step, finding in self.open.elsewhere()[:1]:
            await self.turn_to(step)
            return self.at.lead_to_problem((finding,))
        self.open.strict.add(self.open.step)
        self.show()
        if (
            not self.at.lead_to_next_problem((*self.open.stops(), *self.open.asks()))
            and not self.open.judgement.allowed
            and (blocked := self.open.first_blocked()) in self.open.seen
        ):
            await self.turn_to(blocked)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key that does not apply here is dimmed."""
        match action:
            case "ask_province":
                return True if self.pane is not None and self.asking.has_some(self.pane) else None
            case "refer":
                return self.way_on is not None
            case "turn":  # a confirmation is read by these keys
                return self.open.step is not StepId.CONFIRM
            case "record":
                return self.recording.still.stands
        return True

    def action_ask_province(self) -> None:
        """F5: ask the province (again), what is open at other steps too."""
        self.asking.put_all(self.step_pane)

    def refresh_header(self) -> None:
        """As soon as it says that the province answers again, what had no answer is asked."""
        super().refresh_header()
        if self.pane is not None and self.pane.is_mounted:
            self.asking.line_is(self.pane, online=self.desk.online)

    def on_step_pane_ask(self, event: StepPane.Ask) -> None:
        event.stop()
        self.asking.put(self.step_pane, self.step_pane.questions)

    def on_step_pane_taken(self, event: StepPane.Taken) -> None:
        event.stop()
        self.open.take(event.case)
        self.keeping.save()
        self.show()

    async def on_step_pane_answered(self, event: StepPane.Answered) -> None:
        event.stop()
        await self.answered(event.about, event.answer, self.open.step)

    async def answered(self, asked_about: Case, answer: Answer, step: StepId, asked: tuple[str, ...] = ()) -> None:
        """An answer to what was asked at a step: dropped if about somebody else; a stop of a left step rings."""
        waiting = self.at.waiting
        if self.open.is_about(asked_about):
            known = set(self.open.elsewhere())
            self.open.answer(answer, step, asked, about=asked_about)
            if set(self.open.elsewhere()) - known:
                self.app.bell()
        self.keeping.save()
        self.show()
        if self.step_pane.is_mounted:
            self.step_pane.answered(self.open.case)
        if waiting is not None and waiting is self.at.field and not waiting.asks:
            self.at.come_to(self.at.asks_after(waiting) or waiting)  # the province has filled it
        self.refresh_header()
        await self._pass_by()

    async def show_refused(self, judgement: Judgement) -> None:
        """Where the case was refused at its confirmation, and why."""
        step, refused = self.open.refused(judgement)
        await self.action_go(self.open.steps.index(step) + 1)
        self.open.extra = refused
        self.show()
        self.refresh_header()

    # --- what the clerk has seen

    def on_key(self, event: events.Key) -> None:
        """Before the key acts: when it was pressed, and that the step is touched by one that does not want to go on."""
        self.recording.key(event.time)
        self.passing = self.passing and event.key in (*keys_of("next"), "enter")

    def on_screen_resume(self) -> None:
        """What another screen stood over has to be looked at again."""
        self.recording.still.begin()

    def action_reveal(self) -> None:
        """F6: show what is masked; the audit remembers who looked."""
        self.revealed = not self.revealed
        self.step_pane.reveal(whole=self.revealed)
        note_revealed(self, self.desk, self.open.id)
