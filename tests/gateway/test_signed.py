"""Who is let in, what is let through, and what everybody gets: a signed answer."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import msgspec
import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counter.gateway.seeding.seed import CodeRow
from counter.province.client import Province, enrol
from counter.province.errors import InsecureAddressError, OutOfReachError, RefusedError
from counter.province.wire import MAX_BYTES, Person, Problem
from counter.rules import signing
from counter.rules.case import DocumentKind
from tests.support.province_world import (
    BRANCH,
    CODE,
    COUNTER,
    World,
)

PERSON = Person(kind=DocumentKind.ID_CARD, number="440308199901101512", name="名")


def send(
    world: World, method: str, path: str, body: bytes = b"", *, age: timedelta = timedelta(), **headers: Any
) -> tuple[int, str]:
    """Send with a right signature; status and problem code of the answer, whose signature is checked."""
    date = (datetime.now(UTC) - age).isoformat()
    asked = signing.request_text(method, path, date, signing.digest(body))
    signature = signing.sign(world.key, asked)
    sent = {
        signing.COUNTER_HEADER: f"{BRANCH}/{COUNTER}",
        signing.DATE_HEADER: date,
        signing.SIGNATURE_HEADER: signature,
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    with httpx2.Client(base_url=world.url, trust_env=False) as client:
        answer = client.request(method, path, content=body, headers=sent)
    asked = signing.request_text(method, path, sent[signing.DATE_HEADER], signing.digest(body))
    text = signing.answer_text(asked, sent[signing.SIGNATURE_HEADER], answer.status_code, answer.content)
    assert signing.verify(world.running.public_key, answer.headers[signing.PROVINCE_HEADER], text)
    problem = msgspec.json.decode(answer.content, type=Problem) if answer.status_code >= 400 else Problem(code="")
    return answer.status_code, problem.code


def test_another_key_is_refused(world: World) -> None:
    stranger = Province(world.url, BRANCH, COUNTER, Ed25519PrivateKey.generate(), world.running.public_key)
    with stranger, pytest.raises(RefusedError) as refused:
        stranger.identity(PERSON)
    assert refused.value.code == "signature"


def test_another_provinces_answer_is_not_believed(world: World) -> None:
    pinned = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    with Province(world.url, BRANCH, COUNTER, world.key, pinned) as province, pytest.raises(OutOfReachError) as error:
        province.health()
    assert error.value.reason == "unsigned"


@pytest.mark.parametrize("age", [timedelta(minutes=6), -timedelta(minutes=6)])
def test_a_clock_that_is_wrong_is_told(world: World, age: timedelta) -> None:
    assert send(world, "GET", "/v1/head", age=age) == (401, "clock")


def test_small_clock_differences_are_allowed(world: World) -> None:
    assert send(world, "GET", "/v1/head", age=timedelta(minutes=4)) == (200, "")


@pytest.mark.parametrize(
    "header", [{"Counter": "nobody/1"}, {"Counter": ""}, {"Counter_Signature": "00"}, {"Counter_Date": "yesterday"}]
)
def test_what_is_not_signed_right_is_refused(world: World, header: dict[str, Any]) -> None:
    assert send(world, "GET", "/v1/head", **header) == (401, "signature")


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [("GET", "/v1/nothing", (404, "not_found")), ("POST", "/v1/head", (405, "method"))],
)
def test_unknown_ways_are_signed_too(world: World, method: str, path: str, expected: tuple[int, str]) -> None:
    assert send(world, method, path) == expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"person": 1}',
        b'{"person": {"kind": "id_card", "number": "\\u0000"}}',
        b'{"person": {"kind": "id_card", "number": "\\ud800"}}',
        b"[" * 100_000,
    ],
)
def test_malformed_questions_are_told(world: World, body: bytes) -> None:
    assert send(world, "POST", "/v1/identity", body) == (400, "malformed")


@pytest.mark.parametrize("cursor", ["-1", "x", "", "9" * 30, "%00", "%D9%A3"])
def test_malformed_cursors_are_told(world: World, cursor: str) -> None:
    assert send(world, "GET", f"/v1/events?after={cursor}") == (400, "malformed")


def test_a_zip_bomb_is_not_unpacked(world: World) -> None:
    bomb = zstandard.compress(b"[" + b" " * 64 * MAX_BYTES)
    assert len(bomb) < 64 * 1024
    assert send(world, "POST", "/v1/entries", bomb, content_encoding="zstd") == (413, "too_large")


def test_what_is_not_zstd_is_told(world: World) -> None:
    assert send(world, "POST", "/v1/entries", b"{}", content_encoding="zstd") == (400, "malformed")
    assert send(world, "POST", "/v1/entries", b"{}", content_encoding="gzip") == (415, "encoding")


def test_a_body_that_is_too_large_is_told(world: World) -> None:
    assert send(world, "POST", "/v1/entries", b" " * (2 * MAX_BYTES)) == (413, "too_large")


def test_a_code_enrols_one_key_only(world: World) -> None:
    with pytest.raises(RefusedError) as refused:
        enrol(world.url, CODE, BRANCH, COUNTER)
    assert refused.value.code == "enrolment_code"
    with pytest.raises(RefusedError):
        enrol(world.url, "WRONG", BRANCH, COUNTER)


def test_a_code_is_for_one_counter(world: World) -> None:
    world.plant(CodeRow(code="ZZZZ", branch=BRANCH, counter="4"))
    with pytest.raises(RefusedError):
        enrol(world.url, "ZZZZ", BRANCH, "5")
    key, province_key = enrol(world.url, "zz-zz", BRANCH, "4")
    with Province(world.url, BRANCH, "4", key, province_key) as province:
        assert province.head().seq == 0


@pytest.mark.parametrize(
    "url",
    ["http://province.example", "http://127.0.0.1.example", "", "province", "https://", "https://[x", "ftp://::1"],
)
def test_no_plain_http_over_a_network(url: str) -> None:
    with pytest.raises(InsecureAddressError):
        enrol(url, CODE, BRANCH, COUNTER)


def test_a_failure_inside_is_signed_and_logs_nobody(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.query("ALTER TABLE person RENAME TO elsewhere")
    try:
        with caplog.at_level(logging.DEBUG), world.province() as province, pytest.raises(OutOfReachError) as error:
            province.identity(PERSON)
    finally:
        world.query("ALTER TABLE elsewhere RENAME TO person")
    assert error.value.reason == "unavailable"
    assert "UndefinedTable" in caplog.text
    assert PERSON.number not in caplog.text and PERSON.name not in caplog.text


def test_without_an_sms_service_no_code_can_be_had(world: World) -> None:
    from counter.gateway.server import running

    with running(world.running.database, world.folder) as silent:
        province = Province(silent.url, BRANCH, COUNTER, world.key, silent.public_key)
        with province, pytest.raises(OutOfReachError):
            province.send_sms("13800000000")


def test_a_no_to_another_request_is_no_answer_to_this_one(world: World) -> None:
    """Somebody on the way sends a request of their own with our signature on it: the province refuses that one, signed.
    Handed to us, it must not be believed."""
    date, path, body = datetime.now(UTC).isoformat(), "/v1/identity", b'{"person":{"kind":"id_card","number":"1"}}'
    ours = signing.request_text("POST", path, date, signing.digest(body))
    signature = signing.sign(world.key, ours)
    headers = {
        signing.COUNTER_HEADER: f"{BRANCH}/{COUNTER}",
        signing.DATE_HEADER: date,
        signing.SIGNATURE_HEADER: signature,
    }
    with httpx2.Client(base_url=world.url, trust_env=False) as client:
        answer = client.post(path, content=b"something else", headers=headers)
    assert answer.status_code == 401
    text = signing.answer_text(ours, signature, answer.status_code, answer.content)
    assert not signing.verify(world.running.public_key, answer.headers[signing.PROVINCE_HEADER], text)
