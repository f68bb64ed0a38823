"""The service bank and its branch (银行): BNK-1 to BNK-3, EXC-1 to EXC-3, PIC-4."""

from collections.abc import Iterator
from typing import Final

from counter.rules.case import Case, Mode
from counter.rules.facts import branch, old_card, policy, serves
from counter.rules.finding import Finding, missing, stop
from counter.rules.reference import Context
from counter.rules.service import Check, Service


def city(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """BNK-1: the city of issue (发卡地), which decides banks and fees."""
    if policy(case, context) is None:
        yield stop("BNK-1", "city.unknown", "city")


def serves_city(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """BNK-1: a service bank of the city of issue."""
    known, bank = policy(case, context), context.reference.banks.get(case.bank)
    if not case.bank.strip():
        yield missing("BNK-1", "bank")
    elif bank is None:
        yield stop("BNK-1", "bank.unknown", "bank")
    elif known and case.bank not in known.banks:
        yield stop("BNK-1", "bank.not_in_city", "bank", bank=bank, city=known)


def this_counter(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """BNK-2: a bank's counter works for that bank; another bank's customer is referred."""
    bank = context.reference.banks.get(case.bank)
    if bank and context.place and case.bank != context.place.bank:
        yield stop("BNK-2", "bank.other_counter", "bank", bank=bank, hotline=bank.hotline)


def fits_mode(case: Case, service: Service, _context: Context) -> Iterator[Finding]:
    """EXC-1, EXC-2: the old card's bank; EXC-3: another one; BNK-2: without a mode the bank on the card's face."""
    old = old_card(case).bank
    if not (service.needs_card and case.bank and old):
        return
    same = case.bank == old
    if not service.modes:
        if service.collected_here and not same:
            yield stop("BNK-2", "bank.not_the_card_s", "bank")
    elif case.mode is None:
        return
    elif case.mode is Mode.CHANGE_BANK and same:
        yield stop("EXC-3", "bank.same_as_old", "bank")
    elif case.mode is not Mode.CHANGE_BANK and not same:
        yield stop("EXC-1" if case.mode is Mode.SAME_NUMBER else "EXC-2", "bank.not_the_old", "bank")


def known_branch(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """BNK-3: a branch of that bank in that city; PIC-4: the handling branch, where the service says so."""
    known, chosen = policy(case, context), branch(case, context)
    if not case.branch.strip():
        yield missing("BNK-3", "branch")
    elif chosen is None:
        yield stop("BNK-3", "branch.unknown", "branch")
    else:
        if case.bank and chosen.bank != case.bank:
            yield stop("BNK-3", "branch.other_bank", "branch")
        if known and not serves(chosen, known, context):
            yield stop("BNK-3", "branch.other_city", "branch", city=known)
        if service.collected_here and context.place and case.branch != context.place.branch:
            yield stop("PIC-4", "branch.not_handling", "branch")


CHECKS: Final[tuple[Check, ...]] = (city, serves_city, this_counter, fits_mode, known_branch)
