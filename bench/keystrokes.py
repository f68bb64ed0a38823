"""How many keys a service takes, counted while it is recorded: a real program, a real province, what a clerk types.

*Typed* are the characters that are the customer's own (numbers, names, dates, an address) and the service's number;
*keys* is all else: Enter, the digits that choose, the keys that act. What is counted was recorded and created by the
province, else the bench fails. Compared with the counts of the version before fields went on by themselves.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from counter.clock import today
from counter.devices.simulated import SimulatedReader
from counter.gateway.seeding import seed
from counter.gateway.seeding.customers import identity_cards
from counter.gateway.seeding.portraits import portrait
from counter.i18n import t, use_language
from counter.reference.load import load_reference
from counter.rules.numbers import social_card_check
from tests.support.branch_at_work import Counter, Gateway, new_counter
from tests.support.clerk_at_work import PEOPLE, Clerk
from tests.support.province_world import fresh_database, postgresql_server
from tests.support.pty_terminal import Terminal
from tests.support.rosters import number

BEFORE: Final = {
    "exchange": 27,
    "exchange, card read": 27,
    "first application": 26,
    "minor by hukou": 40,
    "replacement after loss": 19,
    "loss": 11,
    "collection": 11,
    "booking": 16,
    "roster of 60": 38,
}
"""Keys beyond what was typed, in 0.9: counted by hand in the same way."""
GOAL: Final = {"exchange": 12, "exchange, card read": 8}
PEOPLE_OF_ROSTER: Final = 60
UNIT: Final = ("虚构电子厂", "91350100M000100Y43", "赵联系", "13900000000")
SHARE: Final = 0.6
"""What every other service may take of what it took."""


class Counting(Terminal):
    """A terminal that counts what is typed into it."""

    typed = 0
    keys = 0

    def type(self, text: str) -> None:
        self.keys += text.count("\r")
        self.typed += len(text) - text.count("\r")
        super().type(text)

    def press(self, *keys: str) -> None:
        self.keys += len(keys)
        typed = self.typed, self.keys
        super().press(*keys)
        self.typed, self.keys = typed


def main() -> int:
    use_language("zh_CN")
    late = []
    print(f"{'service':<26}{'typed':>6}{'keys':>6}{'before':>8}{'share':>8}")
    with SimulatedReader() as reader, a_window(reader.address) as (terminal, counter):
        clerk = Clerk(terminal)
        card = next(each for each in identity_cards(today()) if each.name == PEOPLE["rare_name"].name)
        clerk.sign_in()
        served = SERVED | {"exchange, card read": partial(exchange_by_card, lay=partial(reader.lay, card))}
        for seq, (name, serve) in enumerate(served.items(), 1):
            terminal.typed = terminal.keys = 0
            serve(clerk)
            clerk.record(seq)
            late += reported(name, terminal)
            terminal.press("f8" if name == "loss" else "enter")
            if name != "loss":
                clerk.home()
        terminal.typed = terminal.keys = 0
        roster(clerk, a_roster(counter))
        late += reported("roster of 60", terminal)
        code, said = counter.sync()
    assert code == 0 and said["created"] == len(served) + PEOPLE_OF_ROSTER and said["matched"], said
    print(f"over the goal: {', '.join(late) or 'none'}")
    return 1 if late else 0


def reported(name: str, terminal: Counting) -> list[str]:
    """Print what a service took; its name where that is more than the goal."""
    keys, before = terminal.keys, BEFORE[name]
    print(f"{name:<26}{terminal.typed:>6}{keys:>6}{before:>8}{keys / before:>8.0%}", flush=True)
    return [name] if keys > GOAL.get(name, before * SHARE) else []


@contextmanager
def a_window(id_reader: str) -> Iterator[tuple[Counting, Counter]]:
    """The demonstration's province, a counter enrolled with it, its screen, and an ID-card reader."""
    branches = load_reference(None).branches.values()
    branch = next(one.id for one in branches if (one.bank, one.city, one.instant) == ("abc", "441621", True))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, postgresql_server() as postgresql:
        gateway = Gateway(fresh_database(postgresql), Path(folder))
        gateway.start()
        counter = new_counter(gateway, Path(folder), branch)
        command = (sys.executable, "-m", "counter", "--home", str(counter.home))
        with Counting(*command, environ={"COUNTER_ID_READER": id_reader}) as terminal:
            yield terminal, counter
        gateway.stop()


def exchange(clerk: Clerk) -> None:
    """Same bank, same number (EXC-1)."""
    clerk.exchange("same_number")


def exchange_by_card(clerk: Clerk, lay: Callable[[], None]) -> None:
    """The same with the identity card read: nothing of it is typed."""
    clerk.exchange_by_card("same_number", lay)


def first_application(clerk: Clerk) -> None:
    """With the number of a photo receipt, collected at a branch."""
    clerk.first_application()
    clerk.terminal.press("space", "space")
    clerk.terminal.wait_for(lambda text: "[ ]" not in text)


def minor(clerk: Clerk) -> None:
    """A child's first card by the hukou book, its father there, with a photo from a file (WHO-3, GRD-1)."""
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "1.jpg"
        photo.write_bytes(portrait(3))
        clerk.minor_application(PEOPLE["minor"], PEOPLE["same_number"], photo)


def loss(clerk: Clerk) -> None:
    """Reported by the holder (LOS-1)."""
    clerk.start(6)
    clerk.identity(PEOPLE["report_loss"])


def replacement(clerk: Clerk) -> None:
    """Of the card that has just been reported lost, for the same customer (REP-1)."""
    clerk.at("identity")
    clerk.terminal.press("f10")
    clerk.at("details")
    clerk.mobile()
    clerk.pickup()


def collection(clerk: Clerk) -> None:
    """By the holder (PIC-5)."""
    clerk.start(4)
    clerk.identity(PEOPLE["collect"])


def booking(clerk: Clerk) -> None:
    """A change of bank (EXC-6)."""
    clerk.start(11)
    clerk.identity(PEOPLE["book"])
    clerk.at("booking")
    clerk.terminal.press("f10")
    clerk.at("details")
    clerk.mobile()


def a_roster(counter: Counter) -> Path:
    """A file of people who have second-generation cards of this bank, as the province knows them."""
    file = counter.home.parent / "roster.csv"
    people = [(f"钟试{chr(0x4E00 + n)}", number(n, "19900101")) for n in range(1, PEOPLE_OF_ROSTER + 1)]
    for n, (name, who) in enumerate(people):
        body = f"B001{n:04}"
        card = seed.CardRow(number=who, card=body + social_card_check(body), city="441621", bank="abc")
        counter.gateway.plant(seed.PersonRow(number=who, name=name), card)
    lines = (f"{name},{who},汉族,138{n:08},工人" for n, (name, who) in enumerate(people))
    file.write_text("\n".join(("姓名,身份证号码,民族,联系电话,职业", *lines)), "utf-8")
    return file


def roster(clerk: Clerk, file: Path) -> None:
    """From a unit's file to the ledger: the file, its columns, the unit, a look, F10 (EXC-7)."""
    terminal = clerk.terminal
    terminal.press("f7", "f3")
    terminal.type(f"{file}\r")
    terminal.wait_for(t("batch.columns", row=1)[:10])
    terminal.press("f10")
    counts = t("batch.counts", rows=PEOPLE_OF_ROSTER, right=PEOPLE_OF_ROSTER, wrong=0, submitted=0)
    terminal.wait_for(counts)
    terminal.press("f10")
    for value in UNIT:
        terminal.type(f"{value}\r")
    terminal.press("esc")
    terminal.wait_for(counts, UNIT[0])
    terminal.press("f10")
    terminal.wait_for(t("batch.submit.title"), f"F10 {t('key.record')}")
    terminal.press("f10")
    terminal.wait_for(t("batch.submitted", recorded=PEOPLE_OF_ROSTER))


SERVED: Final[dict[str, Callable[[Clerk], None]]] = {
    "exchange": exchange,
    "first application": first_application,
    "minor by hukou": minor,
    "loss": loss,
    "replacement after loss": replacement,
    "collection": collection,
    "booking": booking,
}
"""In this order: the replacement follows the loss."""

if __name__ == "__main__":
    sys.exit(main())
