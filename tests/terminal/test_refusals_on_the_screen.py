"""What the rules refuse stands on the screen with its sentence and its rule, and the case does not go on."""

from pathlib import Path

import pytest

from counter.gateway.seeding.portraits import portrait
from counter.i18n import Language, t
from counter.reference.load import read_folder
from tests.support.branch_at_work import Counter
from tests.support.clerk_at_work import PEOPLE, Clerk


@pytest.mark.parametrize("lang", ["en"])
def test_a_card_elsewhere_is_cleaned_up_first(lang: Language, clerk: Clerk) -> None:
    """ONE-1 to ONE-4: stopped, told what the clean-up means, confirmed, and the application goes on."""
    terminal = clerk.terminal
    clerk.start(1)
    clerk.identity(PEOPLE["elsewhere"])
    clerk.at("one_card")
    notice = t("notice.clean_up_still_works")[:12]
    terminal.wait_for(t("choice.one_card.elsewhere"), t("steps.one_card.notice"), notice, "ONE-1")
    clerk.refused("ONE-1", t("finding.one_card.clean_up")[:20])
    clerk.at("one_card")
    terminal.press("1")
    terminal.wait_for("ONE-3")
    terminal.press("f10")
    clerk.at("photo")
    terminal.wait_for(f"+{t('step.one_card')}")


def test_a_pending_application_is_refused(clerk: Clerk) -> None:
    clerk.start(1)
    clerk.identity(PEOPLE["pending"])
    clerk.at("one_card")
    clerk.terminal.wait_for(t("finding.one_card.pending"))
    clerk.refused("ONE-1", t("finding.one_card.pending"))
    clerk.at("one_card")


def test_a_wrong_check_digit_says_so_and_is_mended(clerk: Clerk) -> None:
    """WHO-5, in the province's own words; F1 shows the rule; the right number goes on."""
    terminal, person = clerk.terminal, PEOPLE["same_number"]
    wrong = person.number[:-1] + ("0" if person.number[-1] != "0" else "1")
    clerk.start(2)
    terminal.type(f"{wrong}\r{person.name}\r2018030120380301")
    terminal.press("0", "enter")
    terminal.wait_for("社会保障号检验位不符合检验规则", "WHO-5")
    clerk.refused("WHO-5", "社会保障号检验位不符合检验规则")
    terminal.press("f1")
    terminal.wait_for(t("rule.WHO-5.title"), t("rule.WHO-5.text")[:12])
    terminal.press("f1")
    terminal.wait_for(t("screen.hint.identity"))
    terminal.press("ctrl+u")
    terminal.type(f"{person.number}\r")
    terminal.press("f10")
    clerk.one_card("here")
    clerk.at("mode")


def test_an_expired_document_is_refused(clerk: Clerk) -> None:
    clerk.start(2)
    clerk.identity_typed(PEOPLE["same_number"], until="20200101")
    clerk.refused("WHO-4", t("finding.identity.expired", until="2020-01-01"))
    clerk.at("identity")


def test_a_bank_that_does_not_serve_the_city_is_refused(clerk: Clerk) -> None:
    """BNK-1: whichever bank the shipped data do not name for Zijin; the program in its terminal reads those."""
    shipped = read_folder(Path(__file__).parents[2] / "data")
    bank = next(bank for bank in shipped.banks.values() if bank.id not in shipped.cities["441621"].banks)
    terminal = clerk.terminal
    clerk.start(1)
    clerk.identity(PEOPLE["rare_name"])  # 𠮷, beyond the BMP, on the way
    clerk.at("one_card")
    terminal.press("esc")
    clerk.at("identity")
    terminal.wait_for("𠮷*九")
    terminal.press("f4")
    clerk.home()

    clerk.start(1)
    clerk.identity(PEOPLE["first_application"])
    clerk.one_card("none")
    clerk.receipt_photo(PEOPLE["first_application"].receipt)
    clerk.details()
    clerk.at("pickup")
    terminal.press("pageup")  # the counter's own bank asks for nothing
    clerk.at("bank")
    terminal.press("ctrl+u")
    terminal.type(f"{bank.initials.split()[0]}\r")
    terminal.wait_for(t("finding.bank.not_in_city", bank=bank.zh, city="紫金县"))
    clerk.refused("BNK-1")
    clerk.at("bank")


@pytest.mark.parametrize("lang", ["zh_CN"])
def test_no_mail_for_a_hong_kong_resident(lang: Language, counter: Counter, clerk: Clerk, tmp_path: Path) -> None:
    """PIC-2: the card of a Hong Kong, Macau or Taiwan resident is collected at a branch."""
    terminal, person = clerk.terminal, PEOPLE["hong_kong"]
    clerk.start(1)
    terminal.press("shift+tab", "3")
    terminal.wait_for(t("paper.permit_front"))
    terminal.type(f"{person.number}\r{person.name}\r19900101\r1")  # such a permit tells neither birth nor sex
    terminal.type("20200101\r20300101\r")
    terminal.press("1", "2", "enter")
    clerk.one_card("none")
    clerk.at("photo")
    terminal.press("2")
    terminal.type(f"{counter.home / 'counter.toml'}\r")  # a file that is no photo
    terminal.wait_for(t("finding.photo.unreadable")[:12], "PHO-6")
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(portrait(8))
    terminal.press("ctrl+u")
    terminal.type(f"{photo}\r")
    terminal.wait_for(t("steps.photo.taken"))
    terminal.press("f10")
    clerk.details(ethnicity="")
    clerk.at("pickup")
    terminal.wait_for("(-)", t("finding.pickup.no_mail")[:8])
    terminal.press("2", "1", "enter")  # what cannot be is not taken
    clerk.at("confirm")
