"""A change of bank for a unit's people together, from the booking to the list of new numbers: real ledgers and province.

EXC-3, EXC-6, EXC-7, Z6(1).
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import pytest
from msgspec import structs

from counter.desk import bookings, rosters
from counter.desk.bookings import Booked, BookResult
from counter.desk.collecting import Collecting
from counter.desk.new_numbers import new_numbers_of
from counter.gateway import server
from counter.province import client
from counter.province.client import Province
from counter.province.errors import OutOfReachError
from counter.province.wire import MAX_PERSONS, BankChange, Person
from counter.roster.booked import in_words, standing
from counter.roster.checks import Checker
from counter.roster.columns import RosterRow
from counter.roster.reader import RosterPerson
from counter.rules.case import BookingStatus, Mode
from counter.rules.masking import mask_number
from counter.rules.unit import Unit
from tests.support.bank_change import NAMES, UNIT, card_of, decide, of, people, rows
from tests.support.desks import PASSPHRASE, SECOND, Calendar, Window, a_window
from tests.support.province_world import World, a_world

TODAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def turning() -> Calendar:
    """The province's own calendar."""
    return Calendar(TODAY)


@pytest.fixture(scope="module")
def province_of_the_module(
    postgresql: str, tmp_path_factory: pytest.TempPathFactory, turning: Calendar
) -> Iterator[World]:
    with a_world(postgresql, tmp_path_factory.mktemp("bookings"), clock=turning) as world:
        yield world


@pytest.fixture
def world(province_of_the_module: World, turning: Calendar) -> World:
    turning.day = TODAY
    province_of_the_module.empty()
    province_of_the_module.plant(*people(len(NAMES)))
    return province_of_the_module


@pytest.fixture
def windows() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def abc(world: World, tmp_path: Path, turning: Calendar, windows: ExitStack) -> Window:
    return windows.enter_context(a_window(world, tmp_path / f"abc{tmp_path.name[-30:]}", turning, "abc"))


@pytest.fixture
def icbc(world: World, tmp_path: Path, turning: Calendar, windows: ExitStack) -> Window:
    return windows.enter_context(a_window(world, tmp_path / f"icbc{tmp_path.name[-30:]}", turning, "icbc"))


def a_roster(window: Window, those: list[RosterRow] | None = None, unit: Unit = UNIT) -> int:
    lines = [RosterPerson(at, row) for at, row in enumerate(those or rows(len(NAMES)), 2)]
    return rosters.create(window.desk.store, unit, lines).id


def came(result: BookResult) -> list[Booked]:
    return [row.came for row in result.rows]


def stands(window: Window, batch: int) -> list[BookingStatus | None]:
    """How the bookings stand, as the ledger knows it."""
    context = window.desk.context()
    return [standing(person.answers.booking, context) for person in rosters.people(window.desk.store, batch)]


def ask_again(window: Window, batch: int) -> None:
    desk = window.desk
    unit = rosters.batch_of(desk.store, batch).unit
    waiting = rosters.unanswered(rosters.people(desk.store, batch), unit, desk.context(), again=True)
    list(rosters.ask(desk.store, waiting, unit, desk.province, desk.context()))


def findings(window: Window, batch: int) -> list[set[str]]:
    """What stops each row."""
    desk = window.desk
    checker = Checker(rosters.batch_of(desk.store, batch).unit, desk.context())
    return [
        {each.code for each in checker.check(person.row, answers=person.answers).findings if each.level == "stop"}
        for person in rosters.people(desk.store, batch)
    ]


def review(window: Window, *, refused: tuple[str, ...] = (), left: tuple[str, ...] = ()) -> None:
    assert window.desk.province is not None
    decide(window.desk.province, refused=refused, left=left)


def entries(window: Window) -> int:
    return window.desk.store.ledger.count()


@pytest.mark.rule("EXC-6")
@pytest.mark.rule("EXC-7")
def test_from_the_booking_to_the_list_of_new_numbers(
    abc: Window, icbc: Window, world: World, turning: Calendar
) -> None:
    """EXC-6, EXC-7, EXC-3: some refused, some late; the others exchanged, made, listed, collected and activated."""
    desk, batch = abc.desk, a_roster(abc)
    ask_again(abc, batch)
    assert findings(abc, batch) == [{"booking.none"}] * 5, "who is not booked is not right"
    assert rosters.submit(desk.store, batch, desk.context()).recorded == 0
    assert came(bookings.book(desk, batch)) == [Booked.BOOKED] * 5
    assert stands(abc, batch) == [BookingStatus.REVIEW] * 5
    assert findings(abc, batch) == [{"booking.review"}] * 5
    assert abc.sync().rejected == 0, "the entries are the same acts"

    turning.pass_days(3)
    review(icbc, refused=("李测",), left=("张测",))
    ask_again(abc, batch)
    approved, refused, review_ = BookingStatus.APPROVED, BookingStatus.REFUSED, BookingStatus.REVIEW
    assert stands(abc, batch) == [approved, refused, review_, approved, approved]
    assert findings(abc, batch) == [set(), {"booking.refused"}, {"booking.review"}, set(), set()]
    second = list(rosters.people(desk.store, batch))[1].answers.booking
    assert in_words(second, desk.context()) == "审核不通过：账户被冻结"
    done = rosters.submit(desk.store, batch, desk.context())
    assert (done.recorded, done.wrong) == (3, 2), "the others go on"

    turning.pass_days(1)
    review(icbc)
    ask_again(abc, batch)
    assert stands(abc, batch)[2] is approved
    turning.pass_days(11)
    assert (stands(abc, batch)[2], findings(abc, batch)[2]) == (BookingStatus.LAPSED, {"booking.late"})
    assert came(bookings.book(desk, batch)) == [Booked.BOOKED, Booked.BOOKED], "refused and late are booked anew"
    assert stands(abc, batch)[1:3] == [review_, review_]

    assert abc.sync().rejected == 0
    made = new_numbers_of(desk, batch)
    assert made is not None
    assert [each.reason for each in made.waiting] == ["正在制卡。", *["尚未提交换卡。"] * 2, *["正在制卡。"] * 2]
    server.advance_cards(world.running.database, world.folder, to="sent", clock=turning)
    made = new_numbers_of(desk, batch)
    assert made is not None
    assert [each.row for each in made.ready] == [1, 4, 5]
    first = made.ready[0]
    assert (first.name, first.number, first.old) == ("王测", mask_number(of(1)), card_of(1)[-4:])
    assert (first.bank, first.day) == ("农业银行", turning.day)

    collecting = Collecting(desk, rosters.batch_of(desk.store, batch))
    handed = [collecting.activate(each, "赵联系") for each in collecting.people()]
    assert [bool(each.standing.collected and each.standing.activated) for each in handed] == [True] * 3
    assert not any(each.refused for each in handed)
    collected = desk.store.ledger.by_id(handed[0].standing.collected)
    assert collected and collected.record and collected.record.case.old_card
    assert collected.record.case.old_card.number == first.new, "the card that is listed is the one that is handed over"
    assert abc.sync().matched


@pytest.mark.rule("EXC-6")
def test_nobody_is_booked_twice_and_who_comes_later_is_booked(abc: Window) -> None:
    desk, batch = abc.desk, a_roster(abc, rows(3))
    assert came(bookings.book(desk, batch)) == [Booked.BOOKED] * 3
    assert came(bookings.book(desk, batch)) == [Booked.HAD] * 3
    assert entries(abc) == 3
    desk.store.batches.insert(batch, [rosters.content_of(row) for row in rows(5)[3:]])
    assert came(bookings.book(desk, batch)) == [Booked.HAD] * 3 + [Booked.BOOKED] * 2
    assert entries(abc) == 5


@pytest.mark.rule("EXC-6")
def test_booked_out_of_reach_the_entries_do_it_at_sync(abc: Window, icbc: Window) -> None:
    """Who is not known to be of another bank cannot be booked: no bank would review it."""
    desk, batch = abc.desk, a_roster(abc)
    province, desk.province = desk.province, None
    held = bookings.book(desk, batch)
    assert came(held) == [Booked.WRONG] * 5
    assert [[each.code for each in row.findings] for row in held.rows] == [["booking.bank_unknown"]] * 5
    desk.province = province
    ask_again(abc, batch)
    desk.province = None
    for _ in range(2):
        assert came(bookings.book(desk, batch)) == [Booked.LATER] * 5
        assert entries(abc) == 5, "once, however often it is asked"
    ids = bookings.on_their_way(desk.store, list(rosters.people(desk.store, batch)))
    assert len(ids) == 5
    desk.province = province
    assert abc.sync().rejected == 0
    assert bookings.on_their_way(desk.store, list(rosters.people(desk.store, batch))) == {}
    assert icbc.desk.province is not None
    assert len(icbc.desk.province.reviews().waiting) == 5
    assert came(bookings.book(desk, batch)) == [Booked.HAD] * 5
    assert entries(abc) == 5


def test_the_answer_that_was_lost_is_told_again_and_not_recorded_again(
    abc: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the ledger and the province, or after it: the ids are the same."""
    desk, batch = abc.desk, a_roster(abc)

    class KilledError(Exception):
        pass

    tell = Province.book_group
    for told_before in (False, True):

        def killed(self: Province, changes: tuple[BankChange, ...], told: bool = told_before) -> NoReturn:
            if told:
                tell(self, changes)
            raise KilledError

        with monkeypatch.context() as patch:
            patch.setattr(Province, "book_group", killed)
            with pytest.raises(KilledError):
                bookings.book(desk, batch)
        assert entries(abc) == 5
    assert came(bookings.book(desk, batch)) == [Booked.HAD] * 5, "the province had heard"
    assert entries(abc) == 5
    assert abc.sync().created == 5


def test_who_is_sent_back_at_sync_is_booked_anew(abc: Window, world: World) -> None:
    """The province has the last word: a number on the roster that is not the person's card."""
    wrong = structs.replace(rows(1)[0], old_card=card_of(77))
    desk, batch = abc.desk, a_roster(abc, [wrong])
    (row,) = bookings.book(desk, batch).rows
    assert (row.came, [(each.code, each.rule) for each in row.findings]) == (
        Booked.REFUSED,
        [("province.no_card", "BNK-2")],
    )
    assert abc.sync().rejected == 1
    desk.store.batches.change({key.id: rosters.content_of(rows(1)[0]) for key in desk.store.batches.keys(batch)})
    assert came(bookings.book(desk, batch)) == [Booked.BOOKED]
    assert entries(abc) == 2


def test_a_row_that_became_somebody_elses_is_booked_for_them(abc: Window) -> None:
    first, other = rows(2)
    desk, batch = abc.desk, a_roster(abc, [first])
    bookings.book(desk, batch)
    desk.store.batches.change({key.id: rosters.content_of(other) for key in desk.store.batches.keys(batch)})
    assert came(bookings.book(desk, batch)) == [Booked.BOOKED]
    booked = {entry.record.case.holder.document.number for entry in desk.store.ledger.search() if entry.record}
    assert booked == {first.number, other.number}


def test_a_booking_that_was_taken_back_is_made_again(abc: Window) -> None:
    desk, batch = abc.desk, a_roster(abc, rows(1))
    bookings.book(desk, batch)
    (entry,) = desk.store.ledger.search()
    asked = desk.store.ledger.reverse(entry.id, "预约错了")
    desk.store.awaiting.authorise(asked.id, desk.store.operators.verify(SECOND.id, PASSPHRASE))
    assert abc.sync().rejected == 0
    ask_again(abc, batch)
    assert stands(abc, batch) == [BookingStatus.NONE]
    assert came(bookings.book(desk, batch)) == [Booked.BOOKED]
    assert entries(abc) == 3


@pytest.mark.rule("EXC-7")
def test_only_a_change_of_bank_is_booked_and_the_unit_holds_its_rows_up(abc: Window) -> None:
    """EXC-7."""
    for unit, code in (
        (structs.replace(UNIT, mode=Mode.SAME_NUMBER), "roster.no_change_of_bank"),
        (replace_name(), ""),
    ):
        batch = a_roster(abc, rows(1), unit)
        with pytest.raises(rosters.UnitRefusedError) as refused:
            bookings.book(abc.desk, batch)
        assert not code or [each.code for each in refused.value.findings] == [code]
        abc.desk.store.batches.discard(batch)
    assert entries(abc) == 0


def replace_name() -> Unit:
    return structs.replace(UNIT, name="")


def test_cancelled_it_stops_between_chunks_and_goes_on(abc: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bookings, "MAX_PERSONS", 2)
    desk, batch = abc.desk, a_roster(abc)
    said: list[tuple[int, int]] = []

    def tell(done: int, total: int) -> None:
        said.append((done, total))

    done = bookings.book(desk, batch, progress=tell, cancelled=lambda: (2, 5) in said)
    assert (came(done), done.left, entries(abc)) == ([Booked.BOOKED] * 2, 3, 2)
    assert came(bookings.book(desk, batch)) == [Booked.HAD] * 2 + [Booked.BOOKED] * 3


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the province is asked, by path."""
    paths, ask = Counter[str](), client._Wire.ask

    def counted(self: Any, request: Any, *rest: Any) -> Any:
        paths[request.path] += 1
        return ask(self, request, *rest)

    monkeypatch.setattr(client._Wire, "ask", counted)
    return paths


def test_thousands_are_asked_and_told_of_some_hundred_at_a_time(
    abc: Window, icbc: Window, world: World, asked: Counter[str]
) -> None:
    """Bulk questions stay bulk: the screen's, those before a submission, those at sync."""
    count = 2 * MAX_PERSONS + 1
    world.plant(*people(count))
    desk, batch = abc.desk, a_roster(abc, rows(count))
    assert came(bookings.book(desk, batch)) == [Booked.BOOKED] * count
    assert asked == {"/v1/group": 3, "/v1/group/bookings": 3}
    review_all(icbc)
    asked.clear()
    ask_again(abc, batch)
    assert asked == {"/v1/group": 3}
    assert rosters.submit(desk.store, batch, desk.context()).recorded == count
    assert abc.sync().rejected == 0
    asked.clear()
    made = new_numbers_of(desk, batch)
    assert made is not None
    assert (len(made.ready), len(made.waiting), asked) == (0, count, {"/v1/group/progress": 3})


def review_all(icbc: Window) -> None:
    province = icbc.desk.province
    assert province is not None
    while province.reviews().waiting:
        review(icbc)


@pytest.mark.rule("EXC-6")
def test_submitted_out_of_reach_the_bookings_are_asked_about_at_sync_in_bulk(abc: Window, asked: Counter[str]) -> None:
    """Deferred as every question: a no of the province takes the entry back before it is sent."""
    desk, batch = abc.desk, a_roster(abc)
    province, desk.province = desk.province, None
    assert rosters.submit(desk.store, batch, desk.context()).recorded == 5
    desk.province = province
    asked.clear()
    assert abc.sync().rejected == 5
    assert (asked["/v1/group"], asked["/v1/booking"], asked["/v1/identity"]) == (1, 0, 0)
    assert set(abc.rejected()) == {("province.booking", "EXC-6")}


def test_without_a_province_there_is_no_list(abc: Window) -> None:
    batch = a_roster(abc)
    abc.desk.province = None
    with pytest.raises(OutOfReachError):
        new_numbers_of(abc.desk, batch)


def test_an_older_province_is_asked_about_each_booking_alone(
    abc: Window, asked: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It knows the group's question, and nothing of bookings in it."""
    desk, batch = abc.desk, a_roster(abc)
    group = Province.group

    def older(self: Province, persons: tuple[Person, ...], city: str, *, bookings: bool = False) -> Any:
        return group(self, persons, city)

    monkeypatch.setattr(Province, "group", older)
    ask_again(abc, batch)
    assert stands(abc, batch) == [None] * 5, "deferred"
    assert rosters.submit(desk.store, batch, desk.context()).recorded == 5
    asked.clear()
    assert abc.sync().rejected == 5
    assert (asked["/v1/booking"], set(abc.rejected())) == (5, {("province.booking", "EXC-6")})
