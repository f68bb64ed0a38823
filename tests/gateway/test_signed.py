"""Who is let in, what is let through, and what everybody gets: a signed answer."""

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counter.gateway import server
from counter.gateway.app import OPERATIONS
from counter.gateway.persons import answers
from counter.gateway.tls import own_certificate
from counter.province import wire
from counter.province.client import Province, enrol
from counter.province.errors import InsecureAddressError, OutOfReachError, RefusedError
from counter.province.transport import Way
from counter.province.wire import MAX_BYTES, Person
from counter.rules import signing
from counter.rules.case import DocumentKind
from tests.support.province_world import (
    BRANCH,
    CODE,
    COUNTER,
    World,
)
from tests.support.signed_calls import call

PERSON = Person(kind=DocumentKind.ID_CARD, number="440308199901101512", name="名")


def send(
    world: World, method: str, path: str, body: bytes = b"", *, age: timedelta = timedelta(), **packed: str
) -> tuple[int, str]:
    """Send with a right signature; status and problem code of the answer, whose signature is checked."""
    answered = call(world, method, path, body, age=age, **packed).send(world)
    assert answered.genuine
    return answered.status, answered.code


def test_another_key_is_no_counter_and_hears_nothing_that_is_signed(world: World) -> None:
    stranger = Ed25519PrivateKey.generate()
    with (
        Province(world.url, BRANCH, COUNTER, stranger, world.running.public_key, way=world.way) as province,
        pytest.raises(OutOfReachError) as error,
    ):
        province.identity(PERSON)
    assert error.value.reason == "key"


def test_another_provinces_answer_is_not_believed(world: World) -> None:
    pinned = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    with (
        Province(world.url, BRANCH, COUNTER, world.key, pinned, way=world.way) as province,
        pytest.raises(OutOfReachError) as error,
    ):
        province.health()
    assert error.value.reason == "unsigned"


@pytest.mark.parametrize("age", [timedelta(minutes=6), -timedelta(minutes=6)])
def test_a_clock_that_is_wrong_is_told(world: World, age: timedelta) -> None:
    assert send(world, "GET", "/v1/head", age=age) == (401, "clock")


def test_small_clock_differences_are_allowed(world: World) -> None:
    assert send(world, "GET", "/v1/head", age=timedelta(minutes=4)) == (200, "")


@pytest.mark.parametrize(
    "header",
    [
        {"Signature_Input": ""},
        {"Signature": f"counter=:{'A' * 86}==:"},
        {"Content_Digest": signing.digest(b"another")},
        {"content_encoding": "zstd"},
        {"content_type": "text/plain"},
    ],
)
@pytest.mark.parametrize("path", ["/v1/head", "/v1/health"])
def test_what_is_not_signed_right_is_refused_without_a_signature(
    world: World, header: dict[str, str], path: str
) -> None:
    answered = call(world, "GET", path).with_headers(**header).send(world)
    silent = path == "/v1/health" and header == {"Signature_Input": ""}  # who claims nothing hears how it goes
    assert (answered.status, answered.code) == ((200, "") if silent else (401, "signature"))
    assert "signature" not in answered.headers, "nothing is signed for who is not known"


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
        enrol(world.url, CODE, BRANCH, COUNTER, way=world.way)
    assert refused.value.code == "enrolment_code"
    with pytest.raises(RefusedError):
        enrol(world.url, "WRONG", BRANCH, COUNTER, way=world.way)


def test_a_code_is_for_one_counter_however_it_is_read_out(world: World) -> None:
    code = server.make_code(world.running.database, world.folder, BRANCH, "4")
    with pytest.raises(RefusedError):
        enrol(world.url, code, BRANCH, "5", way=world.way)
    key, province_key = enrol(world.url, code.lower().replace("-", ""), BRANCH, "4", way=world.way)
    with Province(world.url, BRANCH, "4", key, province_key, way=world.way) as province:
        assert province.head().seq == 0


def test_a_code_is_void_after_five_wrong_ones(world: World) -> None:
    """Each wrong one is counted and noted, although nothing else of it stays."""
    code = server.make_code(world.running.database, world.folder, BRANCH, "6")
    for _ in range(5):
        with pytest.raises(RefusedError):
            enrol(world.url, "AAAA-AAAA-AAAA-AAAA", BRANCH, "6", way=world.way)
    with pytest.raises(RefusedError) as refused:
        enrol(world.url, code, BRANCH, "6", way=world.way)
    assert refused.value.code == "enrolment_code"
    notes = server.enrolment_notes(world.running.database, world.folder)
    assert [note.action for note in notes if note.counter == "6"] == ["code", *["wrong code"] * 6]


def test_a_code_expires(world: World) -> None:
    code = server.make_code(world.running.database, world.folder, BRANCH, "7")
    world.query("UPDATE enrolment_code SET expires_at = now() - interval '1 second' WHERE counter = '7'")
    with pytest.raises(RefusedError) as refused:
        enrol(world.url, code, BRANCH, "7", way=world.way)
    assert refused.value.code == "enrolment_code"


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
    assert error.value.reason == "failed"
    assert "UndefinedTable" in caplog.text
    assert PERSON.number not in caplog.text and PERSON.name not in caplog.text


def test_without_an_sms_service_no_code_can_be_had(world: World) -> None:
    with server.running(world.running.database, world.folder) as silent:
        province = Province(silent.url, BRANCH, COUNTER, world.key, silent.public_key, way=Way(silent.ca))
        with province, pytest.raises(OutOfReachError):
            province.send_sms("13800000000")


def test_a_request_is_answered_once(world: World) -> None:
    question = call(world, "GET", "/v1/head")
    assert question.send(world).genuine
    again = question.send(world)
    assert (again.status, again.code, again.genuine) == (401, "replayed", False)
    assert "signature" not in again.headers


def test_what_was_refused_is_not_done_later_by_sending_it_again(world: World) -> None:
    """The customer goes; somebody who saw the request sends it again once the province would do it."""
    question = call(world, "POST", "/v1/sms", b'{"mobile": "1"}', content_type="application/json")
    assert question.send(world).code == "mobile"
    assert question.send(world).code == "replayed"


def test_a_no_to_another_request_is_no_answer_to_this_one(world: World) -> None:
    """Somebody on the way asks something else with our signature on it: the province signs nothing for them."""
    ours = call(world, "POST", "/v1/identity", b'{"person":{"kind":"id_card","number":"1"}}')
    theirs = replace(ours, body=b"something else").send(world)
    assert (theirs.status, theirs.genuine, "signature" in theirs.headers) == (401, False, False)


def test_a_signed_answer_is_to_nothing_else(world: World) -> None:
    """Status, body and request are covered: changed in any of them it is not genuine."""
    ours = call(world, "GET", "/v1/events?after=0")
    other = call(world, "GET", "/v1/events?after=0")
    answered = ours.send(world)
    assert answered.genuine
    for asked, sent, status, content in (
        (ours.asked, other.sent, 200, answered.content),
        (replace(ours.asked, target="/v1/events?after=1"), ours.sent, 200, answered.content),
        (replace(ours.asked, method="POST"), ours.sent, 200, answered.content),
        (replace(ours.asked, digest=signing.digest(b"x")), ours.sent, 200, answered.content),
        (ours.asked, ours.sent, 201, answered.content),
        (ours.asked, ours.sent, 200, answered.content + b" "),
    ):
        assert not signing.is_answer(world.running.public_key, asked, sent, status, answered.headers, content)


def test_no_reply_decodes_from_nothing() -> None:
    """An empty object is no answer to any question: each reply says something of its own."""
    for reply in dict.fromkeys(operation.gives for operation in OPERATIONS):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(b"{}", type=reply)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"answers": [{}]}', type=wire.GroupBookingReply)


def test_another_authority_is_not_believed(world: World, tmp_path: Path) -> None:
    other = own_certificate(tmp_path, "127.0.0.1")
    with (
        Province(world.url, BRANCH, COUNTER, world.key, world.running.public_key, way=Way(other.ca)) as province,
        pytest.raises(OutOfReachError) as error,
    ):
        province.health()
    assert error.value.reason == "certificate"


def test_sms_are_limited_by_mobile_and_by_counter(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "SMS_TO_A_MOBILE", 2)
    monkeypatch.setattr(answers, "SMS_BY_A_COUNTER", 3)
    with world.province() as province:
        for mobile in ("13800000001", "13800000001", "13800000002"):
            assert province.send_sms(mobile).ticket
    for mobile in ("13800000001", "13800000003"):
        body = b'{"mobile": "%s"}' % mobile.encode()
        assert send(world, "POST", "/v1/sms", body, content_type="application/json") == (429, "sms_limit")
