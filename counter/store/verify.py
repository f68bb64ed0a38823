"""The check of the chain: every digest and every hash computed again, over the whole file."""

from contextlib import closing
from typing import Final

import msgspec

from counter.rules.chain import GENESIS, body_digest, link_hash
from counter.rules.link import Link
from counter.store import cipher
from counter.store.database import Database, store_errors
from counter.store.records import SendState, Verification

_ROWS: Final = """
    SELECT {link}, identity.branch, identity.counter, entry.hash, body.salt, body.content, outbox.state
    FROM entry LEFT JOIN identity LEFT JOIN body ON body.seq = entry.seq LEFT JOIN outbox ON outbox.seq = entry.seq
    ORDER BY entry.seq
"""


def verify_chain(database: Database) -> Verification:
    """Read every entry and body, in one view of the file.

    An erased body is in order once its entry is no longer pending. Values are read as SQLite holds them, so that one
    that has lost its form is found, not stumbled over.
    """
    entries, first_bad, previous = 0, None, GENESIS
    with store_errors(database.path), closing(database.connect()) as connection:
        names = _columns(connection)
        connection.text_factory = _text
        for row in connection.execute(_ROWS.format(link=", ".join(f"entry.{name}" for name in names))):
            entries += 1
            *values, branch, counter, own_hash, salt, content, state = row
            link = _as_written(dict(zip(names, values, strict=True)))
            if first_bad is None and not (
                link is not None
                and (link.seq, link.previous, _hash(link, branch, counter)) == (entries, previous, own_hash)
                and _has_its_body(link.body_digest, salt, content, state)
            ):
                first_bad = entries
            previous = own_hash
    return Verification(entries, first_bad)


def _columns(connection: cipher.Connection) -> list[str]:
    """The link's fields that this file has columns for: a copy that waits to be migrated lacks the later ones."""
    present = {name for (name,) in connection.execute("SELECT name FROM pragma_table_info('entry')")}
    return [name for name in Link.__struct_fields__ if name in present]


def _text(raw: bytes) -> str:
    """Text even where the bytes are none: it will not have the right hash."""
    return raw.decode("utf-8", "surrogateescape")


def _as_written(fields: dict[str, object]) -> Link | None:
    """The link, if date and moment are spelled as the store spells them and every value has its type."""
    try:
        link = msgspec.convert(fields, Link)
    except (msgspec.MsgspecError, ValueError):
        return None
    spelled = (link.business_date.isoformat(), link.recorded_at.isoformat(timespec="microseconds"))
    return link if spelled == (fields["business_date"], fields["recorded_at"]) else None


def _hash(link: Link, branch: object, counter: object) -> str | None:
    """The entry's hash, or None where it has none: of a form or an algorithm that is not known, or of no counter."""
    try:
        return link_hash(link, branch, counter) if isinstance(branch, str) and isinstance(counter, str) else None
    except ValueError:
        return None


def _has_its_body(digest: str, salt: object, content: object, state: object) -> bool:
    if state is None:
        return False  # nobody would ever send it
    if salt is None and content is None:
        return state != SendState.PENDING
    return isinstance(salt, bytes) and isinstance(content, bytes) and body_digest(salt, content) == digest
