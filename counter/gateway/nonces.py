"""Each signed request is done once: its nonce goes with what it does, in the same transaction."""

from typing import Final

from counter.gateway.call import Caller
from counter.gateway.database import Connection

WINDOW: Final = 5 * 60
"""Seconds that a request's signature holds, before and after the moment it names; so long its nonce is kept."""


class ReplayedError(Exception):
    """This very request was here before. Whoever sends it again has only seen it: a counter signs each anew."""


async def once(connection: Connection, caller: Caller) -> None:
    """Keep the nonce of a request; a second one waits until the first is done. Raises `ReplayedError`."""
    if not caller.nonce:
        return
    cursor = await connection.execute(
        "INSERT INTO nonce (branch, counter, nonce, expires_at) VALUES (%s, %s, %s, to_timestamp(%s))"
        " ON CONFLICT DO NOTHING",
        (caller.branch, caller.counter, caller.nonce, caller.created + WINDOW),
    )
    if cursor.rowcount == 0:
        raise ReplayedError


async def forget_old(connection: Connection) -> None:
    """Forget the nonces of requests that are too old to be let in; two windows, as clocks are not all the same."""
    await connection.execute("DELETE FROM nonce WHERE expires_at < now() - make_interval(secs => %s)", (WINDOW,))
