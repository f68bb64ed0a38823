"""Who stands at the window (客户行), masked: in one line, and in a few beside the form."""

from typing import Final

from rich.text import Text

from counter.desk.open_case import OpenCase
from counter.i18n import short_name, t
from counter.rules.dates import age_on
from counter.rules.facts import birth, by_card, old_card, sex
from counter.rules.masking import mask_card, mask_name, mask_number
from counter.rules.reference import Context, Reference
from counter.rules.service import Service
from counter.widgets.picks import cut
from counter.widgets.prose import Prose

NAME_CELLS: Final = 20
"""A name of forty characters leaves room for the number."""


class WhyBack(Prose):
    """Why a held case came back: the province's reason for what it returned, or the supervisor's note."""

    DEFAULT_CSS = "WhyBack { padding: 0 1; }"

    def on_mount(self) -> None:
        """Nothing stands there of a case that has not come back."""
        self.display = bool(self.text)


def customer_line(opened: OpenCase, reference: Reference) -> Text:
    """The customer, the old card, who presents it; or that nobody is there yet, or none is needed."""
    if not opened.has_customer:
        return Text(f" {t(_nobody(opened.service))}" if opened.service.presented_by else "", style="quiet")
    case = opened.case
    if case.parcel is not None and case.parcel.returned:
        return Text(f" {t('choice.parcel.returned')}")
    if case.parcel is not None:
        return Text(f" {t('field.parcel.number')}  {case.parcel.number}")
    bank = reference.banks.get(case.old_card.bank) if case.old_card else None
    parts = [cut(mask_name(case.holder.name), NAME_CELLS), mask_number(case.holder.document.number)]
    if by_card(case, opened.service):
        parts.append(mask_card(old_card(case).number))
    if case.old_card and bank:
        parts.append(t("screen.old_card", bank=short_name(bank), generation=case.old_card.generation))
    parts.append(t(f"choice.presented_by.{case.presented_by}"))
    return Text(f" {'  '.join(part for part in parts if part)}")


def customer_summary(opened: OpenCase, context: Context) -> str:
    """What is known of the customer so far, line by line, masked; '' where nobody is there yet."""
    case, reference = opened.case, context.reference
    if not opened.has_customer or case.parcel is not None:
        return ""
    born, told, known = birth(case, context), sex(case, context), case.one_card.answer
    card, bank = case.old_card, reference.banks.get(case.old_card.bank) if case.old_card else None
    lines = (
        (
            mask_name(case.holder.name),
            t(f"choice.sex.{told}") if told else "",
            t("screen.age", age=age_on(born, context.today)) if born else "",
        ),
        (mask_number(case.holder.document.number), t(f"choice.presented_by.{case.presented_by}")),
        (
            t("screen.old_card", bank=short_name(bank), generation=card.generation) if card and bank else "",
            mask_card(card.number) if card else "",
        ),
        (t(f"choice.one_card.{known}") if known else "",),
        (t(f"choice.photo.{case.photo.source}") if case.photo.source else "",),
    )
    return "\n".join(filter(None, ("  ".join(filter(None, parts)) for parts in lines)))


def _nobody(service: Service) -> str:
    return "screen.no_customer_needed" if service.is_referral else "screen.no_customer"
