"""Who stands at the window (客户行), masked, in one line."""

from rich.text import Text

from counter.desk.open_case import OpenCase
from counter.i18n import short_name, t
from counter.rules.facts import by_card, old_card
from counter.rules.masking import mask_card, mask_name, mask_number
from counter.rules.reference import Reference
from counter.rules.service import Service


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
    parts = [mask_name(case.holder.name), mask_number(case.holder.document.number)]
    if by_card(case, opened.service):
        parts.append(mask_card(old_card(case).number))
    if case.old_card and bank:
        parts.append(t("screen.old_card", bank=short_name(bank), generation=case.old_card.generation))
    parts.append(t(f"choice.presented_by.{case.presented_by}"))
    return Text(f" {'  '.join(part for part in parts if part)}")


def _nobody(service: Service) -> str:
    return "screen.no_customer_needed" if service.is_referral else "screen.no_customer"
