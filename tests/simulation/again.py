"""A whole day's requests, heard by somebody in the middle and sent to the province again."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from counter.clock import system_clock
from counter.gateway import server
from counter.gateway.database import BY_BRANCH, EVERYWHERE
from counter.gateway.seeding.customers import demo_people, demo_rows
from counter.gateway.seeding.portraits import portrait
from counter.province import wire
from counter.province.client import Province, enrol
from counter.province.errors import RefusedError
from counter.province.sync import sync
from counter.rules.case import DocumentKind, OldCard, Photo, PhotoSource
from counter.rules.reference import Place
from counter.store.records import Operator, Role
from counter.store.store import Store
from tests.simulation.middle import OTHER, PERSON, Message, Middle
from tests.support.cheap import cheap_slots
from tests.support.province_world import (
    BRANCH,
    CODE,
    CODE_ROW,
    COUNTER,
    HURRIED,
    QUICK,
    TODAY,
    fresh_database,
    query,
    record,
)


def play_a_day(province: Province, store: Store, codes: list[str]) -> None:
    """Everything that a counter asks and does, once."""
    province.health()
    province.identity(PERSON)
    province.one_card(PERSON, "441621")
    province.group((PERSON, OTHER), "441621", bookings=True)
    province.photo(PERSON)
    ticket = province.send_sms("13800000001").ticket
    assert province.check_sms(ticket, codes[-1])
    province.cards(PERSON)
    province.progress(PERSON)
    province.booking(PERSON)
    for ask in (province.reviews, province.parcels):
        with suppress(RefusedError):  # a branch that has no bank here
            ask()
    held = next(person for person in demo_people() if person.card and person.kind == "id_card")
    holder = wire.Person(kind=DocumentKind.ID_CARD, number=held.number, name=held.name)
    card = OldCard(number=held.card, bank=held.bank)
    for act in (province.report_loss, province.withdraw_loss):
        with suppress(RefusedError):
            act(wire.Loss(id=store.drafts.new_id(), person=holder, city="441621", card=card))
    photo = Photo(source=PhotoSource.FILE, digest=store.photos.put(portrait(1)))
    one = record()
    pictured = msgspec.structs.replace(one, case=msgspec.structs.replace(one.case, photo=photo))
    for each in (pictured, record("440308199901101512")):
        store.ledger.append(store.drafts.new_id(), "exchange", each)
    assert sync(store, province).matched


def everything(database: str) -> dict[str, str]:
    """What the province holds, table by table; but for the nonces, which are of the requests themselves."""
    digest = "SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM"
    return {
        table: query(database, f"{digest} {table} t")[0][0] for table in (*BY_BRANCH, *EVERYWHERE) if table != "nonce"
    }


@dataclass(frozen=True)
class Replayed:
    """A day that was sent again: its requests, what was answered, which tables changed, how many SMS went out."""

    requests: int
    answers: Counter[str]
    changed: list[str]
    sms: int


def send_a_day_again(postgresql: str, folder: Path) -> Replayed:
    """At once, in the opposite order, and once more after the nonces are forgotten."""
    codes: list[str] = []

    async def send_sms(_mobile: str, code: str) -> None:
        codes.append(code)

    database = fresh_database(postgresql)
    with server.running(database, folder / "gateway", send_sms=send_sms) as running:
        rows = (CODE_ROW, *demo_rows(TODAY))
        server.seed_lines(database, folder / "gateway", [msgspec.json.encode(row).decode() for row in rows])
        with Middle(running.url) as he, _a_store(folder / "home") as store:
            key, known = enrol(he.url, CODE, BRANCH, COUNTER, expected=running.public_key)
            with Province(he.url, BRANCH, COUNTER, key, known, at_counter=HURRIED, at_sync=QUICK) as province:
                play_a_day(province, store, codes)
            day, before, sent = list(he.heard), everything(database), len(codes)
            answers = [he.send_again(request) for request in (*day, *reversed(day))]
            assert everything(database) == before
            query(database, "DELETE FROM nonce")
            before = everything(database)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("counter.gateway.signed.system_clock", lambda: system_clock() + timedelta(minutes=6))
                answers += [he.send_again(request) for request in day]
            after = everything(database)
    changed = [table for table in after if after[table] != before[table]]
    return Replayed(len(day), Counter(_said(one) for one in answers), changed, len(codes) - sent)


def _said(answer: Message) -> str:
    status = answer.first.split(" ")[1]
    return status if status == "200" else msgspec.json.decode(answer.body, type=wire.Problem).code


@contextmanager
def _a_store(home: Path) -> Iterator[Store]:
    place = Place(city="441621", bank="abc", branch=BRANCH, counter=COUNTER)
    with (
        cheap_slots(),
        Store.create(home, place, Operator("li", "李国强", Role.SUPERVISOR), "made up for tests") as store,
    ):
        yield store
