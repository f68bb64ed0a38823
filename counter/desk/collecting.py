"""Collecting for a unit (单位集体领卡), EXC-7: its contact signs for the cards, each holder activates their own.

Each card that is handed over is a ``collect`` entry, each activation an ``activate`` entry, judged as at the window. An
entry's id follows from the row's, so that nothing is done twice and the ledger alone says where the list stands.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID, uuid5

from msgspec import structs

from counter.desk import rosters
from counter.desk.desk import CaseRefusedError, Desk
from counter.desk.rosters import KeptPerson
from counter.province.questions.cards import CARDS
from counter.roster.checks import Checker
from counter.roster.row import to_case
from counter.rules.card_life import CardState, state_of
from counter.rules.case import Case, Mode, OldCard
from counter.rules.finding import Finding, Level
from counter.rules.service import Service
from counter.rules.services.holding import ACTIVATE, COLLECT
from counter.rules.steps.card import lies_here
from counter.store.records import Batch

_SEALED: Final = "0"
_NORMAL: Final = "1"


@dataclass(frozen=True, slots=True)
class Collection:
    """Somebody whose card comes back with the unit's: the row, what was done, under which ids the next is recorded."""

    person: KeptPerson
    collected: str = ""
    activated: str = ""
    tries: tuple[int, int] = (0, 0)
    """How often collecting and activating were taken back (冲正) in the ledger."""


@dataclass(frozen=True, slots=True)
class CollectResult:
    """What came of an act: how the person stands now, what the province says of the card, why it was refused."""

    standing: Collection
    card: CardState | None = None
    refused: tuple[Finding, ...] = ()


class Collecting:
    """The list of one roster. For thread workers: every method asks the ledger or the province."""

    def __init__(self, desk: Desk, batch: Batch) -> None:
        self.desk = desk
        self.batch = batch
        self.unit = batch.unit
        said = Checker(self.unit, desk.context()).of_unit
        self._words = tuple(each.code for each in said if each.level is Level.ASK)
        """What the clerk gave their word on when the roster was submitted."""

    def people(self) -> list[Collection]:
        """Everybody whose exchange stands in the ledger, in the roster's order."""
        store = self.desk.store
        submitted = [person for person in rosters.people(store, self.batch.id) if person.submitted]
        stands = store.ledger.standing(person.id for person in submitted)
        found = [Collection(person) for person in submitted if stands.get(person.id)]
        collected = self._latest(COLLECT, (each.person.id for each in found))
        activated = self._latest(ACTIVATE, (each.person.id for each in found))
        return [
            Collection(
                each.person,
                collected[each.person.id][0],
                activated[each.person.id][0],
                (collected[each.person.id][1], activated[each.person.id][1]),
            )
            for each in found
        ]

    def _latest(self, service: Service, rows: Iterable[str]) -> dict[str, tuple[str, int]]:
        """By row: the entry that stands ('' for none), and how many were taken back before it."""
        latest: dict[str, tuple[str, int]] = {}
        left, tries = list(rows), 0
        while left:
            ids = {row: entry_id(row, service, tries) for row in left}
            stands = self.desk.store.ledger.standing(ids.values())
            latest.update((row, (id if stands.get(id) else "", tries)) for row, id in ids.items())
            left, tries = [row for row in left if stands.get(ids[row]) is False], tries + 1
        return latest

    def ask(self, standing: Collection) -> CollectResult:
        """What does the province say of the card? One that another branch has is not handed out here (PIC-7)."""
        case = self._case(standing, COLLECT, "", OldCard(bank=self.unit.bank))
        card, reached = self._card(case)
        found = lies_here(structs.replace(case, old_card=card), COLLECT, self.desk.context())
        refused = tuple(finding for finding in found if finding.level is Level.STOP)
        return CollectResult(standing, state_of(card) if reached else None, refused)

    def collect(self, standing: Collection, signed_by: str) -> CollectResult:
        """The card goes to the contact, who signs. Without an answer the card in the clerk's hands says where it is."""
        if standing.collected:
            return CollectResult(standing)
        case = self._case(standing, COLLECT, signed_by, OldCard(bank=self.unit.bank))
        card, reached = self._card(case)
        if not reached:
            same = standing.person.row.old_card if self.unit.mode is Mode.SAME_NUMBER else ""
            card = structs.replace(card, number=card.number or same, status=_SEALED, at_branch=True)
        id, refused = self._confirm(standing, COLLECT, structs.replace(case, old_card=card))
        return CollectResult(replace(standing, collected=id), state_of(card) if reached else None, refused)

    def activate(self, standing: Collection, signed_by: str) -> CollectResult:
        """The holder is there and activates; a card that was not handed over yet is, first."""
        before = self.collect(standing, signed_by)
        if before.refused or standing.activated:
            return before
        entry = self.desk.store.ledger.by_id(before.standing.collected)
        held = entry.record.case.old_card if entry and entry.record else None
        card = OldCard(number=held.number if held else "", bank=self.unit.bank, status=_NORMAL, in_hand=True)
        id, refused = self._confirm(standing, ACTIVATE, self._case(standing, ACTIVATE, signed_by, card))
        return CollectResult(replace(before.standing, activated=id), before.card, refused)

    def _card(self, case: Case) -> tuple[OldCard, bool]:
        answer = self.desk.ask(CARDS, case)
        card = answer.put_into(case).old_card
        assert card is not None, "the case has one"
        return card, answer.reached

    def _case(self, standing: Collection, service: Service, signed_by: str, card: OldCard) -> Case:
        person, context = standing.person, self.desk.context()
        done = to_case(person.row, self.unit, context, person.answers)
        assert done.unit is not None, "a roster has its unit"
        unit = structs.replace(done.unit, contact=signed_by or done.unit.contact)
        return Case(
            service=service.id,
            city=done.city,
            holder=done.holder,
            unit=unit,
            papers=done.papers,
            identity_check=done.identity_check,
            old_card=card,
            bank=done.bank,
            branch=done.branch,
            acknowledged=(*done.acknowledged, *self._words),
        )

    def _confirm(self, standing: Collection, service: Service, case: Case) -> tuple[str, tuple[Finding, ...]]:
        """Record it: the entry's id, or '' and what the rules refuse it for."""
        tries = standing.tries[service is ACTIVATE]
        try:
            return self.desk.confirm(entry_id(standing.person.id, service, tries), case).entry.id, ()
        except CaseRefusedError as error:
            judgement = error.judgement
            return "", tuple(each for each in judgement.findings if judgement.blocks(each))


def entry_id(row: str, service: Service, tries: int = 0) -> str:
    """The id of the entry that a row's collecting or activating becomes; another one after each that was taken back."""
    return str(uuid5(UUID(row), f"{service.id}.{tries}"))
