"""Referrals (指引): what a bank counter cannot do, and where the customer goes with it. REF-1, ECD-1, ELD-1, EXC-5.

The texts stand in the catalogs: ``referral.<subject>.<part>``, and where a referral has several kinds
``referral.<service>.<kind>.<part>``.
"""

from typing import Final

from counter.rules.case import Case
from counter.rules.reference import Context
from counter.rules.service import Service

PARTS: Final = ("what", "who", "where", "bring", "call", "steps")
"""What it is, who may ask, where, what to bring, which number to call, step by step."""

EVERY: Final = "every"
"""The kind of a referral that names all of the others, for who needs several or does not know which."""


def subject(case: Case, service: Service) -> str:
    """What the referral is about, '' while its kind is not chosen."""
    if not service.referrals:
        return service.id
    return f"{service.id}.{case.referral}" if case.referral in service.referrals else ""


def told(case: Case, service: Service, _context: Context) -> tuple[str, ...]:
    """The referral as notices, part by part."""
    about = subject(case, service)
    return tuple(f"referral.{about}.{part}" for part in PARTS) if about else ()
