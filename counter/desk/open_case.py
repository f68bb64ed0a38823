"""A case as the clerk has it open: which step, what was seen, what may be said now. No Textual here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from msgspec import structs

from counter.desk.desk import CaseRefusedError, Desk, Done
from counter.desk.undoing import FormerCase, History, differences, set_back
from counter.province.questions import QUESTIONS
from counter.province.questions.question import Answer, customer_gone
from counter.rules.accepted import shown
from counter.rules.case import Case
from counter.rules.facts import by_card, known_number, old_card
from counter.rules.filling import fill, value_at
from counter.rules.finding import DEFERRED, Finding, Level
from counter.rules.judge import Judgement
from counter.rules.normal import normalise
from counter.rules.service import Service, StepId
from counter.rules.services import SERVICES, WAYS_ON
from counter.rules.steps.identity import with_last_day
from counter.rules.usual import usual
from counter.store.records import AwaitingCase

PASSABLE: Final = frozenset({StepId.ONE_CARD, StepId.CARD, StepId.PHOTO, StepId.DETAILS, StepId.BANK, StepId.PICKUP})
"""Steps of which nothing has to be seen where nothing is asked: what they hold stands on the confirmation."""

BLANK: Final = (None, "", ())
OVERWRITTEN: Final = "overwritten."
"""Begins the word that a clerk gives on a field of the province's that they overwrite, in `Case.acknowledged`."""


def concerns(finding: Finding, path: str) -> bool:
    """Is this finding about this field?"""
    return finding.field == path or finding.field.startswith(f"{path}.")


def _subject(case: Case) -> tuple[object, ...]:
    name, document = case.holder.name, case.holder.document
    return name, document.kind, known_number(document), "" if document.number else old_card(case).number


def _way_of_photo(case: Case) -> tuple[object, ...]:
    return case.photo.source, case.photo.receipt


@dataclass
class OpenCase:
    """One customer's service in progress. `id` is the draft's, and becomes the entry's.

    `seen` are the steps that the clerk has left once, `strict` those where going on was tried: there, what is missing
    is said as well. `extra` is what the province answered besides values; it holds until the case changes. `late` is
    the same of steps that had been left by then: it waits for the clerk to come back. `asked` are the questions that
    the province has been asked about this person, `passed` the steps that asked the clerk for nothing,
    `insisted` the fields of this step that the clerk was done with: what they lack is said. `provided` is what the
    province has filled, by path; `history` what can be undone.
    """

    desk: Desk
    id: str
    case: Case
    step: StepId
    seen: set[StepId] = field(default_factory=set)
    strict: set[StepId] = field(default_factory=set)
    extra: tuple[Finding, ...] = ()
    late: dict[StepId, tuple[Finding, ...]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    passed: set[StepId] = field(default_factory=set)
    insisted: set[str] = field(default_factory=set)
    provided: dict[str, object] = field(default_factory=dict)
    history: History = field(default_factory=History)
    back_to_confirm: bool = False
    judgement: Judgement = field(init=False)

    def __post_init__(self) -> None:
        self.seen |= set(self.steps[: self.steps.index(self.step)])
        self.judgement = self.desk.judge(self.case)
        card = self.case.old_card
        for known in self.case.one_card.cards:  # of a case that was held
            if card is not None and (known.number, known.bank) == (card.number, card.bank):
                self.provided |= {"old_card.number": known.number, "old_card.bank": known.bank}

    @property
    def service(self) -> Service:
        return SERVICES[self.case.service]

    @property
    def steps(self) -> tuple[StepId, ...]:
        return self.service.steps

    @property
    def has_customer(self) -> bool:
        """Is there anything yet that would be lost?"""
        holder, parcel = self.case.holder, self.case.parcel
        counted = parcel is not None and bool(parcel.number or parcel.counted)
        return bool(holder.name or holder.document.number) or counted or by_card(self.case, self.service)

    def is_about(self, other: Case) -> bool:
        """Is this case about the same person, or where only a card was shown, the same card?"""
        return _subject(self.case) == _subject(other)

    # --- filling

    def put(self, case: Case) -> None:
        """The case is now this."""
        if not self.is_about(case):
            self.late.clear()
            self.asked.clear()
        self.case = case
        self.judgement = self.desk.judge(case)
        self.extra = ()

    def fill(self, path: str, value: object) -> None:
        """The clerk gave a field a value; consents are given to the texts of today (TXT-1)."""
        if value_at(self.case, path) != value:
            self.history.note(self._as_it_is(path), typing=not isinstance(value, tuple))
        case = fill(self.case, path, value)
        self.put(shown(case, self.desk.context()) if path == "consents" else case)

    def answer(self, answer: Answer, step: StepId, asked: tuple[str, ...] = (), *, about: Case) -> None:
        """The province has answered what was asked at a step, `about` a case whose photo may be another by now."""
        if "photo.digest" in answer.patch and _way_of_photo(about) != _way_of_photo(self.case):
            return
        self.take(answer.put_into(self.case))
        self.asked.update(asked)
        if step is self.step:
            self.extra = answer.findings
        else:
            self.late[step] = answer.findings

    def take(self, case: Case) -> None:
        """The case is now what the province has made of it; what it filled is known as its own, and can be undone."""
        filled = dict(differences(set_back(self.case, case), case))
        if filled:
            self.history.note(self._as_it_is(""), typing=False)
            self.provided = self.provided | {path: value for path, value in filled.items() if value not in BLANK}
        self.put(case)

    def lay(self, case: Case) -> None:
        """The case is now what a document that was read has made of it; that can be undone."""
        self.history.note(self._as_it_is(""), typing=False)
        self.put(case)

    def is_provided(self, path: str) -> bool:
        """Does the province's own value stand at this path?"""
        return path in self.provided and value_at(self.case, path) == self.provided[path]

    def take_over(self, path: str) -> None:
        """The clerk has said that they know better than the province at this path: the record says so."""
        self.provided = {at: value for at, value in self.provided.items() if at != path}
        words = dict.fromkeys([*self.case.acknowledged, f"{OVERWRITTEN}{path}"])
        self.put(structs.replace(self.case, acknowledged=tuple(words)))

    def undo(self) -> FormerCase | None:
        """Take the latest change back: what it was, None where there is none."""
        return self._go(self.history.past, self.history.future)

    def redo(self) -> FormerCase | None:
        """Make the change again that was taken back last."""
        return self._go(self.history.future, self.history.past)

    def _go(self, back: list[FormerCase], forth: list[FormerCase]) -> FormerCase | None:
        while back:
            to = back.pop()
            case = set_back(to.case, self.case) if self.is_about(to.case) else to.case
            if case != self.case:  # what was typed and taken out again is nothing to undo
                forth.append(self._as_it_is(to.path, to.step))
                self.history.typing = False
                self.provided = dict(to.provided)
                self.put(case)
                return to
        return None

    def _as_it_is(self, path: str, step: StepId | None = None) -> FormerCase:
        return FormerCase(self.case, step or self.step, path, self.provided)

    def is_stopped_at(self, path: str) -> bool:
        """Does anything speak against the value at this path?"""
        return any(each.level is Level.STOP and concerns(each, path) for each in self.judgement.findings)

    def is_right(self, paths: Iterable[str]) -> bool:
        """Is there a value at each of these paths, and nothing that speaks against it?"""
        return all(value_at(self.case, at) and not self.is_stopped_at(at) for at in paths)

    def settle(self) -> None:
        """What was typed stands in its normal form from now on, with what follows from it, and what applies no longer
        goes; until then typing back brings it back. What was said of it stays."""
        said = self.extra
        self.put(with_last_day(normalise(self.case), self.desk.context()))
        self.extra = said

    def acknowledge(self, asks: tuple[Finding, ...]) -> None:
        """The clerk has given their word."""
        words = dict.fromkeys([*self.case.acknowledged, *(finding.code for finding in asks)])
        self.put(structs.replace(self.case, acknowledged=tuple(words)))

    # --- what is said

    def findings(self) -> tuple[Finding, ...]:
        """All that is to be said at this step; beside the province's no, nothing says that one may go on without it."""
        found = self.judgement.by_step.get(self.step, ())
        if any(finding.level is Level.STOP for finding in self.extra):
            found = tuple(finding for finding in found if not finding.code.startswith(DEFERRED))
        return (*self.extra, *found)

    def elsewhere(self) -> tuple[tuple[StepId, Finding], ...]:
        """What has stopped steps before this one since they were left: an answer that came late. It comes first
        wherever the clerk is."""
        behind = [step for step in self.steps[: self.steps.index(self.step)] if step in self.seen]
        come = {step: filter(self._has_come, self.judgement.by_step[step]) for step in behind}
        found = ((step, each) for step in behind for each in (*self.late.get(step, ()), *come[step]))
        return tuple((step, each) for step, each in found if each.level is Level.STOP)

    def stops(self) -> tuple[Finding, ...]:
        """What refuses to let this step go on."""
        return tuple(finding for finding in self.findings() if finding.level is Level.STOP)

    def asks(self) -> tuple[Finding, ...]:
        """What still needs the clerk's word at this step."""
        return tuple(one for one in self.judgement.blocking(self.findings()) if one.level is Level.ASK)

    @property
    def way_on(self) -> Service | None:
        """The referral for a customer whom this step stops, where there is one: never a dead end (REF-1)."""
        return next((WAYS_ON[finding.code] for finding in self.stops() if finding.code in WAYS_ON), None)

    def visible(self, focused: str) -> tuple[Finding, ...]:
        """The step's findings, those of the focused field first; what is merely not typed yet waits until F10."""
        shown = [finding for finding in self.findings() if self._is_due(finding, focused)]
        shown.sort(key=lambda finding: (not (focused and concerns(finding, focused)), finding.level is not Level.STOP))
        return tuple(shown)

    def _is_due(self, finding: Finding, focused: str) -> bool:
        if finding in self.extra or finding.field in self.insisted:
            return True  # the answer to what the clerk has just done
        if finding.level is Level.TELL and not self.has_customer:
            return False  # nobody stands there yet
        if finding.code.startswith(DEFERRED) and not self._was_asked(finding):
            return False  # that there is no answer yet is news only once something was asked
        if self.step in self.strict or not finding.field or finding.level is not Level.STOP:
            return True
        if finding.field == "papers" and focused != "papers":
            return False  # papers are looked at when the clerk comes to them
        return self._has_come(finding)

    def _has_come(self, finding: Finding) -> bool:
        """Is it about a value that is there, or about what the province has answered?"""
        if finding.field.startswith("one_card."):
            return self.case.one_card.answer is not None
        return not finding.field or bool(value_at(self.case, finding.field))

    def _was_asked(self, deferred: Finding) -> bool:
        """Has the province been asked? A case that was held remembers by its answer. What cannot be asked once the
        customer has gone is a thing to do now, and is said before."""
        question = deferred.code.removeprefix(DEFERRED)
        asked = question in self.asked or value_at(self.case, deferred.field) == "deferred"
        return asked or QUESTIONS[question].again is customer_gone

    def mark(self, step: StepId) -> str:
        """The step's mark: ``>`` here, ``!`` has a problem, ``?`` deferred, ``=`` asked for nothing, ``+`` done, a
        space not seen yet."""
        if step is self.step:
            return ">"
        if step not in self.seen | self.strict:
            return " "
        if self.judgement.blocking(self.judgement.by_step.get(step, ())):
            return "!"
        deferred = {at for question in self.judgement.deferred for at in QUESTIONS[question].steps}
        return "?" if step in deferred else "=" if step in self.passed else "+"

    # --- moving

    def leave(self) -> StepId | None:
        """Done with this step: the step that follows, or None when the case is complete and may be confirmed."""
        self.seen.add(self.step)
        if self.step is StepId.CONFIRM:
            if elsewhere := self.elsewhere():
                return elsewhere[0][0]
            return None if self.judgement.allowed else self.first_blocked()
        if self.back_to_confirm:
            self.back_to_confirm = False
            return StepId.CONFIRM
        return self.steps[self.steps.index(self.step) + 1]

    def enter(self, *, passing: bool = False) -> None:
        """The clerk stands at the step now; where they come on, at the first from here that asks for something."""
        self._arrive()
        while passing and self.pass_by():
            self.step = self.leave() or self.step
            self._arrive()

    def _arrive(self) -> None:
        """What need not be asked is answered, and what was answered meanwhile is said."""
        self.put(usual(self.case, self.service, self.step, self.desk.context()))
        self.extra = self.late.pop(self.step, ())
        self.insisted.clear()

    def pass_by(self) -> bool:
        """Does this step ask for nothing, and has nothing to say? Then it is one of those that were passed."""
        passes = self.step in PASSABLE and not (self.back_to_confirm or self.findings() or self.elsewhere())
        if passes:
            self.passed.add(self.step)
        return passes

    def first_blocked(self) -> StepId:
        """The first step that holds the case up; what it lacks is said from now on."""
        by_step = self.judgement.by_step.items()
        blocked = next(step for step, findings in by_step if self.judgement.blocking(findings))
        self.strict.add(blocked)
        return blocked

    def submit(self, case: Case) -> Done | AwaitingCase | CaseRefusedError:
        """Submit the case, see `Desk.submit`; for thread workers. A refusal is an answer: the case stays open."""
        try:
            return self.desk.submit(self.id, case)
        except CaseRefusedError as refused:
            return refused

    def refused(self, judgement: Judgement) -> tuple[StepId, tuple[Finding, ...]]:
        """The step at which a judgement of this case, by what the province has just said, stops it; and what it says.

        What already stands at the step is not said twice.
        """
        by_step = judgement.by_step.items()
        step, findings = next((step, stops) for step, found in by_step if (stops := judgement.blocking(found)))
        return step, tuple(one for one in findings if one not in self.judgement.by_step.get(step, ()))

    def reachable(self, number: int) -> StepId | None:
        """The step of this number (from 1), as far as the clerk has been and unless they are there."""
        step = self.steps[number - 1] if 1 <= number <= len(self.steps) else self.step
        return step if step is not self.step and (step in self.seen or number == 1) else None

    def turn_to(self, step: StepId) -> None:
        """Go to a step that was seen; from the confirmation it is a detour that leads back there (APP-3)."""
        self.back_to_confirm = self.step is StepId.CONFIRM
        self.seen.add(self.step)
        self.step = step
