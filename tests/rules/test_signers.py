"""Who signs, and who is believed: one signature over many entries, each of which carries its own proof."""

from datetime import UTC, date, datetime
from hashlib import sha256

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counter.rules.chain import GENESIS, act_digest, link_hash
from counter.rules.link import Link, SignedLink, SignerKey
from counter.rules.signers import ACT, GROUP, HASH, believed, is_signed, public, sign, verifies, vouched

LI, ZHANG, OTHER = (Ed25519PrivateKey.generate() for _ in range(3))
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
BRANCH, COUNTER = "441621-abc-01", "3"


def key_of(key: Ed25519PrivateKey, operator: str, role: str, by: Ed25519PrivateKey, branch: str = BRANCH) -> SignerKey:
    said = SignerKey(public_key=public(key), operator=operator, role=role, made_at=NOON, voucher=GENESIS)
    return vouched(said, by, branch, COUNTER)


CHIEF = key_of(LI, "li", "supervisor", LI)
CLERK = key_of(ZHANG, "zhang", "clerk", LI)
KNOWN = [CHIEF, CLERK]


@pytest.mark.parametrize("count", [1, 2, 3, GROUP - 1, GROUP, GROUP + 1, 3 * GROUP + 7])
def test_each_of_many_is_proved_by_itself_and_nothing_else_is(count: int) -> None:
    digests = [sha256(bytes([at])).hexdigest() for at in range(count)]
    proofs = sign(LI, HASH, digests)
    for at, (digest, proof) in enumerate(zip(digests, proofs, strict=True)):
        assert verifies(public(LI), HASH, digest, proof)
        assert not verifies(public(ZHANG), HASH, digest, proof)
        assert not verifies(public(LI), ACT, digest, proof)
        assert not verifies(public(LI), HASH, sha256(b"another").hexdigest(), proof)
        for spoilt in (proof[:-1], proof + b"x", proof[:-32], b"", bytes([proof[0] ^ 1]) + proof[1:]):
            assert not verifies(public(LI), HASH, digest, spoilt)
        if count > 1:
            assert not verifies(public(LI), HASH, digests[at - 1], proof)


def test_whose_word_counts() -> None:
    def says(*known: SignerKey, new: SignerKey, before: tuple[str, ...] = ()) -> bool:
        return believed(known, new, BRANCH, COUNTER, before)

    ghost = key_of(OTHER, "ghost", "supervisor", OTHER)
    assert says(new=CHIEF) and says(CHIEF, new=CLERK)
    assert not says(CHIEF, new=ghost), "the first key of a ledger is one"
    assert says(CHIEF, new=ghost, before=("ghost",)), "who was there before entries were signed"
    assert not says(CHIEF, new=key_of(OTHER, "li", "supervisor", OTHER), before=("li",)), "and has no key yet"
    assert not says(*KNOWN, new=key_of(OTHER, "li", "supervisor", ZHANG)), "a clerk vouches for nobody else"
    assert not says(*KNOWN, new=key_of(OTHER, "zhang", "supervisor", ZHANG)), "nor for more than they are"
    assert says(*KNOWN, new=key_of(OTHER, "zhang", "clerk", ZHANG)), "but for their own next key"
    assert not says(CHIEF, new=msgspec.structs.replace(CLERK, operator="wang")), "what was vouched for is covered"
    assert not says(CHIEF, new=key_of(ZHANG, "zhang", "clerk", LI, branch="another")), "at this counter"


def entry(checker: str | None, maker_key: Ed25519PrivateKey, checker_key: Ed25519PrivateKey) -> SignedLink:
    link = Link(
        seq=1,
        id="id-1",
        business_date=date(2026, 3, 2),
        recorded_at=NOON,
        kind="exchange",
        fee_fen=2000,
        maker="zhang",
        checker=checker,
        reverses=None,
        body_digest="ab" * 32,
        previous=GENESIS,
        form=2,
    )
    own_hash, act = link_hash(link, BRANCH, COUNTER), act_digest(link, BRANCH, COUNTER)
    (by_maker,) = sign(maker_key, ACT, [act]) if checker else sign(maker_key, HASH, [own_hash])
    by_checker = sign(checker_key, HASH, [own_hash])[0] if checker else b""
    values = msgspec.structs.asdict(link)
    return SignedLink(**values, hash=own_hash, maker_signature=by_maker, checker_signature=by_checker)


def test_an_entry_is_signed_by_those_whom_it_names() -> None:
    def signed(link: SignedLink) -> bool:
        return is_signed(link, BRANCH, COUNTER, KNOWN)

    alone, checked = entry(None, ZHANG, LI), entry("li", ZHANG, LI)
    assert signed(alone) and signed(checked)
    assert not signed(entry(None, LI, LI)) and not signed(entry("li", LI, LI)), "another than the maker"
    assert not signed(entry("li", ZHANG, ZHANG)), "zhang's key alone makes no checker"
    assert not signed(msgspec.structs.replace(checked, checker="zhang")), "and a clerk is none"
    for unsigned in (
        msgspec.structs.replace(alone, maker_signature=b""),
        msgspec.structs.replace(checked, maker_signature=b""),
        msgspec.structs.replace(checked, checker_signature=b""),
        msgspec.structs.replace(alone, checker_signature=alone.maker_signature),
        msgspec.structs.replace(alone, form=1),
        msgspec.structs.replace(checked, fee_fen=0),
    ):
        assert not signed(unsigned)
