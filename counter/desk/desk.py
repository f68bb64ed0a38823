"""The desk (柜台): the open ledger, the reference data and the province. The one way to work, for the screen, the shell
and the timer alike.

A question to the province never fails: it answers with a patch to the case (values by path), and no answer is an
answer, ``deferred``. What only the province can do is told to it at once; a `Done` says what came of that.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Final, ParamSpec, Self, TypeVar

from msgspec import structs

from counter.clock import Clock, business_date, system_clock
from counter.desk import retention
from counter.desk.blanks import BlankCards
from counter.desk.find import Everything
from counter.paper.languages import Wishes
from counter.province.acts import ACTS, NOT_DONE, NOTHING_TO_TELL, Telling, Told
from counter.province.client import Province
from counter.province.errors import OutOfReachError, RefusedError
from counter.province.questions import QUESTIONS
from counter.province.questions.question import Answer, Question, Subject
from counter.province.sync import Progress, SyncReport, sync
from counter.rules.case import Case
from counter.rules.finding import stop
from counter.rules.judge import Judgement, judge
from counter.rules.normal import normalise
from counter.rules.record import CaseRecord
from counter.rules.reference import Branch, Context, Place, Reference
from counter.rules.services import service
from counter.store.errors import SecondPersonError
from counter.store.records import AwaitingCase, Draft, LedgerEntry, ProvinceEvent
from counter.store.store import Store

A = TypeVar("A", bound=Answer)
T = TypeVar("T")
P = ParamSpec("P")

_TELL: Final = "tell province"
"""Noted before the province is told: what it says of the card from then on may be what this very act has made of it."""


@dataclass(frozen=True, slots=True)
class Done:
    """A case that has become its entry, and what came of telling the province."""

    entry: LedgerEntry
    telling: Telling = NOTHING_TO_TELL

    @property
    def as_told(self) -> LedgerEntry:
        """The entry with the notices as they are to be told now: what goes on the slip."""
        if (record := self.entry.record) is None:
            return self.entry
        notices = (NOT_DONE,) if self.refused else self.telling.notices(record.notices)
        return structs.replace(self.entry, record=structs.replace(record, notices=notices))

    @property
    def refused(self) -> bool:
        """Has the province said no, when it was told or since? Then nothing of it is done."""
        return bool(self.entry.code) or self.telling.told is Told.REFUSED


class CaseRefusedError(Exception):
    """The rules do not allow this case; `judgement` says why, and it can be corrected and confirmed again (APP-4)."""

    def __init__(self, judgement: Judgement) -> None:
        super().__init__("the rules do not allow this case")
        self.judgement = judgement


class Desk:
    """One counter at work: `store` is unlocked by an operator; `province` is None until the counter is enrolled."""

    def __init__(
        self,
        store: Store,
        reference: Reference,
        province: Province | None = None,
        *,
        printer: tuple[str, ...] = (),
        scan_folder: Path | None = None,
        font: Path | None = None,
        clock: Clock = system_clock,
    ) -> None:
        self.store = store
        self.reference = reference
        self.province = province
        self.printer, self.scan_folder, self.font = printer, scan_folder, font
        self.clock = clock
        self.everything, self.blanks = Everything(store, reference), BlankCards(store)
        self.online: bool | None = None
        """Did the province answer the last time it was asked? None before the first time."""
        self.wishes = Wishes()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="desk-writer")

    # --- where and when

    @property
    def place(self) -> Place:
        return self.store.place

    @property
    def branch(self) -> Branch | None:
        return self.reference.branches.get(self.place.branch)

    def today(self) -> date:
        """The business date (营业日期)."""
        return business_date(self.clock())

    def context(self) -> Context:
        """What a judgement depends on, today and here."""
        return Context(today=self.today(), reference=self.reference, place=self.place)

    def judge(self, case: Case, id: str = "") -> Judgement:
        return self.blanks.judged(judge(case, context := self.context()), case, context, id)

    def new_case(self, service: str) -> Case:
        """An empty case with what this counter already knows."""
        return Case(service=service, city=self.place.city, bank=self.place.bank, branch=self.place.branch)

    # --- the province

    def ask(self, question: Question[A], case: Case) -> A:
        """Put a question; no answer, and a no that is none of the rules', is what the question calls *deferred*."""
        subject = Subject(case, self.context(), self.clock(), self.store.photos.put, self.store.parcels.find)
        try:
            answer = self._reach(lambda province: question.put(province, subject))
        except RefusedError as refused:
            deferred = question.deferred(subject)
            if not refused.rule:
                return deferred
            return replace(deferred, patch={}, findings=(stop(refused.rule, refused.code),), reached=True)
        return question.deferred(subject) if answer is None else answer

    def at_once(self, id: str, case: Case) -> Telling:
        """Have the province do now what it should not only hear of at sync: a loss, its withdrawal, booking, review,
        a parcel's signing.

        `id` is the draft's, which becomes the entry's: the entry at sync is the same act, so that no answer loses
        nothing. Nothing is told of other services.
        """
        if (act := ACTS.get(service(case.service).at_once or "")) is None:
            return NOTHING_TO_TELL
        case, context = normalise(case), self.context()
        try:
            told = self._reach(lambda province: act.tell(province, id, case, context))
        except RefusedError:
            told = None  # a no that is none of the rules' is no answer
        return told or act.later(case, context)

    def ping(self) -> None:
        """Ask whether the province answers at all; the header shows it."""
        with suppress(RefusedError):
            self._reach(lambda province: province.health())

    def sync(
        self,
        progress: Callable[[Progress], None] = lambda _progress: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> SyncReport:
        """Send the day and reconcile it, see `counter.province.sync.sync`, which says what it raises."""
        assert self.province is not None, "a counter that is not enrolled has nobody to sync with"
        try:
            report = sync(self.store, self.province, progress, cancelled)
        except OutOfReachError:
            self.online = False
            raise
        self.online = True
        retention.erase_daily(self.store, self.clock())
        return report

    def news(self, limit: int = 100) -> list[ProvinceEvent]:
        """What the province had to say by the last sync: progress, decisions on bookings, rejections; newest first."""
        return self.store.outbox.events(limit)

    def _reach(self, call: Callable[[Province], T]) -> T | None:
        """What the province says, None where there is no answer. Raises `RefusedError`."""
        if self.province is None:
            return None
        try:
            said = call(self.province)
        except OutOfReachError:
            self.online = False
            return None
        except RefusedError:
            self.online = True
            raise
        self.online = True
        return said

    # --- cases on their way into the ledger

    def keep(self, id: str, case: Case, step: str) -> Future[None]:
        """Keep the case as a draft; returns at once. Drafts and entries are written one after the other, in the
        order of the calls: a draft that came late would otherwise stand again after its case has become an entry."""
        return self._writer.submit(self.store.drafts.save, id, case, step)

    def held(self) -> list[Draft]:
        """The held cases, after every draft that is on its way has been kept."""
        return self._write(self.store.drafts.list)

    def discard(self, id: str) -> None:
        """Give a held case up (放弃): the audit remembers that, nothing remembers the customer."""

        def give_up() -> None:
            self.store.drafts.discard(id)
            self.store.audit.note("discard", id)

        self._write(give_up)

    def submit(self, id: str, case: Case) -> Done | AwaitingCase:
        """Turn a case into its entry, or have it wait for the second person that it needs; once, however often asked.

        Raises `CaseRefusedError`, `ConflictError` for an id of other content, `ClosedDayError`, `NotReturnedError`.
        """
        record = self._allowed(id, case)
        if not record.authorised:
            return self.confirm(id, case)
        if (standing := self.store.ledger.by_id(id)) and record.is_of_case(standing.record):
            return self._told(standing)
        self._ask_before(id, case)
        return self.ask_authorisation(id, case)

    def confirm(self, id: str, case: Case) -> Done:
        """Turn a case into its ledger entry, once; raises `CaseRefusedError` where the rules refuse.

        What the province should do at once it does first: the entry then says what came of it (LOS-1), and of what it
        refuses there is none. Raises `SecondPersonError` for a case that needs one: nothing is done before (see
        `ask_authorisation`).
        """
        record = self._allowed(id, case)
        if record.authorised:
            raise SecondPersonError("this waits for a second person")
        if (standing := self.store.ledger.by_id(id)) and record.is_of_case(standing.record):
            return self._told(standing)
        telling = self._told(standing).telling if standing else self._tell_first(id, record.case)
        if telling.patch:
            record = self._allowed(id, telling.put_into(record.case))
        return Done(self._write(self.store.ledger.append, id, record.case.service, record), telling)

    def reverse(self, id: str, reason: str) -> AwaitingCase:
        """Ask for an entry to be taken back (冲正): it waits for a second person. Raises `NotReversibleError`."""
        return self._write(self.store.ledger.reverse, id, reason)

    # --- the second person

    def ask_authorisation(self, id: str, case: Case) -> AwaitingCase:
        """Have a case that needs a second person wait for them, once (待授权). Raises as `confirm` does."""
        record = self._allowed(id, case)
        self.store.decisions.require_recordable(record.case.corrects)
        waiting = next((each for each in self.awaiting() if each.id == id and record.is_of_case(each.record)), None)
        return waiting or self._write(self.store.awaiting.add, id, record.case.service, record)

    def awaiting(self) -> list[AwaitingCase]:
        """What waits for a second person, the oldest first."""
        return self.store.awaiting.list()

    def authorise(self, id: str, checker: str, passphrase: str) -> Done:
        """The supervisor authorises at the maker's counter; then the province does at once what it should.

        The passphrase is checked here, not where drafts are written: that is slow on purpose.
        """
        verified = self.store.operators.verify(checker, passphrase)
        return self._told(self._write(self.store.awaiting.authorise, id, verified))

    def authorise_own(self, id: str) -> Done:
        """The supervisor who has signed in authorises, from their own list."""
        return self._told(self._write(self.store.awaiting.authorise_own, id))

    def refuse(self, id: str, note: str) -> None:
        """Give what waits back to its maker with a note; a reversal is dropped."""
        self._write(self.store.awaiting.refuse, id, note)

    def _allowed(self, id: str, case: Case) -> CaseRecord:
        self.blanks.read(case)
        judgement = self.judge(case, id)
        if not judgement.allowed:
            raise CaseRefusedError(judgement)
        return judgement.record(case)

    def _ask_before(self, id: str, case: Case) -> None:
        """Put what the service asks before its confirmation; raises `CaseRefusedError` for a no. The first that has no
        answer ends it, the others would have none either; what was told under this id is not asked about again."""
        before = service(case.service).before(case)
        if not before or self.store.audit.has(_TELL, id):
            return
        judgement, found = self.judge(case), normalise(case)
        for question in (QUESTIONS[name] for name in before):
            answer = self.ask(question, found)
            if not answer.reached:
                return
            found = answer.put_into(found)
            judgement = self.judge(found).adding(question.steps, answer.findings)
            if not judgement.allowed:
                raise CaseRefusedError(judgement)

    def _tell_first(self, id: str, case: Case) -> Telling:
        """Ask, then tell the province before there is an entry; raises `CaseRefusedError` for a no to either."""
        self.store.decisions.require_recordable(case.corrects)
        self._ask_before(id, case)
        if service(case.service).at_once:
            self.store.audit.note(_TELL, id)
        telling = self.at_once(id, case)
        if telling.told is Told.REFUSED:
            raise CaseRefusedError(self.judge(case).adding((), telling.findings))
        return telling

    def _told(self, entry: LedgerEntry) -> Done:
        """The entry, and the province told of it; not of what takes another entry back, nor of what was taken back.

        Where the province refuses, the entry stands, and says so until it comes back at sync.
        """
        if entry.record is None or entry.reverses or not self.store.ledger.standing([entry.id]).get(entry.id):
            return Done(entry)
        telling = self.at_once(entry.id, entry.record.case)
        if telling.told is Told.BANK_FAILED:
            self._write(self.store.alarms.sound, entry.id)
        if telling.told is Told.REFUSED:
            (refused,) = telling.findings
            self._write(self.store.outbox.refused, entry.id, refused.code, refused.rule)
            entry = self.store.ledger.by_id(entry.id) or entry
        return Done(entry, telling)

    def _write(self, write: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """In the order of the calls with the drafts; returns when it is written."""
        return self._writer.submit(write, *args, **kwargs).result()

    def close(self) -> None:
        """Write what is waiting and close the ledger."""
        self._writer.shutdown(wait=True)
        self.store.close()
        if self.province is not None:
            self.province.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
