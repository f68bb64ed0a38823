"""Where what is still to do is done and whom to call, on a slip and on a unit's list; a labelled line of either."""

from typing import Final

from counter.i18n import named, t, written
from counter.rules.reference import Branch, Reference
from counter.terminal.wrapping import hang

LINE: Final = 48
"""Columns of a line of paper."""


def whom_to_call(branch: Branch | None, city: str, reference: Reference, bank: str = "") -> list[str]:
    """Where most of what is still to do is done, when it is open, and whom to call: the city's numbers, the bank's
    where it is another than the branch's."""
    policy, own = reference.cities.get(reference.city_of(city)), reference.banks.get(bank)
    lines = _branch(branch) if branch else []
    lines += [line("slip.hotlines", "  ".join(policy.hotlines))] if policy else []
    other = own and not (branch and branch.phone == own.hotline)
    return [*lines, line("slip.bank", f"{named(own)}  {own.hotline}")] if own and other else lines


def _branch(branch: Branch) -> list[str]:
    said = {"branch": f"{branch.name}  {branch.phone}", "address": branch.address, "hours": branch.hours}
    return [line(f"slip.{what}", written(value)) for what, value in said.items()]


def line(label: str, value: str) -> str:
    """A value behind its label, by the label's key."""
    return pair(t(label), value)


def pair(label: str, value: str) -> str:
    """A value behind its label, hanging under it where it is long."""
    return "\n".join(hang(f"{label}: ", value, LINE))
