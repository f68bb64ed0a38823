"""What a clerk types: sign-in, the guided steps, confirmation. Every wait is for what a person would wait for."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from counter.gateway.seeding.customers import DemoPerson, demo_people
from counter.i18n import t
from tests.support.branch_at_work import PASSPHRASE
from tests.support.pty_terminal import Terminal

PEOPLE: Final = {person.purpose: person for person in demo_people()}
MOBILE: Final = "13800138000"
PARENTS_MOBILE: Final = "13900139000"
ADDRESS: Final = "紫城镇东风路1号302房"
MODES: Final = ("same_number", "new_number", "change_bank")


@dataclass
class Clerk:
    """Hands at the keyboard of a terminal; each method leaves the screen where its name says."""

    terminal: Terminal

    def sign_in(self, passphrase: str = PASSPHRASE) -> None:
        """Sign in as the second operator in the list, and be at home."""
        self.terminal.wait_for(t("sign_in.passphrase"))
        self.terminal.press("2")
        self.terminal.type(f"{passphrase}\r")
        self.home()

    def home(self) -> str:
        return self.terminal.wait_for(t("home.today"), t("home.what"))

    def at(self, step: str) -> str:
        """Wait until this step is the one that the steps line points at."""
        return self.terminal.wait_for(f">{t(f'step.{step}')}")

    def start(self, number: int) -> None:
        """Open a service by its number."""
        self.terminal.type(f"{number}\r")
        self.at("identity")
        self.terminal.wait_for(t("screen.hint.identity"))

    # --- the steps -------------------------------------------------------------------------------------------

    def first_application(self) -> None:
        """With the number of a photo receipt, collected at a branch, up to the consents."""
        person = PEOPLE["first_application"]
        self.start(1)
        self.identity(person)
        self.one_card("none")
        self.receipt_photo(person.receipt)
        self.details()
        self.pickup()
        self.looked()

    def minor_application(self, child: DemoPerson, father: DemoPerson, photo: Path) -> None:
        """A child's by the hukou book, whose father stands there, up to the consents."""
        self.start(1)
        self.terminal.press("up", "up", "2", "up", "2")
        self.terminal.type(f"{child.number}{child.name}\r20180801")
        self.terminal.type(f"{father.number}{father.name}\r2018030120380301")
        self.terminal.press("1", "0", "enter")
        self.one_card("none")
        self.file_photo(photo)
        self.at("details")
        self.terminal.type(f"01{PARENTS_MOBILE}80000441621{ADDRESS}\r")
        self.terminal.press("2")
        self.terminal.type(self.sms_code())
        self.pickup()
        self.looked()
        self.terminal.press("space", "space", "space")
        self.terminal.wait_for(lambda text: "[ ]" not in text)

    def exchange(self, mode: str) -> None:
        """An exchange up to how the card is collected."""
        self.start(2)
        self.identity(PEOPLE[mode])
        self.one_card("here")
        self.mode(mode)
        self.details()

    def exchange_by_card(self, mode: str, lay: Callable[[], object]) -> None:
        """An exchange of somebody whose identity card somebody lays on the reader."""
        self.start(2)
        lay()
        self.at("identity")
        self.terminal.wait_for(t("screen.from_document"), t("choice.identity.match"))
        self.terminal.press("1", "f10")
        self.one_card("here")
        self.mode(mode)
        self.at("details")
        self.terminal.type(MOBILE)
        self.terminal.type("30000")
        self.terminal.type("441621")
        self.terminal.press("1")
        self.terminal.type(self.sms_code())

    def identity(self, person: DemoPerson, *, until: str = "20380301") -> None:
        """Number, name, validity and papers, key by key, and on to the next step."""
        self.identity_typed(person, until=until)
        self.terminal.press("0", "enter")

    def identity_typed(self, person: DemoPerson, *, until: str = "20380301") -> None:
        self.terminal.type(person.number)
        self.terminal.type(f"{person.name}\r")
        self.terminal.type("20180301")
        self.terminal.type(until)

    def passed(self, step: str) -> None:
        """A step that asked for nothing is marked so, and has not held the clerk up."""
        self.terminal.wait_for(f"={t(f'step.{step}')}")

    def one_card(self, answer: str) -> None:
        """Wait for the province's answer, or its silence, and go on."""
        if answer in {"none", "here"}:
            self.passed("one_card")
            return
        self.at("one_card")
        self.terminal.wait_for(t(f"choice.one_card.{answer}"))
        self.terminal.press("f10")

    def receipt_photo(self, receipt: str) -> None:
        """A first application with the photo of a receipt number."""
        self.at("photo")
        self.terminal.press("3")
        self.terminal.type(f"{receipt}\r")
        self.terminal.wait_for(t("steps.photo.taken"))
        self.terminal.press("f10")

    def file_photo(self, file: Path) -> None:
        """A first application with a photo from a file."""
        self.at("photo")
        self.terminal.press("2")
        self.terminal.type(f"{file}\r")
        self.terminal.wait_for(t("steps.photo.taken"))
        self.terminal.press("f10")

    def mode(self, mode: str, *, card: str = "", bank: str = "abc") -> None:
        """The mode, the old card (typed where the province did not say it), and on."""
        self.at("mode")
        if not card:
            self.terminal.wait_for(re.compile(rf"{t('field.old_card.number')} +\S").search)
        self.terminal.press(str(MODES.index(mode) + 1))
        if card:
            self.terminal.type(f"{bank}\r")
            self.terminal.type(f"{card}\r")
        elif mode == "change_bank":
            self.terminal.wait_for(t("choice.booking.approved"))
        self.terminal.press("1")
        self.terminal.type("20310501")

    def details(self, *, ethnicity: str = "01", offline: bool = False) -> None:
        """Ethnicity, mobile, occupation, residence, address, insurance; last the code that came meanwhile."""
        self.at("details")
        self.terminal.type(ethnicity)
        self.terminal.type(MOBILE)
        self.rest_of_details()
        if offline:
            self.terminal.press("enter")
        else:
            self.terminal.type(self.sms_code())

    def mobile(self) -> None:
        """The mobile, and the code that comes to it."""
        self.terminal.type(MOBILE)
        self.terminal.type(self.sms_code())

    def rest_of_details(self) -> None:
        self.terminal.type("30000")
        self.terminal.type("441621")
        self.terminal.type(f"{ADDRESS}\r")
        self.terminal.press("1")

    def sms_code(self) -> str:
        """The code that a demonstration's province echoes."""
        said = t("finding.mobile.code_echo", sms="@")
        pattern = re.escape(said).replace("@", r"(\d{6})")
        text = self.terminal.wait_for(lambda text: re.search(pattern, text))
        found = re.search(pattern, text)
        assert found is not None
        return found[1]

    def pickup(self) -> None:
        """Collected at a branch."""
        self.at("pickup")
        self.terminal.press("1", "enter")

    def pickup_at_once(self) -> None:
        """A card off the counter's own stock."""
        self.at("pickup")
        self.terminal.press("2")
        self.terminal.type("000231\r")

    def record(self, seq: int = 1) -> None:
        """F10 writes the entry; again where a change came in between."""
        done = t("result.done", seq=seq)
        while done not in (shown := self.terminal.wait_for(lambda text: self.may_go_on(text) or done in text)):
            self.terminal.press("f10")
            self.terminal.wait_for(shown.__ne__)
        self.done(seq)

    def looked(self) -> str:
        """The confirmation has stood still: F10 is there."""
        self.at("confirm")
        return self.terminal.wait_for(self.may_go_on)

    @staticmethod
    def may_go_on(text: str) -> bool:
        """Does F10 record by now?"""
        return records() in text

    def refused(self, rule: str, *said: str) -> None:
        """F10 does not go on: the rule and its sentence stand on the screen."""
        self.terminal.press("f10")
        self.terminal.wait_for(f"{rule}  {t('screen.why')}", *said)

    def held_up(self, *said: str) -> None:
        """F10 on the confirmation leads to what is lacking, once the case has stood still."""
        early, text = t("screen.too_early"), ""
        while not all(each in text for each in said):
            self.looked()
            self.terminal.press("f10")
            text = self.terminal.wait_for(lambda shown: early in shown or all(each in shown for each in said))

    def done(self, seq: int = 1) -> str:
        return self.terminal.wait_for(t("result.done", seq=seq), t("slip.title"))

    def slip(self, home: Path) -> str:
        """F2 saves the slip; its text."""
        self.terminal.press("f2")
        self.terminal.wait_for(t("result.saved", path="@").partition("@")[0].strip())
        (path,) = (home / "slips").glob("*.txt")
        return path.read_text("utf-8")


def records() -> str:
    """What it says once F10 records."""
    return f"F10 {t('key.record')}"
