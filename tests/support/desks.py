"""Two bank counters with homes of their own, at one province whose calendar the test turns."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from counter.desk.desk import Desk
from counter.gateway.seeding.customers import DemoPerson, demo_people
from counter.gateway.seeding.seed import CodeRow
from counter.province.client import Patience, Province, enrol
from counter.province.sync import SyncReport, sync
from counter.reference.load import load_reference
from counter.rules.case import Case, Document, Holder
from counter.rules.record import CaseRecord
from counter.rules.reference import Place
from counter.store.records import Operator, Role, SendState
from counter.store.store import Store
from tests.support.province_world import (
    HURRIED,
    QUICK,
    World,
)

PASSPHRASE = "made up for tests"
CHIEF = Operator("chief", "主管", Role.SUPERVISOR)
SECOND = Operator("second", "另一主管", Role.SUPERVISOR)
PEOPLE = {person.purpose: person for person in demo_people()}


@dataclass
class Calendar:
    """A clock at noon of a day that the test chooses."""

    day: date = field(default_factory=date.today)

    def __call__(self) -> datetime:
        return datetime.combine(self.day, time(4), UTC)

    def pass_days(self, days: int) -> None:
        self.day += timedelta(days=days)


@dataclass
class Window:
    """A counter at work: what its clerk does, told in one line each."""

    desk: Desk

    def case(self, service: str, purpose: str, **said: Any) -> Case:
        """A case of a customer of the demonstration."""
        person: DemoPerson = PEOPLE[purpose]
        document = Document(kind=person.kind, number=person.number)
        holder = Holder(name=person.name, document=document)
        place = self.desk.place
        values: dict[str, Any] = {"city": place.city, "bank": place.bank, "branch": place.branch} | said
        return Case(service=service, holder=holder, **values)

    def enter(self, case: Case, id: str = "") -> str:
        """Straight into the ledger, past the rules: what the province says of it is the question.

        A second person authorises what needs one.
        """
        store, id = self.desk.store, id or self.desk.store.drafts.new_id()
        record = CaseRecord(case=case, fee_fen=0, authorised=self.desk.judge(case).authorised)
        if record.authorised:
            store.awaiting.add(id, case.service, record)
            store.awaiting.authorise(id, store.operators.verify(SECOND.id, PASSPHRASE))
        else:
            store.ledger.append(id, case.service, record)
        return id

    def sync(self) -> SyncReport:
        assert self.desk.province is not None
        return sync(self.desk.store, self.desk.province)

    def rejected(self) -> list[tuple[str, str]]:
        """Why entries came back."""
        return [(entry.code, entry.rule) for entry in self.desk.store.outbox.rejected()]

    def state(self, id: str) -> SendState:
        entry = self.desk.store.ledger.by_id(id)
        assert entry is not None
        return entry.state

    def news(self) -> list[tuple[str, str, str]]:
        """Kind, entry and code, oldest first."""
        return [(str(each.kind), each.entry, each.code) for each in reversed(self.desk.news())]


@contextmanager
def a_window(
    world: World, home: Path, calendar: Calendar, bank: str, *, url: str = "", patience: Patience = HURRIED
) -> Iterator[Window]:
    """A new home at a branch of this bank, enrolled with the province; `url` is another way to it."""
    place = Place(city="441621", bank=bank, branch=f"441621-{bank}-01", counter=home.name)
    code = f"CODE-{home.name}"
    world.plant(CodeRow(code=code, branch=place.branch, counter=place.counter))
    key, province_key = enrol(world.url, code, place.branch, place.counter, way=world.way)
    with Store.create(home, place, CHIEF, PASSPHRASE, calendar) as store:
        store.operators.add(SECOND.id, SECOND.name, SECOND.role, PASSPHRASE)
        at, way = (place.branch, place.counter), world.way
        with Province(
            url or world.url, *at, key, province_key, way=way, at_counter=patience, at_sync=QUICK
        ) as province:
            yield Window(Desk(store, load_reference(), province, clock=calendar))
