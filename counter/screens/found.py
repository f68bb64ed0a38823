"""What was found (查找结果) as a line: what kind of thing, who, which number, and what of it; masked."""

from functools import singledispatch
from typing import TypeAlias

from counter.desk.find import Customer, Found, RosterName, SignedParcel
from counter.i18n import listed, step_name, t
from counter.paper.slip import yuan
from counter.rules.case import Holder
from counter.rules.masking import mask_card, mask_name, mask_number
from counter.rules.reference import Branch
from counter.rules.service import Service, StepId
from counter.rules.services import SERVICES
from counter.store.records import AwaitingCase, Batch, Draft, LedgerEntry, LyingCard, SendState
from counter.widgets.picks import cut

NAME_WIDTH = 24
"""Cells of the name of a person, a unit or a branch."""

Thing: TypeAlias = Found | Service
Cells: TypeAlias = tuple[tuple[str, str, str], str, str]
"""Kind, name and number; what is said of it; what stands at the right edge."""


@singledispatch
def line_of(thing: Thing) -> Cells:
    """The line of a thing."""
    raise TypeError(thing)


@line_of.register
def _(thing: Service) -> Cells:
    name = t(f"service.{thing.id}.name")
    return (f"{t('find.kind.service')} {thing.number}", name, ""), t(f"service.{thing.id}.hint"), ""


@line_of.register
def _(thing: Draft) -> Cells:
    stopped = t("home.stopped_at", step=step_name(SERVICES[thing.case.service], StepId(thing.step)))
    return (t("home.held"), *_who(thing.case.holder)), f"{t(f'service.{thing.case.service}.name')}  {stopped}", ""


@line_of.register
def _(thing: AwaitingCase) -> Cells:
    about = f"{t(f'service.{thing.kind}.name')}  {t(f'choice.authorised.{thing.reason}')}"
    return (t("home.awaiting"), *_who(thing.record.case.holder)), about, ""


@line_of.register
def _(thing: Customer) -> Cells:
    kinds = dict.fromkeys(t(f"service.{entry.kind}.name") for entry in thing.entries)
    about = f"{t('find.entries', count=len(thing.entries))}  {listed(kinds)}"
    return (t("find.kind.person"), *_who(_holder(thing.entries[0]))), about, ""


@line_of.register
def _(thing: LedgerEntry) -> Cells:
    waits = "" if thing.state in (SendState.CREATED, SendState.EXISTS) else t(f"choice.state.{thing.state}")
    about = f"{thing.business_date}  {t(f'service.{thing.kind}.name')}  {waits}".rstrip()
    return (f"{t('find.kind.entry')} {thing.seq}", *_who(_holder(thing))), about, yuan(thing.fee_fen)


@line_of.register
def _(thing: LyingCard) -> Cells:
    parcel = t("find.parcel", number=thing.parcel) if thing.parcel else ""
    return (t("find.kind.card"), _name(thing.name), mask_card(thing.number)), f"{thing.since}  {parcel}".rstrip(), ""


@line_of.register
def _(thing: RosterName) -> Cells:
    return (f"{t('find.kind.roster')} {thing.batch}", _name(thing.name), mask_number(thing.document.upper())), "", ""


@line_of.register
def _(thing: Batch) -> Cells:
    name = cut(thing.unit.name or t("batch.unnamed"), NAME_WIDTH)
    about = t("find.people", rows=thing.rows, submitted=thing.submitted)
    return (f"{t('find.kind.roster')} {thing.id}", name, thing.unit.uscc), about, ""


@line_of.register
def _(thing: SignedParcel) -> Cells:
    return (t("find.kind.parcel"), thing.number, ""), "", ""


@line_of.register
def _(thing: Branch) -> Cells:
    return (t("find.kind.branch"), cut(thing.name, NAME_WIDTH), thing.phone), thing.address, ""


def _holder(entry: LedgerEntry) -> Holder:
    return entry.record.case.holder if entry.record else Holder()


def _who(holder: Holder) -> tuple[str, str]:
    return _name(holder.name), mask_number(holder.document.number)


def _name(name: str) -> str:
    return cut(mask_name(name), NAME_WIDTH)
