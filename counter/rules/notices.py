"""What the customer must be told (告知), as keys of ``notice.<key>``.

EXC-1 to EXC-5, ONE-3, PIC-3, PIC-5, PIN-1, ACT-1, ECD-1, NOT-1.
"""

from collections.abc import Iterator
from typing import Final

from counter.rules.case import Case, Insurance, Mode, OneCardAnswer, PickupMethod

CLEAN_UP: Final = ("clean_up_still_works", "clean_up_limits", "clean_up_benefits", "clean_up_return")
"""ONE-3: told before the holder confirms a clean-up."""

PENSIONS: Final = {
    Insurance.EMPLOYEE: ("benefits_institution", "benefits_employee", "benefits_other"),
    Insurance.RESIDENT: ("benefits_resident", "benefits_other"),
    None: ("benefits_institution", "benefits_employee", "benefits_resident", "benefits_other"),
}
"""EXC-5: which paying departments may be concerned, by kind of insurance."""


def for_exchange(case: Case) -> tuple[str, ...]:
    """What follows from an exchange, EXC-1 to EXC-5."""
    return (*_mode(case), *_clean_up(case), *_pickup(case), "e_card_again", "crime")


def for_application(case: Case) -> tuple[str, ...]:
    """What follows from a first application."""
    return (*_clean_up(case), *_pickup(case), "activate", "e_card", "crime")


def _mode(case: Case) -> Iterator[str]:
    if case.mode is None:
        return
    yield case.mode.value
    if case.mode is Mode.CHANGE_BANK:
        yield from ("medical_account", "tell_payers")
    if case.mode is not Mode.SAME_NUMBER:
        yield from PENSIONS[case.holder.insurance]
    if case.mode is not Mode.NEW_NUMBER:
        yield "integrated_system"


def _clean_up(case: Case) -> tuple[str, ...]:
    return CLEAN_UP if case.one_card.answer is OneCardAnswer.ELSEWHERE else ()


def _pickup(case: Case) -> tuple[str, ...]:
    match case.pickup.method:
        case PickupMethod.BRANCH:
            return ("collect",)
        case PickupMethod.MAIL:
            return ("mail", "mail_failed")
        case PickupMethod.INSTANT:
            return ("instant",)
        case None:
            return ()
