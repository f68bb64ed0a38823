"""Carry-over (补入): what the home before had recorded and not sent comes into the one that was restored, once.

What continues this ledger is taken as it was made, number and signatures and all. Where this ledger has gone on since,
who carries over records it anew, under its id and on its date: nobody else's key is at hand to sign it. What needs a
second person waits for one.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from sqlmodel import Session, col, select

from counter.rules.link import SignedLink, SignerKey
from counter.rules.record import CaseRecord, pictures
from counter.store import audit, listing, restoring, slots, tables
from counter.store.awaiting import wait
from counter.store.behind import fits, know, name, take_over
from counter.store.database import FILE_NAME, Database
from counter.store.errors import DamagedLedgerError, ForeignHomeError, MissingLedgerError, StoreError
from counter.store.identity import identity_row, place_of, require_caught_up
from counter.store.ledger import REVERSAL
from counter.store.operators import require
from counter.store.posting import Posting, post_one
from counter.store.records import AwaitingCase, Role, SendState
from counter.store.rekeying import given_up, keyrings
from counter.store.schema import migrate_in_place
from counter.store.signers import said
from counter.store.unlocked import Unlocked
from counter.store.verify import verify_chain

NOTE: Final = "carry over"
PREFIX: Final = ".carry-over."


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What became of the entries of another home that this one lacked.

    `carried`: the number that the customer has, and the one that it has here; `waiting`: that number, and the id under
    which it waits for a second person; `there`: how many were here already; `missing`: the numbers (seq) of those that
    cannot be read there, or that the other home's anchor says there were.
    """

    carried: tuple[tuple[str, str], ...]
    waiting: tuple[tuple[str, str], ...]
    there: int
    missing: tuple[int, ...]


def carry_over(unlocked: Unlocked, old_home: Path, passphrase: str = "") -> CarriedOver:
    """Bring over what the ledger of another folder has and this one has not; asked again it finds nothing more to do.

    `passphrase` is that of who has signed in, there: needed where that ledger was keyed anew after the
    backup. All or nothing; the folder is only read. Raises `MissingLedgerError`, `ForeignHomeError` where it is no home
    of this counter's, `RestoredLedgerError` before the province was asked, `NotAllowedError`.
    """
    with _copied(unlocked, old_home, passphrase) as before, before.read() as old, unlocked.database.write() as session:
        require(session, unlocked.operator.id, Role.CLERK, Role.SUPERVISOR)
        require_caught_up(session)
        if place_of(identity_row(old)) != unlocked.place:
            raise ForeignHomeError("the folder belongs to another counter")
        keys = [said(row) for row in old.exec(select(tables.Signer).order_by(col(tables.Signer.seq)))]
        work = _Work(unlocked, session, old, know(session, unlocked, keys))
        first_bad = verify_chain(before).first_bad_seq
        found = work.entries(first_bad)
        work.open_cases()
        audit.record(session, unlocked, NOTE, f"{len(found.carried)}+{len(found.waiting)}")
        found.missing.extend(range(found.last + 1, restoring.anchored(before, old_home) + 1))
    return CarriedOver(tuple(found.carried), tuple(found.waiting), found.there, tuple(found.missing))


@contextmanager
def _copied(unlocked: Unlocked, old_home: Path, passphrase: str) -> Iterator[Database]:
    """A copy of the other ledger, of this program's schema."""
    if not restoring.is_there(old_home):
        raise MissingLedgerError("there is no ledger in this folder")
    for left in unlocked.database.path.parent.glob(f"{PREFIX}*"):  # by one that was killed
        rmtree(left, ignore_errors=True)
    with TemporaryDirectory(dir=unlocked.database.path.parent, prefix=PREFIX) as folder:
        restoring.copy_files(old_home, part := Path(folder) / FILE_NAME)
        try:
            copy = restoring.opened_by(part, _keys(unlocked, old_home, passphrase))
        except DamagedLedgerError:
            raise ForeignHomeError("this ledger's key does not open the other one") from None
        with closing(copy):
            migrate_in_place(copy)
            yield copy


def _keys(unlocked: Unlocked, old_home: Path, passphrase: str) -> Iterator[bytes]:
    """What may open the other ledger: the key of this one, one that it had before, or what a slot there holds."""
    yield unlocked.database.key
    with unlocked.database.read() as session:
        yield from given_up(session)
    with suppress(StoreError):
        for rings in keyrings(old_home):
            yield slots.open_with_passphrase(rings, unlocked.operator.id, passphrase).file_key


class _Unsent(NamedTuple):
    """What goes with the link of an entry that the province has not had."""

    body: bytes
    salt: bytes
    outcome: str = SendState.PENDING.value
    code: str = ""
    rule: str = ""


@dataclass
class _Found:
    carried: list[tuple[str, str]] = field(default_factory=list)
    waiting: list[tuple[str, str]] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    there: int = 0
    last: int = 0


@dataclass
class _Work:
    unlocked: Unlocked
    session: Session
    old: Session
    known: list[SignerKey]

    def entries(self, first_bad: int | None) -> _Found:
        """Bring over the entries, in their order; from the first bad one on none is believed."""
        found = _Found()
        for row in self.old.exec(select(tables.Entry).order_by(col(tables.Entry.seq))):
            link, number = SignedLink(**listing.link_in(row)), listing.quote_number(self.unlocked.place, row)
            found.last = link.seq
            if self._stands(link.id):
                found.there += 1
                continue
            body = self.old.get(tables.Body, link.seq) if first_bad is None or link.seq < first_bad else None
            if body is None or not self._can_stand(link):
                found.missing.append(link.seq)
                continue
            record = listing.record_in(body.content)
            self._photos(pictures(record.case))
            new = self._bring(link, record, _Unsent(body.content, body.salt))
            (found.carried if new else found.waiting).append((number, new or link.id))
        return found

    def open_cases(self) -> None:
        """What was held and what waited there, and is neither here: as it is, its maker has signed what waits."""
        held: list[tuple[tables.Draft | tables.Awaiting, str]] = [
            (row, row.operator) for row in self.old.exec(select(tables.Draft))
        ]
        here = set(self.session.exec(select(tables.Draft.id)))
        waiting = [(row, row.maker) for row in self.old.exec(select(tables.Awaiting))]
        for row, whose in [*held, *waiting]:
            if self._stands(row.id) or row.id in here:
                continue
            self._photos(row.photo.split())
            name(self.session, whose, Role.CLERK)
            self.session.add(type(row)(**row.model_dump()))
            self.session.flush()

    def _bring(self, link: SignedLink, record: CaseRecord, unsent: _Unsent) -> str:
        """Its number here; '' where it waits for a second person."""
        session, unlocked = self.session, self.unlocked
        if fits(session, unlocked, self.known, link, unsent):
            take_over(session, unlocked, self.known, link, unsent)
            return listing.quote_number(unlocked.place, link)
        maker = unlocked.operator.id
        if link.checker is not None:
            reason = record.authorised or REVERSAL
            now = unlocked.clock()
            asked = AwaitingCase(link.id, link.kind, record, reason, maker, link.reverses, link.business_date, now)
            wait(session, unlocked, asked)
            return ""
        entry, _ = post_one(
            session, unlocked, Posting(link.id, link.kind, record, maker, on=link.business_date, carried=True)
        )
        return listing.quote_number(unlocked.place, entry)

    def _stands(self, id: str) -> bool:
        here = select(tables.Entry.seq).where(tables.Entry.id == id)
        return self.session.exec(here).first() is not None or self.session.get(tables.Awaiting, id) is not None

    def _can_stand(self, link: SignedLink) -> bool:
        """A reversal needs what it reverses."""
        if link.reverses is None:
            return True
        return self.session.exec(select(tables.Entry.seq).where(tables.Entry.id == link.reverses)).first() is not None

    def _photos(self, digests: Iterable[str]) -> None:
        for digest in digests:
            photo = self.old.get(tables.Photo, digest)
            if photo is not None and self.session.get(tables.Photo, digest) is None:
                self.session.add(tables.Photo(digest=digest, jpeg=photo.jpeg, kept_at=photo.kept_at))
        self.session.flush()
