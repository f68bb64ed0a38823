"""The OpenAPI document is what the gateway does: whatever it allows gets a signed answer that is no 5xx."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import msgspec
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings

from counter.gateway.app import OPERATIONS
from counter.gateway.openapi import document
from counter.province import wire
from counter.rules import signing
from tests.support.province_world import (
    BRANCH,
    COUNTER,
    World,
)

schema = schemathesis.openapi.from_dict(document(OPERATIONS))


class Signer(requests.auth.AuthBase):
    """Signs as the enrolled counter does."""

    def __init__(self, world: World) -> None:
        self.key = world.key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        assert isinstance(body, str | bytes)
        body = body.encode() if isinstance(body, str) else body
        date = datetime.now(UTC).isoformat()
        text = signing.request_text(request.method or "", request.path_url, date, signing.digest(body))
        request.headers[signing.COUNTER_HEADER] = f"{BRANCH}/{COUNTER}"
        request.headers[signing.DATE_HEADER] = date
        request.headers[signing.SIGNATURE_HEADER] = signing.sign(self.key, text)
        return request


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


CONFORMS: Any = schemathesis.checks.CHECKS.get_one("response_schema_conformance")


@schema.parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_question_gets_a_signed_answer(
    case: "schemathesis.Case[Any]", shared_world: World, session: requests.Session
) -> None:
    answer = case.call(base_url=shared_world.url, session=session, auth=Signer(shared_world))
    assert answer.status_code < 500 or (answer.status_code, case.path) == (503, "/v1/sms")
    case.validate_response(answer, checks=[CONFORMS])
    signature = str(answer.request.headers[signing.SIGNATURE_HEADER])
    request, body = answer.request, answer.request.body or b""
    assert isinstance(body, str | bytes)
    asked = signing.request_text(
        request.method or "",
        request.path_url,
        str(request.headers[signing.DATE_HEADER]),
        signing.digest(body.encode() if isinstance(body, str) else body),
    )
    text = signing.answer_text(asked, signature, answer.status_code, answer.content)
    said = answer.headers[signing.PROVINCE_HEADER.lower()]
    assert signing.verify(shared_world.running.public_key, said[0] if isinstance(said, list) else said, text)


def test_every_message_of_the_wire_is_described(world: World) -> None:
    with httpx2.Client(base_url=world.url, trust_env=False) as client:
        served = client.get("/openapi.json").json()
    assert served == msgspec.json.decode(msgspec.json.encode(document(OPERATIONS)))
    for message in (wire.Entries, wire.EntryAnswers, wire.DayClosed, wire.Problem, wire.PhotoReply):
        assert message.__name__ in served["components"]["schemas"]
