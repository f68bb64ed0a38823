"""The card that the service acts on (原卡): whose it is, where it is, and what its life allows.

BNK-1, BNK-2, LOS-1, LOS-2, PHO-5, REP-1, REP-2, PIC-5, PIC-7, ACT-1, PIN-1, LCK-1, CAN-1.
"""

from collections.abc import Iterator
from typing import Final

from counter.rules.card_life import COMING, OVER, CardState, state_of
from counter.rules.case import Case, PhotoSource
from counter.rules.facts import hotline, old_card
from counter.rules.fees import waiver
from counter.rules.finding import Finding, Key, missing, stop, tell
from counter.rules.numbers import check_social_card
from counter.rules.reference import Context
from counter.rules.service import Check, Service, StepId
from counter.rules.steps.handed import handed_over


def known(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """BNK-1, APP-1: the bank on its face; its number as far as it can be read."""
    card = old_card(case)
    if not card.bank.strip():
        yield missing("BNK-2", "old_card.bank", f"{service.card}.bank")
    elif card.bank not in context.reference.banks:
        yield stop("BNK-1", "bank.unknown", "old_card.bank")
    if card.number:
        yield from check_social_card(card.number, "old_card.number")
    elif card.in_hand:
        yield missing("APP-1", "old_card.number", f"{service.card}.number")


def life(case: Case, service: Service, _context: Context) -> Iterator[Finding]:
    """What the card's life does not allow: LOS-2 after a replacement, PIC-5 before the branch has it, and so on."""
    state = state_of(old_card(case))
    if not service.may_move(state):
        yield not_in_state(service.card_rule, state, service)


def not_in_state(rule: str, state: CardState, service: Service) -> Finding:
    """A card that stands so is not for this service."""
    doing, stands = Key(f"service.{service.id}.name"), Key(f"choice.card_state.{state}")
    return stop(rule, "card.life", "old_card.status", state=stands, service=doing)


CHECKS: Final[tuple[Check, ...]] = (known, life, waiver, handed_over(StepId.CARD))


# --- what a service asks besides -------------------------------------------------------------------------------


def own_bank(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """BNK-2: services on an existing card go to the bank on its face; to another one the customer is referred."""
    bank = context.reference.banks.get(old_card(case).bank)
    if bank and context.place and bank.id != context.place.bank:
        yield stop("BNK-2", "bank.other_counter", "old_card.bank", bank=bank, hotline=bank.hotline)


def lies_here(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """PIC-7: the branch that has signed for the card hands it out, no other; the holder is told which it is."""
    card = old_card(case)
    if not card.branch or context.place is None or card.branch == context.place.branch:
        return
    known = context.reference.branches.get(card.branch)
    name, address, phone = (known.name, known.address, known.phone) if known else (card.branch, "", "")
    if state_of(card) is CardState.AT_BRANCH:
        yield stop("PIC-7", "card.other_branch", "old_card.at_branch", branch=name, address=address, phone=phone)
    else:
        yield tell("PIC-7", "card.for_branch", "old_card.at_branch", branch=name, address=address, phone=phone)


def in_hand(case: Case, service: Service, _context: Context) -> Iterator[Finding]:
    """LOS-2, ACT-1, PIN-1, LCK-1: the card itself is shown."""
    if not old_card(case).in_hand:
        yield stop(service.card_rule, "card.not_in_hand", "old_card.in_hand")


def in_hand_or_reported(case: Case, _service: Service, _context: Context) -> Iterator[Finding]:
    """REP-1: a card that is lost needs a loss report, one that is not is handed in (INF-1, INF-2 likewise)."""
    card = old_card(case)
    if not (card.in_hand or card.loss_reported or card.status in {"2", "4"}):
        yield stop("REP-1", "card.neither", "old_card.in_hand")


def still_valid(case: Case, service: Service, _context: Context) -> Iterator[Finding]:
    """PHO-5: the old photo is kept only while the card's face is valid; its date is read while the card is in hand."""
    card = old_card(case)
    keeps = PhotoSource.KEEP in service.photo_sources and case.photo.source in {None, PhotoSource.KEEP}
    if keeps and card.in_hand and card.expires is None:
        yield missing("PHO-5", "old_card.expires")


def financial(case: Case, _service: Service, _context: Context) -> Iterator[Finding]:
    """REP-2: a card without the financial function is not replaced; its holder applies afresh."""
    if old_card(case).kind != "financial":
        yield stop("REP-2", "old_card.not_financial", "old_card.kind")


def not_over(case: Case, service: Service, _context: Context) -> Iterator[Finding]:
    """EXC-6: a card that has come to its end, or is not there yet, is taken to no other bank."""
    state = state_of(old_card(case))
    if state in OVER or state in COMING:
        yield not_in_state("EXC-6", state, service)


def pin_locked(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """LCK-1: a terminal says that the PIN is locked; for any other lock the customer is referred."""
    if not old_card(case).pin_locked:
        yield stop("LCK-1", "card.not_pin_locked", "old_card.pin_locked", hotline=hotline(case, context))


def bank_side(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """LOS-1: both accounts lock together; where the bank's side failed the holder phones the bank."""
    card = old_card(case)
    bank = context.reference.banks.get(card.bank)
    if card.bank_lock_failed and bank:
        yield tell("LOS-1", "card.bank_lock_failed", "old_card.bank_lock_failed", bank=bank, hotline=bank.hotline)


def medical_account(case: Case, _service: Service, _context: Context) -> Iterator[Finding]:
    """CAN-1: the insurer closes the medical account first; who is not insured has none."""
    if case.insured is not False and not case.medical_account_closed:
        yield stop("CAN-1", "card.medical_account", "medical_account_closed")


def another_bank(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """EXC-3: the bank to which the balance or the card goes is not the one where it is."""
    bank = case.bank or (context.place.bank if context.place else "")
    if bank and bank == old_card(case).bank:
        yield stop("EXC-3", "bank.same_as_old", "old_card.bank")
