"""The province's own look at what it is sent, in order, and what the entries that it takes do to persons' files."""

import re
from datetime import date

import msgspec

from counter.gateway.call import Call, Gateway
from counter.gateway.events import News, Origin, tell
from counter.gateway.ledger.corrections import correctable, corrects, keep
from counter.gateway.ledger.reversals import Reversible, standing
from counter.gateway.ledger.signers import unsigned
from counter.gateway.persons.acts import (
    Acts,
    close_acts,
    open_acts,
)
from counter.gateway.persons.deed import Deed, RefusalError
from counter.gateway.persons.finding import people_of
from counter.province.wire import Entries, Entry, EntryAnswer, EventKind, Outcome
from counter.rules.case import Document, DocumentKind
from counter.rules.facts import by_card, known_number
from counter.rules.judge import second_person
from counter.rules.limits import is_in_tariff, is_reasonable_date
from counter.rules.normal import normalise
from counter.rules.numbers import check_character
from counter.rules.record import CaseRecord, decode_record, pictures
from counter.rules.reference import Context, Reference
from counter.rules.service import Effect
from counter.rules.services import SERVICES

CITIZEN_NUMBERS = frozenset(
    {
        DocumentKind.ID_CARD,
        DocumentKind.HUKOU,
        DocumentKind.HK_MACAU_RESIDENCE,
        DocumentKind.TAIWAN_RESIDENCE,
    }
)


async def judge(call: Call[Entries], fresh: list[Entry]) -> dict[str, EntryAnswer]:
    """An answer to each entry that continues the chain; a batch may take back what it has brought itself."""
    records = {entry.id: _record(entry) for entry in fresh}
    done = [(entry.id, await _deed(call, entry, records[entry.id])) for entry in fresh]
    deeds = {id: deed for id, deed in done if deed is not None}
    ids = [name for entry in fresh for name in (entry.id, entry.reverses) if name]
    persons = [person for deed in deeds.values() for person in deed.persons]
    acts = await open_acts(call.connection, call.caller, ids, persons)
    not_signed = await unsigned(call, fresh)
    stands = await standing(call.connection, call.caller, fresh)
    named = {entry.id: corrects(entry, records[entry.id]) for entry in fresh}
    mends = await correctable(call.connection, call.caller, named)
    lacking = await _lacking(call, [each for each in records.values() if each is not None])
    judged: dict[str, EntryAnswer] = {}
    elsewhere: list[News] = []
    for entry in fresh:
        record = records[entry.id]
        code, rule = _refusal(entry, record, stands, call.gateway)
        if entry.id in not_signed and not entry.refused_code:
            code, rule = "province.signature", ""
        if not code and record and not entry.reverses and not lacking.isdisjoint(pictures(record.case)):
            code, rule = "province.picture", ""
        if not code and not mends.allows(entry, record):
            code = "province.correction"
        try:
            if not code:
                _do(acts, entry, deeds.get(entry.id))
                stands.accept(entry)
                mends.accept(entry, record)
        except RefusalError as refused:
            code, rule = refused.code, refused.rule
            elsewhere += _who_does_it(call, entry, refused)
        if code:
            mends.refuse(entry)
        outcome = Outcome.REJECTED if code else Outcome.CREATED
        judged[entry.id] = EntryAnswer(id=entry.id, outcome=outcome, code=code, rule=rule)
    await close_acts(call.connection, acts)
    await keep(call.connection, call.caller, mends)
    await tell(call.connection, elsewhere)
    return judged


def _who_does_it(call: Call[Entries], entry: Entry, refused: RefusalError) -> list[News]:
    """PIC-7: the counter that is refused hears which branch it is that may."""
    to = Origin(call.caller.branch, call.caller.counter)
    return [News(to, EventKind.REJECTED, entry.id, refused.code, refused.branch)] if refused.branch else []


def _do(acts: Acts, entry: Entry, deed: Deed | None) -> None:
    if entry.reverses:
        acts.undo(entry.id, entry.reverses)
    elif deed is not None:
        acts.do(deed)


async def _deed(call: Call[Entries], entry: Entry, record: CaseRecord | None) -> Deed | None:
    """What the entry did; None where it cannot be read, or is of a kind that is no service here (a reversal)."""
    service = SERVICES.get(entry.kind)
    if record is None or service is None:
        return None
    return Deed(
        id=entry.id,
        service=service,
        case=record.case,
        on=entry.business_date,
        origin=Origin(call.caller.branch, call.caller.counter),
        bank=call.gateway.bank_of(call.caller),
        reference=call.gateway.reference,
        people=await people_of(call.connection, service, record.case),
    )


def _record(entry: Entry) -> CaseRecord | None:
    try:
        return None if b"\\u0000" in entry.body else decode_record(entry.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


async def _lacking(call: Call[Entries], records: list[CaseRecord]) -> set[str]:
    """The pictures that these name and that were not sent before them."""
    named = sorted({digest for record in records for digest in pictures(record.case)})
    if not named:
        return set()
    cursor = await call.connection.execute(
        "SELECT digest FROM photo WHERE branch = %s AND digest = ANY(%s)", (call.caller.branch, named)
    )
    return set(named) - {row["digest"] for row in await cursor.fetchall()}


def _refusal(entry: Entry, record: CaseRecord | None, stands: Reversible, gateway: Gateway) -> tuple[str, str]:
    """Code and rule of the refusal for what the entry itself says; a reversal is not judged by whom it is about."""
    if entry.refused_code:
        return entry.refused_code, entry.refused_rule
    if record is None:
        return "province.other", ""
    if not is_reasonable_date(entry.business_date, entry.recorded_at, gateway.today()):
        return "province.date", ""
    if not stands.allows(entry):
        return "province.reversal", ""
    if entry.reverses is not None:
        return ("", "") if record.fee_fen == entry.fee_fen else ("province.other", "")
    served, document = not (_is_referral(entry) or _is_by_card(entry, record)), record.case.holder.document
    refusals = (
        (served and _lacks_check_digit(document), ("province.check_digit", "WHO-5")),
        (_lacks_second_person(entry, record, gateway.reference), ("province.second_person", "")),
        (served and _is_expired(document, entry.business_date), ("province.expired", "WHO-4")),
        (record.fee_fen != entry.fee_fen, ("province.other", "")),
        (not is_in_tariff(entry.fee_fen, entry.kind, gateway.reference), ("province.fee", "FEE-1")),
    )
    return next((why for refused, why in refusals if refused), ("", ""))


def _is_by_card(entry: Entry, record: CaseRecord) -> bool:
    """QRY-1: who comes with the card alone has shown no document; PIC-7: of a parcel only the cards are there."""
    declared = SERVICES.get(entry.kind)
    return declared is not None and (declared.effect is Effect.SIGNING or by_card(record.case, declared))


def _is_referral(entry: Entry) -> bool:
    """REF-1: a referral needs no customer, and nothing that it says of one is a reason to send it back."""
    declared = SERVICES.get(entry.kind)
    return declared is not None and declared.is_referral


def _lacks_second_person(entry: Entry, record: CaseRecord, reference: Reference) -> bool:
    """A second person is needed (授权), as the counter says or as the rules do, and there is none but the maker."""
    if entry.checker not in (None, entry.maker):
        return False
    declared, context = SERVICES.get(entry.kind), Context(today=entry.business_date, reference=reference)
    judged = second_person(normalise(record.case), declared, context) if declared else ""
    return bool(record.authorised or judged)


def _lacks_check_digit(document: Document) -> bool:
    number = known_number(document)
    right = re.fullmatch(r"[0-9]{17}[0-9X]", number) is not None and check_character(number[:17]) == number[17]
    return document.kind in CITIZEN_NUMBERS and not right


def _is_expired(document: Document, on: date) -> bool:
    return isinstance(document.valid_to, date) and document.valid_to < on
