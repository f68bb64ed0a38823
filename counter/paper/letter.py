"""The transfer letter (转移个账接收函): the new bank asks the old one to move the medical balance, EXC-3, EXC-10.

It is a letter between banks: in the trade's language whatever the clerk's is, with the name and the numbers whole; a
customer who reads another has it below in that one.
"""

from typing import Final

from counter.i18n import named, t, written
from counter.paper.languages import Printed, for_bank
from counter.rules.reference import Place, Reference
from counter.rules.services import SERVICES
from counter.store.records import LedgerEntry


def file_name(quote: str) -> str:
    """The name of a letter's file, without its ending, by the number to quote; ``*`` for all of them."""
    return f"{quote}-letter"


def has_letter(entry: LedgerEntry) -> bool:
    """Does this entry come with a letter?"""
    return bool(_letter(entry)) and entry.record is not None and entry.record.case.old_card is not None


def issued(notices: tuple[str, ...]) -> tuple[str, ...]:
    """What the customer is told once there is the entry, and with it the letter: no longer that it is to come."""
    return tuple(each.removesuffix(_TO_COME) for each in notices)


_TO_COME: Final = "_to_come"
"""The end of a notice of what the entry brings; the notice without it says that it is there."""


def _letter(entry: LedgerEntry) -> str:
    declared = SERVICES.get(entry.kind)
    return declared.letter if declared else ""


def printed_letter(entry: LedgerEntry, quote: str, reference: Reference, place: Place) -> Printed:
    """The letter of an entry that `has_letter`, in its languages."""
    assert entry.record is not None, "asked for where there is a letter"
    return for_bank(lambda: transfer_letter(entry, quote, reference, place), entry.record.case)


def transfer_letter(entry: LedgerEntry, quote: str, reference: Reference, place: Place) -> str:
    """The letter of an entry that `has_letter`; lines of at most 48 columns, signed and sealed by hand."""
    assert entry.record is not None and entry.record.case.old_card is not None, "asked for where there is a letter"
    case, old = entry.record.case, entry.record.case.old_card
    branch = reference.branches[place.branch]
    return t(
        f"letter.{_letter(entry)}",
        number=quote,
        old_bank=named(reference.banks[old.bank]),
        old_card=old.number,
        name=case.holder.name,
        document=t(f"choice.document.{case.holder.document.kind}"),
        document_number=case.holder.document.number,
        new_bank=named(reference.banks[place.bank]),
        branch=written(branch.name),
        address=written(branch.address),
        phone=branch.phone,
        maker=entry.maker,
        year=entry.business_date.year,
        month=entry.business_date.month,
        day=entry.business_date.day,
    )
