"""The OpenAPI document is what the gateway does: whatever it allows gets a signed answer that is no 5xx."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings

from counter.gateway.app import OPERATIONS
from counter.gateway.openapi import document
from counter.province import wire
from counter.rules import signing
from tests.support.province_world import World
from tests.support.signed_calls import KEYID, client

schema = schemathesis.openapi.from_dict(document(OPERATIONS))


class Signer(requests.auth.AuthBase):
    """Signs as the enrolled counter does."""

    def __init__(self, world: World) -> None:
        self.key = world.key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.update(signing.sign_request(self.key, asked_by(request), KEYID))
        return request


def asked_by(request: requests.PreparedRequest) -> signing.Covered:
    """What of a request its signature covers."""
    body = request.body or b""
    assert isinstance(body, str | bytes)
    digest = signing.digest(body.encode() if isinstance(body, str) else body)
    headers = {name.lower(): str(value) for name, value in request.headers.items()}
    return signing.Covered.of(request.method or "", request.path_url, digest, headers)


@pytest.fixture(scope="module")
def session(shared_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[requests.Session]:
    ca = tmp_path_factory.mktemp("tls") / "ca.pem"
    ca.write_text(shared_world.way.ca, "ascii")
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(ca)
        yield session


CONFORMS: Any = schemathesis.checks.CHECKS.get_one("response_schema_conformance")


@schema.parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_question_gets_a_signed_answer(
    case: "schemathesis.Case[Any]", shared_world: World, session: requests.Session
) -> None:
    answer = case.call(base_url=shared_world.url, session=session, auth=Signer(shared_world), verify=session.verify)
    assert answer.status_code < 500 or (answer.status_code, case.path) == (503, "/v1/sms")
    case.validate_response(answer, checks=[CONFORMS])
    sent = {name: str(value) for name, value in answer.request.headers.items()}
    sent["Signature"] = sent.pop("Signature", sent.get("signature", ""))
    said = {name: value[0] if isinstance(value, list) else value for name, value in answer.headers.items()}
    asked = asked_by(answer.request)
    known = shared_world.running.public_key
    if case.path != "/v1/enrol":  # a key that is to be enrolled signs that itself
        assert signing.is_answer(known, asked, sent, answer.status_code, said, answer.content)


def test_every_message_of_the_wire_is_described(world: World) -> None:
    with client(world) as http:
        served = http.get("/openapi.json").json()
    assert served == msgspec.json.decode(msgspec.json.encode(document(OPERATIONS)))
    for message in (wire.Entries, wire.EntryAnswers, wire.DayClosed, wire.Problem, wire.PhotoReply):
        assert message.__name__ in served["components"]["schemas"]
