"""The province knows who signs at a counter, and takes no entry that is signed by somebody else."""

from datetime import UTC, datetime

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counter.province.client import enrol_key
from counter.province.wire import Entry, SignerKeys
from counter.rules.chain import GENESIS, act_digest, link_hash
from counter.rules.link import SignerKey
from counter.rules.signers import ACT, HASH, public, sign, vouched
from tests.support.province_world import BRANCH, CODE, COUNTER, World, chain, entry, record

CHIEF, CLERK, GHOST = (Ed25519PrivateKey.generate() for _ in range(3))


def key_of(key: Ed25519PrivateKey, operator: str, role: str, by: Ed25519PrivateKey) -> SignerKey:
    made_at = datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC)
    said = SignerKey(public_key=public(key), operator=operator, role=role, made_at=made_at, voucher=GENESIS)
    return vouched(said, by, BRANCH, COUNTER)


KEYS = (key_of(CHIEF, "chief", "supervisor", CHIEF), key_of(CLERK, "clerk", "clerk", CHIEF))
GHOSTS = (key_of(GHOST, "ghost", "supervisor", GHOST), key_of(GHOST, "chief", "supervisor", CLERK))


def told(world: World, *keys: SignerKey, unsigned: int = 0) -> list[bool]:
    with world.province() as province:
        known = province.signers(SignerKeys(keys=keys, unsigned=unsigned)).known
    return [key.public_key in known for key in keys]


def signed(plain: Entry, maker: Ed25519PrivateKey, checker: Ed25519PrivateKey | None = None) -> Entry:
    """The entry in the form that is signed, by these keys."""
    link = msgspec.structs.replace(plain, form=2)
    link = msgspec.structs.replace(link, hash=link_hash(link, BRANCH, COUNTER))
    if checker is None:
        return msgspec.structs.replace(link, maker_signature=sign(maker, HASH, [link.hash])[0])
    act = act_digest(link, BRANCH, COUNTER)
    return msgspec.structs.replace(
        link,
        maker_signature=sign(maker, ACT, [act])[0],
        checker_signature=sign(checker, HASH, [link.hash])[0],
    )


def answers(world: World, *entries: Entry) -> list[str]:
    with world.province() as province:
        return [answer.code or answer.outcome.value for answer in province.entries(entries)]


def test_keys_are_believed_once_and_alike(world: World) -> None:
    for _ in range(2):
        assert told(world, *KEYS, *GHOSTS) == [True, True, False, False]
    assert world.query("SELECT operator FROM signer ORDER BY place") == [("chief",), ("clerk",)]


def test_what_is_signed_by_those_whom_it_names_is_taken(world: World) -> None:
    told(world, *KEYS)
    alone = signed(entry(1, GENESIS, record()), CLERK)
    checked = signed(entry(2, alone.hash, record("441621198703120026"), checker="chief"), CLERK, CHIEF)
    assert answers(world, alone, checked) == ["created", "created"]
    assert answers(world, alone, checked) == ["exists", "exists"]


@pytest.mark.parametrize(("maker", "checker"), [(CHIEF, None), (GHOST, None), (CLERK, CLERK), (CLERK, GHOST)])
def test_what_is_not_comes_back_and_the_chain_goes_on(
    world: World, maker: Ed25519PrivateKey, checker: Ed25519PrivateKey | None
) -> None:
    told(world, *KEYS)
    plain = entry(1, GENESIS, record(), checker="chief" if checker else None)
    forged = signed(plain, maker, checker)
    right = signed(entry(2, forged.hash, record("441621198703120026")), CLERK)
    assert answers(world, forged, right) == ["province.signature", "created"]


def test_a_counter_that_signs_does_not_go_back(world: World) -> None:
    """What it had unsigned when it began to is taken, and nothing unsigned after that."""
    first, second = chain([record(), record("441621198703120026")])
    told(world, *KEYS, unsigned=1)
    told(world, unsigned=2)
    assert answers(world, first, second) == ["created", "province.signature"]


def test_a_new_enrolment_tells_anew_who_signs(world: World) -> None:
    told(world, *KEYS)
    world.query("UPDATE counter SET public_key = %s, revoked_at = now() RETURNING 1", "0" * 64)
    world.query("UPDATE enrolment_code SET used_for = NULL RETURNING 1")
    enrol_key(world.url, CODE, BRANCH, COUNTER, world.key)
    assert told(world, key_of(GHOST, "chief", "supervisor", GHOST)) == [True]
