"""The desk (柜台): the open ledger, the reference data and the province, as the screen and the shell use them alike.

A question to the province never fails: it answers with a patch to the case (values by path), and no answer is an
answer, ``deferred``.
"""

import shlex
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from counter.province.client import AT_SYNC, Patience, Province
from counter.province.errors import OutOfReachError, RefusedError
from counter.province.wire import Person, SmsSent
from counter.reference import load_reference
from counter.rules.case import (
    Booking,
    Case,
    CaseRecord,
    IdentityAnswer,
    IdentityCheck,
    OldCard,
    OneCard,
    OneCardAnswer,
    PhotoSource,
    with_value,
)
from counter.rules.finding import Finding, Level, stop, tell
from counter.rules.judge import Judgement, judge
from counter.rules.normal import normalise
from counter.rules.photo import PhotoError, check_photo, fit_photo
from counter.rules.reference import Branch, CityPolicy, Context, Place, Reference
from counter.rules.steps.one_card import cards_elsewhere
from counter.settings import Settings
from counter.store.clock import Clock, business_date, system_clock
from counter.store.records import Draft, LedgerEntry
from counter.store.store import Store


@dataclass(frozen=True, slots=True)
class Answer:
    """What asking the province gave: values for the case by path, and what to tell the clerk besides."""

    patch: Mapping[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    reached: bool = True

    def put_into(self, case: Case) -> Case:
        """The case with the answer in it."""
        for path, value in self.patch.items():
            case = with_value(case, path, value)
        return case


@dataclass(frozen=True, slots=True)
class SmsTicket:
    """An SMS code on its way: the answer to show, and the ticket to check it by (empty when none was sent)."""

    answer: Answer
    ticket: str


class CaseRefusedError(Exception):
    """The rules do not allow this case; `judgement` says why."""

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
        clock: Clock = system_clock,
    ) -> None:
        self.store = store
        self.reference = reference
        self.province = province
        self.printer = printer
        self.clock = clock
        self.online: bool | None = None
        """Did the province answer the last time it was asked? None before the first time."""
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="desk-writer")

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

    def judge(self, case: Case) -> Judgement:
        return judge(case, self.context())

    def new_case(self, service: str) -> Case:
        """An empty case with what this counter already knows."""
        return Case(service=service, city=self.place.city, bank=self.place.bank, branch=self.place.branch)

    # --- asking the province ---------------------------------------------------------------------------------

    def ask_identity(self, case: Case) -> Answer:
        """联网核查: does the name belong to the number?"""
        now = self.clock()

        def patch(answer: IdentityAnswer) -> dict[str, object]:
            return {"identity_check": IdentityCheck(answer=answer, asked_at=now, read=case.identity_check.read)}

        return self._ask(
            lambda province: Answer(patch(province.identity(_person(case)).answer)),
            Answer(patch(IdentityAnswer.DEFERRED), reached=False),
        )

    def ask_one_card(self, case: Case) -> Answer:
        """一人一卡核查; the card held here fills in the old card."""

        def question(province: Province) -> Answer:
            reply = province.one_card(_person(case), case.city)
            patch: dict[str, object] = {
                "one_card": OneCard(answer=reply.answer, cards=reply.cards, asked_at=self.clock())
            }
            answer = Answer(patch)
            elsewhere = cards_elsewhere(answer.put_into(case), self.context())
            here = next((card for card in reply.cards if card not in elsewhere), None)
            if here is not None and case.old_card is None:
                return Answer({**patch, "old_card": OldCard(number=here.number, bank=here.bank)})
            return answer

        deferred = OneCard(answer=OneCardAnswer.DEFERRED, asked_at=self.clock())
        return self._ask(question, Answer({"one_card": deferred}, reached=False))

    def clean_up(self, case: Case) -> Answer:
        """一人一卡清理: the holder has confirmed; the province records it."""
        confirmed = Answer({"one_card.clean_up_confirmed": True})

        def question(province: Province) -> Answer:
            province.clean_up(_person(case), case.city)
            return confirmed

        return self._ask(question, Answer(findings=(stop("ONE-2", "one_card.clean_up_later"),), reached=False))

    def ask_photo(self, case: Case) -> Answer:
        """The photo of the receipt number, or the one that the province holds (PHO-1, PHO-4)."""
        receipt = case.photo.receipt if case.photo.source is PhotoSource.RECEIPT else ""

        def question(province: Province) -> Answer:
            reply = province.photo(_person(case), receipt)
            if reply.photo is None:
                return Answer(
                    {"photo.digest": ""},
                    (stop("PHO-4", f"photo.receipt_{reply.reason or 'not_found'}", "photo.receipt"),),
                )
            return Answer({"photo.digest": self.store.photos.put(reply.photo)})

        return self._ask(question, Answer(reached=False))

    def ask_booking(self, case: Case) -> Answer:
        """The person's change-of-bank booking (EXC-6)."""

        def question(province: Province) -> Answer:
            reply = province.booking(_person(case))
            booking = Booking(id=reply.id, status=reply.status, to_bank=reply.to_bank, approved_on=reply.approved_on)
            return Answer({"booking": booking})

        return self._ask(question, Answer(reached=False))

    def send_sms(self, mobile: str) -> SmsTicket:
        """Send a code to the mobile; it is never kept, here or in the case."""

        sent = SmsSent(ticket="")

        def question(province: Province) -> Answer:
            nonlocal sent
            sent = province.send_sms(mobile)
            said = tell("APP-1", "mobile.code_sent", "holder.mobile")
            shown = tell("APP-1", "mobile.code_echo", "holder.mobile", sms=sent.echo)
            return Answer(findings=(shown if sent.echo else said,))

        later = Answer(findings=(tell("APP-1", "mobile.code_later", "holder.mobile"),), reached=False)
        answer = self._ask(question, later)
        return SmsTicket(answer, sent.ticket)

    def check_sms(self, ticket: str, code: str) -> Answer:
        """Is this the code that was sent?"""

        def question(province: Province) -> Answer:
            if province.check_sms(ticket, code):
                return Answer({"holder.mobile_verified": True})
            return Answer(findings=(stop("APP-1", "mobile.code_wrong", "holder.mobile"),))

        later = Answer(findings=(tell("APP-1", "mobile.code_later", "holder.mobile"),), reached=False)
        return self._ask(question, later)

    def ping(self) -> None:
        """Ask whether the province answers at all; the header shows it."""

        def question(province: Province) -> Answer:
            province.health()
            return Answer()

        self._ask(question, Answer(reached=False))

    def _ask(self, question: Callable[[Province], Answer], otherwise: Answer) -> Answer:
        if self.province is None:
            return otherwise
        try:
            answer = question(self.province)
        except OutOfReachError:
            self.online = False
            return otherwise
        except RefusedError:
            self.online = True
            return otherwise
        self.online = True
        return answer

    # --- photos ----------------------------------------------------------------------------------------------

    def photo_from_file(self, path: Path) -> Answer:
        """A photo file, fitted to the card's format and checked (PHO-6)."""
        spec = self._policy().photo
        try:
            fitted = fit_photo(path.read_bytes(), spec)
        except OSError:
            return Answer(findings=(stop("PHO-6", "photo.unreadable_file", "photo.source"),))
        except PhotoError as error:
            return Answer(findings=(error.finding,))
        findings = check_photo(fitted, spec)
        if any(finding.level is Level.STOP for finding in findings):
            return Answer(findings=findings)
        return Answer({"photo.digest": self.store.photos.put(fitted)}, findings)

    def _policy(self) -> CityPolicy:
        return self.reference.cities[self.place.city]

    # --- the ledger ------------------------------------------------------------------------------------------

    def keep(self, id: str, case: Case, step: str) -> Future[None]:
        """Keep the case as a draft; returns at once. Drafts and entries are written one after the other, in the
        order of the calls: a draft that came late would otherwise stand again after its case has become an entry."""
        return self._writer.submit(self.store.drafts.save, id, case, step)

    def confirm(self, id: str, case: Case) -> LedgerEntry:
        """Turn a case into its ledger entry, once; raises `CaseRefusedError` where the rules refuse."""
        case = normalise(case)
        judgement = self.judge(case)
        if not judgement.allowed:
            raise CaseRefusedError(judgement)
        record = CaseRecord(
            case=case, fee_fen=judgement.fee_fen, notices=judgement.notices, deferred=judgement.deferred
        )
        return self._writer.submit(self.store.ledger.append, id, case.service, record).result()

    def discard(self, id: str) -> None:
        """Give a held case up (放弃): the audit remembers that, nothing remembers the customer."""

        def give_up() -> None:
            self.store.drafts.discard(id)
            self.store.audit.note("discard", id)

        self._writer.submit(give_up).result()

    def held(self) -> list[Draft]:
        """The held cases, after every draft that is on its way has been kept."""
        return self._writer.submit(self.store.drafts.list).result()

    def close(self) -> None:
        """Write what is waiting and close the ledger."""
        self._writer.shutdown(wait=True)
        self.store.close()
        if self.province is not None:
            self.province.close()


def connect(store: Store, settings: Settings) -> Province | None:
    """The province that this counter is enrolled with; None before enrolment."""
    key, known = store.identity.counter_key(), store.identity.province()
    if key is None or known is None:
        return None
    url, province_key = known
    return Province(
        settings.province or url,
        store.place.branch,
        store.place.counter,
        key,
        province_key,
        at_counter=Patience(timeout=settings.ask_seconds),
        at_sync=replace(AT_SYNC, timeout=settings.sync_seconds),
    )


def open_desk(store: Store, settings: Settings) -> Desk:
    """A desk over an unlocked store: its reference data, its province, its printer."""
    return Desk(
        store,
        load_reference(settings.home),
        connect(store, settings),
        printer=tuple(shlex.split(settings.slip_printer)),
    )


def _person(case: Case) -> Person:
    holder = case.holder
    return Person(kind=holder.document.kind, number=holder.document.number, name=holder.name)


def blocking(judgement: Judgement, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those of the findings that hold the case up."""
    return tuple(finding for finding in findings if judgement.blocks(finding))
