"""Who asks, and who answers: every request's signature is verified, and what a known counter asks is answered signed.

Nothing is signed for anybody else: an answer's signature repeats what its request says, and whoever is not known would
have the province sign what they like. A stranger's no is plain, and no counter believes it.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from http import HTTPStatus
from typing import Final, NamedTuple

import msgspec
import psycopg
from psycopg_pool import PoolTimeout
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from counter.clock import system_clock
from counter.gateway import log
from counter.gateway.call import Caller, Gateway, ProblemError, encode
from counter.gateway.metrics import DONE
from counter.gateway.nonces import WINDOW, ReplayedError
from counter.gateway.setup import come_back
from counter.province.wire import MAX_BYTES, Problem
from counter.rules import signing

MAX_BODY: Final = MAX_BYTES + 64 * 1024
MAX_READ: Final = 4 * MAX_BODY
"""What is read of a body that is too large, so that its sender hears of it; whoever goes on is cut off."""
READ_SECONDS: Final = 20.0
"""So long a request may take to arrive."""
HEALTH: Final = "/v1/health"
ENROL: Final = "/v1/enrol"
OPEN: Final = frozenset({HEALTH, ENROL, "/v1/province", "/openapi.json"})


def problem(error: ProblemError) -> Response:
    """An answer that is no."""
    headers = {"retry-after": str(error.retry_after)} if error.retry_after is not None else None
    body = encode(Problem(code=error.code, rule=error.rule))
    return Response(body, error.status, headers, media_type="application/json")


class Signed:
    """ASGI middleware: verifies, calls the application with the whole body, signs what it answers to whom it knows."""

    def __init__(self, app: ASGIApp, gateway: Gateway, operation_of: Callable[[str, str], str]) -> None:
        self.app = app
        self.gateway = gateway
        self.operation_of = operation_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = _joined(scope)
        asked = signing.Covered.of(scope["method"], _target(scope), headers.get("content-digest", ""), headers)
        claim, answer = signing.claim_of(headers), _Answer()
        try:
            async with asyncio.timeout(READ_SECONDS):
                body = await _read(receive)
        except TimeoutError:
            await answer.cut_off(send, ProblemError(408, "slow"))
            return
        if body is None:
            return  # the counter hung up before all of it was here
        if body.size > MAX_READ:
            await answer.cut_off(send, ProblemError(413, "too_large"))
            return
        known = False
        with self._measured(scope, answer):
            if self._is_busy():
                answer.replace(problem(ProblemError(503, "busy", retry_after=come_back())))
            else:
                known = await self._answer(scope, asked, claim, body, answer)
        signed: Mapping[str, str] = {}
        if claim and known:
            signed = signing.sign_answer(self.gateway.key, asked, claim, answer.status, answer.body)
        await answer.send(send, signed)

    @contextmanager
    def _measured(self, scope: Scope, answer: "_Answer") -> Iterator[None]:
        metrics, began = self.gateway.metrics, time.perf_counter()
        metrics.working += 1
        try:
            yield
        finally:
            metrics.working -= 1
        operation, outcome = self.operation_of(scope["method"], scope["path"]), answer.outcome
        metrics.answered(operation, outcome, time.perf_counter() - began)
        if outcome != DONE:
            caller: Caller = scope.get("caller", Caller())
            log.refused(operation, answer.status, outcome, caller.branch, caller.counter)

    def _is_busy(self) -> bool:
        """Beyond what may be answered at once nothing is done, not even a key looked up."""
        return self.gateway.metrics.working > self.gateway.setup.at_once

    async def _answer(
        self, scope: Scope, asked: signing.Covered, claim: signing.Claim | None, body: "_Body", answer: "_Answer"
    ) -> bool:
        """Let the application answer; true where that may be signed, because whoever asks is known."""
        caller = None
        try:
            caller = await self._caller(scope, asked, claim, body)
            if body.size > MAX_BODY:
                raise ProblemError(413, "too_large")  # noqa: TRY301 - answered like every other no
            if claim and scope["path"] not in OPEN and not _is_now(claim.created):
                raise ProblemError(401, "clock")  # noqa: TRY301 - so is this
            scope["caller"] = caller
            await self.app(scope, _replay(body.kept), answer.take)
        except ReplayedError:
            answer.replace(problem(ProblemError(401, "replayed")))
            return False
        except ProblemError as error:
            answer.replace(problem(error))
        except (psycopg.OperationalError, PoolTimeout) as error:
            log.failed(error)
            answer.replace(problem(ProblemError(503, "unavailable", retry_after=come_back())))
        except Exception as error:
            log.failed(error)
            answer.replace(problem(ProblemError(500, "internal")))
        return caller is not None and bool(caller.key)

    async def _caller(self, scope: Scope, asked: signing.Covered, claim: signing.Claim | None, body: "_Body") -> Caller:
        """Who asks; nobody where no signature is needed and there is none. Raises `ProblemError` 401."""
        if claim is None and scope["path"] in OPEN:
            return Caller()
        if claim is None or asked.digest != body.digest:
            raise ProblemError(401, "signature")
        branch, _, counter = claim.keyid.partition("/")
        enrols = scope["path"] == ENROL
        key = claim.keyid if enrols else await self._public_key(branch, counter)
        if not signing.is_signed(key, asked, claim):
            raise ProblemError(401, "signature")
        if enrols:
            return Caller(key=key)
        return Caller(branch, counter, key, claim.created, claim.nonce)

    async def _public_key(self, branch: str, counter: str) -> str:
        """The counter's key, or an empty string that verifies nothing."""
        async with self.gateway.pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT public_key FROM counter WHERE branch = %s AND counter = %s AND revoked_at IS NULL",
                (branch, counter),
            )
            row = await cursor.fetchone()
        return row["public_key"] if row else ""


class _Answer:
    """The application's answer, held until all of it is there to be signed."""

    def __init__(self) -> None:
        self.status = 500
        self.headers = MutableHeaders()
        self.body = b""

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = MutableHeaders(raw=list(message["headers"]))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    @property
    def outcome(self) -> str:
        """One of few words: `DONE`, or the code of the problem that was answered."""
        return DONE if self.status < HTTPStatus.BAD_REQUEST else msgspec.json.decode(self.body, type=Problem).code

    def replace(self, response: Response) -> None:
        self.status = response.status_code
        self.headers = MutableHeaders(raw=list(response.raw_headers))
        self.body = bytes(response.body)

    async def cut_off(self, send: Send, error: ProblemError) -> None:
        """Answer whoever does not come to an end, and close the connection."""
        self.replace(problem(error))
        await self.send(send, {"connection": "close"})

    async def send(self, send: Send, headers: Mapping[str, str]) -> None:
        self.headers.update(headers)
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers.raw})
        await send({"type": "http.response.body", "body": self.body})


class _Body(NamedTuple):
    """A body: what is kept of it, not much more than is allowed, and size and Content-Digest of all that was read."""

    kept: bytes
    size: int
    digest: str


async def _read(receive: Receive) -> _Body | None:
    """The body, as far as it may go; None when the client has gone."""
    kept, size, hashed = bytearray(), 0, sha256()
    while size <= MAX_READ:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        hashed.update(part)
        if len(kept) <= MAX_BODY:  # the rest is read, so that the answer arrives, but not kept
            kept += part
        if not message.get("more_body", False):
            break
    return _Body(bytes(kept), size, signing.digest_of(hashed.digest()))


def _joined(scope: Scope) -> dict[str, str]:
    """The headers by name in lower case; one that is said twice has both values, which none is signed over."""
    joined: dict[str, str] = {}
    for name, value in Headers(scope=scope).items():
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _replay(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _target(scope: Scope) -> str:
    path = scope.get("raw_path") or scope["path"].encode()
    query = scope["query_string"]
    target: bytes = path + b"?" + query if query else path
    return target.decode("latin-1")


def _is_now(created: int) -> bool:
    return abs(system_clock().timestamp() - created) <= WINDOW
