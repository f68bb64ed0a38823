"""The referral (指引): REF-1. What has several kinds needs one to be chosen."""

from collections.abc import Iterator
from typing import Final

from counter.rules.case import Case
from counter.rules.finding import Finding, missing
from counter.rules.reference import Context
from counter.rules.referrals import subject
from counter.rules.service import Check, Service


def kind_chosen(rule: str) -> Check:
    """The check of a referral with several kinds: `rule` says that they differ."""

    def chosen(case: Case, service: Service, _context: Context) -> Iterator[Finding]:
        if not subject(case, service):
            yield missing(rule, "referral")

    return chosen


CHECKS: Final[tuple[Check, ...]] = ()
