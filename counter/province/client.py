"""The counter's side of the conversation: signed questions, and only signed answers believed.

For thread workers: every method blocks. At the counter a question is asked once and given up soon (the answer is then
*deferred*, F5 asks again); `patiently()` is for sync, which retries with full jitter and as Retry-After says.
"""

import random
import time
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import count
from typing import Final, Self, TypeVar

import msgspec
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counter.province import wire
from counter.province.errors import OUT_OF_REACH, REFUSALS, OutOfReachError, RefusedError, out_of_reach
from counter.province.transport import DIRECT, Client, Received, Request, Way, retry_after
from counter.rules import signing

M = TypeVar("M", bound=wire.Message)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for an answer and how often to ask, `attempts` being all of them, unless `lasting` seconds have
    not passed by then; seconds."""

    timeout: float
    attempts: int = 1
    first: float = 0.25
    longest: float = 20.0
    lasting: float = 0.0

    def pause(self, retry: int, told: float | None) -> float:
        """How long to wait before a retry, the first being 1: what Retry-After told, never over `longest` nor
        under `first`.

        Else full jitter, a random part of a time that doubles: a hundred counters do not come back together.
        """
        if told is not None:
            return min(max(told, self.first), self.longest)
        return random.uniform(0, min(self.longest, self.first * 2 ** min(retry, 16)))  # noqa: S311 - a pause


AT_COUNTER: Final = Patience(timeout=2.5)
AT_SYNC: Final = Patience(timeout=30.0, attempts=5)
UNATTENDED: Final = replace(AT_SYNC, lasting=90.0)
"""Of a timer's sync, at which nobody presses F5 again: an outage of a minute is waited out."""
_THE_SAME_AGAIN: Final = frozenset({"malformed", *OUT_OF_REACH})
"""Why there is no answer where asking again would change nothing."""


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
        way: Way = DIRECT,
        at_counter: Patience = AT_COUNTER,
        at_sync: Patience = AT_SYNC,
    ) -> None:
        self._wire = _Wire(Client(url, way), f"{branch}/{counter}", key, province_key)
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

    def cards(self, person: wire.Person | None, card: str = "") -> wire.CardsReply:
        """Every card of a person, or those that go by the number of one, and where each stands, QRY-1."""
        return self._post("/v1/cards", wire.CardsQuestion(person=person, card=card), wire.CardsReply)

    def progress(self, person: wire.Person | None, card: str = "") -> wire.ProgressReply:
        """How far those cards have come (制卡进度), QRY-1."""
        return self._post("/v1/progress", wire.ProgressQuestion(person=person, card=card), wire.ProgressReply)

    def reviews(self) -> wire.Reviews:
        """The bookings that wait for this counter's bank (原银行审核)."""
        return self._post("/v1/reviews", wire.ReviewsQuestion(), wire.Reviews)

    def parcels(self) -> wire.OnTheWayReply:
        """The parcels that are on their way to this counter's branch, PIC-7."""
        return self._post("/v1/parcels", wire.ParcelsQuestion(), wire.OnTheWayReply)

    def parcel(self, number: str, cards: tuple[str, ...]) -> wire.ParcelReply:
        """What was sent here in this parcel, and whose the cards are that were counted, PIC-7."""
        return self._post("/v1/parcel", wire.ParcelQuestion(number=number, cards=cards), wire.ParcelReply)

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

    def sign(self, signing: wire.Signing) -> wire.SigningReply:
        """Sign for cards that have arrived (网点签收), PIC-7."""
        return self._post("/v1/parcel/sign", signing, wire.SigningReply)

    # --- sync, with patience

    def head(self) -> wire.Head:
        """The last entry that the province holds from this counter."""
        return self.patiently()._get("/v1/head", wire.Head)

    def signers(self, told: wire.SignerKeys) -> wire.SignersKnown:
        """Tell which keys this counter's operators sign with."""
        return self.patiently()._post("/v1/signers", told, wire.SignersKnown)

    def put_photo(self, digest: str, jpeg: bytes) -> wire.PhotoStored:
        """Send a photo; one that is there already is success."""
        request = Request("PUT", f"/v1/photos/{digest}", jpeg, (("content-type", "image/jpeg"),))
        return self.patiently()._ask(request, wire.PhotoStored)

    def entries(self, entries: tuple[wire.Entry, ...]) -> tuple[wire.EntryAnswer, ...]:
        """Send a batch in the order of seq; one answer to each, in the same order."""
        body = zstandard.compress(msgspec.json.encode(wire.Entries(entries=entries)))
        headers = (("content-type", "application/json"), ("content-encoding", "zstd"))
        request = Request("POST", "/v1/entries", body, headers)
        answers = self.patiently()._ask(request, wire.EntryAnswers).answers
        if [answer.id for answer in answers] != [entry.id for entry in entries]:
            raise OutOfReachError("malformed")
        return answers

    def held(self, after: int) -> wire.HeldEntries:
        """What the province holds of this counter's entries after a seq, for a home that was restored."""
        return self.patiently()._get(f"/v1/entries?after={after}", wire.HeldEntries)

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
        return self._ask(Request("GET", path), gives)

    def _post(self, path: str, message: wire.Message, gives: type[M]) -> M:
        headers = (("content-type", "application/json"),)
        return self._ask(Request("POST", path, msgspec.json.encode(message), headers), gives)

    def _ask(self, request: Request, gives: type[M]) -> M:
        patience, began = self._patience, time.monotonic()
        for retry in count(1):
            try:
                return self._wire.ask(request, gives, patience.timeout)
            except OutOfReachError as error:
                lasted = retry >= patience.attempts and time.monotonic() - began >= patience.lasting
                if lasted or error.reason in _THE_SAME_AGAIN:
                    raise
                time.sleep(patience.pause(retry, error.retry_after))
        raise AssertionError("it is asked until there is an end")


def _one_each(asked: tuple[wire.Message, ...], answers: tuple[M, ...]) -> tuple[M, ...]:
    """The answers to a group, one to each."""
    if len(answers) != len(asked):
        raise OutOfReachError("malformed")
    return answers


class _Wire:
    """One way to the province, one counter's key, one province's key."""

    def __init__(self, client: Client, keyid: str, key: Ed25519PrivateKey, province_key: str) -> None:
        self._client = client
        self._keyid = keyid
        self._key = key
        self._province_key = province_key

    def close(self) -> None:
        self._client.close()

    def is_genuine(self, closed: wire.DayClosed) -> bool:
        return signing.verify(self._province_key, closed.signature, closed.receipt or b"")

    def ask(self, request: Request, gives: type[M], timeout: float) -> M:
        """Ask, signed anew each time; only the province's own answer to this very request is believed."""
        packed = dict(request.headers)
        asked = signing.Covered.of(request.method, request.path, signing.digest(request.body), packed)
        sent = signing.sign_request(self._key, asked, self._keyid)
        answer = self._client.send(request, packed | sent, timeout)
        if not signing.is_answer(self._province_key, asked, sent, answer.status, answer.headers, answer.content):
            raise out_of_reach(_unsigned(answer), retry_after(answer))
        return _message(answer, gives)


def _unsigned(answer: Received) -> str:
    """Why an answer that nobody has signed may have come. It is not believed: it only names what to look at."""
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
        return "unavailable"  # too busy to look up who asks, or a proxy in front
    if answer.status == HTTPStatus.UNAUTHORIZED:
        with suppress(msgspec.MsgspecError, UnicodeDecodeError):
            if msgspec.json.decode(answer.content, type=wire.Problem).code == "signature":
                return "key"
    return "unsigned"


def offered(url: str, way: Way = DIRECT) -> str:
    """The key (hex) that somebody at this address says is the province's, for people to compare its fingerprint."""
    with Client(url, way) as client:
        answer = client.send(Request("GET", "/v1/province"), {}, AT_COUNTER.timeout)
    return _message(answer, wire.Enrolled).province_key


def enrol(
    url: str, code: str, branch: str, counter: str, *, way: Way = DIRECT, expected: str = ""
) -> tuple[Ed25519PrivateKey, str]:
    """Make this counter's key and have it enrolled with a one-time code: the private key and the province's key in hex.

    `expected` is the key that two people have compared (`offered`); another's answer is none.
    """
    key = Ed25519PrivateKey.generate()
    return key, enrol_key(url, code, branch, counter, key, way=way, expected=expected)


def enrol_key(
    url: str,
    code: str,
    branch: str,
    counter: str,
    key: Ed25519PrivateKey,
    *,
    way: Way = DIRECT,
    expected: str = "",
) -> str:
    """Enrol a key that is there already, for example again after an answer was lost; gives the province's key.

    The key itself signs that it is to be enrolled.
    """
    public_key = key.public_key().public_bytes_raw().hex()
    expected = expected or offered(url, way)
    message = wire.Enrolment(code=code, branch=branch, counter=counter, public_key=public_key)
    request = Request("POST", "/v1/enrol", msgspec.json.encode(message), (("content-type", "application/json"),))
    with closing(_Wire(Client(url, way), public_key, key, expected)) as asked:
        enrolled = asked.ask(request, wire.Enrolled, AT_COUNTER.timeout)
    if enrolled.province_key != expected:
        raise OutOfReachError("unsigned")
    return expected


def _message(answer: Received, gives: type[M]) -> M:
    """What a genuine answer says."""
    if answer.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        raise out_of_reach("failed")
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        raise OutOfReachError("unavailable", retry_after(answer))
    try:
        if answer.status == HTTPStatus.OK:
            return msgspec.json.decode(answer.content, type=gives)
        problem = msgspec.json.decode(answer.content, type=wire.Problem)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise OutOfReachError("malformed") from None
    raise REFUSALS.get(problem.code, RefusedError)(problem.code, problem.detail, problem.rule)
