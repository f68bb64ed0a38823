"""One odd entry stops no other: it comes back with its reason, and the rest goes; what this program does not know of
what the province says is kept and said."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import msgspec
import pytest

from counter.desk.day import unequal
from counter.i18n import t
from counter.province import wire
from counter.province.client import Province
from counter.province.errors import FailedProvinceError, OutOfReachError
from counter.province.sync import sync
from counter.province.wire import EntryAnswer, EntryAnswers, Outcome
from counter.reference.load import load_reference
from counter.reference.sending import tries
from counter.rules.case import Photo, PhotoSource
from counter.rules.record import CaseRecord
from counter.screens.life import in_words, kind_in_words
from counter.store.records import SendState
from counter.store.store import Store
from tests.province.test_sync import cases, done
from tests.support.province_world import BRANCH, COUNTER, World


@pytest.fixture
def province(world: World) -> Iterator[Province]:
    with world.province() as client:
        yield client


def back(store: Store) -> list[tuple[int, str, SendState]]:
    return [(entry.seq, entry.code, entry.state) for entry in store.outbox.rejected()]


def test_a_photo_that_is_refused_takes_its_entry_back_and_the_day_matches(store: Store, province: Province) -> None:
    (one,) = cases(1)
    photo = Photo(source=PhotoSource.FILE, digest=store.photos.put(b"not a picture"))
    bad = msgspec.structs.replace(one, case=msgspec.structs.replace(one.case, photo=photo))
    done(store, bad, *cases(1, 5))
    report = sync(store, province)
    assert (report.created, report.rejected, report.photos, report.photos_refused) == (1, 1, 0, 1)
    assert (report.matched, len(report.receipts)) == (True, 1)
    assert back(store) == [(1, "province.picture", SendState.REJECTED)]
    assert t("day.photos_refused", count=1) in unequal(report)
    assert (sync(store, province).photos_refused, store.outbox.counts().photos) == (0, 0), "it is not tried for ever"


def test_what_the_province_cannot_read_stands_alone_and_the_rest_goes(
    world: World, store: Store, province: Province
) -> None:
    """A ledger of before the limits: an id that is too long for the wire."""
    done(store, *cases(6))
    store.ledger.append("x" * 70, "exchange", cases(1, 20)[0])
    done(store, *cases(5, 30))
    report = sync(store, province)
    assert (report.created, report.rejected, report.pending, report.matched) == (11, 1, 0, True)
    assert back(store) == [(7, "province.malformed", SendState.REJECTED)]
    assert world.query("SELECT seq, outcome, code, length(body) FROM entry WHERE seq IN (6, 7) ORDER BY seq")[1] == (
        *(7, "rejected", "province.malformed"),
        0,
    )
    assert sync(store, province).sent == 0


def test_an_entry_that_is_too_large_stands_alone(
    store: Store, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("counter.store.posting.BODY_BYTES", 2 * wire.MAX_BYTES)
    (one,) = cases(1)
    done(store, msgspec.structs.replace(one, reason="x" * wire.MAX_BYTES), *cases(2, 5))
    report = sync(store, province)
    assert (report.created, report.rejected, report.matched) == (2, 1, True)
    assert back(store) == [(1, "province.too_large", SendState.REJECTED)]


def test_both_odd_at_once_and_killed_between(store: Store, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is settled is kept part by part: the next sync goes on from there."""
    done(store, *cases(3))
    store.ledger.append("x" * 70, "exchange", cases(1, 20)[0])
    done(store, *cases(3, 30))
    with world.province() as client:
        asked: list[int] = []
        whole = Province.entries

        def dies(self: Province, entries: tuple[wire.Entry, ...]) -> tuple[EntryAnswer, ...]:
            asked.append(len(entries))
            if len(asked) == 3:
                raise OutOfReachError("network")
            return whole(self, entries)

        monkeypatch.setattr(Province, "entries", dies)
        with pytest.raises(OutOfReachError):
            sync(store, client)
        assert store.outbox.counts().pending == 4
        report = sync(store, client)
    assert (report.pending, report.matched, back(store)) == (0, True, [(4, "province.malformed", SendState.REJECTED)])


class Later(Province):
    """A province of a later program, whose words are not all known here."""

    def entries(self, entries: tuple[wire.Entry, ...]) -> tuple[EntryAnswer, ...]:
        said = [{"id": entry.id, "outcome": "parked", "code": "later"} for entry in entries]
        return msgspec.json.decode(msgspec.json.encode({"answers": said}), type=EntryAnswers).answers


def test_an_answer_of_an_unknown_kind_is_said_and_nothing_is_lost(store: Store, world: World) -> None:
    done(store, *cases(2))
    key = world.running.public_key
    with Later(world.url, BRANCH, COUNTER, world.key, key, way=world.way) as later:
        report = sync(store, later)
    assert (report.sent, report.pending, report.matched) == (0, 2, False)
    assert report.held_up is not None
    assert (report.held_up.seq, report.held_up.outcome) == (1, "parked")
    assert any("parked" in line for line in unequal(report))
    with world.province() as client:
        assert sync(store, client).matched


def test_an_event_of_an_unknown_kind_is_kept_and_shown(world: World, store: Store, province: Province) -> None:
    world.query(
        "INSERT INTO event (branch, counter, cursor, at, kind, entry, code, detail) VALUES (%s, %s, 1, %s, 'holiday', '', '', '元宵')",
        *(BRANCH, COUNTER, datetime(2026, 3, 2, tzinfo=UTC)),
    )
    assert sync(store, province).matched
    (event,) = store.outbox.events()
    assert (event.kind, event.detail) == ("holiday", "元宵")
    assert kind_in_words(event) == t("news.kind.other")
    assert "元宵" in in_words(event, load_reference(store.home))


def test_a_reply_that_is_not_understood_takes_no_entry_back(
    store: Store, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unheard(*_: object, **__: object) -> None:
        raise OutOfReachError("malformed")

    for question in ("identity", "group", "one_card"):
        monkeypatch.setattr(Province, question, unheard)
    done(store, *(deferred(one) for one in cases(2)))
    report = sync(store, province)
    assert (report.created, report.rejected, report.matched) == (2, 0, True)


def deferred(one: CaseRecord) -> CaseRecord:
    return msgspec.structs.replace(one, deferred=("identity_check", "one_card"))


def test_after_a_conflict_it_is_said_what_the_rest_waits_for(store: Store, province: Province) -> None:
    ids = done(store, *cases(5))
    store.outbox.settle([EntryAnswer(id=ids[1], outcome=Outcome.CONFLICT)])
    for _ in range(2):  # by every sync, not by the first alone
        report = sync(store, province)
        assert (report.pending, report.matched) == (3, False)
        assert report.held_up is not None
        assert (report.held_up.seq, report.held_up.code) == (3, "gap")
        assert t("day.held_up", pending=3, seq=3, why=t("day.why.gap")) in unequal(report)


def test_every_outcome_that_is_known_is_itself() -> None:
    assert [Outcome(word.value) is word for word in Outcome] == [True] * len(Outcome)
    with pytest.raises(ValueError, match="65"):
        Outcome("x" * 65 + "65")


def test_what_the_province_fails_over_comes_back_after_some_syncs_and_the_rest_goes(
    world: World, store: Store, province: Province
) -> None:
    done(store, *cases(6))
    odd = store.ledger.append("odd", "exchange", cases(1, 20)[0])
    done(store, *cases(5, 30))
    with failing_over(world, "NEW.id = 'odd'"):
        for _ in range(tries().failures - 1):
            with pytest.raises(FailedProvinceError):
                sync(store, province)
            assert (store.outbox.counts().pending, back(store)) == (6, []), "what is before it went, it waits"
        report = sync(store, province)
    assert (report.created, report.rejected, report.pending, report.matched) == (5, 1, 0, True)
    assert back(store) == [(odd.seq, "province.failed", SendState.REJECTED)]
    noted = [note.subject for note in store.audit.list() if note.action == "sync: province failed"]
    assert noted == ["odd"] * tries().failures


def test_a_province_that_fails_over_everything_takes_nothing_back(
    world: World, store: Store, province: Province
) -> None:
    done(store, *cases(3))
    with failing_over(world, "true"):
        for _ in range(tries().failures + 2):
            with pytest.raises(FailedProvinceError):
                sync(store, province)
    assert (store.outbox.counts().pending, back(store)) == (3, [])
    assert sync(store, province).matched


@contextmanager
def failing_over(world: World, what: str) -> Iterator[None]:
    """The province's database has an error of its own for these entries."""
    world.query(
        "CREATE FUNCTION odd() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN RAISE EXCEPTION 'odd' USING ERRCODE = 'XX000'; END$$"
    )
    world.query(f"CREATE TRIGGER odd BEFORE INSERT ON entry FOR EACH ROW WHEN ({what}) EXECUTE FUNCTION odd()")
    try:
        yield
    finally:
        world.query("DROP FUNCTION odd CASCADE")
