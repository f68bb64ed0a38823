"""Returned entries (退回): why they came back, and the two ways to be done with them: corrected, or written off."""

from msgspec import structs

from counter.desk.desk import Desk, Done
from counter.i18n import has, t
from counter.rules.case import Case
from counter.rules.decision import Decision
from counter.rules.masking import mask_name
from counter.store.records import AwaitingCase, LedgerEntry, SendState


def why_returned(entry: LedgerEntry) -> str:
    """The province's reason in words; of a conflict, that it is one."""
    if entry.state is SendState.CONFLICT:
        return t(f"choice.state.{entry.state}")
    reason = f"finding.{entry.code}"
    return t(reason) if has(reason) and "{" not in t(reason) else entry.rule or entry.code


def reason_for(entry: LedgerEntry) -> str:
    """Which entry came back, and why, in a sentence."""
    return t("ledger.returned_for", seq=entry.seq, rule=entry.rule or "-", reason=why_returned(entry))


def correct(desk: Desk, entry: LedgerEntry) -> str:
    """Open the case of a returned entry again, its reason with it; the id of the held case. Raises
    `NotReturnedError`."""
    return desk.store.clearing.reopen(entry.id, reason_for(entry))


def send_again(desk: Desk, entry: LedgerEntry, case: Case) -> Done | AwaitingCase:
    """Record a corrected case in place of the entry that came back; raises as `Desk.submit` does, and
    `NotReturnedError`."""
    return desk.submit(desk.store.drafts.new_id(), structs.replace(case, corrects=entry.id))


def write_off(desk: Desk, entry: LedgerEntry, reason: str, checker: str, passphrase: str) -> Decision:
    """Write a returned entry off (核销): who has signed in and a supervisor, with a reason.

    Raises `NotReturnedError`, `NoReasonError`, `NotAllowedError`, `OwnCaseError`, and as `Operators.verify` does.
    """
    verified = desk.store.operators.verify(checker, passphrase)
    return desk.store.decisions.write_off(entry.id, reason, verified)


def named(entry: LedgerEntry) -> str:
    """An entry in a line: its number, service and person, masked."""
    who = mask_name(entry.record.case.holder.name) if entry.record else ""
    return "  ".join(filter(None, (f"{entry.seq}", t(f"service.{entry.kind}.name"), who)))
