"""Entries from a counter's ledger: verified, judged, and stored with one statement a batch.

The province holds every counter's chain without gaps. What it refuses for its content is stored as rejected and does
not count, so the chain goes on; what does not fit the chain is a conflict and is not stored. What it has lost of the
chain (a row removed, a value changed, an older backup restored) a counter offers again: the hashes prove it.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import msgspec
import zstandard

from counter.gateway.call import Call, Caller, ProblemError, encode
from counter.gateway.database import Connection
from counter.gateway.ledger.judging import judge
from counter.province.wire import MAX_BYTES, UNKNOWN_FORM, Entries, Entry, EntryAnswer, EntryAnswers, Head, Outcome
from counter.rules.chain import GENESIS, body_digest, link_hash
from counter.rules.link import FORMS, SignedLink

COLUMNS = ", ".join(("branch", "counter", *SignedLink.__struct_fields__, "body", "salt", "outcome", "code", "rule"))
STORE = (
    f"INSERT INTO entry ({COLUMNS}) SELECT {COLUMNS} FROM jsonb_populate_recordset(NULL::entry, %s::jsonb)"  # noqa: S608 - constants
    " ON CONFLICT DO NOTHING RETURNING id"
)


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry that the province holds, as far as an answer needs it."""

    id: str
    seq: int
    hash: str
    kind: str
    fee_fen: int
    business_date: date
    outcome: Outcome
    code: str
    rule: str

    @property
    def answer(self) -> EntryAnswer:
        if self.outcome is Outcome.REJECTED:
            return EntryAnswer(id=self.id, outcome=self.outcome, code=self.code, rule=self.rule)
        return EntryAnswer(id=self.id, outcome=Outcome.EXISTS)

    def says(self, entry: Entry) -> bool:
        """Is what a day is counted by as the entry says it, whose hash is this one's?"""
        return (self.kind, self.fee_fen, self.business_date) == (entry.kind, entry.fee_fen, entry.business_date)


@dataclass(frozen=True, slots=True)
class Chain:
    """What the province holds of a counter's chain, as far as a batch needs it: the `last` seq and hash, the entries
    `held` by id, and by seq hash and previous hash of those `around` a gap."""

    caller: Caller
    last: tuple[int, str]
    held: dict[str, Stored]
    around: dict[int, tuple[str, str]]

    def fills_a_gap(self, entry: Entry) -> bool:
        """Is it missing between entries that are held, and do their hashes name it?"""
        if entry.seq > self.last[0] or entry.seq in self.around:
            return False
        before = self.around.get(entry.seq - 1, (GENESIS, "") if entry.seq == 1 else None)
        after = self.around.get(entry.seq + 1)
        fits = before is not None and before[0] == entry.previous and (after is None or after[1] == entry.hash)
        return fits and _is_genuine(self.caller, entry)


def decompress(body: bytes) -> bytes:
    """The JSON in a zstd body. Raises `ProblemError` 413 for more than `MAX_BYTES`, however small it was packed."""
    try:
        with zstandard.ZstdDecompressor(max_window_size=2**23).stream_reader(io.BytesIO(body)) as reader:
            plain: bytes = reader.read(MAX_BYTES + 1)
    except (zstandard.ZstdError, MemoryError):
        raise ProblemError(400, "malformed") from None
    if len(plain) > MAX_BYTES:
        raise ProblemError(413, "too_large")
    return plain


async def head(call: Call[None]) -> Head:
    """The last entry that the province holds from this counter."""
    cursor = await call.connection.execute(
        "SELECT count(*) AS count, coalesce(max(seq), 0) AS seq, (array_agg(hash ORDER BY seq DESC))[1] AS hash"
        " FROM entry WHERE branch = %s AND counter = %s",
        (call.caller.branch, call.caller.counter),
    )
    row = await cursor.fetchone()
    assert row is not None  # an aggregate always gives a row
    return Head(seq=row["seq"], hash=row["hash"] or GENESIS, count=row["count"])


async def entries(call: Call[Entries]) -> EntryAnswers:
    """Entries in the order of seq; one answer to each, always the same however often it is sent."""
    batch = call.message.entries
    await _take_turns(call)
    chain = await _chain(call, batch)
    answers, fresh = _answers(chain, batch)
    judged = await judge(call, fresh)
    created = await _store(call, fresh, judged)
    if len(created) != len(fresh):
        raise ProblemError(503, "unavailable", retry_after=1)  # held against what was just read: roll back, ask again
    genuine = {answer.id for answer in answers if answer.outcome is not Outcome.CONFLICT} & chain.held.keys()
    await _mend(call, (each for each in batch if each.id in genuine and not chain.held[each.id].says(each)))
    return EntryAnswers(
        answers=tuple(judged[answer.id] if answer.outcome is Outcome.CREATED else answer for answer in answers)
    )


async def _take_turns(call: Call[Entries]) -> None:
    """One batch of a counter at a time: the chain is continued from what the one before left."""
    await call.connection.execute(
        "SELECT 1 FROM counter WHERE branch = %s AND counter = %s FOR UPDATE",
        (call.caller.branch, call.caller.counter),
    )


async def _chain(call: Call[Entries], batch: tuple[Entry, ...]) -> Chain:
    last = await _last(call.connection, call.caller)
    held = await _held(call.connection, call.caller, batch)
    old = [entry.seq for entry in batch if entry.seq <= last[0] and entry.id not in held]
    return Chain(call.caller, last, held, await _around(call, old) if old else {})


async def _around(call: Call[Entries], seqs: list[int]) -> dict[int, tuple[str, str]]:
    """What is held at these places of the chain, and beside them."""
    places = sorted({place for seq in seqs for place in (seq - 1, seq, seq + 1)})
    cursor = await call.connection.execute(
        "SELECT seq, hash, previous FROM entry WHERE branch = %s AND counter = %s AND seq = ANY(%s)",
        (call.caller.branch, call.caller.counter, places),
    )
    return {row["seq"]: (row["hash"], row["previous"]) for row in await cursor.fetchall()}


async def _mend(call: Call[Entries], entries: Iterable[Entry]) -> None:
    """Put right what is stored of these otherwise than their hash, which is stored too, says it."""
    for entry in entries:
        await call.connection.execute(
            "UPDATE entry SET kind = %s, fee_fen = %s, business_date = %s"
            " WHERE branch = %s AND counter = %s AND id = %s",
            (
                *(entry.kind, entry.fee_fen, entry.business_date),
                *(call.caller.branch, call.caller.counter, entry.id),
            ),
        )


async def _last(connection: Connection, caller: Caller) -> tuple[int, str]:
    cursor = await connection.execute(
        "SELECT seq, hash FROM entry WHERE branch = %s AND counter = %s ORDER BY seq DESC LIMIT 1",
        (caller.branch, caller.counter),
    )
    row = await cursor.fetchone()
    return (row["seq"], row["hash"]) if row else (0, GENESIS)


async def _held(connection: Connection, caller: Caller, batch: tuple[Entry, ...]) -> dict[str, Stored]:
    """Which ids of the batch are there already."""
    cursor = await connection.execute(
        "SELECT id, seq, hash, kind, fee_fen, business_date, outcome, code, rule FROM entry"
        " WHERE branch = %s AND counter = %s AND id = ANY(%s)",
        (caller.branch, caller.counter, [entry.id for entry in batch]),
    )
    rows = await cursor.fetchall()
    return {row["id"]: Stored(**row | {"outcome": Outcome(row["outcome"])}) for row in rows}


def _answers(chain: Chain, batch: tuple[Entry, ...]) -> tuple[list[EntryAnswer], list[Entry]]:
    """An answer to each, and those that continue the chain or fill a gap in it.

    The first that does not fit is a conflict; what comes after it may fit once that is settled, so it is for later. So
    is one of a form that this province does not know yet: it cannot be verified.
    """
    answers: list[EntryAnswer] = []
    fresh: list[Entry] = []
    last, broken = chain.last, False
    for entry in batch:
        if stored := chain.held.get(entry.id):
            same = stored.hash == entry.hash and stored.seq == entry.seq and _is_genuine(chain.caller, entry)
            answers.append(stored.answer if same else EntryAnswer(id=entry.id, outcome=Outcome.CONFLICT))
            broken = broken or not same
        elif broken or entry.seq > last[0] + 1:
            answers.append(EntryAnswer(id=entry.id, outcome=Outcome.RETRY))
        elif entry.form not in FORMS:
            answers.append(EntryAnswer(id=entry.id, outcome=Outcome.RETRY, code=UNKNOWN_FORM))
            broken = True
        elif chain.fills_a_gap(entry):
            answers.append(EntryAnswer(id=entry.id, outcome=Outcome.CREATED))
            fresh.append(entry)
            chain.around[entry.seq] = (entry.hash, entry.previous)
        elif (entry.seq, entry.previous) != (last[0] + 1, last[1]) or not _is_genuine(chain.caller, entry):
            answers.append(EntryAnswer(id=entry.id, outcome=Outcome.CONFLICT))
            broken = True
        else:
            answers.append(EntryAnswer(id=entry.id, outcome=Outcome.CREATED))
            fresh.append(entry)
            last = (entry.seq, entry.hash)
    return answers, fresh


def _is_genuine(caller: Caller, entry: Entry) -> bool:
    """Do body, salt and link give the hashes that the entry claims?"""
    try:
        own_hash = link_hash(entry, caller.branch, caller.counter)
    except (ValueError, OverflowError):  # an unknown algorithm, a moment outside the calendar
        return False
    return body_digest(entry.salt, entry.body) == entry.body_digest and own_hash == entry.hash


async def _store(call: Call[Entries], fresh: Iterable[Entry], judged: dict[str, EntryAnswer]) -> set[str]:
    rows = [_row(call.caller, entry, judged[entry.id]) for entry in fresh]
    if not rows:
        return set()
    cursor = await call.connection.execute(STORE.encode(), (encode(rows).decode(),))
    return {row["id"] for row in await cursor.fetchall()}


def _row(caller: Caller, entry: Entry, answer: EntryAnswer) -> dict[str, object]:
    """The entry as a row; bytes in the form that PostgreSQL reads."""
    row = msgspec.structs.asdict(entry)
    return {
        **row,
        "branch": caller.branch,
        "counter": caller.counter,
        "body": f"\\x{entry.body.hex()}",
        "salt": f"\\x{entry.salt.hex()}",
        "maker_signature": f"\\x{entry.maker_signature.hex()}",
        "checker_signature": f"\\x{entry.checker_signature.hex()}",
        "outcome": answer.outcome,
        "code": answer.code,
        "rule": answer.rule,
    }
