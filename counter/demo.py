"""A throw-away branch: a province that runs, a counter that is enrolled with it, made-up customers at its window."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Final

import msgspec

from counter.clock import today
from counter.devices.loopback import LoopbackPrinter, ReadPicture
from counter.devices.simulated import SimulatedReader
from counter.devices.simulated_card import SimulatedSlot, VirtualCard
from counter.files import write_whole
from counter.gateway.seeding import parcel
from counter.gateway.seeding.customers import demo_lines, demo_people, identity_cards, social_cards
from counter.gateway.server import Running, make_code, running, seed_lines
from counter.i18n import Language, t
from counter.paper.receipt import fonts_for_pictures, reader
from counter.province.client import enrol
from counter.province.transport import Way
from counter.rules.case import Holder
from counter.rules.read_card import ReadCard
from counter.rules.reference import Place, Reference
from counter.settings import Settings, write_settings
from counter.store.database import FILE_NAME
from counter.store.records import Operator, Role
from counter.store.store import Store

CITY: Final = "441621"
BANK: Final = "abc"
WINDOW: Final = "2"
PASSPHRASE: Final = "zijin demo 2026"  # noqa: S105 - of a throw-away branch, and told to everybody
CLERK: Final = Operator("zhang", "张敏", Role.CLERK)
SUPERVISOR: Final = Operator("li", "李国强", Role.SUPERVISOR)
SHEET: Final = "demo-customers.txt"
ROSTER: Final = "demo-roster.csv"
PRINTED: Final = "printed"
IN_ROSTER: Final = ("new_number", "rare_name", "receipt", "report_loss", "cancel")
"""The customers on the roster: the province knows them, and each has an ordinary card of the bank."""


class NoDemoError(Exception):
    """This home is a real counter's: a demonstration must not touch it."""


@dataclass(frozen=True, slots=True)
class DemoBranch:
    """The demonstration while it runs: home, address of the province, file of the passphrase, customers to serve."""

    settings: Settings
    province: str
    passphrase_file: Path
    customers: str


@dataclass(frozen=True, slots=True)
class CardHand:
    """Simulated readers, and the hand that lays the made-up customers' cards on them, one after the other."""

    reader: SimulatedReader | None
    slot: SimulatedSlot | None
    cards: Iterator[Holder | ReadCard]

    def lay(self) -> str:
        """Take away what lies there and lay the next card; what it is, for people."""
        card = next(self.cards)
        if isinstance(card, ReadCard) and self.slot is not None:
            self.slot.lay(VirtualCard(card))
            return t("card_reader.laid", name=card.name)
        if isinstance(card, Holder) and self.reader is not None:
            self.reader.lay(card)
            return t("reader.laid", name=card.name)
        return self.lay()

    def plugged_into(self, settings: Settings) -> Settings:
        """The settings that name these readers."""
        return msgspec.structs.replace(
            settings,
            id_reader=self.reader.address if self.reader else settings.id_reader,
            card_reader=self.slot.address if self.slot else settings.card_reader,
        )


@contextmanager
def readers(*, documents: bool, cards: bool) -> Iterator[CardHand]:
    """Readers for the demonstration, for as long as the block runs: of identity cards, of social security cards, or
    both; then a customer's identity card is laid down before the card."""
    with ExitStack() as stack:
        reader = stack.enter_context(SimulatedReader()) if documents else None
        slot = stack.enter_context(SimulatedSlot()) if cards else None
        pairs = zip(identity_cards(today()), social_cards(today()), strict=True)
        laid = [card for pair in pairs for card in pair if card != ReadCard()]
        yield CardHand(reader, slot, cycle(laid))


@contextmanager
def branch(home: Path, lang: Language, reference: Reference, *, printer: bool = False) -> Iterator[DemoBranch]:
    """A branch in this home for as long as the block runs; one that is there already is opened again. Its `printer` is
    none: what it prints is kept as text in the folder ``printed``."""
    folder = home / "gateway"
    place = Place(CITY, BANK, _branch_of(reference), WINDOW)
    home.mkdir(parents=True, exist_ok=True)
    passphrase_file = home / "demo-passphrase.txt"
    new = not (home / FILE_NAME).exists()
    if not new and not passphrase_file.exists():
        raise NoDemoError
    with running(None, folder, sms_echo=True) as province, _printer(home, there=printer) as slip_printer:
        settings = Settings(
            home=home,
            lang=lang,
            operator=CLERK.id,
            province=province.url,
            slip_printer=slip_printer,
            **msgspec.structs.asdict(place),
        )
        if new:
            write_whole(passphrase_file, PASSPHRASE + "\n")
            seed_lines(province.database, folder, [*demo_lines(today()), *_parcel(place, reference)])
            _open(settings, place, province, make_code(province.database, folder, place.branch, place.counter))
        write_settings(msgspec.structs.replace(settings, operator=""))
        text = customers(place, reference)
        write_whole(home / SHEET, text)
        write_whole(home / ROSTER, roster())
        yield DemoBranch(settings, province.url, passphrase_file, text)


def _as_text(picture: bytes) -> str:
    """A picture of a slip, read; the first one looks at the machine's fonts, which takes a while."""
    return _pictures()(picture)


@cache
def _pictures() -> ReadPicture:
    return reader(fonts_for_pictures(None))


@contextmanager
def _printer(home: Path, *, there: bool) -> Iterator[str]:
    """The setting of a printer that stands for as long as the block runs; '' without one."""
    if not there:
        yield ""
        return
    with LoopbackPrinter(home / PRINTED, _as_text).standing() as printer:
        yield printer.address


def customers(place: Place, reference: Reference) -> str:
    """Who signs in and which customers to type, for people."""
    known = reference.branches[place.branch]
    lines = [
        t("demo.place", branch=known.name, counter=place.counter),
        t("demo.sign_in", clerk=CLERK.id, supervisor=SUPERVISOR.id, passphrase=PASSPHRASE),
        "",
    ]
    for person in demo_people():
        brings = [
            t(f"demo.{what}", number=number)
            for what, number in (("card", person.card), ("receipt", person.receipt))
            if number
        ]
        lines += [
            "  ".join((person.name, person.number, *brings)),
            f"    {t(f'gateway.demo.{person.purpose}')}",
        ]
    lines += ["", t("demo.parcel", parcel=parcel.PARCEL), "    " + "  ".join(parcel.cards())]
    return "\n".join(lines) + "\n"


def roster() -> str:
    """A unit's roster (CSV) of five people, one of them with a mobile that is too short."""
    people = {person.purpose: person for person in demo_people()}
    lines = [[t(f"roster.column.{column}") for column in ("name", "number", "mobile")]]
    for at, purpose in enumerate(IN_ROSTER):
        mobile = "138" if at == 2 else f"1380000000{at}"
        lines.append([people[purpose].name, people[purpose].number, mobile])
    return "".join(",".join(line) + "\n" for line in lines)


def _parcel(place: Place, reference: Reference) -> list[str]:
    """A parcel for this branch, in which there is a card of another."""
    there = (each.id for each in reference.branches.values() if (each.bank, each.city) == (BANK, CITY))
    other = next(id for id in there if id != place.branch)
    return [msgspec.json.encode(row).decode() for row in parcel.parcel_rows(place, other, today())]


def _open(settings: Settings, place: Place, province: Running, code: str) -> None:
    """`counter init`, `operator add` and `enrol` in one."""
    store = Store.create(settings.home, place, SUPERVISOR, PASSPHRASE)
    try:
        store.operators.add(CLERK.id, CLERK.name, CLERK.role, PASSPHRASE)
        where = (place.branch, place.counter)
        key, province_key = enrol(province.url, code, *where, way=Way(province.ca), expected=province.public_key)
        store.identity.enrol(key, province.url, province_key, province.ca, CLERK.id)
    finally:
        store.close()


def _branch_of(reference: Reference) -> str:
    """A branch of the demonstration's bank and city, one that makes cards at once where there is one."""
    there = [branch for branch in reference.branches.values() if (branch.bank, branch.city) == (BANK, CITY)]
    return max(there, key=lambda branch: branch.instant).id
