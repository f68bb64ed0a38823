"""Who says so: Ed25519 signatures over requests and answers, computed alike by the counter and the province.

A request's signature covers method, path with query, date and body digest; an answer's covers the request's
signature, the status and the body digest, so that an answer cannot be replayed and a captive portal's 200 is none.
"""

from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

COUNTER_HEADER = "Counter"  # <branch>/<counter>
DATE_HEADER = "Counter-Date"  # ISO 8601, UTC
SIGNATURE_HEADER = "Counter-Signature"  # hex
PROVINCE_HEADER = "Province-Signature"  # hex


def request_text(method: str, path: str, date: str, body: bytes) -> bytes:
    """The bytes that a request's signature covers; the body is the one on the wire (compressed, if it is)."""
    return "\n".join(("counter-request-v1", method.upper(), path, date, sha256(body).hexdigest())).encode()


def answer_text(request_signature: str, status: int, body: bytes) -> bytes:
    """The bytes that an answer's signature covers."""
    return "\n".join(("counter-answer-v1", request_signature, str(status), sha256(body).hexdigest())).encode()


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
