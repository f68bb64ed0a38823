"""The check of a whole ledger: its pages, its tables, its chain, and all that lies beside it.

Each stage says what it found wrong as `Flaw`s, ``ledger.flaw.<what>`` in the catalogs.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec

from counter.rules.case import Case
from counter.rules.chain import GENESIS
from counter.rules.decision import SIGNED_AS, decode, hash_of
from counter.rules.record import CaseRecord, decode_record
from counter.rules.services import SERVICES
from counter.rules.signers import covers, verifies
from counter.store import anchor, cipher
from counter.store.database import Database, store_errors
from counter.store.keys import read_keyring
from counter.store.payments import way_of
from counter.store.records import Flaw, Verification
from counter.store.verify import columns_of, verify_chain

Progress = Callable[[str, int, int], None]
"""Hears the stage (``ledger.stage.<name>``), how many parts of it are done, and of how many."""


class _Receipt(msgspec.Struct):
    """Of a day's receipt, what the ledger can hold against itself."""

    last_seq: int
    head: str
    audit_seq: int = 0
    audit_head: str = ""


def verify_whole(database: Database, progress: Progress, *, home: Path | None = None) -> Verification:
    """Check everything that the file holds and, in a `home`, what lies beside it: the keyring and the anchor."""
    beside = anchor.content(home) if home else b""  # before the ledger, which only goes on
    chain = verify_chain(database, lambda done, total: progress("entries", done, total))
    flaws = list(chain.flaws)
    with store_errors(database.path), closing(database.connect()) as connection:
        stages = {name: check(connection) for name, check in _IN_THE_FILE.items()}
        if home:
            stages["operators"] = _operators(connection, home)
            stages["anchor"] = _anchor(connection, beside)
        for done, (name, found) in enumerate(stages.items()):
            progress(name, done, len(stages))
            flaws += found
    return Verification(chain.entries, chain.first_bad_seq, tuple(flaws))


def _pages(connection: cipher.Connection) -> Iterator[Flaw]:
    """Every page against its MAC.

    The file itself is read, past the WAL, while another program may just be writing pages back: what looks bad is
    looked at again once they are there.
    """
    found = _bad_pages(connection)
    if found:
        with suppress(cipher.DATABASE_ERROR):
            connection.execute("PRAGMA wal_checkpoint(FULL)").fetchall()
        found &= _bad_pages(connection)
    for said in sorted(found):
        yield Flaw("page", said)


def _bad_pages(connection: cipher.Connection) -> set[str]:
    return {str(said) for said, *_ in connection.execute("PRAGMA cipher_integrity_check")}


def _structure(connection: cipher.Connection) -> Iterator[Flaw]:
    """Tables against their indices, constraints and references."""
    for (said,) in connection.execute("PRAGMA integrity_check"):
        if said != "ok":
            yield Flaw("structure", str(said))
    for table, row, *_ in connection.execute("PRAGMA foreign_key_check"):
        yield Flaw("structure", f"{table} {row}")


def _photos(connection: cipher.Connection) -> Iterator[Flaw]:
    """A damaged last page of a long value is read as zeros without an error, which only the digest shows.

    One that retention has erased is empty.
    """
    for digest, jpeg in connection.execute("SELECT digest, jpeg FROM photo WHERE jpeg <> x''"):
        if not isinstance(jpeg, bytes) or sha256(jpeg).hexdigest() != digest:
            yield Flaw("photo", str(digest))


def _drafts(connection: cipher.Connection) -> Iterator[Flaw]:
    """What is held and what waits can be read, and has its pictures."""
    kept = {digest for (digest,) in connection.execute("SELECT digest FROM photo")}
    for table, kind in (("draft", Case), ("awaiting", CaseRecord)):
        if not columns_of(connection, table):
            continue  # a copy of before there were any
        for id, content, photos in connection.execute(f"SELECT id, content, photo FROM {table}"):  # noqa: S608 - our own names
            if not (_is(content, kind) and kept.issuperset(str(photos).split())):
                yield Flaw("draft", str(id))


def _receipts(connection: cipher.Connection) -> Iterator[Flaw]:
    """The province has signed how far the ledger and the audit were: both are still there, as they were.

    Who has enrolled again has another province's key; what was signed with the one before is not held against it.
    """
    hashes = dict(connection.execute("SELECT seq, hash FROM entry"))
    notes = dict(connection.execute("SELECT seq, hash FROM audit")) if _is_chained(connection) else {}
    (enrolled,) = next(iter(connection.execute("SELECT count(*) FROM audit WHERE action = 'enrol'")))
    (key,) = next(iter(connection.execute("SELECT province_key FROM identity")), ("",))
    for on, content, signature in connection.execute("SELECT business_date, content, signature FROM receipt"):
        said = _receipt(content)
        holds = said and (hashes.get(said.last_seq), notes.get(said.audit_seq, "")) == (said.head, said.audit_head)
        if not holds or (enrolled == 1 and not covers(key, _hex(signature), content)):
            yield Flaw("receipt", str(on))


def _decisions(connection: cipher.Connection) -> Iterator[Flaw]:
    """Each decision names the one before, says what its row says, and is signed by its two."""
    if not columns_of(connection, "decision"):
        return  # a copy of before there were any
    keys: dict[str, list[str]] = {}
    for operator, key in connection.execute("SELECT operator, public_key FROM signer"):
        keys.setdefault(operator, []).append(key)
    seq, before = 0, GENESIS
    rows = "SELECT seq, kind, subject, content, previous, hash, maker, checker, maker_signature, checker_signature"
    for *row, maker_signature, checker_signature in connection.execute(f"{rows} FROM decision ORDER BY seq"):
        seq, (number, _, _, content, previous, own, maker, checker) = seq + 1, row
        signed = (
            any(verifies(key, SIGNED_AS, str(own), _bytes(signature)) for key in keys.get(operator, ()))
            for operator, signature in ((maker, maker_signature), (checker, checker_signature))
        )
        stands = (number, previous, own) == (seq, before, hash_of(_bytes(content)))
        if not (stands and _says(_bytes(content), row) and maker != checker and all(signed)):
            yield Flaw("decision", str(number))
        before = own


def _says(content: bytes, row: list[Any]) -> bool:
    """Does the content of a decision say what its row says?"""
    try:
        said = decode(content)
    except msgspec.MsgspecError:
        return False
    _, kind, subject, _, previous, _, maker, checker = row
    return (said.kind.value, said.subject, said.previous, said.maker, said.checker) == (
        kind,
        subject,
        previous,
        maker,
        checker,
    )


def _bytes(value: object) -> bytes:
    """A value as it should be; empty where it has lost its form."""
    return value if isinstance(value, bytes) else b""


def _hex(text: object) -> bytes:
    try:
        return bytes.fromhex(str(text))
    except ValueError:
        return b""


def _receipt(content: object) -> _Receipt | None:
    try:
        return msgspec.json.decode(content if isinstance(content, bytes) else b"", type=_Receipt)
    except msgspec.MsgspecError:
        return None


def _derived(connection: cipher.Connection) -> Iterator[Flaw]:
    """How fees were paid and which blank cards were used, as the bodies say it; nothing is said of one that was
    erased."""
    if not columns_of(connection, "fee_paid"):
        return  # a copy of before there were any
    ways = dict(connection.execute("SELECT seq, way FROM fee_paid"))
    used = set(connection.execute("SELECT entry, number FROM blank_use"))
    query = "SELECT entry.seq, entry.id, entry.kind, content FROM body JOIN entry ON entry.seq = body.seq"
    for seq, id, kind, content in connection.execute(query):
        if not _is(content, CaseRecord):
            continue  # said of the entry
        record = decode_record(content)
        number = record.case.pickup.blank_card
        if ways.get(seq, "") != way_of(record) or (number and kind in SERVICES and (id, number) not in used):
            yield Flaw("derived", str(seq))


def _operators(connection: cipher.Connection, home: Path) -> Iterator[Flaw]:
    """No slot opens for who is disabled, nor in another role than the ledger says."""
    rows = {
        id: (role, bool(active)) for id, role, active in connection.execute("SELECT id, role, active FROM operator")
    }
    for slot in read_keyring(home).slots:
        if slot.wrapped and slot.id in rows and rows[slot.id] != (slot.role, slot.active):
            yield Flaw("operator", slot.id)


def _anchor(connection: cipher.Connection, beside: bytes) -> Iterator[Flaw]:
    """The ledger has all that its anchor says."""
    (key,) = next(iter(connection.execute("SELECT anchor_key FROM identity")), (None,))
    found = anchor.opened(beside, key) if key else None
    if key and (found is None or not anchor.holds(connection.execute, found)):
        yield Flaw("anchor", str(found.seq) if found else "")


def _is(content: object, kind: type) -> bool:
    try:
        msgspec.json.decode(content if isinstance(content, bytes) else b"", type=kind)
    except msgspec.MsgspecError:
        return False
    return True


def _is_chained(connection: cipher.Connection) -> bool:
    return "hash" in columns_of(connection, "audit")


_IN_THE_FILE: Final[dict[str, Callable[[cipher.Connection], Iterator[Flaw]]]] = {
    "pages": _pages,
    "structure": _structure,
    "photos": _photos,
    "drafts": _drafts,
    "receipts": _receipts,
    "decisions": _decisions,
    "derived": _derived,
}
