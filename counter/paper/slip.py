"""The customer's slip (回执单) as text: what was done, what is still to do, whom to call. People on it are masked."""

from collections.abc import Callable, Iterable
from datetime import date

from msgspec import structs

from counter.clock import SHANGHAI
from counter.i18n import LANGUAGES, listed, named, notice, short_name, speaking, t, traits
from counter.paper.letter import issued
from counter.rules import papers
from counter.rules.case import BookingStatus, Case, PhotoSource
from counter.rules.facts import old_card
from counter.rules.fees import full_fen
from counter.rules.judge import Judgement
from counter.rules.masking import mask_card, mask_mobile, mask_name, mask_number
from counter.rules.record import CaseRecord
from counter.rules.reference import Bank, Coded, Context, Place, Reference
from counter.rules.service import StepId
from counter.rules.services import SERVICES
from counter.store.records import LedgerEntry
from counter.terminal.wrapping import hang

WIDTH = 48
RULE = "-" * WIDTH


def yuan(fen: int) -> str:
    """An amount in fen as people read it: 20.00 元."""
    return t("slip.yuan", amount=f"{fen / 100:.2f}")


def fee_text(case: Case, fee_fen: int, waived: str, reference: Reference) -> str:
    """The fee; one that is waived with what it would have been, and why it is not due (FEE-1)."""
    if not waived:
        return yuan(fee_fen)
    full = full_fen(case, SERVICES[case.service], Context(today=date.min, reference=reference))
    return t("slip.waived", amount=yuan(fee_fen), full=yuan(full), why=t(f"choice.waiver.{waived}"))


def told(notices: Iterable[str]) -> list[str]:
    """What the customer must be told, each item behind its dash."""
    return [f"- {notice(each)}" for each in notices]


def slip(entry: LedgerEntry, quote: str, reference: Reference, place: Place) -> str:
    """The slip of a ledger entry; `quote` is the number to quote (受理号). Without a body only the frame is left."""
    head = [t("slip.title"), RULE, _line("slip.number", quote)]
    when = _line("slip.date", f"{entry.business_date}  {entry.recorded_at.astimezone(SHANGHAI):%H:%M}")
    if entry.record is None:
        return "\n".join([*head, when, t("slip.erased")])
    record = structs.replace(entry.record, notices=issued(entry.record.notices))
    return "\n".join([*head, when, *_content(record, reference, place)])


def slip_of(record: CaseRecord, reference: Reference, place: Place) -> str:
    """The slip's content, before there is an entry."""
    return "\n".join(_content(record, reference, place))


def multilingual(make: Callable[[], str]) -> str:
    """A slip in each language that slips are given in, one under the other (双语回执单)."""
    parts = []
    for language in LANGUAGES:
        if traits(language).on_slips:
            with speaking(language):
                parts.append(make())
    return f"\n\n{RULE}\n\n".join(parts)


def preview(case: Case, judgement: Judgement, reference: Reference, place: Place, today: date) -> str:
    """The slip as it will be once the case is confirmed."""
    head = [t("slip.title"), RULE, _line("slip.number", t("slip.not_yet")), _line("slip.date", today.isoformat())]
    return "\n".join([*head, *_content(judgement.record(case), reference, place)])


def _content(record: CaseRecord, reference: Reference, place: Place) -> list[str]:
    case = record.case
    summaries = sections(case, reference)
    lines = [_line("slip.service", t(f"service.{case.service}.name"))]
    lines += [_pair(t(f"step.{step}"), summaries[step]) for step in SERVICES[case.service].steps if step in summaries]
    lines += [_line("slip.texts", listed(map(text_name, record.texts)))] if record.texts else []
    lines += [_line("slip.fee", fee_text(case, record.fee_fen, case.waiver, reference)), RULE]
    if record.reason:
        lines += [_line("slip.taken_back", record.reason)]
    else:
        lines += [t("slip.still_to_do"), *_wrapped(record.notices)]
    if record.deferred:
        asked = listed(t(f"screen.question.{question}") for question in record.deferred)
        lines += ["", *hang("", t("slip.deferred", questions=asked), WIDTH)]
    branch = reference.branches.get(place.branch)
    policy = reference.cities.get(reference.city_of(case.city))
    lines += [RULE]
    if branch is not None:
        lines += [_line("slip.branch", f"{branch.name}  {branch.phone}"), _line("slip.address", branch.address)]
    if policy is not None:
        lines += [_line("slip.hotlines", "  ".join(policy.hotlines))]
    return lines


def text_name(name: str) -> str:
    """A text that was accepted, as people read its name, TXT-1: 办理须知 440100-2026-11."""
    id, _, version = name.partition("@")
    return f"{t(f'choice.text.{id}')} {version}"


def sections(case: Case, reference: Reference) -> dict[StepId, str]:
    """Each step's content in a line, masked: what the clerk confirms and the customer takes home."""
    return {
        StepId.IDENTITY: _identity(case),
        StepId.ONE_CARD: _one_card(case),
        StepId.PHOTO: _photo(case),
        StepId.CARD: _old_card(case, reference),
        StepId.CHANGES: _changes(case, reference),
        StepId.BOOKING: _booking(case, reference),
        StepId.ANSWER: _one_card(case),
        StepId.REFERRAL: case.referral and t(f"choice.referral.{case.referral}"),
        StepId.MODE: _join(case.mode and t(f"choice.mode.{case.mode}"), _old_card(case, reference)),
        StepId.DETAILS: _details(case, reference),
        StepId.BANK: _bank(case, reference),
        StepId.PICKUP: _pickup(case),
    }


def _identity(case: Case) -> str:
    holder, document = case.holder, case.holder.document
    if not document.number and old_card(case).number:
        return _join(t("slip.card_alone"), mask_card(old_card(case).number))
    answer = case.identity_check.answer
    return _join(
        mask_name(holder.name),
        t(f"choice.document.{document.kind}"),
        mask_number(document.number),
        document.valid_to and t("slip.until", date=_date(document.valid_to)),
        answer and t(f"choice.identity.{answer}"),
    )


def _one_card(case: Case) -> str:
    answer = case.one_card.answer
    if case.one_card.clean_up_confirmed:
        return t("slip.cleaned_up", count=sum(card.cleanable for card in case.one_card.cards))
    return t(f"choice.one_card.{answer}") if answer else ""


def _photo(case: Case) -> str:
    source = case.photo.source
    receipt = case.photo.receipt if source is PhotoSource.RECEIPT else ""
    return _join(source and t(f"choice.photo.{source}"), receipt)


def _old_card(case: Case, reference: Reference) -> str:
    old = case.old_card
    if old is None:
        return ""
    bank = reference.banks.get(old.bank)
    return _join(bank and short_name(bank), mask_card(old.number))


def _changes(case: Case, reference: Reference) -> str:
    """The new values (INF-2), masked as the old ones are, and the papers that were handed in for them."""
    new = case.changes
    if new is None:
        return ""
    return _join(
        mask_name(new.name),
        mask_number(new.number),
        new.sex and t(f"choice.sex.{new.sex}"),
        _name(reference.ethnicities.get(new.ethnicity)),
        *(t(f"paper.{paper}") for paper in case.papers if paper in papers.OF_CHANGES),
    )


def _booking(case: Case, reference: Reference) -> str:
    """From which bank to which, and where it stands or how it was decided (EXC-6)."""
    booking = case.booking
    if booking is None or (booking.decision or booking.status) is BookingStatus.NONE:
        return ""
    banks = (reference.banks.get(booking.from_bank), reference.banks.get(booking.to_bank))
    return _join(
        " > ".join(short_name(bank) for bank in banks if bank),
        t(f"choice.booking.{booking.decision or booking.status}"),
        booking.approved_on and t("slip.approved", date=_date(booking.approved_on)),
    )


def _details(case: Case, reference: Reference) -> str:
    holder = case.holder
    return _join(
        _name(reference.ethnicities.get(holder.ethnicity)),
        mask_mobile(holder.mobile),
        _name(reference.occupations.get(holder.occupation)),
        (region := reference.regions.get(holder.region)) and region.name,
        holder.insurance and t(f"choice.insurance.{holder.insurance}"),
    )


def _bank(case: Case, reference: Reference) -> str:
    branch = reference.branches.get(case.branch)
    return _join(_name(reference.banks.get(case.bank)), branch and branch.name)


def _pickup(case: Case) -> str:
    pickup = case.pickup
    return _join(pickup.method and t(f"choice.pickup.{pickup.method}"), mask_name(pickup.recipient), pickup.blank_card)


def _wrapped(notices: Iterable[str]) -> list[str]:
    return [line for said in told(notices) for line in hang("- ", said.removeprefix("- "), WIDTH)]


def _name(item: Bank | Coded | None) -> str:
    return named(item) if item else ""


def _date(value: date | str) -> str:
    return value.isoformat() if isinstance(value, date) else t("choice.long_term")


def _join(*parts: object) -> str:
    return "  ".join(str(part) for part in parts if part)


def _line(label: str, value: str) -> str:
    return _pair(t(label), value)


def _pair(label: str, value: str) -> str:
    return "\n".join(hang(f"{label}: ", value, WIDTH))
