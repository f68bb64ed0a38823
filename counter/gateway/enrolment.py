"""A counter's key becomes known to the province (登记), and its photos arrive."""

import io
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from PIL import Image

from counter.clock import system_clock
from counter.gateway.call import Call, ProblemError
from counter.province.wire import MAX_PHOTO, Enrolled, Enrolment, Health, PhotoStored


async def health(call: Call[None]) -> Health:
    """The province answers, its database too; this is its clock."""
    await call.connection.execute("SELECT 1")
    return Health(time=system_clock())


def code_digest(code: str) -> str:
    """How a one-time code is kept; upper and lower case and the dashes it is read out with are alike."""
    return sha256(code.strip().upper().replace("-", "").encode()).hexdigest()


async def enrol(call: Call[Enrolment]) -> Enrolled:
    """Enrol a counter's key with a one-time code; the same code with the same key again is the same answer."""
    asked = call.message
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(asked.public_key))
    except ValueError:
        raise ProblemError(422, "public_key") from None
    cursor = await call.connection.execute(
        "UPDATE enrolment_code SET used_for = %s WHERE digest = %s AND branch = %s AND counter = %s"
        " AND (used_for IS NULL OR used_for = %s)",
        (asked.public_key, code_digest(asked.code), asked.branch, asked.counter, asked.public_key),
    )
    if cursor.rowcount == 0:
        raise ProblemError(403, "enrolment_code")
    for table in ("signer", "signed_since"):  # with another key a counter also tells anew who signs
        await call.connection.execute(
            f"DELETE FROM {table} AS its USING counter AS known WHERE its.branch = %s AND its.counter = %s"  # noqa: S608 - constants
            " AND (known.branch, known.counter) = (its.branch, its.counter) AND known.public_key <> %s".encode(),
            (asked.branch, asked.counter, asked.public_key),
        )
    await call.connection.execute(
        "INSERT INTO counter (branch, counter, public_key) VALUES (%s, %s, %s)"
        " ON CONFLICT (branch, counter) DO UPDATE SET public_key = excluded.public_key, enrolled_at = now()",
        (asked.branch, asked.counter, asked.public_key),
    )
    return Enrolled(province_key=call.gateway.public_key)


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
