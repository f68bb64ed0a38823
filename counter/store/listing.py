"""Ledger entries as they are listed: one query for all lists, and what finds an entry."""

import re
import unicodedata
from datetime import date
from functools import reduce
from operator import attrgetter
from typing import Any, Final, NamedTuple, cast

import msgspec
from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from counter.rules.link import Link, SignedLink
from counter.rules.record import CaseRecord, decode_record
from counter.rules.reference import Place
from counter.rules.text import IDEOGRAPHS
from counter.store import tables
from counter.store.errors import DamagedLedgerError
from counter.store.records import LedgerEntry, SendState

Listing = Select[tables.Entry, tables.Outbox, bytes | None]

FIELDS: Final = SignedLink.__struct_fields__
_values: Final = attrgetter(*FIELDS)

MIN_SUFFIX: Final = 4
"""The end of a document number finds it from four characters on."""

_NUMBERED: Final = re.compile(r"(?:([0-9]{8})-(?:r([0-9a-z]{6})-)?)?([0-9]{6,15})")

_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: none is taken for another when it is read out."""


class Numbered(NamedTuple):
    """What of an entry its number to quote is made of."""

    seq: int
    business_date: date
    incarnation: int


def quote_number(place: Place, entry: Link | tables.Entry | Numbered) -> str:
    """The number to quote (受理号): ``<branch>-<counter>-<yyyymmdd>-<seq of six digits or more>``.

    Unique in the province, and it says where and when; seq goes on over days, so no two days share one. What a restored
    home records has ``R`` and its incarnation before the seq: the home before it may have given the same seq.
    """
    again = f"R{incarnation_text(entry.incarnation)}-" if entry.incarnation else ""
    return f"{place.branch}-{place.counter}-{entry.business_date:%Y%m%d}-{again}{entry.seq:06d}"


def incarnation_text(incarnation: int) -> str:
    """An incarnation in six letters."""
    return "".join(_LETTERS[incarnation >> 5 * place & 31] for place in reversed(range(6)))


def entries() -> Listing:
    """Entries with their state and, unless retention has erased it, their body."""
    query = (
        select(tables.Entry, tables.Outbox, col(tables.Body.content))
        .join(tables.Outbox, col(tables.Outbox.seq) == col(tables.Entry.seq))
        .join(tables.Body, col(tables.Body.seq) == col(tables.Entry.seq), isouter=True)
    )
    return cast("Listing", query)


def listed(session: Session, query: Listing) -> list[LedgerEntry]:
    """The entries of a query over `entries`."""
    return [_entry(*row) for row in session.exec(query)]


def one(session: Session, condition: ColumnElement[bool]) -> LedgerEntry | None:
    """The entry of which this is true, or None."""
    return next(iter(listed(session, entries().where(condition))), None)


def _entry(entry: tables.Entry, outbox: tables.Outbox, body: bytes | None) -> LedgerEntry:
    return LedgerEntry(
        **link_in(entry),
        record=None if body is None else record_in(body),
        state=SendState(outbox.state),
        code=outbox.code,
        rule=outbox.rule,
    )


def link_in(row: tables.Entry) -> dict[str, Any]:
    """What the entry of a row says of itself, by the link's own fields."""
    return dict(zip(FIELDS, _values(row), strict=True))


def record_in(body: bytes) -> CaseRecord:
    """The record of a body. Raises `DamagedLedgerError` when it is none."""
    try:
        return decode_record(body)
    except msgspec.MsgspecError as error:
        raise DamagedLedgerError("a body is not as it was written") from error


def found_by(record: CaseRecord) -> tuple[str, str]:
    """What the entry of a record will be found by: name and document number, folded."""
    holder = record.case.holder
    return folded(holder.name), folded(holder.document.number)


def matching(text: str, place: Place) -> ColumnElement[bool]:
    """Entries of this quote number (or its last part), name (any part) or document number (whole, or its end).

    `instr` and `substr` instead of LIKE: no wildcard to escape, and no limit to what may be typed.
    """
    wanted = folded(text)
    number = col(tables.Finder.document)
    found: list[ColumnElement[bool]] = [func.instr(tables.Finder.name, wanted) > 0, number == wanted]
    if len(wanted) >= MIN_SUFFIX:
        found.append(func.substr(number, -len(wanted)) == wanted)
    if (of_number := numbered(text, place)) is not None:
        found.append(of_number)
    matches = select(col(tables.Entry.seq)).join(
        tables.Finder, col(tables.Finder.seq) == col(tables.Entry.seq), isouter=True
    )
    return col(tables.Entry.seq).in_(matches.where(or_(*found)))


def numbered(text: str, place: Place) -> ColumnElement[bool] | None:
    """The entry of this quote number or its last part; None where the text is none."""
    wanted = _NUMBERED.fullmatch(folded(text).removeprefix(folded(f"{place.branch}-{place.counter}-")))
    if wanted is None:
        return None
    on, again, seq = wanted.groups()
    of_number = col(tables.Entry.seq) == int(seq)
    if on is None:
        return of_number
    home = col(tables.Entry.incarnation) == _incarnation(again)
    return of_number & (func.strftime("%Y%m%d", tables.Entry.business_date) == on) & home


def _incarnation(letters: str | None) -> int:
    """The incarnation in these letters; one that there is not for others."""
    try:
        return reduce(lambda found, letter: found * 32 + _LETTERS.index(letter), (letters or "").upper(), 0)
    except ValueError:
        return -1


def folded(text: str) -> str:
    """One form for what is typed and what is stored: compatibility forms and case folded, without spaces.

    What cannot be encoded (half a surrogate pair from a broken paste) is dropped.
    """
    if IDEOGRAPHS.fullmatch(text):
        return text
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.encode("utf-8", "ignore").decode())
    return text.casefold() if text.isalnum() else "".join(text.casefold().split())
