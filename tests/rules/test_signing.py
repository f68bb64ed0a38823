"""The signatures of the wire are those of RFC 9421: what one end signs, an implementation by others verifies."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)

from counter.rules import signing

COUNTER, PROVINCE = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
KEYID = "441621-abc-01/5"
BODY, ANSWER = b'{"entries":[]}', b'{"answers":[]}'
PACKED = {"content-type": "application/json", "content-encoding": "zstd"}
NOW = datetime.now(UTC)


class Keys(HTTPSignatureKeyResolver):
    """Both ends' keys by their id."""

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        return self.resolve_private_key(key_id).public_key()

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        return {KEYID: COUNTER, "province": PROVINCE}[key_id]


@dataclass
class Request:
    """A request as that implementation sees one."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = BODY


@dataclass
class Response:
    """Its answer."""

    request: Request
    headers: dict[str, str] = field(default_factory=dict)
    status_code: int = 200
    body: bytes = ANSWER


THEIRS = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=Keys())


def asked(target: str) -> signing.Covered:
    return signing.Covered.of("POST", target, signing.digest(BODY), PACKED)


def request(target: str) -> Request:
    return Request(
        "POST", f"https://province.example{target}", PACKED | signing.sign_request(COUNTER, asked(target), KEYID)
    )


def lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def answered(to: Request, target: str) -> Response:
    claim = signing.claim_of(lower(to.headers))
    assert claim
    return Response(to, signing.sign_answer(PROVINCE, asked(target), claim, 200, ANSWER))


@pytest.mark.parametrize("target", ["/v1/entries", "/v1/events?after=17"])
def test_another_implementation_verifies_both(target: str) -> None:
    sent = request(target)
    assert [one.parameters["keyid"] for one in THEIRS.verify(sent)] == [KEYID]
    answer = answered(sent, target)
    assert [one.parameters["tag"] for one in THEIRS.verify(answer)] == ["province"]


def test_another_implementation_sees_what_was_changed() -> None:
    sent = request("/v1/entries")
    answer = answered(sent, "/v1/entries")
    for wrong in (
        replace(sent, method="PUT"),
        replace(sent, url=sent.url + "?after=1"),
        replace(sent, headers=sent.headers | {"content-encoding": "gzip"}),
        replace(answer, status_code=409),
        replace(answer, request=request("/v1/entries")),
    ):
        with pytest.raises(InvalidSignature):
            THEIRS.verify(wrong)


def test_what_another_implementation_signs_is_verified_here() -> None:
    sent = Request("POST", "https://province.example/v1/entries", dict(PACKED))
    HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=Keys()).sign(
        sent,
        key_id=KEYID,
        created=NOW,
        nonce="a-nonce-of-24-characters",
        label=signing.COUNTER,
        tag=signing.COUNTER,
        include_alg=False,
        covered_component_ids=("@method", "@path", "@query", "content-digest", *PACKED),
        body=BODY,
    )
    claim = signing.claim_of(lower(sent.headers))
    assert claim and signing.is_signed(COUNTER.public_key().public_bytes_raw().hex(), asked("/v1/entries"), claim)
    assert not signing.is_signed(PROVINCE.public_key().public_bytes_raw().hex(), asked("/v1/entries"), claim)
