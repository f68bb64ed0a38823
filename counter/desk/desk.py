"""The desk (柜台): the open ledger, the reference data and the province, as the screen and the shell use them alike.

A question to the province never fails: it answers with a patch to the case (values by path), and no answer is an
answer, ``deferred``.
"""

import shlex
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from counter.clock import (
    Clock,
    business_date,
    system_clock,
)
from counter.province import asking
from counter.province.asking import Answer, CardsAnswer, ReviewsAnswer, StatusAnswer, person_of
from counter.province.client import AT_SYNC, Patience, Province
from counter.province.errors import OutOfReachError, RefusedError
from counter.province.wire import SmsSent
from counter.reference.load import load_reference
from counter.rules.case import Case, IdentityAnswer, IdentityCheck, OldCard, OneCard, OneCardAnswer, PhotoSource, Scan
from counter.rules.facts import contact
from counter.rules.filling import value_at
from counter.rules.finding import Finding, Level, stop, tell
from counter.rules.judge import Judgement, judge
from counter.rules.normal import normalise
from counter.rules.photo import PhotoError, check_photo, fit_photo, fit_scan
from counter.rules.record import CaseRecord
from counter.rules.reference import Branch, CityPolicy, Context, Place, Reference
from counter.rules.steps.one_card import cards_elsewhere
from counter.settings import Settings
from counter.store.errors import SecondPersonError
from counter.store.records import AwaitingCase, Draft, LedgerEntry, ProvinceEvent
from counter.store.store import Store

__all__ = ["Answer", "CaseRefusedError", "Desk", "SmsTicket", "blocking", "connect", "open_desk"]

A = TypeVar("A", bound=Answer)


@dataclass(frozen=True, slots=True)
class SmsTicket:
    """An SMS code on its way: the answer to show, and the ticket to check it by (empty when none was sent)."""

    answer: Answer
    ticket: str


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
        clock: Clock = system_clock,
    ) -> None:
        self.store = store
        self.reference = reference
        self.province = province
        self.printer = printer
        self.scan_folder = scan_folder
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
            lambda province: Answer(patch(province.identity(person_of(case)).answer)),
            Answer(patch(IdentityAnswer.DEFERRED), reached=False),
        )

    def ask_one_card(self, case: Case) -> Answer:
        """一人一卡核查; the card held here fills in the old card."""

        def question(province: Province) -> Answer:
            reply = province.one_card(person_of(case), case.city)
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
            province.clean_up(person_of(case), case.city)
            return confirmed

        return self._ask(question, Answer(findings=(stop("ONE-2", "one_card.clean_up_later"),), reached=False))

    def ask_photo(self, case: Case) -> Answer:
        """The photo of the receipt number, or the one that the province holds (PHO-1, PHO-4)."""
        receipt = case.photo.receipt if case.photo.source is PhotoSource.RECEIPT else ""

        def question(province: Province) -> Answer:
            reply = province.photo(person_of(case), receipt)
            if reply.photo is None:
                return Answer(
                    {"photo.digest": ""},
                    (stop("PHO-4", f"photo.receipt_{reply.reason or 'not_found'}", "photo.receipt"),),
                )
            return Answer({"photo.digest": self.store.photos.put(reply.photo)})

        return self._ask(question, Answer(reached=False))

    def ask_booking(self, case: Case) -> Answer:
        """The person's change-of-bank booking (EXC-6)."""
        return self._ask(lambda province: asking.booking(province, case), Answer(reached=False))

    def ask_cards(self, case: Case) -> CardsAnswer:
        """Every card of the person; one that can only be the one in question fills in the old card."""
        return self._ask(lambda province: asking.cards(province, case), CardsAnswer(reached=False))

    def ask_status(self, case: Case) -> StatusAnswer:
        """Cards, progress and booking, as a customer asks for them (QRY-1)."""
        now = self.clock()
        deferred = {"one_card": OneCard(answer=OneCardAnswer.DEFERRED, asked_at=now)}
        return self._ask(lambda province: asking.status(province, case, now), StatusAnswer(deferred, reached=False))

    def ask_reviews(self) -> ReviewsAnswer:
        """The bookings that wait for this bank's review (原银行审核), EXC-6; `asking.review_case` takes one up."""
        return self._ask(
            lambda province: ReviewsAnswer(waiting=province.reviews().waiting), ReviewsAnswer(reached=False)
        )

    def at_once(self, id: str, case: Case) -> Answer:
        """Have the province do now what it should not only hear of at sync: a loss, its withdrawal, booking, review.

        `id` is the draft's, which becomes the entry's: the entry at sync is the same act, so that no answer loses
        nothing. A loss may be told before it is confirmed (the patch says what the bank's side did); what a second
        person authorises, after. Other services answer with nothing.
        """
        act = asking.ACTS.get(case.service)
        if act is None:
            return Answer()
        case = normalise(case)
        later = Answer(findings=(asking.LATER[case.service],), reached=False)
        return self._ask(lambda province: act(province, id, case, self.reference), later)

    def news(self, limit: int = 100) -> list[ProvinceEvent]:
        """What the province had to say by the last sync: progress, decisions on bookings, rejections; newest first."""
        return self.store.outbox.events(limit)

    def send_sms(self, case: Case) -> SmsTicket:
        """Send a code to the mobile that takes it (AGE-3: the guardian's); it is never kept, here or in the case."""
        path, sent = contact(case, self.context()), SmsSent(ticket="")

        def question(province: Province) -> Answer:
            nonlocal sent
            sent = province.send_sms(str(value_at(case, path)))
            said = tell("APP-1", "mobile.code_sent", path)
            shown = tell("APP-1", "mobile.code_echo", path, sms=sent.echo)
            return Answer(findings=(shown if sent.echo else said,))

        answer = self._ask(question, _code_later(path))
        return SmsTicket(answer, sent.ticket)

    def check_sms(self, case: Case, ticket: str, code: str) -> Answer:
        """Is this the code that was sent?"""
        path = contact(case, self.context())

        def question(province: Province) -> Answer:
            if province.check_sms(ticket, code):
                return Answer({f"{path}_verified": True})
            return Answer(findings=(stop("APP-1", "mobile.code_wrong", path),))

        return self._ask(question, _code_later(path))

    def ping(self) -> None:
        """Ask whether the province answers at all; the header shows it."""

        def question(province: Province) -> Answer:
            province.health()
            return Answer()

        self._ask(question, Answer(reached=False))

    def _ask(self, question: Callable[[Province], A], otherwise: A) -> A:
        """Put a question; no answer, and a no that is none of the rules', is `otherwise`."""
        if self.province is None:
            return otherwise
        try:
            answer = question(self.province)
        except OutOfReachError:
            self.online = False
            return otherwise
        except RefusedError as refused:
            self.online = True
            if not refused.rule:
                return otherwise
            return replace(otherwise, patch={}, findings=(stop(refused.rule, refused.code),), reached=True)
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

    def scan_from_file(self, paper: str, path: Path, case: Case) -> Answer:
        """The image of a paper (材料影像) from a file, in place of one that was there; the paper is ticked with it."""
        try:
            jpeg = fit_scan(path.read_bytes())
        except OSError:
            return Answer(findings=(tell("APP-2", "photo.unreadable_file", "papers"),))
        except PhotoError as error:
            return Answer(findings=(replace(error.finding, rule="APP-2", field="papers", level=Level.TELL),))
        others = (scan for scan in case.scans if scan.paper != paper)
        scans = (*others, Scan(paper=paper, digest=self.store.photos.put(jpeg)))
        return Answer({"scans": scans, "papers": (*(one for one in case.papers if one != paper), paper)})

    def _policy(self) -> CityPolicy:
        return self.reference.cities[self.place.city]

    # --- the ledger ------------------------------------------------------------------------------------------

    def keep(self, id: str, case: Case, step: str) -> Future[None]:
        """Keep the case as a draft; returns at once. Drafts and entries are written one after the other, in the
        order of the calls: a draft that came late would otherwise stand again after its case has become an entry."""
        return self._writer.submit(self.store.drafts.save, id, case, step)

    def confirm(self, id: str, case: Case) -> LedgerEntry:
        """Turn a case into its ledger entry, once; raises `CaseRefusedError` where the rules refuse.

        What the province should do at once it does first: the entry then says what came of it (LOS-1). Raises
        `SecondPersonError` for a case that needs one: nothing is done before (see `ask_authorisation`).
        """
        record = self._allowed(case)
        if record.authorised:
            raise SecondPersonError("this waits for a second person")
        told = self.at_once(id, record.case)
        if told.patch:
            record = self._allowed(told.put_into(record.case))
        return self._writer.submit(self.store.ledger.append, id, record.case.service, record).result()

    def ask_authorisation(self, id: str, case: Case) -> AwaitingCase:
        """Have a case that needs a second person wait for them, once (待授权).

        It becomes an entry by `store.awaiting.authorise` at this counter or `authorise_own` from the supervisor's list.
        Raises `CaseRefusedError` where the rules refuse.
        """
        record = self._allowed(case)
        return self._writer.submit(self.store.awaiting.add, id, record.case.service, record).result()

    def authorise(self, id: str, checker: str, passphrase: str) -> LedgerEntry:
        """The supervisor authorises at the maker's counter; then the province does at once what it should."""
        return self._done(self._writer.submit(self.store.awaiting.authorise, id, checker, passphrase).result())

    def authorise_own(self, id: str) -> LedgerEntry:
        """The supervisor who has signed in authorises, from their own list."""
        return self._done(self._writer.submit(self.store.awaiting.authorise_own, id).result())

    def _done(self, entry: LedgerEntry) -> LedgerEntry:
        if entry.record is not None and entry.reverses is None:
            self.at_once(entry.id, entry.record.case)
        return entry

    def _allowed(self, case: Case) -> CaseRecord:
        judgement = self.judge(case)
        if not judgement.allowed:
            raise CaseRefusedError(judgement)
        return judgement.record(case)

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
        scan_folder=settings.scan_folder,
    )


def _code_later(path: str) -> Answer:
    return Answer(findings=(tell("APP-1", "mobile.code_later", path),), reached=False)


def blocking(judgement: Judgement, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those of the findings that hold the case up."""
    return tuple(finding for finding in findings if judgement.blocks(finding))
