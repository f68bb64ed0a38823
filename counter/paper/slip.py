"""The customer's slip (回执单) as text: what was done, what is still to do, whom to call. People on it are masked."""

from collections.abc import Iterable
from datetime import date

from msgspec import structs
from rich.cells import cell_len, set_cell_size

from counter.clock import SHANGHAI
from counter.i18n import dated, listed, notice, t, written
from counter.paper.contacts import LINE, line, pair, whom_to_call
from counter.paper.languages import Printed, for_customer
from counter.paper.letter import issued
from counter.paper.summary import sections
from counter.rules.case import Case
from counter.rules.facts import old_card
from counter.rules.fees import full_fen
from counter.rules.judge import Judgement
from counter.rules.masking import MASKED, Seen, mask_address
from counter.rules.record import CaseRecord
from counter.rules.reference import Context, Place, Reference
from counter.rules.service import MAKES_A_CARD
from counter.rules.services import SERVICES
from counter.store.records import LedgerEntry
from counter.terminal.wrapping import hang

WIDTH = LINE
HALF = WIDTH // 2
RULE = "-" * WIDTH
CHECKED = 16


def yuan(fen: int) -> str:
    """An amount in fen as people read it: 20.00 元."""
    return t("slip.yuan", amount=f"{fen / 100:.2f}")


def fee_text(case: Case, fee_fen: int, waived: str, reference: Reference) -> str:
    """The fee and how it is paid; one that is waived with what it would have been, and why it is not due (FEE-1)."""
    if not waived:
        return t("slip.paid", amount=yuan(fee_fen), way=t(f"choice.payment.{case.payment}")) if fee_fen else yuan(0)
    full = full_fen(case, SERVICES[case.service], Context(today=date.min, reference=reference))
    return t("slip.waived", amount=yuan(fee_fen), full=yuan(full), why=t(f"choice.waiver.{waived}"))


def check_of(entry: LedgerEntry) -> str:
    """The first half of an entry's hash, in two groups: a ledger that is cut short or hashed anew no longer has it.

    Its seq is the last part of the number to quote.
    """
    return f"{entry.hash[:CHECKED]} {entry.hash[CHECKED : 2 * CHECKED]}"


def told(notices: Iterable[str]) -> list[str]:
    """What the customer must be told, each item behind its dash."""
    return [f"- {notice(each)}" for each in notices]


def slip(entry: LedgerEntry, quote: str, reference: Reference, place: Place) -> str:
    """The slip of a ledger entry; `quote` is the number to quote (受理号). Without a body only the frame is left."""
    head = [t("slip.title"), RULE, line("slip.number", quote)]
    when = line("slip.date", f"{dated(entry.business_date)}  {entry.recorded_at.astimezone(SHANGHAI):%H:%M}")
    when += "\n" + line("slip.chain", check_of(entry))
    if entry.record is None:
        return "\n".join([*head, when, t("slip.erased")])
    record = structs.replace(entry.record, notices=issued(entry.record.notices))
    return "\n".join([*head, when, *_content(record, reference, place)])


def printed_slip(entry: LedgerEntry, quote: str, reference: Reference, place: Place) -> Printed:
    """The slip of a ledger entry in its languages."""
    case = entry.record.case if entry.record else None
    return for_customer(lambda: slip(entry, quote, reference, place), case)


def slip_of(
    record: CaseRecord, reference: Reference, place: Place, seen: Seen = MASKED, compared: Seen = MASKED
) -> str:
    """The slip's content, before there is an entry; people and what changes of them as `sections` shows them."""
    return "\n".join(_content(record, reference, place, seen, compared))


def preview(case: Case, judgement: Judgement, reference: Reference, place: Place, today: date) -> Printed:
    """The slip as it will be once the case is confirmed, in its languages."""
    record = judgement.record(case)

    def make() -> str:
        head = [t("slip.title"), RULE, line("slip.number", t("slip.not_yet")), line("slip.date", dated(today))]
        return "\n".join([*head, *_content(record, reference, place)])

    return for_customer(make, case)


def _content(
    record: CaseRecord, reference: Reference, place: Place, seen: Seen = MASKED, compared: Seen = MASKED
) -> list[str]:
    """What is still to do comes first, and whom to call: it is what the customer takes the slip home for."""
    case = record.case
    lines = [line("slip.service", t(f"service.{case.service}.name")), *_fee(record, reference), RULE]
    if record.reason:
        lines += [line("slip.taken_back", record.reason)]
    else:
        lines += [t("slip.still_to_do"), *_wrapped(record.notices)]
    if record.deferred:
        asked = listed(t(f"screen.question.{question}") for question in record.deferred)
        lines += ["", *hang("", t("slip.deferred", questions=asked), WIDTH)]
    branch = reference.branches.get(place.branch)
    known = "" if _referred(record) else case.city or place.city
    if contacts := whom_to_call(branch, known, reference, case.bank or old_card(case).bank):
        lines += [RULE, *contacts]
    own = branch and branch.id == case.branch
    here = {written(each) for each in (branch.address, branch.hours, branch.phone)} if branch and own else set()
    said = sections(_without_doors(case), reference, seen, compared).values()  # a slip lies about
    stated = [each for lines_said in said for each in lines_said if each.value not in here]
    texts = [line("slip.texts", listed(map(text_name, record.texts)))] if record.texts else []
    if stated or texts:
        lines += [RULE, t("slip.confirmed"), *_in_twos([pair(each.label, each.value) for each in stated]), *texts]
    return lines


def _without_doors(case: Case) -> Case:
    """The case with its addresses masked; on the screen clerk and customer compare them as they were typed."""
    holder, pickup = case.holder, case.pickup
    return structs.replace(
        case,
        holder=structs.replace(holder, address=mask_address(holder.address)),
        pickup=structs.replace(pickup, address=mask_address(pickup.address)),
    )


def _fee(record: CaseRecord, reference: Reference) -> list[str]:
    """What is due; nothing is said of it where there is neither a card to pay for nor a fee."""
    case, makes_a_card = record.case, SERVICES[record.case.service].effect in MAKES_A_CARD
    if not (makes_a_card or record.fee_fen or case.waiver):
        return []
    return [line("slip.fee", fee_text(case, record.fee_fen, case.waiver, reference))]


def _referred(record: CaseRecord) -> bool:
    """A referral has named the city's numbers itself (REF-1)."""
    return any(each.startswith("referral.") for each in record.notices)


def text_name(name: str) -> str:
    """A text that was accepted, as people read its name, TXT-1: 办理须知 440100-2026-11."""
    id, _, version = name.partition("@")
    return f"{t(f'choice.text.{id}')} {version}"


def _in_twos(lines: list[str]) -> list[str]:
    """Short lines that follow one another side by side, so that a customer has less paper to look through."""
    placed: list[str] = []
    for each in lines:
        beside = (
            placed and cell_len(placed[-1]) <= HALF - 2 and cell_len(each) <= HALF and "\n" not in placed[-1] + each
        )
        if beside:
            placed[-1] = set_cell_size(placed[-1], HALF) + each
        else:
            placed.append(each)
    return placed


def _wrapped(notices: Iterable[str]) -> list[str]:
    return [line for said in told(notices) for line in hang("- ", said.removeprefix("- "), WIDTH)]
