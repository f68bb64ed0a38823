"""Who says so: Ed25519 signatures over requests and answers, computed alike by the counter and the province.

A request's signature covers method, path with query, date and body digest; an answer's covers all of that and the
request's signature, the status and its own body digest. So an answer cannot be replayed, a captive portal's 200 is
none, and a no that the province gave to somebody else's request is no answer to ours, whatever signature that carried.
"""

from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

COUNTER_HEADER = "Counter"  # <branch>/<counter>
DATE_HEADER = "Counter-Date"  # ISO 8601, UTC
SIGNATURE_HEADER = "Counter-Signature"  # hex
PROVINCE_HEADER = "Province-Signature"  # hex


def digest(body: bytes) -> str:
    """Of a body as it is on the wire (compressed, if it is)."""
    return sha256(body).hexdigest()


def request_text(method: str, path: str, date: str, body_digest: str) -> bytes:
    """The bytes that a request's signature covers."""
    return "\n".join(("counter-request-v1", method.upper(), path, date, body_digest)).encode()


def answer_text(request: bytes, request_signature: str, status: int, body: bytes) -> bytes:
    """The bytes that an answer's signature covers; `request` are those that the request's does."""
    lines = ("counter-answer-v2", digest(request), request_signature, str(status), digest(body))
    return "\n".join(lines).encode()


def sign(key: Ed25519PrivateKey, text: bytes) -> str:
    """The signature in hex."""
    return key.sign(text).hex()


def verify(public_key: str, signature: str, text: bytes) -> bool:
    """Does this signature (hex) of this key (hex) cover the text? False for anything malformed."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), text)
    except (InvalidSignature, ValueError):
        return False
    return True
