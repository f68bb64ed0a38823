"""Who says so: HTTP Message Signatures (RFC 9421) with Ed25519 over Content-Digest (RFC 9530), at both ends alike.

A small exact profile: what is covered, and in which order, is fixed, so nothing has to be parsed that a stranger wrote
freely; another implementation of the RFC verifies it. A request's signature covers method, path, query, digest of the
body and how that is packed, with the moment, a nonce and whose key it is. An answer's covers its status and digest, and
of its request the same and the signature: no old answer, none to another request, and no captive portal's page fits.
"""

import base64
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

DIGEST_HEADER: Final = "Content-Digest"
INPUT_HEADER: Final = "Signature-Input"
SIGNATURE_HEADER: Final = "Signature"
COUNTER: Final = "counter"
"""The label of a request's signature."""
PROVINCE: Final = "province"
"""The label of an answer's signature."""

_PACKED: Final = ("content-type", "content-encoding")
"""How a body is to be read: covered where it is said, and nothing may say it that is not covered."""
_ASKED: Final = ("@method", "@path", "@query", "content-digest")
_ANSWERED: Final = (
    '("@status" "content-digest" "@method";req "@path";req "@query";req "content-digest";req'
    f' "signature";req;key="{COUNTER}")'
)
_OF_A_REQUEST: Final = re.compile(
    rf"{COUNTER}=(?P<params>\((?P<covered>[^()]*)\);created=(?P<created>[0-9]{{1,12}})"
    rf';keyid="(?P<keyid>[A-Za-z0-9._/-]{{1,129}})";nonce="(?P<nonce>[A-Za-z0-9_-]{{16,64}})";tag="{COUNTER}")'
)
_OF_AN_ANSWER: Final = re.compile(
    rf'{PROVINCE}=(?P<params>{re.escape(_ANSWERED)};created=[0-9]{{1,12}};keyid="{PROVINCE}";tag="{PROVINCE}")'
)
_SIGNATURE: Final = re.compile(r"(?P<label>[a-z]+)=(?P<member>:[A-Za-z0-9+/]{86}==:)")


@dataclass(frozen=True, slots=True)
class Covered:
    """What a request's signature covers of it: `target` is path and query as they are sent, `digest` its
    Content-Digest, `packed` the headers that say how the body is to be read, by name in lower case."""

    method: str
    target: str
    digest: str
    packed: Mapping[str, str]

    @classmethod
    def of(cls, method: str, target: str, digest: str, headers: Mapping[str, str]) -> "Covered":
        """A request with these headers, whose names are in lower case."""
        return cls(method.upper(), target, digest, {name: headers[name] for name in _PACKED if name in headers})

    @property
    def covered(self) -> str:
        """The names of what is covered, as Signature-Input lists them."""
        return " ".join(f'"{name}"' for name in (*_ASKED, *self.packed))

    def lines(self, flag: str = "") -> list[str]:
        """The part of a signature base that every signature over this request, or over an answer to it, has."""
        path, _, query = self.target.partition("?")
        values = (self.method, path or "/", f"?{query}", self.digest)
        return [f'"{name}"{flag}: {value}' for name, value in zip(_ASKED, values, strict=True)]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request says of its own signature: whose it is (`keyid`), from when (seconds of the epoch), its nonce."""

    keyid: str
    created: int
    nonce: str
    covered: str
    params: str
    member: str


def digest(body: bytes) -> str:
    """The Content-Digest of a body as it is on the wire (compressed, if it is)."""
    return digest_of(sha256(body).digest())


def digest_of(hashed: bytes) -> str:
    """The Content-Digest of a body with this SHA-256."""
    return f"sha-256=:{base64.b64encode(hashed).decode()}:"


def sign_request(
    key: Ed25519PrivateKey, asked: Covered, keyid: str, *, nonce: str = "", now: datetime | None = None
) -> dict[str, str]:
    """The headers that sign a request; each has a nonce of its own."""
    created = int((now or datetime.now(UTC)).timestamp())
    params = (
        f'({asked.covered});created={created};keyid="{keyid}"'
        f';nonce="{nonce or secrets.token_urlsafe(18)}";tag="{COUNTER}"'
    )
    member = _member(key, _request_base(asked, params))
    return {
        DIGEST_HEADER: asked.digest,
        INPUT_HEADER: f"{COUNTER}={params}",
        SIGNATURE_HEADER: f"{COUNTER}={member}",
    }


def claim_of(headers: Mapping[str, str]) -> Claim | None:
    """What a request says of its signature; None where there is none of this profile. Names are in lower case."""
    said = _OF_A_REQUEST.fullmatch(headers.get("signature-input", ""))
    member = _member_in(headers, COUNTER)
    if said is None or not member:
        return None
    return Claim(said["keyid"], int(said["created"]), said["nonce"], said["covered"], said["params"], member)


def is_signed(public_key: str, asked: Covered, claim: Claim) -> bool:
    """Did the holder of this public key (hex) sign this request?"""
    return claim.covered == asked.covered and _holds(public_key, claim.member, _request_base(asked, claim.params))


def sign_answer(
    key: Ed25519PrivateKey, asked: Covered, claim: Claim, status: int, body: bytes, now: datetime | None = None
) -> dict[str, str]:
    """The headers that sign an answer; only to a request that was verified, because they repeat what it says."""
    created = int((now or datetime.now(UTC)).timestamp())
    params = f'{_ANSWERED};created={created};keyid="{PROVINCE}";tag="{PROVINCE}"'
    member = _member(key, _answer_base(asked, claim.member, status, digest(body), params))
    return {
        DIGEST_HEADER: digest(body),
        INPUT_HEADER: f"{PROVINCE}={params}",
        SIGNATURE_HEADER: f"{PROVINCE}={member}",
    }


def is_answer(
    public_key: str, asked: Covered, sent: Mapping[str, str], status: int, headers: Mapping[str, str], body: bytes
) -> bool:
    """Is this the answer of the province with this key to the request that `sent` has signed?

    The names in `headers` are in lower case.
    """
    said = _OF_AN_ANSWER.fullmatch(headers.get("signature-input", ""))
    member = _member_in(headers, PROVINCE)
    if said is None or not member or headers.get("content-digest") != digest(body):
        return False
    asked_by = sent[SIGNATURE_HEADER].removeprefix(f"{COUNTER}=")
    return _holds(public_key, member, _answer_base(asked, asked_by, status, digest(body), said["params"]))


def _request_base(asked: Covered, params: str) -> bytes:
    packed = (f'"{name}": {value}' for name, value in asked.packed.items())
    return _base([*asked.lines(), *packed], params)


def _answer_base(asked: Covered, asked_by: str, status: int, body_digest: str, params: str) -> bytes:
    own = [f'"@status": {status}', f'"content-digest": {body_digest}']
    return _base([*own, *asked.lines(";req"), f'"signature";req;key="{COUNTER}": {asked_by}'], params)


def _base(lines: list[str], params: str) -> bytes:
    return "\n".join((*lines, f'"@signature-params": {params}')).encode("latin-1", "backslashreplace")


def _member(key: Ed25519PrivateKey, base: bytes) -> str:
    return f":{base64.b64encode(key.sign(base)).decode()}:"


def _member_in(headers: Mapping[str, str], label: str) -> str:
    said = _SIGNATURE.fullmatch(headers.get("signature", ""))
    return said["member"] if said and said["label"] == label else ""


def _holds(public_key: str, member: str, base: bytes) -> bool:
    return verify(public_key, base64.b64decode(member.strip(":")).hex(), base)


def fingerprint(public_key: str) -> str:
    """A public key (hex) as two people compare it: the SHA-256 of its bytes, in groups of four."""
    hashed = sha256(bytes.fromhex(public_key)).hexdigest()
    return " ".join(hashed[at : at + 4] for at in range(0, len(hashed), 4))


def sign(key: Ed25519PrivateKey, text: bytes) -> str:
    """The signature of a text that is kept, in hex: a day's receipt."""
    return key.sign(text).hex()


def verify(public_key: str, signature: str, text: bytes) -> bool:
    """Does this signature (hex) of this key (hex) cover the text? False for anything malformed."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), text)
    except (InvalidSignature, ValueError):
        return False
    return True
