"""What the province is told at once (a loss, its withdrawal, a booking, a review, a parcel), and what came of it.

An act carries the ledger entry's id, so that told again, or sent at sync, it is done once. Where the province does not
answer, the entry does it at sync: until then nothing that only the province can do is said to be done.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from counter.province.client import Province
from counter.province.errors import RefusedError
from counter.province.questions.question import Answer, person_of
from counter.province.wire import BankChange, Loss, LossAnswer, Review, Signing
from counter.rules.case import Booking, BookingStatus, Case
from counter.rules.counting import count
from counter.rules.facts import hotline, old_card
from counter.rules.finding import Finding, Param, stop, tell
from counter.rules.notices import notice
from counter.rules.parcel import Parcel
from counter.rules.reference import Context

NOT_DONE: Final = "not_done"
"""The notice in place of all others where the province has refused."""


class Told(StrEnum):
    """What came of telling the province."""

    DONE = "done"  # 已办
    BANK_FAILED = "bank_failed"  # the social side only: the customer must call the bank
    LATER = "later"  # no answer: the entry does it at sync
    REFUSED = "refused"  # a rule of the province's: it is not done


@dataclass(frozen=True, slots=True)
class Telling:
    """What came of telling the province of a case, None where there is nothing to tell it.

    `findings` say it to the clerk, `patch` is what the case is to say of it. `notice` is for the customer, in place of
    the record's `instead_of`, which says only what is true whatever the province answers.
    """

    told: Told | None = None
    findings: tuple[Finding, ...] = ()
    patch: Mapping[str, object] = field(default_factory=dict)
    notice: str = ""
    instead_of: str = ""

    def put_into(self, case: Case) -> Case:
        """The case with what came of it."""
        return Answer(self.patch).put_into(case)

    def notices(self, recorded: tuple[str, ...]) -> tuple[str, ...]:
        """What the customer is told, of what the record has; of what the province refused nothing follows."""
        if not self.notice:
            return recorded
        others = (each for each in recorded if each.partition("?")[0] != self.instead_of)
        return (self.notice,) if self.told is Told.REFUSED else tuple(dict.fromkeys((self.notice, *others)))


NOTHING_TO_TELL: Final = Telling()


@dataclass(frozen=True, slots=True)
class Said:
    """An outcome in words: ``finding.<code>`` at a field, ``notice.<notice>``, and the values that fill both."""

    code: str
    field: str
    notice: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that the province is told at once. A service names it as its `at_once`.

    `put` tells it and says what came of it; `outcomes` has words for each of those, and for `Told.LATER`. `patch` is
    what the case is to say, by outcome. `instead_of` is the notice that an outcome's takes the place of.
    """

    rule: str
    put: Callable[[Province, str, Case], Told]
    outcomes: Mapping[Told, Said]
    patch: Callable[[Told], Mapping[str, object]] = lambda _told: {}
    instead_of: str = ""

    def tell(self, province: Province, id: str, case: Case, context: Context) -> Telling:
        """Tell the province; a no by a rule is an outcome. Raises `OutOfReachError`; `RefusedError` for another no."""
        try:
            told = self.put(province, id, case)
        except RefusedError as refused:
            if not refused.rule:
                raise
            return Telling(Told.REFUSED, (stop(refused.rule, refused.code),), notice=NOT_DONE)
        return self._telling(told, case, context, self.patch(told))

    def later(self, case: Case, context: Context) -> Telling:
        """What is said where the province does not answer."""
        return self._telling(Told.LATER, case, context, {})

    def _telling(self, told: Told, case: Case, context: Context, patch: Mapping[str, object]) -> Telling:
        said = self.outcomes[told]
        values = {name: _VALUES[name](case, context) for name in said.values}
        texts = {name: value for name, value in values.items() if isinstance(value, str)}
        finding = tell(self.rule, said.code, said.field, **values)
        return Telling(told, (finding,), patch, said.notice and notice(said.notice, **texts), self.instead_of)


def _bank(case: Case, context: Context) -> Param:
    return context.reference.banks.get(old_card(case).bank, "")


def _bank_hotline(case: Case, context: Context) -> Param:
    bank = context.reference.banks.get(old_card(case).bank)
    return bank.hotline if bank else ""


_VALUES: Final[Mapping[str, Callable[[Case, Context], Param]]] = {
    "bank": _bank,
    "hotline": _bank_hotline,
    "city_hotline": hotline,
}
"""What a sentence about an outcome may name: the bank of the card, its hotline, the city's hotline."""


def _loss(id: str, case: Case) -> Loss:
    return Loss(id=id, person=person_of(case), city=case.city, card=old_card(case))


def _report_loss(province: Province, id: str, case: Case) -> Told:
    failed = province.report_loss(_loss(id, case)).answer is LossAnswer.BANK_FAILED
    return Told.BANK_FAILED if failed else Told.DONE


def _withdraw_loss(province: Province, id: str, case: Case) -> Told:
    province.withdraw_loss(_loss(id, case))
    return Told.DONE


def bank_change(id: str, case: Case) -> BankChange:
    """A booking as the province is told of it; its id is the entry's."""
    return BankChange(id=id, person=person_of(case), city=case.city, card=old_card(case), to_bank=case.bank)


def _book(province: Province, id: str, case: Case) -> Told:
    province.book(bank_change(id, case))
    return Told.DONE


def _review(province: Province, id: str, case: Case) -> Told:
    """The decision of the original bank; the counter that booked hears of it."""
    decided = case.booking or Booking()
    approve = decided.decision is BookingStatus.APPROVED
    reason = case.reason[:200]
    province.review(Review(id=id, person=person_of(case), booking=decided.id, approve=approve, reason=reason))
    return Told.DONE


def _sign(province: Province, id: str, case: Case) -> Told:
    """What the branch has now; nothing of the holders, whom the province knows."""
    counted = case.parcel or Parcel()
    signed = Parcel(number=counted.number, returned=counted.returned, counted=count(counted).right)
    province.sign(Signing(id=id, parcel=signed))
    return Told.DONE


ACTS: Final[Mapping[str, Act]] = {
    "loss": Act(
        rule="LOS-1",
        put=_report_loss,
        outcomes={
            Told.DONE: Said("loss.locked", "old_card.status", "loss_locked"),
            Told.BANK_FAILED: Said(
                "card.bank_lock_failed", "old_card.bank_lock_failed", "loss_bank_failed", ("bank", "hotline")
            ),
            Told.LATER: Said("loss.locked_later", "old_card.status", "loss_locked_later", ("city_hotline", "hotline")),
        },
        patch=lambda told: {"old_card.bank_lock_failed": told is Told.BANK_FAILED},
        instead_of="loss_reported",
    ),
    "withdrawal": Act(
        rule="LOS-2",
        put=_withdraw_loss,
        outcomes={
            Told.DONE: Said("loss.withdrawn", "old_card.status", "loss_withdrawn"),
            Told.LATER: Said("loss.withdrawn_later", "old_card.status", "loss_withdrawn_later"),
        },
        instead_of="loss_withdrawal",
    ),
    "booking": Act(
        rule="EXC-6",
        put=_book,
        outcomes={
            Told.DONE: Said("booking.booked", "booking"),
            Told.LATER: Said("booking.booked_later", "booking", "booked_later"),
        },
        instead_of="booked",
    ),
    "review": Act(
        rule="EXC-6",
        put=_review,
        outcomes={
            Told.DONE: Said("booking.reviewed", "booking"),
            Told.LATER: Said("booking.reviewed_later", "booking", "reviewed_later"),
        },
    ),
    "signing": Act(
        rule="PIC-7",
        put=_sign,
        outcomes={
            Told.DONE: Said("parcel.signed", "parcel"),
            Told.LATER: Said("parcel.signed_later", "parcel"),
        },
    ),
}
"""By the name that a service declares as its `at_once`: LOS-1, LOS-2, EXC-6, PIC-7."""
