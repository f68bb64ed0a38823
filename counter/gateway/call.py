"""What every answer of the province is made from: the gateway's parts, one call, and an answer that is no."""

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, Generic, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counter.clock import Clock, system_clock, today
from counter.gateway.database import Connection, Pool
from counter.gateway.metrics import Metrics
from counter.gateway.setup import DEFAULT, Setup
from counter.province.wire import Message
from counter.rules.reference import Reference

SendSms = Callable[[str, str], Awaitable[None]]
"""Delivers a code to a mobile: (mobile, code)."""


DIGITS = 18
"""A number of so many fits PostgreSQL's."""


class ProblemError(Exception):
    """The answer is no: HTTP status, code for programs, the rule that says so, seconds after which to ask again."""

    def __init__(self, status: int, code: str, *, rule: str = "", retry_after: int | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.rule = rule
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Caller:
    """The counter whose signature the request carries; empty where none is asked for.

    `created` (seconds of the epoch) and `nonce` are the signature's own; `key` (hex) is the one that signed, which a
    counter that enrols is known by alone.
    """

    branch: str = ""
    counter: str = ""
    key: str = ""
    created: int = 0
    nonce: str = ""


@dataclass(frozen=True, slots=True)
class Gateway:
    """What a running province consists of. Without `send_sms` and `sms_echo` no SMS code can be had (503).

    `clock` tells the business date; signatures are judged by the machine's own.
    """

    pool: Pool
    key: Ed25519PrivateKey
    reference: Reference
    send_sms: SendSms | None = None
    sms_echo: bool = False
    clock: Clock = system_clock
    setup: Setup = DEFAULT
    metrics: Metrics = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "metrics", Metrics(self.pool))

    @property
    def public_key(self) -> str:
        """The key that counters pin, in hex."""
        return self.key.public_key().public_bytes_raw().hex()

    def today(self) -> date:
        """The business date in Guangdong."""
        return today(self.clock)

    def keyed_digest(self, purpose: str, *parts: str) -> str:
        """A digest that the database alone gives nothing away by: there are few mobiles, and fewer codes."""
        key = sha256(f"counter-{purpose}-v1".encode() + self.key.private_bytes_raw()).digest()
        return hmac.new(key, msgspec.json.encode(parts), sha256).hexdigest()

    def bank_of(self, caller: Caller) -> str:
        """The bank whose counter asks; empty where the province has no such branch."""
        branch = self.reference.branches.get(caller.branch)
        return branch.bank if branch else ""


M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Call(Generic[M]):
    """One request that has been verified and decoded. `connection` is inside a transaction of this call's own."""

    gateway: Gateway
    connection: Connection
    caller: Caller
    message: M
    path: Mapping[str, str]
    query: Mapping[str, str]

    @property
    def after(self) -> int:
        """Behind what the answer begins: a cursor or a seq. Raises `ProblemError` 400."""
        text = self.query.get("after", "0")
        if not (text.isascii() and text.isdigit() and len(text) <= DIGITS):
            raise ProblemError(400, "malformed")
        return int(text)


@dataclass(frozen=True, slots=True)
class Operation(Generic[M]):
    """One endpoint as it is routed and documented; `takes` is the body's struct, or bytes for a JPEG, or None."""

    method: str
    path: str
    answer: Callable[[Call[M]], Awaitable[Message]]
    takes: type[M]
    gives: type[Message]
    signed: bool = True
    query: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        return (self.answer.__doc__ or "").split("\n", maxsplit=1)[0]


def decode(body: bytes, type_: type[M]) -> M:
    """The message in a JSON body. Raises `ProblemError` 400; what was wrong is not repeated: it may be personal."""
    if b"\\u0000" in body:
        raise ProblemError(400, "malformed")  # PostgreSQL's text has no NUL
    try:
        return msgspec.json.decode(body, type=type_)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise ProblemError(400, "malformed") from None


def encode(message: Any) -> bytes:
    """Canonical JSON: what is signed has one form only."""
    return msgspec.json.encode(message, order="sorted")
