"""End of day (日终同步): what was done goes to the province, is counted on both sides, and matches.

Nothing is ever sent twice with effect: the ledger's ids are the keys, and the province answers alike however often
it is asked. So an interruption at any point is mended by running it again. No transaction is held across a request.

What the province has answered and holds no more (an older backup restored, a row lost or changed) is offered again, and
the hashes prove it; what only the province holds is named, and the day stays open.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, Literal

from filelock import FileLock, Timeout

from counter.province.client import Province
from counter.province.differences import Difference, differences
from counter.province.errors import (
    FailedProvinceError,
    OlderProvinceError,
    OutOfReachError,
    RefusedError,
    ServerAheadError,
    SyncBusyError,
)
from counter.province.following import take_over
from counter.province.questions.again import Asked, ask_again
from counter.province.questions.question import NOTHING, Refusal
from counter.province.recounting import day_close, says
from counter.province.sending import HeldUp, held_up, send
from counter.province.wire import (
    MAX_BYTES,
    MAX_ENTRIES,
    UNKNOWN_FORM,
    DayClosed,
    Entry,
    EntryAnswer,
    Outcome,
    SignerKeys,
)
from counter.reference.sending import tries
from counter.rules.record import decode_record
from counter.store.balance import DayBalance
from counter.store.errors import unavailable
from counter.store.outbox import SETTLED
from counter.store.records import DayTotals, OutboundEntry
from counter.store.store import Store

__all__ = ["Progress", "ServerAheadError", "SyncBusyError", "SyncReport", "sync"]

BATCH_BYTES: Final = MAX_BYTES * 9 // 10
"""The store counts roughly."""
BAD_PHOTO: Final = frozenset({"too_large", "not_jpeg", "digest", "malformed"})
"""Why the province does not take a photo; the others go on."""

NO_SUCH_QUESTION: Final = "not_found"

Stage = Literal["behind", "ask", "photos", "entries", "events", "close"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage has come, for people who wait."""

    stage: Stage
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did, and what is open after it.

    `pending` is what still waits; `matched` says that every business date has the province's signed receipt and nothing
    waits or is in conflict. `receipts` are those of this sync (canonical JSON), `differing` where the two sides counted
    otherwise, `offered_again` how many entries the province had lost, `waiting` the dates that stay open because
    something made on them waits for authorisation. `days` are the dates that were open, both sides beside each other.
    `fetched` are the ids of what a restored home has taken over from the province.
    `held_up` is the entry that the province has not taken and that holds up all after it; `photos_refused` are
    pictures that it will not have, whose entries come back.
    """

    sent: int
    created: int
    exists: int
    rejected: int
    conflict: int
    pending: int
    photos: int
    matched: bool
    receipts: tuple[bytes, ...] = ()
    differing: tuple[Difference, ...] = ()
    offered_again: int = 0
    waiting: tuple[date, ...] = ()
    days: tuple[DayBalance, ...] = ()
    fetched: tuple[str, ...] = ()
    held_up: HeldUp | None = None
    photos_refused: int = 0


def sync(
    store: Store,
    province: Province,
    progress: Callable[[Progress], None] = lambda _progress: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> SyncReport:
    """Send what waits, take what the province has to say, and have every open business date recounted.

    Cancelled, it stops before the next request. Raises `OutOfReachError` (what was done until then is kept),
    `RefusedError` where the province refuses this counter, `OlderProvinceError`, `ServerAheadError`, `SyncBusyError`.
    """
    with _alone(store.home):
        run = _Run(store, province.patiently(), progress, cancelled)
        with suppress(_CancelledError):
            run.all()
        return run.report()


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One sync at a time per ledger; the lock is the operating system's and ends with the process."""
    lock = FileLock(home / "sync.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise SyncBusyError("another sync of this ledger is running") from None
    except OSError as error:  # no room for the lock's file, or a medium that may only be read
        raise unavailable(error) from error
    try:
        yield
    finally:
        lock.release()


class _CancelledError(Exception):
    """Somebody does not want to wait; nothing is lost."""


@dataclass
class _Run:
    """One sync: the steps, and what they count."""

    store: Store
    province: Province
    tell: Callable[[Progress], None]
    cancelled: Callable[[], bool]
    answers: list[EntryAnswer] = field(default_factory=list)
    photos_sent: int = 0
    receipts: list[bytes] = field(default_factory=list)
    differing: list[Difference] = field(default_factory=list)
    offered_again: int = 0
    days: dict[date, None] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    held_up: HeldUp | None = None
    photos_refused: int = 0

    def all(self) -> None:
        self._catch_up()
        self._signers()
        self._send()
        self._events()
        if self._days():
            self._send()
            self._days()

    def _send(self) -> None:
        self._photos()
        self._entries()

    def report(self) -> SyncReport:
        outcomes = [answer.outcome for answer in self.answers]
        open_ = self.store.outbox.counts()
        settled = (open_.pending, open_.conflict, open_.photos) == (0, 0, 0)
        return SyncReport(
            sent=len(outcomes),
            created=outcomes.count(Outcome.CREATED),
            exists=outcomes.count(Outcome.EXISTS),
            rejected=outcomes.count(Outcome.REJECTED),
            conflict=outcomes.count(Outcome.CONFLICT),
            pending=open_.pending,
            photos=self.photos_sent,
            matched=settled and not self.store.days.unmatched(),
            receipts=tuple(self.receipts),
            differing=tuple(self.differing),
            offered_again=self.offered_again,
            waiting=tuple(self.store.days.waiting()),
            days=tuple(self.store.days.balance(on) for on in self.days),
            fetched=tuple(self.fetched),
            held_up=self.held_up,
            photos_refused=self.photos_refused,
        )

    def _step(self, stage: Stage, done: int, total: int) -> None:
        self.tell(Progress(stage, done, total))
        if self.cancelled():
            raise _CancelledError

    def _catch_up(self) -> None:
        """The province's last entry must be ours; that it is ahead of what we know of is an answer that was lost.

        A home that was restored takes over what came after its backup; a province that was restored gets what it had.
        """
        behind = self.store.behind.is_possible()
        if behind:
            self.fetched += take_over(self.store, self.province, lambda count: self._step("behind", count, count))
        head = self.province.head()
        ours = self.store.ledger.get(head.seq) if head.seq else None
        if head.seq and (ours is None or ours.hash != head.hash):
            self.store.audit.note("sync: province ahead", head.hash)
            raise ServerAheadError("the province holds entries that this ledger does not")
        if behind:
            self.store.behind.is_over()
        if again := self.store.outbox.offer_again(after=head.seq):
            self.store.signers.tell_again()
            self.offered_again += again

    def _signers(self) -> None:
        """Whose keys sign the entries; a province of before does not know what it is told, nor the entries."""
        keys = self.store.signers.unsent()
        if not keys:
            return
        before, last = self.store.signers.before()
        try:
            reply = self.province.signers(SignerKeys(keys=tuple(keys), before=before, unsigned=last))
        except RefusedError as refused:
            if refused.code != NO_SUCH_QUESTION:
                raise
            return
        self.store.signers.sent([key for key in keys if key.public_key in reply.known])
        for key in keys:
            if key.public_key not in reply.known:
                self.store.audit.note("sync: signer refused", key.public_key)

    def _photos(self) -> None:
        """Photos first: an entry never names one that the province does not have."""
        digests = self.store.outbox.photos_pending()
        for done, digest in enumerate(digests):
            self._step("photos", done, len(digests))
            if (jpeg := self.store.photos.get(digest)) is None:
                continue
            try:
                self.province.put_photo(digest, jpeg)
                self.store.outbox.photo_sent(digest)
                self.photos_sent += 1
            except (RefusedError, FailedProvinceError) as error:
                code = error.code if isinstance(error, RefusedError) else "failed"
                if code not in BAD_PHOTO and not (code == "failed" and self._fails_for_ever(digest)):
                    raise
                self.store.outbox.photo_refused(digest, code)
                self.photos_refused += 1

    def _fails_for_ever(self, photo: str) -> bool:
        return self.store.outbox.photo_failed(photo) >= tries().failures

    def _entries(self) -> None:
        """Batches in the order of seq; after an answer that settles nothing what follows would not fit the chain."""
        total = self.store.outbox.counts().pending
        while batch := self.store.outbox.pending(MAX_ENTRIES, BATCH_BYTES):
            self._step("entries", len(self.answers), total)
            sent = list(self._asked_again(batch))
            for answers in send(self.province, sent, self._is_hopeless):
                self.store.outbox.settle(answers)
                self.answers += [answer for answer in answers if answer.outcome in SETTLED]
                self.held_up = held_up(answers, sent)
                if self.held_up is not None:
                    break
            if self.held_up is not None:
                break
        if self.held_up is not None and self.held_up.code == UNKNOWN_FORM:
            raise OlderProvinceError("the province does not know the form of an entry")

    def _is_hopeless(self, id: str) -> bool:
        """Has the province failed over this entry in as many syncs as it may?"""
        return self.store.outbox.failed(id) >= tries().failures

    def _asked_again(self, batch: list[OutboundEntry]) -> Iterator[Entry]:
        """The batch on the wire; where a deferred question is answered with no, the counter takes the entry back."""
        deferred = {one.id: decode_record(one.body) for one in batch if one.deferred and not one.reverses}
        if deferred:
            self._step("ask", 0, len(deferred))
        asked, done = Asked(self.province, deferred.values()), 0
        for entry in batch:
            refusal = NOTHING
            if record := deferred.get(entry.id):
                refusal = ask_again(record, asked)
                done += 1
                self._step("ask", done, len(deferred))
            yield _on_the_wire(entry, refusal)

    def _events(self) -> None:
        more = True
        while more:
            cursor = self.store.outbox.cursor()
            self._step("events", cursor, cursor)
            page = self.province.events(cursor)
            if page.events:
                self.store.outbox.advance(page.events[-1].cursor, page.events)
            more = page.more and bool(page.events)

    def _days(self) -> int:
        """Every date without a receipt is recounted; one that does not match stays open and the rest go on.

        A date on which something was made that waits for authorisation is not over yet. How many entries are offered
        again, once in a sync, because the province has lost them.
        """
        if self.store.outbox.counts().pending:  # before that the two sides cannot agree
            return 0
        again = 0
        waiting = self.store.days.waiting()
        dates = [on for on in self.store.days.unmatched() if on not in waiting]
        for done, on in enumerate(dates):
            self._step("close", done, len(dates))
            self.days[on] = None
            ours = self.store.days.totals(on)
            closed = self.province.day_close(day_close(ours, self.store.audit.head()))
            if closed.matched:
                self._keep(ours, closed)
            else:
                again += self._mend(on, ours, closed)
        if dates:
            self._step("close", len(dates), len(dates))
        return again

    def _mend(self, on: date, ours: DayTotals, closed: DayClosed) -> int:
        """Note what differs on a date, and offer again what is in this ledger: once, then it is for people."""
        found = differences(on, self.store.ledger.search(on=on, limit=MAX_ENTRIES), ours, closed)
        known = set(self.differing)
        self.differing += (difference for difference in found if difference not in known)
        if known:
            return 0
        again = self.store.outbox.offer_again([each.id for each in found])
        self.offered_again += again
        return again

    def _keep(self, ours: DayTotals, closed: DayClosed) -> None:
        """Keep the receipt, if it says what was asked; its signature has been verified."""
        receipt = closed.receipt or b""
        if not says(receipt, ours, self.store):
            raise OutOfReachError("malformed")
        self.store.days.keep_receipt(ours.business_date, ours.last_seq, receipt, closed.signature)
        self.receipts.append(receipt)


def _on_the_wire(entry: OutboundEntry, refusal: Refusal) -> Entry:
    names = set(Entry.__struct_fields__) & set(OutboundEntry.__struct_fields__)
    values = {name: getattr(entry, name) for name in names}
    return Entry(**values, refused_code=refusal.code, refused_rule=refusal.rule)
