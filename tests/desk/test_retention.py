"""Past its time what names a person is gone, from every page of the file too, and what is left still verifies."""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from counter.desk import retention
from counter.desk.retention import Past
from counter.reference.retention import Periods, periods
from counter.rules.unit import Unit
from counter.store import slots
from counter.store.keys import Cost
from counter.store.records import RowContent, SendState
from counter.store.store import Store
from tests.support.store_samples import (
    CLERK,
    JPEG,
    PASSPHRASE,
    PLACE,
    SUPERVISOR,
    SetClock,
    case,
    checked,
    file_key,
    record,
)

KEPT = Periods(entries=3653, photos=180, drafts=30, rosters=730, papers=7, backups=90)
OLD, NEW = ("顾不得", "441621196001010013"), ("钟离新", "441621199901010017")
PAGE, RESERVED, SALT = 4096, 80, 16


@pytest.fixture(autouse=True)
def _cheap_slots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "COST", Cost(passes=1, memory_kib=8, lanes=1))


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def store(tmp_path: Path, clock: SetClock) -> Iterator[Store]:
    """A ledger, opened by the clerk."""
    home = tmp_path / "home"
    with Store.create(home, PLACE, SUPERVISOR, PASSPHRASE, clock) as made:
        made.operators.add(CLERK.id, CLERK.name, CLERK.role, PASSPHRASE)
    with Store.unlock(home, CLERK.id, PASSPHRASE, clock) as opened:
        yield opened


class Answer:
    """The province has taken an entry."""

    def __init__(self, id: str, outcome: str = "created") -> None:
        self.id, self.outcome, self.code, self.rule = id, outcome, "", ""


def plain_pages(home: Path) -> bytes:
    """Every page of the file as whoever has its key can read it, free ones too (SQLCipher 4: AES-256-CBC, the vector
    at the page's end)."""
    content, key = (home / "ledger.db").read_bytes(), file_key(home)
    assert not (home / "ledger.db-wal").exists() or not (home / "ledger.db-wal").stat().st_size
    pages = []
    for start in range(0, len(content), PAGE):
        page = content[start + (SALT if start == 0 else 0) : start + PAGE]
        vector = page[-RESERVED:][:16]
        decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
        pages.append(decryptor.update(page[:-RESERVED]) + decryptor.finalize())
    return b"".join(pages)


def days_later(clock: SetClock, days: int) -> None:
    clock.now += timedelta(days)


def erase(store: Store, clock: SetClock) -> Past:
    return retention.erase(store, clock(), KEPT)


def test_what_is_past_its_time_is_gone_and_the_chain_holds(store: Store, clock: SetClock, tmp_path: Path) -> None:
    photo = store.photos.put(JPEG)
    store.ledger.append("old", "exchange", record(*OLD, photo=photo))
    waiting = store.ledger.append("pending", "exchange", record(*OLD))
    store.outbox.settle([Answer("old")])
    store.outbox.photo_sent(photo)
    days_later(clock, KEPT.entries + 1)
    store.ledger.append("new", "exchange", record(*NEW))
    assert retention.due(store, clock(), KEPT) == Past(entries=1, photos=1)
    before = store.ledger.by_id("old")
    store.back_up(tmp_path / "before")
    held = plain_pages(tmp_path / "before")
    shutil.rmtree(tmp_path / "before")
    assert erase(store, clock) == Past(entries=1, photos=1)

    after = store.ledger.by_id("old")
    assert before is not None and after is not None and before.record is not None
    assert (after.record, after.hash, after.fee_fen, after.state) == (None, before.hash, 2000, SendState.CREATED)
    assert [entry.id for entry in store.ledger.search(OLD[0])] == ["pending"], "what the province has not had stays"
    assert [entry.id for entry in store.ledger.search(NEW[0])] == ["new"]
    assert store.ledger.verify().valid and store.ledger.verify().entries == 3
    assert store.photos.get(photo) is None
    assert {note.action: note.subject for note in store.audit.list()}["erase entries"] == "1-1 (1)"
    assert erase(store, clock) == Past(), "once"

    store.outbox.settle([Answer(waiting.id)])
    assert erase(store, clock) == Past(entries=1)
    store.back_up(tmp_path / "copy")
    store.close()
    text = plain_pages(store.home)
    assert NEW[0].encode() in text and NEW[1].encode() in text
    for secret in (*(each.encode() for each in OLD), JPEG[:64]):
        assert secret in held
        assert secret not in text, "in no free page either"


def test_an_entry_whose_photo_is_gone_can_be_taken_back(store: Store, clock: SetClock) -> None:
    photo = store.photos.put(JPEG)
    checked(store, "id-1", "exchange", record(authorised="waiver", photo=photo))
    store.outbox.settle([Answer("id-1")])
    store.outbox.photo_sent(photo)
    days_later(clock, KEPT.photos + 1)
    assert erase(store, clock) == Past(photos=1)
    asked = store.ledger.reverse("id-1", "typed twice")
    store.awaiting.authorise(asked.id, store.operators.verify(SUPERVISOR.id, PASSPHRASE))
    assert store.outbox.photos_pending() == []
    assert store.photos.put(JPEG) == photo and store.photos.get(photo) == JPEG, "and taken again"


def test_a_photo_that_something_needs_stays(store: Store, clock: SetClock) -> None:
    """Unsent, in a held case, in a roster, waiting for a second person; what nothing names goes the next day."""
    kinds = ("unsent", "held", "roster", "awaiting", "nobody")
    digests = {kind: store.photos.put(JPEG + kind.encode()) for kind in kinds}
    store.ledger.append("id-1", "exchange", record(photo=digests["unsent"]))
    store.drafts.save("draft-1", case(photo=digests["held"]), "photo")
    unit = Unit(name="不存在公司", uscc="", contact="", mobile="", bank="abc", branch=PLACE.branch)
    store.batches.create(unit, [RowContent(data=b"{}", document="", name="", photo=digests["roster"])])
    store.awaiting.add("id-2", "exchange", record(authorised="waiver", photo=digests["awaiting"]))
    assert erase(store, clock) == Past(), "a case may be about to name it"
    days_later(clock, 2)
    assert erase(store, clock) == Past(orphans=1)
    assert [kind for kind in kinds if store.photos.get(digests[kind]) is None] == ["nobody"]
    days_later(clock, KEPT.drafts)
    assert erase(store, clock) == Past(drafts=1, orphans=1)
    assert store.drafts.list() == []
    days_later(clock, KEPT.rosters)
    assert erase(store, clock) == Past(rosters=1, orphans=1)
    assert store.batches.list() == []
    assert store.photos.get(digests["unsent"]) and store.photos.get(digests["awaiting"])


def test_papers_and_backups_past_their_time_are_gone(store: Store, clock: SetClock, tmp_path: Path) -> None:
    for name in ("slips/old.pdf", "slips/new.pdf", "rosters/old.xlsx", "slips/GZ-1-letter.pdf"):
        path = store.home / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("whoever")
        written(path, clock, days=0 if "new" in name else KEPT.papers + 1)
    folders = [tmp_path / name for name in ("old", "new", "in use", "with more")]
    for folder in folders:
        store.back_up(folder)
        written(folder / "ledger.db", clock, days=1 if folder.name == "new" else KEPT.backups + 1)
    shutil.copytree(tmp_path / "old", store.home / "before-schema-3")
    written(store.home / "before-schema-3" / "ledger.db", clock, days=KEPT.backups + 1)
    (tmp_path / "in use" / "ledger.db-wal").write_text("somebody works in it")
    (tmp_path / "with more" / "own.txt").write_text("somebody's own")
    assert erase(store, clock) == Past(papers=3, backups=3)
    assert [path.name for path in (store.home / "slips").iterdir()] == ["new.pdf"]
    assert not (store.home / "before-schema-3").exists() and not (tmp_path / "old").exists()
    assert [path.name for path in (tmp_path / "with more").iterdir()] == ["own.txt"]
    for name in ("new", "in use"):
        assert (tmp_path / name / "ledger.db").exists() and (tmp_path / name / "keyring.json").exists()
    assert store.home.joinpath("ledger.db").exists()
    assert erase(store, clock) == Past()


def written(path: Path, clock: SetClock, *, days: int) -> None:
    moment = (clock() - timedelta(days)).timestamp()
    os.utime(path, (moment, moment))


def test_a_period_of_0_keeps(store: Store, clock: SetClock) -> None:
    store.drafts.save("draft-1", case(), "photo")
    days_later(clock, 36500)
    kept = Periods(entries=0, photos=0, drafts=0, rosters=0, papers=0, backups=0)
    assert retention.due(store, clock(), kept) == retention.erase(store, clock(), kept) == Past()


def test_letters_go_whenever_the_ledger_is_opened(store: Store) -> None:
    folder = store.home / "slips"
    folder.mkdir()
    for name in ("GZ-1.pdf", "GZ-1-letter.pdf", "GZ-2-letter.pdf"):
        (folder / name).touch()
    retention.sweep_letters(store.home)
    assert [path.name for path in folder.iterdir()] == ["GZ-1.pdf"]


def test_the_periods_are_data(tmp_path: Path) -> None:
    assert periods().entries >= 3653 >= 10 * 365
    (tmp_path / "retention.toml").write_text("entries = 1\n")
    with pytest.raises(Exception, match=r"retention\.toml"):
        periods(tmp_path)
