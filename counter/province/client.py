"""The counter's side of the conversation: signed questions, and only signed answers believed.

For thread workers: every method blocks. At the counter a question is asked once and given up soon (the answer is then
*deferred*, F5 asks again); `patiently()` is for sync, which retries with full jitter and as Retry-After says.
"""

import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self, TypeVar
from urllib.parse import urlsplit

import httpx2
import msgspec
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counter.province import wire
from counter.province.errors import InsecureAddressError, OutOfReachError, RefusedError
from counter.rules import signing

M = TypeVar("M", bound=wire.Message)
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for an answer and how often to ask, `attempts` being all of them; seconds."""

    timeout: float
    attempts: int = 1
    first: float = 0.25
    longest: float = 20.0

    def pause(self, retry: int, told: float | None) -> float:
        """How long to wait before a retry, the first being 1: what Retry-After told, never over `longest`.

        Else full jitter, a random part of a time that doubles: a hundred counters do not come back together.
        """
        if told is not None:
            return min(told, self.longest)
        return random.uniform(0, min(self.longest, self.first * 2**retry))  # noqa: S311 - a pause


AT_COUNTER: Final = Patience(timeout=2.5)
AT_SYNC: Final = Patience(timeout=30.0, attempts=5)
CONNECT: Final = 5.0
"""Seconds for a connection, however long the answer may take."""


class Province:
    """The province as one counter sees it. `province_key` is the pinned public key in hex.

    Every method raises `OutOfReachError` where there is no answer, and `RefusedError` for a signed no.
    """

    def __init__(
        self,
        url: str,
        branch: str,
        counter: str,
        key: Ed25519PrivateKey,
        province_key: str,
        *,
        at_counter: Patience = AT_COUNTER,
        at_sync: Patience = AT_SYNC,
    ) -> None:
        self._wire = _Wire(url, f"{branch}/{counter}", key, province_key)
        self._sync = at_sync
        self._patience = at_counter

    def patiently(self) -> Self:
        """The same province, asked with the patience of sync."""
        patient = object.__new__(type(self))
        patient._wire, patient._sync, patient._patience = self._wire, self._sync, self._sync
        return patient

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    # --- asked at the counter

    def health(self) -> wire.Health:
        """Does the province answer, and what time is it there?"""
        return self._get("/v1/health", wire.Health)

    def identity(self, person: wire.Person) -> wire.IdentityReply:
        """Networked identity check (联网核查)."""
        return self._post("/v1/identity", wire.IdentityQuestion(person=person), wire.IdentityReply)

    def one_card(self, person: wire.Person, city: str) -> wire.OneCardReply:
        """One-card query (一人一卡核查), ONE-1."""
        return self._post("/v1/one-card", wire.OneCardQuestion(person=person, city=city), wire.OneCardReply)

    def group(
        self, persons: tuple[wire.Person, ...], city: str, *, bookings: bool = False
    ) -> tuple[wire.PersonReply, ...]:
        """Identity, one-card and `bookings` of at most `wire.MAX_PERSONS` people (单位批量核查), EXC-7; in order."""
        question = wire.GroupQuestion(persons=persons, city=city, bookings=bookings)
        return _one_each(persons, self._post("/v1/group", question, wire.GroupReply).answers)

    def group_progress(self, persons: tuple[wire.Person, ...]) -> tuple[wire.ProgressReply, ...]:
        """How far the cards of at most `wire.MAX_PERSONS` people have come, EXC-7; in the same order."""
        question = wire.GroupProgressQuestion(persons=persons)
        return _one_each(persons, self._post("/v1/group/progress", question, wire.GroupProgressReply).answers)

    def clean_up(self, person: wire.Person, city: str) -> wire.CleanUpReply:
        """One-card clean-up (一人一卡清理), ONE-2; the holder has confirmed it."""
        return self._post("/v1/clean-up", wire.CleanUp(person=person, city=city), wire.CleanUpReply)

    def photo(self, person: wire.Person, receipt: str = "") -> wire.PhotoReply:
        """The photo of a receipt (相片回执号), or the one that the province holds."""
        return self._post("/v1/photo", wire.PhotoQuestion(person=person, receipt=receipt), wire.PhotoReply)

    def send_sms(self, mobile: str) -> wire.SmsSent:
        """Send a code to a mobile; the ticket goes with the code into `check_sms`."""
        return self._post("/v1/sms", wire.SmsRequest(mobile=mobile), wire.SmsSent)

    def check_sms(self, ticket: str, code: str) -> bool:
        """Is this the code that was sent?"""
        return self._post("/v1/sms/check", wire.SmsCheck(ticket=ticket, code=code), wire.SmsChecked).correct

    def booking(self, person: wire.Person) -> wire.BookingReply:
        """The person's change-of-bank booking (预约换行换卡), EXC-6."""
        return self._post("/v1/booking", wire.BookingQuestion(person=person), wire.BookingReply)

    def cards(self, person: wire.Person) -> wire.CardsReply:
        """Every card of a person, and where it stands, QRY-1."""
        return self._post("/v1/cards", wire.CardsQuestion(person=person), wire.CardsReply)

    def progress(self, person: wire.Person) -> wire.ProgressReply:
        """How far the person's cards have come (制卡进度), QRY-1."""
        return self._post("/v1/progress", wire.ProgressQuestion(person=person), wire.ProgressReply)

    def reviews(self) -> wire.Reviews:
        """The bookings that wait for this counter's bank (原银行审核)."""
        return self._post("/v1/reviews", wire.ReviewsQuestion(), wire.Reviews)

    # --- done at the counter: the id is the ledger entry's, so that asked again, or sent at sync, it is done once

    def book(self, book: wire.BankChange) -> wire.BookingReply:
        """Book a change of bank (预约换行换卡), EXC-6."""
        return self._post("/v1/bookings", book, wire.BookingReply)

    def book_group(self, changes: tuple[wire.BankChange, ...]) -> tuple[wire.GroupBookingAnswer, ...]:
        """Book a change of bank for at most `wire.MAX_PERSONS` of a unit's people, EXC-6; in the same order."""
        booked = self._post("/v1/group/bookings", wire.GroupBooking(changes=changes), wire.GroupBookingReply)
        return _one_each(changes, booked.answers)

    def review(self, review: wire.Review) -> wire.BookingReply:
        """The original bank's decision on a booking (原银行审核), EXC-6."""
        return self._post("/v1/review", review, wire.BookingReply)

    def report_loss(self, loss: wire.Loss) -> wire.LossReply:
        """Report a loss in writing (书面挂失), LOS-1."""
        return self._post("/v1/loss", loss, wire.LossReply)

    def withdraw_loss(self, loss: wire.Loss) -> wire.LossReply:
        """Take a loss report back (解挂), LOS-2."""
        return self._post("/v1/loss/withdraw", loss, wire.LossReply)

    # --- sync, with patience

    def head(self) -> wire.Head:
        """The last entry that the province holds from this counter."""
        return self.patiently()._get("/v1/head", wire.Head)

    def put_photo(self, digest: str, jpeg: bytes) -> wire.PhotoStored:
        """Send a photo; one that is there already is success."""
        request = _Request("PUT", f"/v1/photos/{digest}", jpeg, (("content-type", "image/jpeg"),))
        return self.patiently()._ask(request, wire.PhotoStored)

    def entries(self, entries: tuple[wire.Entry, ...]) -> tuple[wire.EntryAnswer, ...]:
        """Send a batch in the order of seq; one answer to each, in the same order."""
        body = zstandard.compress(msgspec.json.encode(wire.Entries(entries=entries)))
        headers = (("content-type", "application/json"), ("content-encoding", "zstd"))
        request = _Request("POST", "/v1/entries", body, headers)
        answers = self.patiently()._ask(request, wire.EntryAnswers).answers
        if [answer.id for answer in answers] != [entry.id for entry in entries]:
            raise OutOfReachError("malformed")
        return answers

    def events(self, after: int) -> wire.Events:
        """What the province has to say since a cursor."""
        return self.patiently()._get(f"/v1/events?after={after}", wire.Events)

    def day_close(self, close: wire.DayClose) -> wire.DayClosed:
        """Have a business date recounted (日终对账). A receipt that is not signed by the province is no answer."""
        closed = self.patiently()._post("/v1/day-close", close, wire.DayClosed)
        if closed.matched and not self._wire.is_genuine(closed):
            raise OutOfReachError("unsigned")
        return closed

    # --- how

    def _get(self, path: str, gives: type[M]) -> M:
        return self._ask(_Request("GET", path), gives)

    def _post(self, path: str, message: wire.Message, gives: type[M]) -> M:
        headers = (("content-type", "application/json"),)
        return self._ask(_Request("POST", path, msgspec.json.encode(message), headers), gives)

    def _ask(self, request: "_Request", gives: type[M]) -> M:
        patience = self._patience
        for retry in range(1, patience.attempts):
            try:
                return self._wire.ask(request, gives, patience.timeout)
            except OutOfReachError as error:
                time.sleep(patience.pause(retry, error.retry_after))
        return self._wire.ask(request, gives, patience.timeout)


def _one_each(asked: tuple[wire.Message, ...], answers: tuple[M, ...]) -> tuple[M, ...]:
    """The answers to a group, one to each."""
    if len(answers) != len(asked):
        raise OutOfReachError("malformed")
    return answers


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


class _Wire:
    """One HTTP client, one counter's key, one province's key."""

    def __init__(self, url: str, counter: str, key: Ed25519PrivateKey, province_key: str) -> None:
        self._client = _client(url)
        self._counter = counter
        self._key = key
        self._province_key = province_key

    def close(self) -> None:
        self._client.close()

    def is_genuine(self, closed: wire.DayClosed) -> bool:
        return signing.verify(self._province_key, closed.signature, closed.receipt or b"")

    def ask(self, request: _Request, gives: type[M], timeout: float) -> M:
        date = datetime.now(UTC).isoformat()
        text = signing.request_text(request.method, request.path, date, request.body)
        signature = signing.sign(self._key, text)
        headers = {
            **dict(request.headers),
            signing.COUNTER_HEADER: self._counter,
            signing.DATE_HEADER: date,
            signing.SIGNATURE_HEADER: signature,
        }
        answer = _send(self._client, request, headers, timeout)
        text = signing.answer_text(signature, answer.status_code, answer.content)
        if not signing.verify(self._province_key, answer.headers.get(signing.PROVINCE_HEADER, ""), text):
            raise OutOfReachError("unsigned", _retry_after(answer))
        return _message(answer, gives)


def enrol(url: str, code: str, branch: str, counter: str) -> tuple[Ed25519PrivateKey, str]:
    """Make this counter's key and have it enrolled with a one-time code: the private key and the province's key in hex.

    The province's key is believed because of the address (HTTPS) and is pinned from here on.
    """
    key = Ed25519PrivateKey.generate()
    return key, enrol_key(url, code, branch, counter, key)


def enrol_key(url: str, code: str, branch: str, counter: str, key: Ed25519PrivateKey) -> str:
    """Enrol a key that is there already, for example again after an answer was lost; gives the province's key."""
    public_key = key.public_key().public_bytes_raw().hex()
    message = wire.Enrolment(code=code, branch=branch, counter=counter, public_key=public_key)
    request = _Request("POST", "/v1/enrol", msgspec.json.encode(message))
    nonce = random.SystemRandom().randbytes(32).hex()  # the answer's signature covers it: no old answer fits
    headers = {"content-type": "application/json", signing.SIGNATURE_HEADER: nonce}
    with _client(url) as client:
        answer = _send(client, request, headers, AT_COUNTER.timeout)
    enrolled = _message(answer, wire.Enrolled)
    text = signing.answer_text(nonce, answer.status_code, answer.content)
    if not signing.verify(enrolled.province_key, answer.headers.get(signing.PROVINCE_HEADER, ""), text):
        raise OutOfReachError("unsigned")
    return enrolled.province_key


def _client(url: str) -> httpx2.Client:
    """A client that follows no redirection; a province on this machine is not asked through a proxy."""
    # Connections are given up before the other side does, so that no question is put into a closed one.
    limits = httpx2.Limits(keepalive_expiry=2.0)
    try:
        parts = urlsplit(url)
        local = parts.hostname in LOOPBACK
        if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and local)):
            return httpx2.Client(base_url=url, trust_env=not local, follow_redirects=False, limits=limits)
    except (ValueError, httpx2.InvalidURL):
        pass
    raise InsecureAddressError("the province's address must begin with https://")


def _send(client: httpx2.Client, request: _Request, headers: dict[str, str], timeout: float) -> httpx2.Response:
    limits = httpx2.Timeout(timeout, connect=min(timeout, CONNECT))
    with _out_of_reach():
        return client.request(request.method, request.path, content=request.body, headers=headers, timeout=limits)


@contextmanager
def _out_of_reach() -> Iterator[None]:
    """Whatever can go wrong on the way becomes one error, without the request in its chain: that has a person in it."""
    try:
        yield
    except httpx2.TimeoutException:
        raise OutOfReachError("timeout") from None
    except httpx2.HTTPError:
        raise OutOfReachError("network") from None


def _message(answer: httpx2.Response, gives: type[M]) -> M:
    """What a genuine answer says."""
    if answer.status_code >= httpx2.codes.INTERNAL_SERVER_ERROR or answer.status_code == TOO_MANY:
        raise OutOfReachError("unavailable", _retry_after(answer))
    try:
        if answer.status_code == httpx2.codes.OK:
            return msgspec.json.decode(answer.content, type=gives)
        problem = msgspec.json.decode(answer.content, type=wire.Problem)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise OutOfReachError("malformed") from None
    raise RefusedError(problem.code, problem.detail, problem.rule)


def _retry_after(answer: httpx2.Response) -> float | None:
    """Seconds, where the header says seconds; a date is left to the jitter."""
    text = answer.headers.get("retry-after", "")
    return float(text) if re.fullmatch(r"[0-9]{1,5}", text) else None
