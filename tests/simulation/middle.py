"""A man in the middle with everything but keys: he ends the counter's TLS, reads and keeps every message, and answers
and asks what he likes; nothing of it is believed."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import Final, Self

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counter.gateway import server
from counter.gateway.seeding.customers import demo_rows
from counter.province import wire
from counter.province.client import Patience, Province, enrol
from counter.province.errors import OutOfReachError, RefusedError
from counter.province.transport import Way
from counter.rules import signing
from counter.rules.case import DocumentKind, IdentityAnswer
from tests.support.faults import FaultyNetwork
from tests.support.province_world import (
    BRANCH,
    CODE,
    CODE_ROW,
    COUNTER,
    TODAY,
    World,
    fresh_database,
)

PERSON: Final = wire.Person(kind=DocumentKind.ID_CARD, number="110105189912319933", name="张试样")
OTHER: Final = wire.Person(kind=DocumentKind.ID_CARD, number="440308199901101512", name="名")


class Attack(StrEnum):
    """What he does to one exchange."""

    OWN_KEY = "own key"  # answers himself, signed by a key of his own
    PLAIN = "plain"  # answers himself, signed by nobody
    REFUSAL = "refusal"  # a no of his own
    OLDER = "older"  # an earlier answer of the province to the same question
    STATUS = "status"  # another status
    BODY = "body"  # another body, with the digest that fits it
    STRIPPED = "stripped"  # the province's answer without its signature
    SPLICED = "spliced"  # the signature of an earlier answer over the new one
    REDATED = "redated"  # another moment in what is signed
    TWICE = "twice"  # asks twice, and gives the second answer
    OTHER_QUESTION = "other question"  # another body, with the digest that fits it
    OTHER_PATH = "other path"  # the same body to another question
    OTHER_COUNTER = "other counter"  # in the name of another counter
    UNSIGNED = "unsigned"  # asks without the counter's signature


@dataclass
class Message:
    """A request or an answer in parts."""

    first: str
    headers: dict[str, str]
    body: bytes

    @classmethod
    def of(cls, raw: bytes) -> "Message":
        head, _, body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        return cls(first, {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}, body)

    def raw(self) -> bytes:
        self.headers["content-length"] = str(len(self.body))
        lines = [self.first, *(f"{name}: {value}" for name, value in self.headers.items())]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body

    def saying(self, body: bytes) -> "Message":
        """The same with another body, whose digest it has."""
        return Message(self.first, self.headers | {"content-digest": signing.digest(body)}, body)


class Middle(FaultyNetwork):
    """He stands between: every exchange is attacked in the way that is told, none where nothing is told."""

    def __init__(self, target: str) -> None:
        super().__init__(target)
        self.attack: Attack | None = None
        self.heard: list[bytes] = []
        self._key = Ed25519PrivateKey.generate()
        self._older: dict[str, Message] = {}

    def __enter__(self) -> Self:
        return self

    def send_again(self, request: bytes) -> Message:
        return Message.of(super()._ask(request))

    def _ask(self, request: bytes) -> bytes:
        asked = Message.of(request)
        if self.attack in _ANSWERS_HIMSELF:
            return _ANSWERS_HIMSELF[self.attack](self, asked)
        answer = Message.of(super()._ask(self._asking(asked).raw()))
        if self.attack is Attack.TWICE:
            answer = Message.of(super()._ask(request))
        return self._answering(asked, answer).raw()

    def _asking(self, asked: Message) -> Message:
        """What goes to the province in place of what was asked."""
        match self.attack:
            case Attack.OTHER_QUESTION:
                return asked.saying(b'{"person":{"kind":"id_card","number":"440308199901101512"},"city":"441621"}')
            case Attack.OTHER_PATH:
                return Message("POST /v1/clean-up HTTP/1.1", dict(asked.headers), asked.body)
            case Attack.OTHER_COUNTER:
                said = asked.headers["signature-input"].replace(f"{BRANCH}/{COUNTER}", f"{BRANCH}/9")
                return Message(asked.first, asked.headers | {"signature-input": said}, asked.body)
            case Attack.UNSIGNED:
                bare = {name: value for name, value in asked.headers.items() if not name.startswith("signature")}
                return Message(asked.first, bare, asked.body)
        self.heard.append(asked.raw())
        return asked

    def _answering(self, asked: Message, answer: Message) -> Message:
        """What the counter hears in place of what was answered."""
        older = self._older.get(asked.first, answer)
        match self.attack:
            case None:
                self._older[asked.first] = answer
            case Attack.OLDER:
                return older
            case Attack.STATUS:
                other = "409 Conflict" if " 200 " in answer.first else "200 OK"
                return Message(f"HTTP/1.1 {other}", answer.headers, answer.body)
            case Attack.BODY:
                return answer.saying(answer.body.replace(b"{", b'{"made":"up",', 1))
            case Attack.STRIPPED:
                bare = {name: value for name, value in answer.headers.items() if not name.startswith("signature")}
                return Message(answer.first, bare, answer.body)
            case Attack.SPLICED:
                signature = {name: older.headers.get(name, "") for name in ("signature", "signature-input")}
                return Message(answer.first, answer.headers | signature, answer.body)
            case Attack.REDATED:
                said = answer.headers["signature-input"].replace("created=1", "created=2")
                return Message(answer.first, answer.headers | {"signature-input": said}, answer.body)
        return answer

    def own_key(self, asked: Message) -> bytes:
        headers = {name: value for name, value in asked.headers.items() if name != "host"}
        method, target, _ = asked.first.split(" ")
        covered = signing.Covered.of(method, target, asked.headers["content-digest"], headers)
        claim = signing.claim_of(headers)
        assert claim
        return _yes(signing.sign_answer(self._key, covered, claim, 200, _YES)).raw()


_YES: Final = msgspec.json.encode(
    {"answer": "match", "seq": 0, "hash": "0" * 64, "count": 0, "events": [], "time": datetime(2026, 3, 2, tzinfo=UTC)}
)


def _yes(headers: dict[str, str]) -> Message:
    return Message("HTTP/1.1 200 OK", {"connection": "close", "content-type": "application/json", **headers}, _YES)


def _refusal() -> Message:
    body = msgspec.json.encode(wire.Problem(code="province.card_state", rule="LOS-2"))
    return Message("HTTP/1.1 409 Conflict", {"connection": "close", "content-type": "application/json"}, body)


_ANSWERS_HIMSELF: Final[dict[Attack | None, Callable[[Middle, Message], bytes]]] = {
    Attack.OWN_KEY: Middle.own_key,
    Attack.PLAIN: lambda _he, _asked: _yes({}).raw(),
    Attack.REFUSAL: lambda _he, _asked: _refusal().raw(),
}

QUESTIONS: Final[tuple[Callable[[Province], object], ...]] = (
    lambda province: province.identity(PERSON),
    lambda province: province.one_card(PERSON, "441621"),
    lambda province: province.head(),
    lambda province: province.events(0),
    lambda province: province.health(),
)


@dataclass
class Figures:
    """What became of it."""

    exchanges: int = 0
    attacks: Counter[Attack] = field(default_factory=Counter)
    believed: list[tuple[Attack, str]] = field(default_factory=list)


def stand_between(world: World, seed: int, exchanges: int) -> Figures:
    """So many exchanges, each attacked; between them one that is not, which is believed."""
    dice, figures, attacks = Random(seed), Figures(), list(Attack)
    once = Patience(timeout=5.0)
    with Middle(world.url) as he, world.through(he.url).province(at_sync=once, at_counter=once) as province:
        for ask in QUESTIONS:
            ask(province)  # he has an older answer to each
        for number in range(exchanges):
            ask, he.attack = dice.choice(QUESTIONS), attacks[number % len(attacks)]
            if number % len(attacks) == 0:
                honest, he.attack = he.attack, None
                assert province.identity(PERSON).answer is IdentityAnswer.MATCH
                he.attack = honest
            figures.exchanges += 1
            figures.attacks[he.attack] += 1
            with suppress(OutOfReachError):
                try:
                    figures.believed.append((he.attack, repr(ask(province))))
                except RefusedError as refused:
                    figures.believed.append((he.attack, refused.code))
    return figures


@contextmanager
def a_world_between(postgresql: str, folder: Path) -> Iterator[World]:
    """A province that knows one person, and an enrolled counter."""
    database = fresh_database(postgresql)
    with server.running(database, folder, sms_echo=True) as running:
        rows = (CODE_ROW, *demo_rows(TODAY))
        lines = [msgspec.json.encode(row).decode() for row in rows]
        known = f'{{"type":"person","number":"{PERSON.number}","name":"{PERSON.name}"}}'
        server.seed_lines(database, folder, [*lines, known])
        key, _ = enrol(running.url, CODE, BRANCH, COUNTER, way=Way(running.ca))
        yield World(running, key, running.url, folder)
