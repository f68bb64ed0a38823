"""A counter's key becomes known to the province (登记), and its photos arrive."""

import io
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from PIL import Image

from counter.clock import system_clock
from counter.gateway.call import Call, ProblemError
from counter.gateway.database import Connection
from counter.province.wire import MAX_PHOTO, Enrolled, Enrolment, Health, PhotoStored

CODE_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""What a code is made of: none that is read out as another."""
CODE_LENGTH: Final = 16
"""Of 32 letters: 80 bits."""
CODE_LIFE: Final = timedelta(days=1)
MAX_TRIES: Final = 5
"""Wrong codes for a counter until those that it has are void."""


async def health(call: Call[None]) -> Health:
    """The province answers, its database too; this is its clock."""
    await call.connection.execute("SELECT 1")
    return Health(time=system_clock())


async def province(call: Call[None]) -> Enrolled:
    """The province's public key, for the two people who enrol a counter and compare its fingerprint."""
    return Enrolled(province_key=call.gateway.public_key)


def code_digest(code: str) -> str:
    """How a one-time code is kept; upper and lower case and the dashes it is read out with are alike."""
    return sha256(code.strip().upper().replace("-", "").encode()).hexdigest()


async def make_code(connection: Connection, branch: str, counter: str) -> str:
    """A new one-time code for a counter, in the connection's transaction; those that it had are void."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    code = "-".join(letters[at : at + 4] for at in range(0, CODE_LENGTH, 4))
    await connection.execute(
        "DELETE FROM enrolment_code WHERE branch = %s AND counter = %s AND used_for IS NULL", (branch, counter)
    )
    await keep_code(connection, code, branch, counter)
    return code


async def keep_code(connection: Connection, code: str, branch: str, counter: str) -> None:
    """Keep a code, of which only the digest stays, and say so."""
    await connection.execute(
        "INSERT INTO enrolment_code (digest, branch, counter, expires_at) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (digest) DO UPDATE SET branch = excluded.branch, counter = excluded.counter,"
        " expires_at = excluded.expires_at, tries = 0",
        (code_digest(code), branch, counter, system_clock() + CODE_LIFE),
    )
    await _note(connection, branch, counter, "code")


async def revoke(connection: Connection, branch: str, counter: str) -> bool:
    """The counter's key opens nothing any more, and its codes are void; False where it has no key."""
    cursor = await connection.execute(
        "UPDATE counter SET revoked_at = %s WHERE branch = %s AND counter = %s AND revoked_at IS NULL"
        " RETURNING public_key",
        (system_clock(), branch, counter),
    )
    row = await cursor.fetchone()
    await connection.execute("DELETE FROM enrolment_code WHERE branch = %s AND counter = %s", (branch, counter))
    if row:
        await _note(connection, branch, counter, "revoked", row["public_key"])
    return row is not None


async def enrol(call: Call[Enrolment]) -> Enrolled:
    """Enrol a counter's key with a one-time code; the same code with the same key again is the same answer.

    The key itself has signed that it is to be enrolled. One that is enrolled is replaced after its revocation only.
    """
    asked = call.message
    if call.caller.key != asked.public_key:
        raise ProblemError(401, "signature")
    if not await _takes(call):
        await _count_wrong(call)
        raise ProblemError(403, "enrolment_code")
    await _forget_signers(call)
    cursor = await call.connection.execute(
        "INSERT INTO counter AS known (branch, counter, public_key) VALUES (%s, %s, %s)"
        " ON CONFLICT (branch, counter) DO UPDATE SET public_key = excluded.public_key, enrolled_at = %s,"
        " revoked_at = NULL WHERE known.revoked_at IS NOT NULL",
        (asked.branch, asked.counter, asked.public_key, system_clock()),
    )
    if cursor.rowcount:
        await _note(call.connection, asked.branch, asked.counter, "enrolled", asked.public_key)
    elif not await _is_enrolled(call):
        raise ProblemError(403, "enrolled")
    return Enrolled(province_key=call.gateway.public_key)


async def _forget_signers(call: Call[Enrolment]) -> None:
    """With another key a counter also tells anew who signs."""
    asked = call.message
    for table in ("signer", "signed_since"):
        await call.connection.execute(
            f"DELETE FROM {table} AS its USING counter AS known WHERE its.branch = %s AND its.counter = %s"  # noqa: S608 - constants
            " AND (known.branch, known.counter) = (its.branch, its.counter) AND known.public_key <> %s"
            " AND known.revoked_at IS NOT NULL".encode(),
            (asked.branch, asked.counter, asked.public_key),
        )


async def _takes(call: Call[Enrolment]) -> bool:
    """Does the counter's code fit? It is this key's from now on."""
    asked = call.message
    cursor = await call.connection.execute(
        "UPDATE enrolment_code SET used_for = %s WHERE digest = %s AND branch = %s AND counter = %s"
        " AND expires_at >= %s AND tries < %s AND (used_for IS NULL OR used_for = %s)",
        (
            *(asked.public_key, code_digest(asked.code), asked.branch, asked.counter),
            *(system_clock(), MAX_TRIES, asked.public_key),
        ),
    )
    return cursor.rowcount > 0


async def _count_wrong(call: Call[Enrolment]) -> None:
    """A wrong code counts although what asked for it is rolled back: in a transaction of its own."""
    asked = call.message
    async with call.gateway.pool.connection() as connection:
        cursor = await connection.execute(
            "UPDATE enrolment_code SET tries = tries + 1 WHERE branch = %s AND counter = %s AND used_for IS NULL",
            (asked.branch, asked.counter),
        )
        if cursor.rowcount:  # of counters that nobody enrols nothing is kept: anybody could fill the table
            await _note(connection, asked.branch, asked.counter, "wrong code", asked.public_key)


async def _is_enrolled(call: Call[Enrolment]) -> bool:
    cursor = await call.connection.execute(
        "SELECT public_key FROM counter WHERE branch = %s AND counter = %s",
        (call.message.branch, call.message.counter),
    )
    row = await cursor.fetchone()
    return row is not None and row["public_key"] == call.message.public_key


@dataclass(frozen=True, slots=True)
class EnrolmentNote:
    """What was done about a counter's key: ``code``, ``wrong code``, ``enrolled``, ``revoked``; the key in hex."""

    at: datetime
    action: str
    branch: str
    counter: str
    public_key: str


async def notes(connection: Connection) -> list[EnrolmentNote]:
    """All that was noted, oldest first."""
    cursor = await connection.execute(
        "SELECT at, action, branch, counter, public_key FROM enrolment_note ORDER BY at, id"
    )
    return [EnrolmentNote(**row) for row in await cursor.fetchall()]


async def _note(connection: Connection, branch: str, counter: str, action: str, public_key: str = "") -> None:
    await connection.execute(
        "INSERT INTO enrolment_note (branch, counter, id, action, public_key) VALUES (%s, %s, %s, %s, %s)",
        (branch, counter, secrets.token_hex(8), action, public_key),
    )


async def put_photo(call: Call[bytes]) -> PhotoStored:
    """Store a photo by its SHA-256; one that is there already is success."""
    digest, jpeg = call.path["digest"], call.message
    if len(jpeg) > MAX_PHOTO:
        raise ProblemError(413, "too_large")
    if sha256(jpeg).hexdigest() != digest:
        raise ProblemError(400, "digest")
    if not _is_jpeg(jpeg):
        raise ProblemError(400, "not_jpeg")
    await call.connection.execute(
        "INSERT INTO photo (branch, digest, jpeg) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        (call.caller.branch, digest, jpeg),
    )
    return PhotoStored(digest=digest)


def _is_jpeg(data: bytes) -> bool:
    """Does it begin as a JPEG whose header can be read? The picture itself is not decoded."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)):
            return True
    except Exception:
        return False
