"""The gateway's second listener, for whoever runs it: readiness, metrics, and a page to read. On this machine only.

Nothing here is about a person, and no key is shown; the page has no script.
"""

import platform
from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Final

import psycopg
from psycopg_pool import PoolTimeout
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from counter import __version__
from counter.clock import SHANGHAI, business_date, today
from counter.gateway.call import Gateway, encode
from counter.gateway.metrics import CONTENT_TYPE
from counter.gateway.migrations import KNOWN
from counter.gateway.standing import SECONDS, SHOWN, CounterStands, PartStands, counters, readiness
from counter.i18n import t

HOST: Final = "127.0.0.1"
HEADERS: Final = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem;max-width:75rem;color:#1a1a1a;background:#fff}"
    "table{border-collapse:collapse;margin:0 0 2rem}caption{font-weight:600;text-align:left;padding:.5rem 0}"
    "th,td{border:1px solid #8a8a8a;padding:.25rem .75rem;text-align:left}.bad{color:#a40000;font-weight:600}"
)


def build(gateway: Gateway) -> ASGIApp:
    """The ASGI application of the second listener; it uses the gateway's own pool, which the first one opens."""

    async def ready(_request: Request) -> Response:
        parts = await readiness(gateway.pool)
        alive = not any(part.dead for part in parts)
        body = encode({"ready": alive, "version": __version__, "parts": parts})
        return Response(body, 200 if alive else 503, HEADERS, media_type="application/json")

    async def metrics(_request: Request) -> Response:
        return Response(gateway.metrics.text(), headers={**HEADERS, "content-type": CONTENT_TYPE})

    async def page(_request: Request) -> Response:
        parts = await readiness(gateway.pool)
        return HTMLResponse(_page(gateway, parts, await _counters(gateway)), headers=HEADERS)

    return Starlette(
        routes=[Route("/ready", ready), Route("/metrics", metrics), Route("/", page)],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])],
    )


async def _counters(gateway: Gateway) -> list[CounterStands] | None:
    """Nothing where the database does not say: the page then says which part is dead."""
    try:
        async with gateway.pool.connection(SECONDS) as connection:
            return await counters(connection, gateway.today())
    except (psycopg.Error, PoolTimeout):
        return None


def _page(gateway: Gateway, parts: tuple[PartStands, ...], stands: list[CounterStands] | None) -> str:
    title = t("gateway.status.title")
    alive = not any(part.dead for part in parts)
    return "".join(
        (
            f'<!doctype html><html lang="{escape(t("gateway.status.language"))}"><head><meta charset="utf-8">',
            f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><h1>{escape(title)}</h1>",
            f"<p{'' if alive else ' class=bad'}>{_said('ready' if alive else 'not_ready')}</p>",
            _table(_said("parts"), ("part", "state"), (_part(part) for part in parts)),
            _table(_said("backlog"), (), _backlog(gateway, stands)),
            _counter_table(stands) if stands is not None else "",
            _table(_said("versions"), (), _versions()),
            "</body></html>",
        )
    )


def _said(key: str, **values: object) -> str:
    return escape(t(f"gateway.status.{key}", **values))


def _table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Cells are HTML already."""
    head = "".join(f"<th>{_said(name)}</th>" for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><caption>{caption}</caption>{f'<tr>{head}</tr>' if head else ''}{body}</table>"


def _part(part: PartStands) -> tuple[str, str]:
    state = f'<span class="bad">{_said("dead")}</span> {escape(part.dead)}' if part.dead else _said("alive")
    return _said(f"part_{part.part}"), state


def _backlog(gateway: Gateway, stands: list[CounterStands] | None) -> list[tuple[str, str]]:
    """What waits: requests now, and counters whose day is not closed."""
    held = gateway.pool.get_stats()
    rows = [
        (_said("working"), str(gateway.metrics.working)),
        (_said("waiting"), str(held.get("requests_waiting", 0))),
        (_said("connections"), f"{held.get('pool_size', 0) - held.get('pool_available', 0)} / {gateway.pool.max_size}"),
    ]
    if stands is None:
        return rows
    used = [each for each in stands if each.revoked_at is None]
    silent = sum(each.last_sync is None or business_date(each.last_sync) < today() for each in used)
    return [
        *rows,
        (_said("silent"), f"{silent} / {len(used)}"),
        (_said("differing_days"), str(sum(len(each.differing) for each in stands))),
    ]


def _counter_table(stands: list[CounterStands]) -> str:
    rows = (
        (
            escape(each.branch),
            escape(each.counter),
            _said("revoked" if each.revoked_at else "in_use"),
            f"{_local(each.last_sync):%Y-%m-%d %H:%M:%S}" if each.last_sync else _said("never"),
            f'<span class="bad">{", ".join(map(str, each.differing))}</span>' if each.differing else _said("none"),
        )
        for each in stands[:SHOWN]
    )
    caption = _said("counters", shown=min(len(stands), SHOWN), count=len(stands))
    return _table(caption, ("branch", "counter", "state", "last_sync", "differing"), rows)


def _local(moment: datetime) -> datetime:
    """In the zone of the business date."""
    return moment.astimezone(SHANGHAI)


def _versions() -> list[tuple[str, str]]:
    return [
        ("counter", escape(__version__)),
        (_said("part_schema"), str(KNOWN)),
        ("Python", escape(platform.python_version())),
        ("psycopg", escape(psycopg.__version__)),
    ]
