"""The province's HTTP interface: one table of operations, routed and documented alike."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import psycopg
from psycopg_pool import PoolTimeout
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from counter.gateway import enrolment, events
from counter.gateway.call import Call, Caller, Gateway, Operation, ProblemError, decode, encode
from counter.gateway.ledger import days, entries, held, signers
from counter.gateway.metrics import OTHER
from counter.gateway.nonces import WINDOW, ReplayedError, forget_old, once
from counter.gateway.openapi import document
from counter.gateway.persons import (
    answers,
    bookings,
    cards,
    parcels,
)
from counter.gateway.signed import Signed, problem
from counter.province import wire

OPERATIONS: Final[tuple[Operation[Any], ...]] = (
    Operation("GET", "/v1/health", enrolment.health, type(None), wire.Health, signed=False),
    Operation("GET", "/v1/province", enrolment.province, type(None), wire.Enrolled, signed=False),
    Operation("POST", "/v1/enrol", enrolment.enrol, wire.Enrolment, wire.Enrolled, signed=False),
    Operation("POST", "/v1/identity", answers.identity, wire.IdentityQuestion, wire.IdentityReply),
    Operation("POST", "/v1/one-card", answers.one_card, wire.OneCardQuestion, wire.OneCardReply),
    Operation("POST", "/v1/group", answers.group, wire.GroupQuestion, wire.GroupReply),
    Operation("POST", "/v1/clean-up", answers.clean_up, wire.CleanUp, wire.CleanUpReply),
    Operation("POST", "/v1/photo", answers.photo, wire.PhotoQuestion, wire.PhotoReply),
    Operation("POST", "/v1/sms", answers.send_sms, wire.SmsRequest, wire.SmsSent),
    Operation("POST", "/v1/sms/check", answers.check_sms, wire.SmsCheck, wire.SmsChecked),
    Operation("POST", "/v1/cards", cards.cards, wire.CardsQuestion, wire.CardsReply),
    Operation("POST", "/v1/progress", cards.progress, wire.ProgressQuestion, wire.ProgressReply),
    Operation("POST", "/v1/group/progress", cards.group_progress, wire.GroupProgressQuestion, wire.GroupProgressReply),
    Operation("POST", "/v1/loss", cards.report_loss, wire.Loss, wire.LossReply),
    Operation("POST", "/v1/loss/withdraw", cards.withdraw_loss, wire.Loss, wire.LossReply),
    Operation("POST", "/v1/booking", bookings.booking, wire.BookingQuestion, wire.BookingReply),
    Operation("POST", "/v1/bookings", bookings.book, wire.BankChange, wire.BookingReply),
    Operation("POST", "/v1/group/bookings", bookings.book_group, wire.GroupBooking, wire.GroupBookingReply),
    Operation("POST", "/v1/reviews", bookings.reviews, wire.ReviewsQuestion, wire.Reviews),
    Operation("POST", "/v1/review", bookings.review, wire.Review, wire.BookingReply),
    Operation("POST", "/v1/parcels", parcels.on_the_way, wire.ParcelsQuestion, wire.OnTheWayReply),
    Operation("POST", "/v1/parcel", parcels.parcel, wire.ParcelQuestion, wire.ParcelReply),
    Operation("POST", "/v1/parcel/sign", parcels.sign, wire.Signing, wire.SigningReply),
    Operation("GET", "/v1/head", entries.head, type(None), wire.Head),
    Operation("POST", "/v1/signers", signers.signers, wire.SignerKeys, wire.SignersKnown),
    Operation("PUT", "/v1/photos/{digest}", enrolment.put_photo, bytes, wire.PhotoStored),
    Operation("POST", "/v1/entries", entries.entries, wire.Entries, wire.EntryAnswers),
    Operation("GET", "/v1/entries", held.held, type(None), wire.HeldEntries, query=("after",)),
    Operation("GET", "/v1/events", events.events, type(None), wire.Events, query=("after",)),
    Operation("POST", "/v1/day-close", days.day_close, wire.DayClose, wire.DayClosed),
)


def build(gateway: Gateway) -> ASGIApp:
    """The ASGI application of a province, over a database that is prepared. Its lifespan opens the pool."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with gateway.pool:
            forgetting = asyncio.create_task(_forgetting(gateway))
            yield
            forgetting.cancel()

    routes = [_route(gateway, operation) for operation in OPERATIONS]
    app = Starlette(
        routes=[*routes, Route("/openapi.json", _openapi, methods=["GET"])],
        exception_handlers={ProblemError: _problem, HTTPException: _http_problem},
        lifespan=lifespan,
    )
    return Signed(app, gateway, operation_of)


_BY_PATH: Final = {
    (operation.method, operation.path): f"{operation.method} {operation.path}" for operation in OPERATIONS
}
_BY_DIGEST: Final = {
    (operation.method, operation.path.partition("{")[0]): f"{operation.method} {operation.path}"
    for operation in OPERATIONS
    if "{" in operation.path
}


def operation_of(method: str, path: str) -> str:
    """The operation that a request is for, as the metrics and the log name it; `OTHER` where there is none."""
    under = path.rpartition("/")[0] + "/"
    return _BY_PATH.get((method, path)) or _BY_DIGEST.get((method, under), OTHER)


async def _forgetting(gateway: Gateway) -> None:
    """From time to time what is too old to matter goes."""
    while True:
        with suppress(psycopg.Error, PoolTimeout):
            async with gateway.pool.connection() as connection:
                await forget_old(connection)
        await asyncio.sleep(WINDOW)


def _route(gateway: Gateway, operation: Operation[Any]) -> Route:
    async def endpoint(request: Request) -> Response:
        caller = request.scope["caller"]
        message = _message(operation, request, await request.body())
        try:
            async with gateway.pool.connection() as connection:
                await once(connection, caller)
                call = Call(gateway, connection, caller, message, request.path_params, request.query_params)
                reply = await operation.answer(call)
            if isinstance(reply, wire.EntryAnswers):
                gateway.metrics.stored(reply.answers)  # committed
        except ProblemError:
            await _refused_for_good(gateway, caller)
            raise
        return Response(encode(reply), media_type="application/json")  # the transaction is committed: now it is true

    return Route(operation.path, endpoint, methods=[operation.method])


async def _refused_for_good(gateway: Gateway, caller: Caller) -> None:
    """Nothing was done, the nonce was not kept: it is now, so that nobody has it done later by sending it again."""
    with suppress(ReplayedError):
        async with gateway.pool.connection() as connection:
            await once(connection, caller)


def _message(operation: Operation[Any], request: Request, body: bytes) -> Any:
    if operation.takes is bytes:
        return body
    if operation.takes is type(None):
        return None
    encoding = request.headers.get("content-encoding", "identity")
    if encoding == "zstd":
        body = entries.decompress(body)
    elif encoding != "identity":
        raise ProblemError(415, "encoding")
    elif len(body) > wire.MAX_BYTES:
        raise ProblemError(413, "too_large")
    return decode(body, operation.takes)


async def _openapi(_request: Request) -> Response:
    return Response(encode(document(OPERATIONS)), media_type="application/json")


async def _problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return problem(error)


async def _http_problem(_request: Request, error: Exception) -> Response:
    """Starlette's own no: an unknown path, another method."""
    assert isinstance(error, HTTPException)
    codes = {404: "not_found", 405: "method"}
    return problem(ProblemError(error.status_code, codes.get(error.status_code, "http")))
