"""A throw-away branch: a province that runs, a counter that is enrolled with it, and made-up customers at its window."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec

from counter.gateway.server import running, seed_lines
from counter.i18n import Language, t
from counter.province.client import enrol
from counter.rules.numbers import check_character
from counter.rules.reference import Place, Reference
from counter.settings import Settings, write_settings
from counter.store.records import Operator, Role
from counter.store.store import Store

CITY: Final = "441621"
BANK: Final = "abc"
WINDOW: Final = "2"
CODE: Final = "DEMO-0001"
PASSPHRASE: Final = "zijin demo 2026"
CLERK: Final = Operator("zhang", "张敏", Role.CLERK)
SUPERVISOR: Final = Operator("li", "李国强", Role.SUPERVISOR)
SHEET: Final = "demo-customers.txt"


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody made up: `story` names ``demo.story.<story>``, what they come for and what will happen."""

    story: str
    name: str
    birth: str
    sequence: str
    mobile: str
    cards: tuple[tuple[str, str, str], ...] = ()  # card number, city, bank
    pending: bool = False
    receipt: str = ""
    booked_to: str = ""

    @property
    def number(self) -> str:
        """Their identity number: made up, with the right check character."""
        body = f"{CITY}{self.birth}{self.sequence}"
        return body + check_character(body)

    def rows(self) -> Iterator[dict[str, Any]]:
        """What the province knows of them, as rows of ``gateway seed``."""
        yield {"type": "person", "number": self.number, "name": self.name}
        if self.cards:
            yield {"type": "photo", "number": self.number, "drawn": int(self.sequence)}
        for card, city, bank in self.cards:
            yield {"type": "card", "number": self.number, "card": card, "city": city, "bank": bank}
        if self.pending:
            yield {"type": "application", "number": self.number}
        if self.receipt:
            yield {"type": "receipt", "number": self.number, "receipt": self.receipt, "drawn": int(self.sequence)}
        if self.booked_to:
            booking = {"id": f"B{self.sequence}", "to_bank": self.booked_to, "status": "approved"}
            yield {"type": "booking", "number": self.number, "approved_on": date.today(), **booking}


CUSTOMERS: Final = (
    Customer("exchange", "王晓明", "19800115", "991", "13800000001", (("A10000227", CITY, "abc"),)),
    Customer("change_bank", "吴秋英", "19750620", "982", "13800000002", (("A10000235", CITY, "icbc"),), booked_to="abc"),
    Customer("elsewhere", "欧阳海", "19881103", "971", "13800000003", (("B00000019", "440300", "cmb"),)),
    Customer("apply", "李冬梅", "19990909", "964", "13800000004", receipt="XP20260001"),
    Customer("pending", "陈志强", "20010228", "953", "13800000005", pending=True),
    Customer("rare_name", "𠮷㛃", "19911231", "942", "13800000006", (("A10000243", CITY, "abc"),), receipt="XP20260002"),
)


@dataclass(frozen=True, slots=True)
class Branch:
    """The demonstration while it runs: home, address of the province, where the passphrase and the sheet lie."""

    settings: Settings
    province: str
    passphrase_file: Path
    sheet: str


@contextmanager
def branch(home: Path, lang: Language, reference: Reference) -> Iterator[Branch]:
    """A branch in this home for as long as the block runs; one that is there already is opened again."""
    folder = home / "gateway"
    place = Place(CITY, BANK, _branch_of(reference), WINDOW)
    home.mkdir(parents=True, exist_ok=True)
    passphrase_file = home / "demo-passphrase.txt"
    new = not (home / "keyring.json").exists()
    with running(None, folder, sms_echo=True) as province:
        settings = Settings(home=home, lang=lang, operator=CLERK.id, province=province.url, **msgspec.structs.asdict(place))
        if new:
            seed_lines(province.database, folder, _rows(place))
            _open(settings, place)
            passphrase_file.write_text(PASSPHRASE + "\n", "utf-8")
        write_settings(msgspec.structs.replace(settings, operator=""))
        text = sheet(place, reference)
        (home / SHEET).write_text(text, "utf-8")
        yield Branch(settings, province.url, passphrase_file, text)


def sheet(place: Place, reference: Reference) -> str:
    """Who signs in and which customers to type, for people."""
    known = reference.branches[place.branch]
    lines = [
        t("demo.place", bank=reference.banks[place.bank].zh, branch=known.name, counter=place.counter),
        t("demo.sign_in", clerk=CLERK.id, supervisor=SUPERVISOR.id, passphrase=PASSPHRASE),
        "",
    ]
    for customer in CUSTOMERS:
        card = " ".join(f"{number} ({bank}, {city})" for number, city, bank in customer.cards) or "-"
        lines += [
            f"{customer.name}  {customer.number}  {customer.mobile}",
            f"    {t(f'demo.story.{customer.story}')}",
            "    " + t("demo.with", card=card, receipt=customer.receipt or "-"),
        ]
    return "\n".join(lines) + "\n"


def _rows(place: Place) -> Iterator[str]:
    code = {"type": "code", "code": CODE, "branch": place.branch, "counter": place.counter}
    yield msgspec.json.encode(code).decode()
    for customer in CUSTOMERS:
        yield from (msgspec.json.encode(row).decode() for row in customer.rows())


def _open(settings: Settings, place: Place) -> None:
    """`counter init`, `operator add` and `enrol` in one."""
    store = Store.create(settings.home, place, SUPERVISOR, PASSPHRASE)
    try:
        store.operators.add(CLERK.id, CLERK.name, CLERK.role, PASSPHRASE)
        key, province_key = enrol(settings.province, CODE, place.branch, place.counter)
        store.identity.enrol(key, settings.province, province_key)
    finally:
        store.close()


def _branch_of(reference: Reference) -> str:
    """A branch of the demonstration's bank and city, one that makes cards at once where there is one."""
    there = [branch for branch in reference.branches.values() if (branch.bank, branch.city) == (BANK, CITY)]
    return max(there, key=lambda branch: branch.instant).id
