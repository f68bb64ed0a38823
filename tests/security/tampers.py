"""What somebody can change who has one clerk's passphrase, and with it the file's key: SQL below the store, and edits of
the files beside it. SECURITY.md has a row for each; `found` says by what."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from counter.rules.chain import link_hash
from counter.rules.link import SignedLink
from counter.rules.signers import HASH, sign
from counter.store import anchor, cipher, slots
from counter.store.audit import ALL, Note, sealed
from counter.store.keys import read_keyring
from tests.support.store_samples import CLERK, PASSPHRASE, PLACE, SUPERVISOR, file_key, sql, unguard

_TAIL_CUT: Final = tuple(f"DELETE FROM {table} WHERE seq = 3" for table in ("outbox", "finder", "body", "entry"))
SECOND: Final = "(SELECT id FROM entry WHERE seq = 2)"


@dataclass(frozen=True)
class Tamper:
    """`found` is where it shows: ``opening``, ``verify``, ``sync`` (the province finds a gap), ``day`` (its close does not match),
    ``kept`` (it opens nothing) or ``not`` (see the reason in SECURITY.md)."""

    name: str
    found: str
    how: tuple[str, ...] = ()
    edit: Callable[[Path], None] = lambda _home: None

    def do(self, home: Path) -> None:
        """All guards are taken away for it, and put back word for word."""
        if self.how:
            _unseen(home, *self.how)
        self.edit(home)


def _unseen(home: Path, *statements: str) -> None:
    guards = [text for (text,) in sql(home, "SELECT sql FROM sqlite_schema WHERE type = 'trigger'")]
    sql(home, *statements, *guards, unguarded=True)


def _keyring(change: Callable[[list[dict[str, Any]]], None]) -> Callable[[Path], None]:
    def edit(home: Path) -> None:
        content = json.loads((home / "keyring.json").read_text())
        change(content["slots"])
        (home / "keyring.json").write_text(json.dumps(content))

    return edit


def _promote(slots: list[dict[str, Any]]) -> None:
    slots[1]["role"] = "supervisor"


def _byte_of(name: str, at: int) -> Callable[[Path], None]:
    def edit(home: Path) -> None:
        content = bytearray((home / name).read_bytes())
        content[at] ^= 1
        (home / name).write_bytes(bytes(content))

    return edit


def _drop(home: Path) -> None:
    sql(home, "DROP TRIGGER entry_is_not_updated")


def _cut_short(home: Path) -> None:
    (home / "keyring.json").write_text("{")


def _anchor_anew(home: Path) -> None:
    """The anchor's key lies in the file."""
    ((key,),) = sql(home, "SELECT anchor_key FROM identity")
    anchor.drop(home, key, anchor.Anchor(*sql(home, anchor.HEADS)[0]))


def _written(home: Path, statement: str, rows: list[tuple[Any, ...]]) -> None:
    """Write rows below the store and put the guards and the anchor back as they would be."""
    guards = [text for (text,) in sql(home, "SELECT sql FROM sqlite_schema WHERE type = 'trigger'")]
    with closing(cipher.connect(home / "ledger.db", file_key(home))) as connection:
        unguard(connection)
        connection.executemany(statement, rows)
        for guard in guards:
            connection.execute(guard)
    _anchor_anew(home)


def _signed_again(**change: Any) -> Callable[[Path], None]:
    """This clerk's own last entry with something changed, hashed again and signed with this clerk's key."""

    def edit(home: Path) -> None:
        key = slots.open_with_passphrase(read_keyring(home), CLERK.id, PASSPHRASE).signer
        assert key is not None
        names = SignedLink.__struct_fields__
        (row,) = sql(home, f"SELECT {', '.join(names)} FROM entry WHERE seq = 3")
        link = msgspec.structs.replace(msgspec.convert(dict(zip(names, row, strict=True)), SignedLink), **change)
        assert row[names.index("maker")] == CLERK.id
        own_hash = link_hash(link, PLACE.branch, PLACE.counter)
        said = (link.maker, link.fee_fen, own_hash, *sign(key, HASH, [own_hash]))
        fields = "maker = ?, fee_fen = ?, hash = ?, maker_signature = ?"
        _written(home, f"UPDATE entry SET {fields} WHERE seq = 3", [said])

    return edit


def _audit_again(home: Path) -> None:
    """Every note of this clerk's is another's, and the chain is hashed again."""
    previous, rows = sealed(()), []
    for row in sql(home, ALL):
        note = Note(*row)._replace(operator=SUPERVISOR.id, previous=previous)
        previous = note.own_hash
        rows.append((note.operator, note.previous, previous, note.seq))
    _written(home, "UPDATE audit SET operator = ?, previous = ?, hash = ? WHERE seq = ?", rows)


def _column(name: str, value: str, found: str = "verify") -> Tamper:
    return Tamper(f"entry: another {name}", found, (f"UPDATE entry SET {name} = {value} WHERE seq = 2",))


TAMPERS: Final = (
    _column("fee_fen", "0"),
    _column("kind", "'query'"),
    _column("maker", "'c01'"),
    _column("checker", "'s01'"),
    _column("business_date", "'2026-03-01'"),
    _column("recorded_at", "'2026-03-02T01:00:00.000000+00:00'"),
    _column("id", "'another'"),
    _column("reverses", "(SELECT id FROM entry WHERE seq = 1)"),
    _column("body_digest", "(SELECT body_digest FROM entry WHERE seq = 1)"),
    _column("previous", "'0'"),
    _column("hash", "'0'"),
    _column("algorithm", "'md5'"),
    _column("form", "9"),
    _column("maker_signature", "(SELECT maker_signature FROM entry WHERE seq = 1)"),
    Tamper(
        "entry: in another's name, hashed, signed and anchored again",
        "verify",
        edit=_signed_again(maker=SUPERVISOR.id),
    ),
    Tamper(
        "entry: this clerk's own with another fee, hashed, signed and anchored again",
        "not",
        edit=_signed_again(fee_fen=0),
    ),
    Tamper("entry: taken out of the middle", "verify", ("DELETE FROM entry WHERE seq = 2",)),
    Tamper("entry: the first taken out", "verify", ("DELETE FROM entry WHERE seq = 1",)),
    Tamper(
        "entry: two change places",
        "verify",
        (
            "UPDATE entry SET seq = 99 WHERE seq = 1",
            "UPDATE entry SET seq = 1 WHERE seq = 2",
            "UPDATE entry SET seq = 2 WHERE seq = 99",
        ),
    ),
    Tamper(
        "entry: one put in without its body",
        "verify",
        (
            "INSERT INTO entry SELECT 4, 'new', business_date, recorded_at, kind, fee_fen, maker, checker, reverses,"
            " body_digest, hash, hash, algorithm, form, incarnation, maker_signature, checker_signature"
            " FROM entry WHERE seq = 3",
        ),
    ),
    Tamper("body: other words", "verify", ("UPDATE body SET content = CAST('{}' AS BLOB) WHERE seq = 2",)),
    Tamper("body: another salt", "verify", ("UPDATE body SET salt = zeroblob(16) WHERE seq = 2",)),
    Tamper(
        "body: two change places",
        "verify",
        ("UPDATE body SET content = (SELECT content FROM body WHERE seq = 1) WHERE seq = 2",),
    ),
    Tamper("body: erased before the province had it", "verify", ("DELETE FROM body WHERE seq = 2",)),
    Tamper("finder: a name that finds the entry no more", "not", ("UPDATE finder SET name = 'nobody' WHERE seq = 2",)),
    Tamper("outbox: the row taken out, so that nothing is sent", "verify", ("DELETE FROM outbox WHERE seq = 2",)),
    Tamper("outbox: said to be sent", "sync", ("UPDATE outbox SET state = 'created' WHERE seq = 2",)),
    Tamper("outbox: every row said to be sent", "sync", ("UPDATE outbox SET state = 'created'",)),
    Tamper("identity: another counter", "verify", ("UPDATE identity SET counter = '99'",)),
    Tamper("identity: another branch", "verify", ("UPDATE identity SET branch = 'elsewhere'",)),
    Tamper("identity: taken out", "opening", ("DELETE FROM identity",)),
    Tamper("triggers: one taken away", "opening", edit=_drop),
    Tamper("schema: said to be of a later program", "opening", ("PRAGMA user_version = 999",)),
    Tamper("schema: said to be another file", "opening", ("PRAGMA application_id = 1",)),
    Tamper("file: one byte of its first page", "opening", edit=_byte_of("ledger.db", 100)),
    Tamper("file: its salt", "opening", edit=_byte_of("ledger.db", 3)),
    Tamper("keyring: a clerk is made a supervisor", "kept", edit=_keyring(_promote)),
    Tamper("keyring: cut short", "opening", edit=_cut_short),
    Tamper("keyring: taken away", "opening", edit=lambda home: (home / "keyring.json").unlink()),
    Tamper(
        "operator: a clerk's row is made a supervisor's",
        "verify",
        ("UPDATE operator SET role = 'supervisor' WHERE id = 'c01'",),
    ),
    Tamper("operator: a disabled one is made active", "not", ("UPDATE operator SET active = 1",)),
    Tamper("audit: a row taken out", "verify", ("DELETE FROM audit WHERE seq = 2",)),
    Tamper("audit: all in another's name, hashed and anchored again", "not", edit=_audit_again),
    Tamper(
        "entry: the tail cut off, before it was sent",
        "opening",
        _TAIL_CUT,
    ),
    Tamper("anchor: made anew for a tail that was cut off", "not", _TAIL_CUT, _anchor_anew),
    Tamper("anchor: taken away", "opening", edit=lambda home: (home / anchor.FILE_NAME).unlink()),
    Tamper("draft: somebody's held case thrown away", "not", ("DELETE FROM draft",)),
    Tamper(
        "receipt: a day's receipt made up",
        "verify",
        ("INSERT INTO receipt VALUES ('2026-03-02', 3, CAST('{}' AS BLOB), '00', '2026-03-02T04:00:00.000000+00:00')",),
    ),
)
