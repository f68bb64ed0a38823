"""What the customer must be told (告知): what was done, what is still to do and by when, whom to call.

A notice is a key of ``notice.<key>``, with its values behind a question mark where it has any
(``booking_valid?days=10``), or a whole catalog key where it has a dot (``referral.e_card.what``). It is kept with the
entry, so it carries the city's own words as they were then, in both languages (``office.zh=…&office.en=…``). A value
that is a choice's key (``document=choice.document.hukou``) is said in the language of who reads it.

Who has to come next is said to whoever that is: the holder in person, or of a child and of an adult without capacity
the guardian, with the holder's document; never to an agent, nor to a unit's contact, as if they were the holder.
EXC-1 to EXC-6, EXC-9, ONE-3, AGE-1, AGT-3, AGT-4, PIC-3, PIC-5, PIC-7, PIN-1, ACT-1, FIN-1, ECD-1, NOT-1, LOS-1, LOS-2,
INF-1, INF-2, CAN-1, QRY-1, PIC-8.
"""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

from counter.rules.booking import last_day, review_days
from counter.rules.case import BookingStatus, Case, Mode, OneCardAnswer, PickupMethod, PresentedBy
from counter.rules.counting import count
from counter.rules.facts import branch, guidance, needs_guardian, old_card, policy
from counter.rules.finding import Named
from counter.rules.parcel import Parcel
from counter.rules.reference import CityPolicy, Context
from counter.rules.service import Effect, Notices, Service

CLEAN_UP: Final = ("clean_up_still_works", "clean_up_limits", "clean_up_benefits", "clean_up_return")
"""ONE-3: told before the holder confirms a clean-up."""

PAYERS: Final = ("benefits_of_institution", "benefits_employee", "benefits_resident", "benefits_other")
"""EXC-5: the paying departments. Whoever draws one kind may draw another as well, whatever their insurance."""

ANY_DOCUMENT: Final = "choice.any_document"
"""What a document is called of which nobody knows yet which one it will be."""


ANY_BANK: Final = "choice.any_bank"
"""What the bank of a card is called that nobody has named."""


def notice(key: str, **values: str | int | Named | tuple[str, ...]) -> str:
    """A notice with its values: texts, numbers, what has a name in both languages, lists (the same name again)."""
    pairs = [pair for name, value in values.items() for pair in _pairs(name, value)]
    return f"{key}?{urlencode(pairs)}" if pairs else key


def _pairs(name: str, value: str | int | Named | tuple[str, ...]) -> list[tuple[str, str | int]]:
    if isinstance(value, tuple):
        return [(name, item) for item in value]
    return [(name, value)] if isinstance(value, str | int) else [(f"{name}.zh", value.zh), (f"{name}.en", value.en)]


def for_exchange(case: Case, service: Service, context: Context) -> tuple[str, ...]:
    """What follows from an exchange, EXC-1 to EXC-5, EXC-9."""
    return (
        *_new_card(case, service, context),
        *(() if case.mode is Mode.CHANGE_BANK else ("pin_again",)),  # at another bank no account is the old one
        *_mode(case, context),
        *_clean_up(case),
        "e_card_again",
        "crime",
    )


def for_application(case: Case, service: Service, context: Context) -> tuple[str, ...]:
    """What follows from a first application; that a card is not activated from abroad is told while there is time."""
    return (*_new_card(case, service, context), *_clean_up(case), "e_card", "crime")


def for_replacement(case: Case, service: Service, context: Context) -> tuple[str, ...]:
    """What follows from a new card in place of the old one, REP-1, EXC-9."""
    return (*_new_card(case, service, context), "pin_again", *_clean_up(case), "e_card_again", "crime")


def for_new_photo(case: Case, service: Service, context: Context) -> tuple[str, ...]:
    """INF-1: what was changed, and what follows from the new card."""
    return ("photo_changed", *for_replacement(case, service, context))


def for_new_details(case: Case, service: Service, context: Context) -> tuple[str, ...]:
    """INF-2: likewise; who is insured goes to the insurer with it, and answers for what was promised in writing."""
    insurer = ("insurance_data",) if case.insured is not False else ()
    promised = ("promised",) if "written_promise" in case.papers else ()
    return ("details_changed", *insurer, *promised, *for_replacement(case, service, context))


def for_collection(case: Case, _service: Service, context: Context) -> tuple[str, ...]:
    """PIC-5, PIN-1, ACT-1, FIN-1: the card is handed over; who is not the holder sets no PIN (AGT-4)."""
    return (_handed_over(case, context), _activation(case, context), "account_terms", "e_card", "crime")


def for_loss(case: Case, _service: Service, context: Context) -> tuple[str, ...]:
    """LOS-1: reported, and the bank's side failed where the province has said so. That both accounts are locked is told
    once the province has (`counter.province.acts`)."""
    card = old_card(case)
    bank = context.reference.banks.get(card.bank)
    failed = card.bank_lock_failed and bank is not None
    hotline = bank.hotline if bank else ""
    reported = notice("loss_bank_failed", hotline=hotline) if failed else "loss_reported"
    return (reported, "loss_replace", _who_comes("loss_withdraw", case, context, bank=_bank(case, context)))


def for_booking(case: Case, _service: Service, context: Context) -> tuple[str, ...]:
    """EXC-6: until when the original bank answers, how long its approval holds. Today is the first day of neither."""
    known = policy(case, context)
    if known is None:
        return ("booked",)
    first, last = known.review_days
    due = review_days(context.today, known, context)[1]
    by = notice("booking_review" if due.certain else "booking_review_about", first=first, last=last, until=str(due.day))
    then = _who_comes("booking_then", case, context, bank=_bank(case, context))
    return ("booked", by, booking_valid(known), then)


def booking_valid(known: CityPolicy) -> str:
    """EXC-6: how long an approval holds."""
    return notice(f"booking_valid_{known.booking_day_kind}", days=known.booking_days)


def for_review(case: Case, _service: Service, context: Context) -> tuple[str, ...]:
    """EXC-6: what the bank decided, and until when the approval holds."""
    known, decision = policy(case, context), case.booking and case.booking.decision
    if decision is BookingStatus.REFUSED:
        return ("review_refused",)
    if decision is not BookingStatus.APPROVED or known is None:
        return ()
    due = last_day(context.today, known, context)
    key = "review_approved" if due.certain else "review_approved_about"
    return (notice(key, until=str(due.day)),)


def for_letter(case: Case, _service: Service, context: Context) -> tuple[str, ...]:
    """EXC-3: the letter, and where it is taken; the card that it is about is the old bank's."""
    old = context.reference.banks.get(old_card(case).bank)
    then = _who_comes("letter_then", case, context, bank=old or ANY_BANK)
    return ("transfer_letter_to_come", then)


def for_parcel(case: Case, _service: Service, _context: Context) -> tuple[str, ...]:
    """PIC-7, PIC-8: how many were signed for, what becomes of the others, and that the holders are told."""
    found = count(case.parcel or Parcel())
    said = (
        ("parcel_missing", len(found.missing)),
        ("parcel_strays", len(found.strays)),
        ("parcel_unknown", len(found.unknown)),
    )
    others = (notice(key, count=number) for key, number in said if number)
    return (notice("parcel_signed", count=len(found.right)), *others, "parcel_tell_holders")


def for_clean_up(case: Case, _service: Service, context: Context) -> tuple[str, ...]:
    """ONE-3, ONE-4: what the clean-up means, and that the application goes on from here."""
    return (_who_comes("clean_up_next", case, context), *CLEAN_UP)


def for_query(case: Case, _service: Service, context: Context) -> tuple[str, ...]:
    """QRY-1, REF-1: what the province answered; where it did not, who tells."""
    if case.one_card.answer is OneCardAnswer.DEFERRED:
        return (notice("query_unanswered", hotlines=guidance(case, context).hotlines),)
    return ("queried", "progress")


def for_cancellation(case: Case, _service: Service, context: Context) -> tuple[str, ...]:
    """CAN-1: the bank tells the city's card agency."""
    return (notice("cancelled_by_agency", agency=guidance(case, context).offices["card_agency"]), "cancelled_elsewhere")


def _mode(case: Case, context: Context) -> Iterator[str]:
    if case.mode is None:
        return
    yield case.mode.value
    if case.mode is Mode.CHANGE_BANK:
        yield from ("medical_account", "tell_payers")
    if case.mode is not Mode.SAME_NUMBER:
        yield from (_of_payer(key, case, context) for key in PAYERS)
    at_once = case.pickup.method is PickupMethod.INSTANT
    if case.mode is not Mode.NEW_NUMBER and case.unit is None and not at_once:  # EXC-4: a unit cannot choose (EXC-7)
        yield "integrated_system"


def _of_payer(key: str, case: Case, context: Context) -> str:
    """EXC-5: the office that pays pensions of institutions is the city's or the county's."""
    if key != "benefits_of_institution":
        return key
    return notice(key, office=guidance(case, context).offices["institution_pensions"])


def _clean_up(case: Case) -> tuple[str, ...]:
    return CLEAN_UP if case.one_card.answer is OneCardAnswer.ELSEWHERE else ()


def _new_card(case: Case, service: Service, context: Context) -> Iterator[str]:
    """PIC-1 to PIC-5, AGT-3, AGT-4: how the new card comes, who must come for it, and what goes on until then."""
    match case.pickup.method:
        case PickupMethod.BRANCH:
            yield _collect(case, service, context)
            if service.effect is Effect.FIRST_CARD or _by_unit(case):  # what the unit's contact is told no holder hears
                yield _with_pins(case, context)
        case PickupMethod.MAIL:
            yield from (_who_comes("mail", case, context, bank=_bank(case, context)), _with_pins(case, context))
            yield notice("mail_returned", branch=_branch(case, context))
        case PickupMethod.INSTANT:
            yield from (_at_once(case, context), _with_pins(case, context), "account_terms")
    if case.pickup.method in {PickupMethod.BRANCH, PickupMethod.MAIL} and _still_works(case):
        yield "old_until_new"


def _collect(case: Case, service: Service, context: Context) -> str:
    """PIC-5, PIC-7: who collects the card, where, with what."""
    where = _branch(case, context)
    if _by_unit(case):
        return notice("collect_unit", document=_document(case), branch=where, bank=_bank(case, context))
    if case.presented_by == PresentedBy.AGENT:
        applied = service.effect is Effect.FIRST_CARD
        return notice("collect_applied" if applied else "collect_agent", document=_document(case), branch=where)
    return _who_comes("collect", case, context, branch=where)


def _at_once(case: Case, context: Context) -> str:
    """PIC-1: the card is there already; an agent sets no PIN for it (AGT-4)."""
    if case.presented_by == PresentedBy.AGENT:
        return notice("instant_agent", document=_document(case), bank=_bank(case, context))
    return "instant"


def _handed_over(case: Case, context: Context) -> str:
    """PIC-5, PIN-1: with the PINs set, where it came into the hands of who may set them."""
    if _by_unit(case) or case.presented_by == PresentedBy.AGENT:
        key = "collected_unit" if _by_unit(case) else "collected_agent"
        return notice(key, document=_document(case), bank=_bank(case, context))
    return "collected"


def _with_pins(case: Case, context: Context) -> str:
    """ACT-1: the account is activated when the PINs are set, of which the notice before this one says by whom, where
    and with what."""
    return notice("activate_with_pins", bank=_bank(case, context))


def _activation(case: Case, context: Context) -> str:
    """ACT-1 once the card is handed over: with the PINs that are still to be set, else by whom, where, with what."""
    if _handed_over(case, context) != "collected":
        return _with_pins(case, context)
    return _who_comes("activate", case, context, bank=_bank(case, context))


def _bank(case: Case, context: Context) -> Named | str:
    """The bank of the card that this is about: the new one, else the one on its face."""
    return context.reference.banks.get(case.bank or old_card(case).bank) or ANY_BANK


def _who_comes(key: str, case: Case, context: Context, **values: str | Named) -> str:
    """What the holder comes for in person, or the guardian (AGE-1): with which documents."""
    if case.presented_by != PresentedBy.GUARDIAN and not needs_guardian(case, context):
        return notice(f"{key}_holder", document=_document(case), **values)
    own = f"choice.document.{case.guardian.document.kind}" if case.guardian else ANY_DOCUMENT
    proof = f"choice.guardianship.{'adult' if case.holder.incapable else 'child'}"
    return notice(f"{key}_guardian", document=_document(case), own=own, proof=proof, **values)


def _document(case: Case) -> str:
    """What the holder's document is called; of nobody in particular, any."""
    document = case.holder.document
    return f"choice.document.{document.kind}" if document.number else ANY_DOCUMENT


def _branch(case: Case, context: Context) -> str:
    chosen = branch(case, context)
    return chosen.name if chosen else "choice.any_branch"


def _by_unit(case: Case) -> bool:
    """EXC-7: does the unit's contact sign for the card?"""
    return case.unit is not None and not case.unit.by_holders


def _still_works(case: Case) -> bool:
    """EXC-9: is there an old card that goes on working? A lost one does not."""
    card = old_card(case)
    return case.old_card is not None and not card.loss_reported and card.status in {"", "1"}


def always(*keys: str) -> Notices:
    """The same for everybody."""
    return lambda _case, _service, _context: keys


def followed(told: Notices) -> Notices:
    """QRY-1: besides, where the holder looks up how far the card has come; the law comes last."""

    def besides(case: Case, service: Service, context: Context) -> tuple[str, ...]:
        *others, law = told(case, service, context)
        return (*others, "progress", law)

    return besides
