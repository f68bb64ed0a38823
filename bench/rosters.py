"""What the benches of rosters share: a ledger to write to, raw files to compare with, made-up people."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

import msgspec

from counter.rules.case import (
    Case,
    CaseRecord,
    Document,
    Holder,
    Mode,
    OldCard,
    Photo,
    PhotoSource,
    Pickup,
    PickupMethod,
)
from counter.rules.reference import Place
from counter.store import cipher
from counter.store.records import Operator, Role, RowContent
from counter.store.store import Store

ROUNDS = 5
ALLOWED = 3.0
KEY = bytes(range(32))


@contextmanager
def a_store() -> Iterator[Store]:
    """An empty ledger of its own."""
    with tempfile.TemporaryDirectory() as folder:
        operator = Operator("li", "李国强", Role.SUPERVISOR)
        place = Place("441621", "abc", "abc-zijin-01", "1")
        with Store.create(Path(folder) / "home", place, operator, "bench only 1") as store:
            yield store


@contextmanager
def a_raw_file() -> Iterator[cipher.Connection]:
    """An empty encrypted file with the store's pragmas, and nothing of the store's."""
    with tempfile.TemporaryDirectory() as folder, closing(cipher.connect(Path(folder) / "raw.db", KEY)) as raw:
        yield raw


def a_number(n: int) -> str:
    return f"4416211985{n % 12 + 1:02}{n % 28 + 1:02}{n % 1000:03}{n % 10}"


def a_content(n: int) -> RowContent:
    """A row as a roster keeps it: some 200 bytes."""
    name, number = f"钟试{n}", a_number(n) + str(n)
    cells = {"name": name, "kind": "身份证", "number": number, "ethnicity": "汉族", "mobile": f"138{n:08}"}
    more = {"occupation": "普工", "old_card": f"6217{n:015}", "photo": "", "remarks": "三车间"}
    return RowContent(data=msgspec.json.encode(cells | more), document=number, name=name)


def a_record(n: int) -> CaseRecord:
    """What a right row becomes: some 600 bytes."""
    document = Document(number=a_number(n) + str(n))
    holder = Holder(
        name=f"钟试{n}", document=document, ethnicity="01", mobile=f"138{n:08}", occupation="60000", region="441621"
    )
    case = Case(
        service="exchange",
        city="441621",
        holder=holder,
        papers=("id_card_front", "id_card_back"),
        old_card=OldCard(number=f"6217{n:015}", bank="abc", in_hand=True),
        mode=Mode.SAME_NUMBER,
        photo=Photo(source=PhotoSource.KEEP),
        bank="abc",
        branch="abc-zijin-01",
        pickup=Pickup(method=PickupMethod.BRANCH),
    )
    return CaseRecord(case=case, fee_fen=2000, notices=("benefits", "bank_card"), deferred=("identity", "one_card"))


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def report(name: str, ours: list[float], raw: list[float]) -> int:
    """Print the medians and their ratio; 1 when it is too high."""
    ratio = median(ours) / median(raw)
    print(
        f"{name:<16} {median(ours) * 1000:6.0f} ms   raw {median(raw) * 1000:6.0f} ms   {ratio:.2f} (allowed {ALLOWED})"
    )
    return int(ratio > ALLOWED)
