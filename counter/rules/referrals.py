"""Referrals (指引): what a bank counter cannot do, and where the customer goes with it. REF-1, ECD-1, ELD-1, EXC-5.

The texts stand in the catalogs: ``referral.<subject>.<part>``, and where a referral has several kinds
``referral.<service>.<kind>.<part>``. They hold in every city; numbers, offices, and what is true in one city only come
from its policy.
"""

from typing import Final

from counter.rules.case import Case
from counter.rules.facts import guidance
from counter.rules.notices import notice
from counter.rules.reference import CityPolicy, Context
from counter.rules.service import Service

CALL: Final = "call"
PARTS: Final = ("what", "who", "where", "bring", CALL, "steps")
"""What it is, who may ask, where, what to bring, which number to call, step by step."""

EVERY: Final = "every"
"""The kind of a referral that names all of the others, for who needs several or does not know which."""


def subject(case: Case, service: Service) -> str:
    """What the referral is about, '' while its kind is not chosen."""
    if not service.referrals:
        return service.id
    return f"{service.id}.{case.referral}" if case.referral in service.referrals else ""


def told(case: Case, service: Service, context: Context) -> tuple[str, ...]:
    """The referral as notices, part by part."""
    about, here = subject(case, service), guidance(case, context)
    return tuple(_part(about, part, service, here) for part in PARTS) if about else ()


def _part(about: str, part: str, service: Service, here: CityPolicy) -> str:
    """A part as the city has it: in its own words, else the general ones with its numbers or offices."""
    if own := here.referrals.get(f"{about}.{part}"):
        return notice(f"referral.own.{part}", text=own)
    if part == CALL:
        return notice(f"referral.{about}.{part}", hotlines=here.hotlines)
    return notice(f"referral.{about}.{part}", **{office: here.offices[office] for office in service.offices})
