"""The check of the chain: every digest, hash and signature computed again, over the whole file."""

from collections.abc import Callable
from contextlib import closing
from typing import Final

import msgspec

from counter.rules.chain import GENESIS, body_digest, link_hash
from counter.rules.link import Link, SignedLink, SignerKey
from counter.rules.signers import believed, is_signed
from counter.store import cipher
from counter.store.audit import ALL as NOTES
from counter.store.audit import first_bad_note
from counter.store.database import Database, store_errors
from counter.store.movements import ALL as MOVEMENTS
from counter.store.movements import NOTED
from counter.store.movements import first_bad as first_bad_movement
from counter.store.records import Flaw, SendState, Verification

STRIDE: Final = 500
"""Entries between two reports of progress."""
_ROWS: Final = """
    SELECT {link}, identity.branch, identity.counter, body.salt, body.content, outbox.state
    FROM entry LEFT JOIN identity LEFT JOIN body ON body.seq = entry.seq LEFT JOIN outbox ON outbox.seq = entry.seq
    ORDER BY entry.seq
"""


def verify_chain(database: Database, progress: Callable[[int, int], None] = lambda *_: None) -> Verification:
    """Read every entry and body, every operator's key and every note of the audit, in one view of the file.

    `progress` hears how many entries have been read, and of how many.

    An erased body is in order once its entry is no longer pending. Values are read as SQLite holds them, so that one
    that has lost its form is found, not stumbled over.
    """
    entries, first_bad, previous = 0, None, GENESIS
    with store_errors(database.path), closing(database.connect()) as connection:
        names = _columns(connection)
        connection.text_factory = _text
        keys, doubted = _keys(connection)
        form = 0
        total = next(iter(connection.execute("SELECT count(*) FROM entry")))[0]
        for row in connection.execute(_ROWS.format(link=", ".join(f"entry.{name}" for name in names))):
            if entries % STRIDE == 0:
                progress(entries, total)
            entries += 1
            *values, branch, counter, salt, content, state = row
            said = dict(zip(names, values, strict=True))
            link = _as_written(said)
            if first_bad is None and not (
                link is not None
                and (link.seq, link.previous, _hash(link, branch, counter)) == (entries, previous, link.hash)
                and _has_its_body(link.body_digest, salt, content, state)
                and link.form >= form
                and is_signed(link, branch, counter, keys)
            ):
                first_bad = entries
            previous = said["hash"]
            form = link.form if link else form
        bad_note = _first_bad_note(connection)
        bad_movement = _first_bad_movement(connection, keys)
    flaws = [Flaw("signer", operator) for operator in doubted]
    if bad_movement is not None:
        flaws.append(Flaw("movement", str(bad_movement)))
    if bad_note is not None:
        flaws.append(Flaw("audit", str(bad_note)))
    return Verification(entries, first_bad, tuple(flaws))


def _first_bad_note(connection: cipher.Connection) -> int | None:
    """The first note of the audit that does not follow the one before; None in a copy of before the chain."""
    return first_bad_note(connection.execute(NOTES)) if "hash" in columns_of(connection, "audit") else None


def _first_bad_movement(connection: cipher.Connection, keys: list[SignerKey]) -> int | None:
    """The first movement of till and blank cards that does not hold; None in a copy of before there were any."""
    if not columns_of(connection, "movement"):
        return None
    branch, counter = next(iter(connection.execute("SELECT branch, counter FROM identity")), ("", ""))
    noted = [
        hash for (hash,) in connection.execute("SELECT subject FROM audit WHERE action = ? ORDER BY seq", (NOTED,))
    ]
    found = connection.execute(f"{MOVEMENTS} ORDER BY seq")
    return first_bad_movement(found, str(branch), str(counter), keys, noted)


def _keys(connection: cipher.Connection) -> tuple[list[SignerKey], list[str]]:
    """The operators' keys that somebody vouches for whose word counts, and whose keys are none of these."""
    if not columns_of(connection, "signer"):
        return [], []
    before = [id for (id,) in connection.execute("SELECT id FROM operator WHERE from_before")]
    branch, counter = next(iter(connection.execute("SELECT branch, counter FROM identity")), ("", ""))
    names = SignerKey.__struct_fields__
    keys: list[SignerKey] = []
    doubted: list[str] = []
    for row in connection.execute(f"SELECT {', '.join(names)} FROM signer ORDER BY seq"):  # noqa: S608 - our own names
        try:
            key = msgspec.convert(dict(zip(names, row, strict=True)), SignerKey)
        except (msgspec.MsgspecError, ValueError):
            doubted.append(str(row[names.index("operator")]))
            continue
        if believed(keys, key, branch, counter, before):
            keys.append(key)
        else:
            doubted.append(key.operator)
    return keys, doubted


def _columns(connection: cipher.Connection) -> list[str]:
    """The link's fields that this file has columns for: a copy that waits to be migrated lacks the later ones."""
    present = columns_of(connection, "entry")
    return [name for name in SignedLink.__struct_fields__ if name in present]


def columns_of(connection: cipher.Connection, table: str) -> set[str]:
    """The columns of a table; none where there is no such table."""
    return {name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))}


def _text(raw: bytes) -> str:
    """Text even where the bytes are none: it will not have the right hash."""
    return raw.decode("utf-8", "surrogateescape")


def _as_written(fields: dict[str, object]) -> SignedLink | None:
    """The link, if date and moment are spelled as the store spells them and every value has its type."""
    try:
        link = msgspec.convert(fields, SignedLink)
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
