"""Who of a counter signs its entries, and whether they have: what `counter.rules.signers` says, over what is stored."""

from collections.abc import Iterable

import msgspec

from counter.gateway.call import Call, Caller
from counter.gateway.database import Connection
from counter.province.wire import Entries, Entry, SignerKeys, SignersKnown
from counter.rules.link import SIGNED, SignerKey
from counter.rules.signers import believed, is_signed

COLUMNS = ", ".join(SignerKey.__struct_fields__)


async def signers(call: Call[SignerKeys]) -> SignersKnown:
    """Keep the keys that somebody vouches for whose word counts; asked again the answer is the same."""
    caller, told = call.caller, call.message
    where = (caller.branch, caller.counter)
    await call.connection.execute("SELECT 1 FROM counter WHERE branch = %s AND counter = %s FOR UPDATE", where)
    await call.connection.execute(
        "INSERT INTO signed_since (branch, counter, unsigned, before) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (*where, told.unsigned, list(told.before)),
    )
    _, before = await _since(call.connection, caller)
    keys = await keys_of(call.connection, caller)
    for key in told.keys:
        if key not in keys and believed(keys, key, *where, before):
            await _keep(call.connection, caller, key, len(keys))
            keys.append(key)
    return SignersKnown(known=tuple(key.public_key for key in told.keys if key in keys))


async def unsigned(call: Call[Entries], fresh: Iterable[Entry]) -> set[str]:
    """The ids of those that are not signed as they should be: of none while the counter has told of no keys."""
    fresh = tuple(fresh)
    keys = await keys_of(call.connection, call.caller)
    last_unsigned, _ = await _since(call.connection, call.caller)
    return {
        entry.id
        for entry in fresh
        if not is_signed(entry, call.caller.branch, call.caller.counter, keys)
        or (entry.form < SIGNED and last_unsigned is not None and entry.seq > last_unsigned)
    }


async def keys_of(connection: Connection, caller: Caller) -> list[SignerKey]:
    """The keys of a counter's operators that are believed, in the order in which they came."""
    cursor = await connection.execute(
        f"SELECT {COLUMNS} FROM signer WHERE branch = %s AND counter = %s ORDER BY place".encode(),  # noqa: S608 - constants
        (caller.branch, caller.counter),
    )
    return [SignerKey(**row) for row in await cursor.fetchall()]


async def _since(connection: Connection, caller: Caller) -> tuple[int | None, list[str]]:
    """The last entry that needs no signature, None where the counter has not said; and who was there before."""
    cursor = await connection.execute(
        "SELECT unsigned, before FROM signed_since WHERE branch = %s AND counter = %s", (caller.branch, caller.counter)
    )
    row = await cursor.fetchone()
    return (row["unsigned"], row["before"]) if row else (None, [])


async def _keep(connection: Connection, caller: Caller, key: SignerKey, place: int) -> None:
    values = msgspec.structs.astuple(key)
    await connection.execute(
        f"INSERT INTO signer (branch, counter, place, {COLUMNS})"  # noqa: S608 - constants
        f" VALUES (%s, %s, %s, {', '.join(['%s'] * len(values))})".encode(),
        (caller.branch, caller.counter, place, *values),
    )
