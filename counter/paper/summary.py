"""A case in words, section by section: what is confirmed and what the customer takes home (APP-3). People are masked.

A section holds all that its step asked: a new field of a case is said here, and `tests/paper/test_summary.py` names one
that is not. Nothing is said of what is empty.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final

from counter.i18n import card_label, named, short_name, t, written
from counter.paper.words import change, choice, day, document, faces, item_name, join, kind_of, mobile, proxy, yes_no
from counter.rules.case import Booking, Case, PhotoSource, PickupMethod, PresentedBy
from counter.rules.counting import count
from counter.rules.facts import agent_takes, birth, by_card, old_card, sex
from counter.rules.masking import MASKED, Seen
from counter.rules.papers import name_of
from counter.rules.reference import Context, Reference
from counter.rules.service import Service, StepId
from counter.rules.services import SERVICES

Lines = Iterator[tuple[str, str]]
"""Keys of labels and what stands behind them; what is empty is left out."""

MARKS: Final = (
    "in_hand",
    "preference",
    "account_active",
    "loss_reported",
    "bank_lock_failed",
    "replacement_filed",
    "tested_undamaged",
    "at_branch",
    "applied_by_agent",
    "booked_online",
    "pin_locked",
    "mailed",
)
"""What may be ticked of a card, or the province says of it; its labels say it."""
SEEN_AT_MODE: Final = frozenset({"in_hand", "preference"})
"""What the step of the mode asks of the old card (方式)."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A line of a section: its label, and what the case says."""

    label: str
    value: str


def sections(
    case: Case, reference: Reference, seen: Seen = MASKED, compared: Seen = MASKED
) -> dict[StepId, tuple[Stated, ...]]:
    """What each step of the case's service says of it; the customer is named first, whatever the first step asks.

    People are shown as `seen`, the identity details that change as `compared`.
    """
    return _Summary(case, SERVICES[case.service], reference, seen, compared).sections()


def city_name(code: str, reference: Reference) -> str:
    """The city of issue (发卡地) as people call it."""
    policy = reference.cities.get(code)
    return named(policy) if policy else written(reference.region_name(code))


@dataclass(frozen=True, slots=True)
class _Summary:
    case: Case
    service: Service
    reference: Reference
    seen: Seen
    compared: Seen

    @property
    def any_day(self) -> Context:
        """What is said here of a judged case is the same on any day."""
        return Context(date.max, self.reference)

    def sections(self) -> dict[StepId, tuple[Stated, ...]]:
        said = {step: list(SECTIONS[step](self)) for step in self.service.steps}
        if StepId.IDENTITY not in said:
            said[self.service.steps[0]][:0] = self._person()
        return {step: tuple(Stated(t(label), value) for label, value in lines if value) for step, lines in said.items()}

    # --- the customer ----------------------------------------------------------------------------------------------

    def _identity(self) -> Lines:
        answer = self.case.identity_check.answer
        yield from self._person()
        yield from self._presented()
        if by_card(self.case, self.service):
            yield "slip.card_alone", self.seen.card(old_card(self.case).number)
        yield "field.papers", self._papers(StepId.IDENTITY)
        yield "field.identity_check", t(f"choice.identity.{answer}") if answer else ""
        yield "field.read", join(*(t(f"choice.presented_by.{read.who}") for read in self.case.read))
        yield "field.laid_card", self.seen.card(self.case.laid_card.number) if self.case.laid_card else ""
        yield "field.faces.same", faces(self.case.faces)

    def _person(self) -> Lines:
        born, told = birth(self.case, self.any_day), sex(self.case, self.any_day)
        yield "field.holder.name", self.seen.name(self.case.holder.name)
        yield "field.line.document", document(self.case.holder.document, self.seen)
        yield "field.line.birth", join(day(born), told and t(f"choice.sex.{told}"))
        yield "field.holder.incapable", yes_no(self.case.holder.incapable or None)

    def _presented(self) -> Lines:
        """Who acts for the holder, or brings them."""
        who, unit = self.case.presented_by, self.case.unit
        acting = {PresentedBy.GUARDIAN: self.case.guardian, PresentedBy.AGENT: self.case.agent}.get(who)
        if acting is not None:
            yield from proxy(who, acting, self.seen)
            yield "field.agent.reason", self._why(StepId.IDENTITY)
        elif unit is None:
            yield "field.presented_by", t(f"choice.presented_by.{who}")
        if unit is not None:
            yield "field.line.unit", join(unit.name, unit.uscc)
            yield "field.line.contact", join(self.seen.name(unit.contact), self.seen.mobile(unit.contact_mobile))

    def _why(self, step: StepId) -> str:
        """Why an agent takes the card along (AGT-4), at the step where it is handed out."""
        at = StepId.PICKUP if StepId.PICKUP in self.service.steps else StepId.IDENTITY
        agent = self.case.agent
        takes = agent is not None and at is step and agent_takes(self.case, self.service)
        return choice("reason", agent.reason) if agent and takes else ""

    def _papers(self, step: StepId) -> str:
        """The papers that were handed over at a step, in place of others too."""
        at = {
            id: paper.at
            for paper in self.service.papers(self.case, self.service, self.any_day)
            for id in (paper.id, *chain.from_iterable(paper.otherwise))
        }
        handed = (id for id in self.case.papers if at.get(id, StepId.IDENTITY) is step)
        return join(*(t(name_of(id, self.case)) for id in handed))

    # --- the steps -------------------------------------------------------------------------------------------------

    def _one_card(self) -> Lines:
        """The province's answer, the cards that it named, and the clean-up that the holder confirmed (ONE-2)."""
        known, cards = self.case.one_card.answer, self.case.one_card.cards
        yield "field.one_card.answer", t(f"choice.one_card.{known}") if known else ""
        for card in cards:
            bank, status = self.reference.banks.get(card.bank), choice("card_status", card.status)
            yield (
                "field.line.card_found",
                join(
                    city_name(card.city, self.reference), bank and short_name(bank), self.seen.card(card.number), status
                ),
            )
        if self.case.one_card.clean_up_confirmed:
            cleaned = sum(card.cleanable for card in cards)
            yield "field.one_card.clean_up_confirmed", t("slip.cleaned_up", count=cleaned)

    def _photo(self) -> Lines:
        photo = self.case.photo
        receipt = photo.receipt if photo.source is PhotoSource.RECEIPT else ""
        taken = t("steps.photo.taken") if photo.digest else ""
        yield "field.photo.source", join(photo.source and t(f"choice.photo.{photo.source}"), receipt, taken)
        yield "field.photo.refused_before", yes_no(photo.refused_before or None)
        yield "field.papers", self._papers(StepId.PHOTO)

    def _card(self) -> Lines:
        """The card that the service acts on, and what its step asks beside it."""
        yield from self._old_card()
        if "insured" in self.service.card_details:
            yield "field.insured", yes_no(self.case.insured)
        if "medical_account_closed" in self.service.card_details:
            yield "field.medical_account_closed", yes_no(self.case.medical_account_closed or None)
        if "reason" in self.service.card_details:
            yield "field.reason", self.case.reason
        yield "field.papers", self._papers(StepId.CARD)

    def _old_card(self) -> Lines:
        old = self.case.old_card
        if old is None:
            return

        def called(name: str) -> str:
            return card_label(self.service, f"old_card.{name}")

        true = [name for name in MARKS if getattr(old, name)]
        checked = [t(called(name)) for name in true if self._is_asked(name)]
        checked += [] if old.has_photo else [t("slip.no_photo")]
        known = [t(called(name)) for name in true if not self._is_asked(name)]
        yield called("number"), self.seen.card(old.number)
        yield called("bank"), item_name(self.reference.banks.get(old.bank))
        yield called("status"), choice("card_status", old.status)
        yield "field.line.card", join(kind_of(old, self.service), *known)
        yield called("issued"), day(old.issued)
        yield called("expires"), day(old.expires)
        lies = self.reference.branches.get(old.branch)
        yield called("branch"), written(lies.name) if lies else old.branch
        yield "field.line.checked", join(*checked)

    def _is_asked(self, mark: str) -> bool:
        """Does the clerk answer this of the card? Nothing else has been checked at the window."""
        of_mode = StepId.MODE in self.service.steps and mark in SEEN_AT_MODE
        of_waiver = mark == "tested_undamaged" and bool(self.case.waiver)
        return of_mode or of_waiver or f"old_card.{mark}" in self.service.card_details

    def _changes(self) -> Lines:
        """The old values and the new ones (INF-2)."""
        new, holder, shown = self.case.changes, self.case.holder, self.compared
        if new is not None:
            told, names = sex(self.case, self.any_day), self.reference.ethnicities.get
            yield "field.changes.name", change(shown.name(holder.name), shown.name(new.name))
            yield "field.changes.number", change(shown.number(holder.document.number), shown.number(new.number))
            yield "field.changes.sex", change(told and t(f"choice.sex.{told}"), new.sex and t(f"choice.sex.{new.sex}"))
            yield "field.changes.ethnicity", change(item_name(names(holder.ethnicity)), item_name(names(new.ethnicity)))
        yield "field.insured", yes_no(self.case.insured)
        yield "field.papers", self._papers(StepId.CHANGES)

    def _mode(self) -> Lines:
        yield "field.mode", t(f"choice.mode.{self.case.mode}") if self.case.mode else ""
        yield from self._old_card()
        yield from self._booking()

    def _booking(self) -> Lines:
        """From which bank to which, where it stands, how it was decided and why (EXC-6)."""
        booking = self.case.booking
        if booking is None or booking == Booking():  # there was none before
            return
        banks = [self.reference.banks.get(id) for id in (booking.from_bank, booking.to_bank)]
        yield "field.booking.status", t(f"choice.booking.{booking.status}")
        yield "field.line.banks", " > ".join(short_name(bank) for bank in banks if bank)
        yield "field.booking.id", booking.id
        yield "field.booking.booked_on", day(booking.booked_on)
        yield "field.booking.approved_on", day(booking.approved_on)
        yield "field.booking.reason", booking.reason
        if booking.decision:
            yield "field.booking.decision", t(f"choice.booking.{booking.decision}")
            yield "field.reason", self.case.reason

    def _details(self) -> Lines:
        holder, reference = self.case.holder, self.reference
        yield "field.holder.ethnicity", item_name(reference.ethnicities.get(holder.ethnicity))
        yield "field.holder.mobile", mobile(holder.mobile, self.seen, verified=holder.mobile_verified)
        yield "field.holder.occupation", item_name(reference.occupations.get(holder.occupation))
        yield "field.holder.region", written(reference.region_name(holder.region))
        yield "field.holder.address", holder.address
        yield "field.holder.insurance", t(f"choice.insurance.{holder.insurance}") if holder.insurance else ""

    def _bank(self) -> Lines:
        branch = self.reference.branches.get(self.case.branch)
        yield "field.city", city_name(self.case.city, self.reference)
        yield "field.bank", item_name(self.reference.banks.get(self.case.bank))
        if branch is not None:
            yield "field.branch", written(branch.name)
            yield "field.line.address", written(branch.address)
            yield "field.line.hours", written(branch.hours)
            yield "field.line.phone", branch.phone

    def _pickup(self) -> Lines:
        """What is typed for another way than the chosen one is not asked any more, and not said."""
        pickup = self.case.pickup
        yield "field.pickup.method", t(f"choice.pickup.{pickup.method}") if pickup.method else ""
        if pickup.method is PickupMethod.MAIL:
            yield "field.pickup.recipient", self.seen.name(pickup.recipient)
            yield "field.pickup.mobile", mobile(pickup.mobile, self.seen, verified=pickup.mobile_verified)
            yield "field.pickup.region", written(self.reference.region_name(pickup.region))
            yield "field.pickup.address", pickup.address
        if pickup.method is PickupMethod.INSTANT:
            yield "field.pickup.blank_card", pickup.blank_card
        yield "field.agent.reason", self._why(StepId.PICKUP)
        yield "field.papers", self._papers(StepId.PICKUP)

    def _referral(self) -> Lines:
        kind = self.case.referral
        yield "field.referral", t(f"choice.referral.{kind}") if kind in self.service.referrals else ""

    def _parcel(self) -> Lines:
        """The parcel, how many cards were signed for, how many were otherwise (PIC-7)."""
        parcel = self.case.parcel
        if parcel is None:
            return
        found = count(parcel)
        others = {
            "missing": found.missing,
            "strays": found.strays,
            "unknown": found.unknown,
            "before": found.before,
        }
        yield "field.parcel.number", parcel.number
        yield "field.parcel.returned", t(f"choice.parcel.{'returned' if parcel.returned else 'parcel'}")
        yield "field.line.signed", t("slip.cards", count=len(found.right))
        for what, cards in others.items():
            yield f"choice.parcel.{what}", str(len(cards)) if cards else ""

    def _confirm(self) -> Lines:
        yield "field.waiver", choice("waiver", self.case.waiver)
        yield "field.consents", join(*(t(f"choice.consent.{each}") for each in self.case.consents))


SECTIONS: Final[Mapping[StepId, Callable[[_Summary], Lines]]] = {
    StepId.IDENTITY: _Summary._identity,
    StepId.ONE_CARD: _Summary._one_card,
    StepId.CARD: _Summary._card,
    StepId.CHANGES: _Summary._changes,
    StepId.PHOTO: _Summary._photo,
    StepId.MODE: _Summary._mode,
    StepId.BOOKING: _Summary._booking,
    StepId.DETAILS: _Summary._details,
    StepId.BANK: _Summary._bank,
    StepId.PICKUP: _Summary._pickup,
    StepId.ANSWER: _Summary._one_card,
    StepId.REFERRAL: _Summary._referral,
    StepId.PARCEL: _Summary._parcel,
    StepId.CONFIRM: _Summary._confirm,
}
"""What each step's section says."""
