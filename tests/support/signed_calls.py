"""Requests that are signed as an enrolled counter signs them, sent by another client than the counter's."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import httpx2
import msgspec

from counter.province.wire import Problem
from counter.rules import signing
from tests.support.province_world import BRANCH, COUNTER, World

KEYID = f"{BRANCH}/{COUNTER}"


@dataclass(frozen=True)
class Answered:
    """What came back: `genuine` where it is signed by the province, for the request that was sent."""

    status: int
    code: str
    genuine: bool
    content: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Call:
    """One request, signed; sent as often as wanted, and changed after it was signed."""

    method: str
    path: str
    body: bytes
    asked: signing.Covered
    sent: Mapping[str, str]

    def with_headers(self, **headers: str) -> "Call":
        return replace(self, sent={**self.sent, **{name.replace("_", "-"): value for name, value in headers.items()}})

    def send(self, world: World) -> Answered:
        """Send it to the world's province as it is."""
        with client(world) as http:
            answer = http.request(self.method, self.path, content=self.body, headers=dict(self.sent))
        headers = {name.lower(): value for name, value in answer.headers.items()}
        genuine = signing.is_answer(
            world.running.public_key, self.asked, self.sent, answer.status_code, headers, answer.content
        )
        no = msgspec.json.decode(answer.content, type=Problem).code if answer.status_code >= 400 else ""
        return Answered(answer.status_code, no, genuine, answer.content, headers)


def client(world: World) -> httpx2.Client:
    """A client that knows the province's certificate, and asks no proxy."""
    trust = ssl.create_default_context(cadata=world.way.ca)
    return httpx2.Client(base_url=world.url, trust_env=False, verify=trust)


def call(
    world: World, method: str, path: str, body: bytes = b"", *, age: timedelta = timedelta(), **packed: str
) -> Call:
    """A request of the world's counter, so old."""
    said = {name.replace("_", "-"): value for name, value in packed.items()}
    asked = signing.Covered.of(method, path, signing.digest(body), said)
    headers = signing.sign_request(world.key, asked, KEYID, now=datetime.now(UTC) - age)
    return Call(method, path, body, asked, said | headers)
