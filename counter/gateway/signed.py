"""Who asks, and who answers: every request's signature is verified, every answer is signed, errors too.

A replayed request does no harm, because everything asked of the province is idempotent; so no nonces are kept, and
a signature holds for `WINDOW` around its date.
"""

import logging
import traceback
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import psycopg
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from counter.clock import system_clock
from counter.gateway.call import Caller, Gateway, ProblemError, encode
from counter.province.wire import MAX_BYTES, Problem
from counter.rules import signing

WINDOW = timedelta(minutes=5)
MAX_BODY = MAX_BYTES + 64 * 1024
OPEN = frozenset({"/v1/health", "/v1/enrol", "/openapi.json"})

log = logging.getLogger("counter.gateway")


def problem(error: ProblemError) -> Response:
    """An answer that is no."""
    headers = {"retry-after": str(error.retry_after)} if error.retry_after is not None else None
    body = encode(Problem(code=error.code, rule=error.rule))
    return Response(body, error.status, headers, media_type="application/json")


class Signed:
    """ASGI middleware: verifies, calls the application with the whole body, signs what it answers."""

    def __init__(self, app: ASGIApp, gateway: Gateway) -> None:
        self.app = app
        self.gateway = gateway

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        read = await _read(receive)
        if read is None:
            return  # the counter hung up before all of it was here
        body, digest = read
        date = Headers(scope=scope).get(signing.DATE_HEADER, "")
        asked = signing.request_text(scope["method"], _target(scope), date, digest)
        answer = _Answer()
        await self._answer(scope, asked, body, answer)
        await answer.send(send, asked, Headers(scope=scope).get(signing.SIGNATURE_HEADER, ""), self.gateway)

    async def _answer(self, scope: Scope, asked: bytes, body: bytes, answer: "_Answer") -> None:
        try:
            if len(body) > MAX_BODY:
                raise ProblemError(413, "too_large")  # noqa: TRY301 - answered like every other no
            scope["caller"] = await self._caller(scope, asked)
            await self.app(scope, _replay(body), answer.take)
        except ProblemError as error:
            answer.replace(problem(error))
        except psycopg.OperationalError as error:
            _note(error)
            answer.replace(problem(ProblemError(503, "unavailable", retry_after=2)))
        except Exception as error:
            _note(error)
            answer.replace(problem(ProblemError(500, "internal")))

    async def _caller(self, scope: Scope, asked: bytes) -> Caller:
        if scope["path"] in OPEN:
            return Caller()
        headers = Headers(scope=scope)
        branch, _, counter = headers.get(signing.COUNTER_HEADER, "").partition("/")
        public_key = await self._public_key(branch, counter)
        if not signing.verify(public_key, headers.get(signing.SIGNATURE_HEADER, ""), asked):
            raise ProblemError(401, "signature")
        if not _is_now(headers.get(signing.DATE_HEADER, "")):
            raise ProblemError(401, "clock")
        return Caller(branch, counter)

    async def _public_key(self, branch: str, counter: str) -> str:
        """The counter's key, or an empty string that verifies nothing."""
        if "\0" in branch + counter:
            return ""
        async with self.gateway.pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT public_key FROM counter WHERE branch = %s AND counter = %s", (branch, counter)
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

    def replace(self, response: Response) -> None:
        self.status = response.status_code
        self.headers = MutableHeaders(raw=list(response.raw_headers))
        self.body = bytes(response.body)

    async def send(self, send: Send, asked: bytes, request_signature: str, gateway: Gateway) -> None:
        text = signing.answer_text(asked, request_signature, self.status, self.body)
        self.headers[signing.PROVINCE_HEADER] = signing.sign(gateway.key, text)
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers.raw})
        await send({"type": "http.response.body", "body": self.body})


async def _read(receive: Receive) -> tuple[bytes, str] | None:
    """The body, not much more of it than is allowed, and the digest of all of it; None when the client has gone."""
    body, digest = bytearray(), sha256()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        digest.update(part)
        if len(body) <= MAX_BODY:  # the rest is read, so that the answer arrives, but not kept
            body += part
        if not message.get("more_body", False):
            return bytes(body), digest.hexdigest()


def _replay(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _target(scope: Scope) -> str:
    path = scope.get("raw_path") or scope["path"].encode()
    query = scope["query_string"]
    target: bytes = path + b"?" + query if query else path
    return target.decode("latin-1")


def _is_now(date: str) -> bool:
    try:
        return abs(system_clock() - datetime.fromisoformat(date)) <= WINDOW
    except (ValueError, TypeError, OverflowError):  # no date, or one without a zone
        return False


def _note(error: Exception) -> None:
    """Log where it happened, not what was said: a database's message may repeat a person's data."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    where = " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    log.error("%s at %s", type(error).__name__, where)
