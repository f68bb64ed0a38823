"""The details of the application (资料): APP-1, and WHO-1 where the holder lives."""

from collections.abc import Iterator
from typing import Final

from counter.rules.case import Case
from counter.rules.facts import CITIZEN
from counter.rules.finding import Finding, Key, ask, deferred, missing, stop
from counter.rules.reference import Context
from counter.rules.service import Check, Service
from counter.rules.text import check_address, check_mobile

GUANGDONG: Final = "44"


def coded(case: Case, _service: Service, context: Context) -> Iterator[Finding]:
    """APP-1: ethnicity (a citizen's), occupation, region of residence and insurance, each from its code list."""
    holder, reference = case.holder, context.reference
    if holder.ethnicity or holder.document.kind in CITIZEN:
        yield from _listed("holder.ethnicity", holder.ethnicity, known=holder.ethnicity in reference.ethnicities)
    yield from _listed("holder.occupation", holder.occupation, known=holder.occupation in reference.occupations)
    yield from _listed("holder.region", holder.region, known=holder.region in reference.regions)
    if holder.insurance is None:
        yield missing("APP-1", "holder.insurance")


def _listed(path: str, code: str, *, known: bool) -> Iterator[Finding]:
    if not code.strip():
        yield missing("APP-1", path)
    elif not known:
        yield stop("APP-1", "details.unknown_code", path, what=Key(f"field.{path}"))


def contact(case: Case, _service: Service, _context: Context) -> Iterator[Finding]:
    """APP-1: a mobile that took the SMS code, and an address to the door."""
    yield from check_mobile(case.holder.mobile, "holder.mobile")
    if case.holder.mobile and not case.holder.mobile_verified:
        yield deferred("APP-1", "sms", "holder.mobile")
    yield from check_address(case.holder.address, "holder.address")


def in_guangdong(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """WHO-1: who lives outside Guangdong works or is insured in it; only the customer can say so."""
    region = case.holder.region
    if not service.needs_old_card and region in context.reference.regions and not region.startswith(GUANGDONG):
        yield ask("WHO-1", "details.outside_guangdong", "holder.region")


CHECKS: Final[tuple[Check, ...]] = (coded, contact, in_guangdong)
