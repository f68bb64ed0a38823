"""The referral (指引): REF-1. What has several kinds needs one to be chosen (EXC-5)."""

from collections.abc import Iterator
from typing import Final

from counter.rules.case import Case
from counter.rules.finding import Finding, missing
from counter.rules.reference import Context
from counter.rules.referrals import subject
from counter.rules.service import Check, Service


def chosen(case: Case, service: Service, _context: Context) -> Iterator[Finding]:
    """EXC-5: whose benefits are meant."""
    if not subject(case, service):
        yield missing("EXC-5", "referral")


CHECKS: Final[tuple[Check, ...]] = (chosen,)
