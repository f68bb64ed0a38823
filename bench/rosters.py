"""What the benches of rosters share: a ledger to write to, raw files to compare with, made-up people."""

import csv
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter

from counter.clock import today
from counter.reference.load import load_reference
from counter.rules.numbers import check_character
from counter.rules.reference import Context, Place
from counter.rules.unit import Unit
from counter.store import cipher
from counter.store.records import Operator, Role
from counter.store.store import Store

REFERENCE = load_reference()
BRANCH = next(each for each in REFERENCE.branches.values() if each.bank == "abc" and each.city == "441621")
PLACE = Place("441621", "abc", BRANCH.id, "1")
WINDOW = Context(today(), REFERENCE, PLACE)
UNIT = Unit(
    name="虚构电子厂", uscc="91350100M000100Y43", contact="赵联系", mobile="13900000000", bank="abc", branch=BRANCH.id
)
ROUNDS = 7
ALLOWED = 3.0
KEY = bytes(range(32))


@contextmanager
def a_store() -> Iterator[Store]:
    """An empty ledger of its own."""
    with tempfile.TemporaryDirectory() as folder:
        operator = Operator("li", "李国强", Role.SUPERVISOR)
        with Store.create(Path(folder) / "home", PLACE, operator, "bench only 1") as store:
            yield store


@contextmanager
def a_raw_file() -> Iterator[cipher.Connection]:
    """An empty encrypted file with the store's pragmas, and nothing of the store's."""
    with tempfile.TemporaryDirectory() as folder, closing(cipher.connect(Path(folder) / "raw.db", KEY)) as raw:
        yield raw


def a_roster(path: Path, count: int) -> Path:
    """A CSV file of people who cannot be, all of them right: 60 bytes each."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["姓名", "身份证号码", "民族", "联系电话", "职业", "社保卡号", "备注"])
        for n in range(count):
            body = f"441621{1950 + n // 240_000:04}{n // 20_000 % 12 + 1:02}{n // 900 % 28 + 1:02}{n % 900 + 1:03}"
            name = "钟试" + chr(0x4E00 + n % 900)
            writer.writerow([name, body + check_character(body), "汉族", f"138{n:08}", "工人", "", "三车间"])
    return path


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def report(name: str, ours: list[float], other: list[float], than: str = "raw", allowed: float = ALLOWED) -> bool:
    """Print the best of each and their ratio; False when it is too high. What else the machine does slows a turn down,
    and never makes one faster."""
    ratio = min(ours) / min(other)
    said = f"{name:<14} {min(ours) * 1000:6.0f} ms   {than} {min(other) * 1000:6.0f} ms"
    print(f"{said}   {ratio:.2f} (allowed {allowed:g})", flush=True)
    return ratio <= allowed
