"""The check of the chain: every digest and every hash computed again, over the whole file."""

from contextlib import closing
from typing import Final

import msgspec

from counter.rules.chain import GENESIS, Link, body_digest, link_hash
from counter.store.database import Database, store_errors
from counter.store.records import SendState, Verification

LINK: Final = Link.__struct_fields__
_ROWS: Final = f"""
    SELECT {", ".join(f"identity.{name}" if name in ("branch", "counter") else f"entry.{name}" for name in LINK)},
           entry.hash, body.salt, body.content, outbox.state
    FROM entry LEFT JOIN identity LEFT JOIN body ON body.seq = entry.seq LEFT JOIN outbox ON outbox.seq = entry.seq
    ORDER BY entry.seq
"""  # noqa: S608 - the names are the link's own fields


def verify_chain(database: Database) -> Verification:
    """Read every entry and body, in one view of the file.

    An erased body is in order once its entry is no longer pending. Values are read as SQLite holds them, so that one
    that has lost its form is found, not stumbled over.
    """
    entries, first_bad, previous = 0, None, GENESIS
    with store_errors(), closing(database.connect()) as connection:
        connection.text_factory = _text
        for row in connection.execute(_ROWS):
            entries += 1
            *values, own_hash, salt, content, state = row
            fields = dict(zip(LINK, values, strict=True))
            if first_bad is None and not (
                _follows(fields, entries, previous, own_hash)
                and _has_its_body(fields["body_digest"], salt, content, state)
            ):
                first_bad = entries
            previous = own_hash
    return Verification(entries, first_bad)


def _text(raw: bytes) -> str:
    """Text even where the bytes are none: it will not have the right hash."""
    return raw.decode("utf-8", "surrogateescape")


def _follows(fields: dict[str, object], seq: int, previous: object, own_hash: object) -> bool:
    """Is this the entry of this number, after that one, with its own hash?"""
    try:
        link = msgspec.convert(fields, Link)
        spelled = (link.business_date.isoformat(), link.recorded_at.isoformat(timespec="microseconds"))
        as_written = spelled == (fields["business_date"], fields["recorded_at"])
        return as_written and link.seq == seq and link.previous == previous and link_hash(link) == own_hash
    except (msgspec.MsgspecError, ValueError):
        return False


def _has_its_body(digest: object, salt: object, content: object, state: object) -> bool:
    if state is None:
        return False  # nobody would ever send it
    if salt is None and content is None:
        return state != SendState.PENDING
    return isinstance(salt, bytes) and isinstance(content, bytes) and body_digest(salt, content) == digest
