"""Referrals (指引): what a bank counter cannot do, and where the customer goes with it. REF-1, ECD-1, ELD-1, EXC-5.

The texts stand in the catalogs: ``referral.<subject>.<part>``, and where a referral has several kinds
``referral.<service>.<kind>.<part>``.
"""

from typing import Final

from counter.rules.case import Case
from counter.rules.reference import Context

PARTS: Final = ("what", "who", "where", "bring", "call", "steps")
"""What it is, who may ask, where, what to bring, which number to call, step by step."""

KINDS: Final = {"benefit_payment": ("institution", "employee", "resident", "other")}
"""EXC-5: the four kinds of benefit payment, by the department that pays."""


def subject(case: Case) -> str:
    """What the referral is about, '' while its kind is not chosen."""
    kinds = KINDS.get(case.service)
    if kinds is None:
        return case.service
    return f"{case.service}.{case.referral}" if case.referral in kinds else ""


def told(case: Case, _context: Context) -> tuple[str, ...]:
    """The referral as notices, part by part."""
    about = subject(case)
    return tuple(f"referral.{about}.{part}" for part in PARTS) if about else ()
