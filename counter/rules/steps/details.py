"""The details of the application (资料): APP-1, AGE-3, and WHO-1 where the holder lives."""

from collections.abc import Container, Iterator
from dataclasses import replace
from typing import Final

from counter.rules.case import Case
from counter.rules.facts import CITIZEN, contact
from counter.rules.filling import value_at
from counter.rules.finding import Finding, Key, ask, deferred, missing, stop
from counter.rules.reference import Context
from counter.rules.service import Check, Service
from counter.rules.text import check_address, check_mobile

GUANGDONG: Final = "44"


def coded(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """APP-1: ethnicity (a citizen's), occupation, region of residence and insurance, each from its code list."""
    holder, reference = case.holder, context.reference
    lists: dict[str, Container[str]] = {
        "holder.ethnicity": reference.ethnicities,
        "holder.occupation": reference.occupations,
        "holder.region": reference.regions,
    }
    for path, listed in lists.items():
        code = str(value_at(case, path))
        if path in service.details and (code or path != "holder.ethnicity" or holder.document.kind in CITIZEN):
            yield from _listed(path, code, known=code in listed)
    if "holder.insurance" in service.details and holder.insurance is None:
        yield missing("APP-1", "holder.insurance")


def _listed(path: str, code: str, *, known: bool) -> Iterator[Finding]:
    if not code.strip():
        yield missing("APP-1", path)
    elif not known:
        yield stop("APP-1", "details.unknown_code", path, what=Key(f"field.{path}"))


def reached(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """APP-1, AGE-3: a mobile that took the SMS code, the guardian's where a guardian acts; an address to the door."""
    path = contact(case, context)
    mobile = str(value_at(case, path) or "")
    rule = "APP-1" if path == "holder.mobile" else "AGE-3"
    yield from (replace(finding, rule=rule) for finding in check_mobile(mobile, path))
    if mobile and not value_at(case, f"{path}_verified"):
        yield deferred(rule, "sms", path)
    if "holder.address" in service.details:
        yield from check_address(case.holder.address, "holder.address")


def in_guangdong(case: Case, service: Service, context: Context) -> Iterator[Finding]:
    """WHO-1: who lives outside Guangdong works or is insured in it; only the customer can say so."""
    region = case.holder.region
    if service.needs_card or "holder.region" not in service.details:
        return
    if region in context.reference.regions and not region.startswith(GUANGDONG):
        yield ask("WHO-1", "details.outside_guangdong", "holder.region")


CHECKS: Final[tuple[Check, ...]] = (coded, reached, in_guangdong)
