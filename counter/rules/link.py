"""What an entry says of itself, and which of it its hash covers (`counter.rules.chain` computes the hash).

What the hash covers is the entry's *form*. A form is never changed once entries have it: a field that is added to the
link comes with the next form, and what was written before verifies as it always did.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Final

import msgspec
from msgspec import Meta

ALGORITHM: Final = "SM3"

Hex = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Code = Annotated[str, Meta(max_length=64)]
Name = Annotated[str, Meta(pattern="^[A-Za-z0-9._-]{1,64}$")]
"""A branch's or counter's id: it stands in a header. So does what is an operator's, for the same reason: everywhere
it goes it must come through."""
BODY_BYTES: Final = 128 * 1024
"""The most that the body of an entry may have: what is recorded here must also fit what is sent."""
SIGNATURE_BYTES: Final = 64
Proof = Annotated[bytes, Meta(max_length=1024)]
Fen = Annotated[int, Meta(gt=-(2**40), lt=2**40)]
Moment = Annotated[datetime, Meta(tz=True)]


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry says of itself: the one declaration, carried by everything that is an entry.

    What is listed, sent, stored at the province adds to it what its place needs; the table has a column for each field.
    Digests and hashes are lower-case hex of 64 characters, fees are fen, `recorded_at` is aware. A field that only a
    later `form` covers has a default, which is what an entry of an earlier form says there.
    """

    seq: Annotated[int, Meta(ge=1, lt=2**53)]
    id: Code
    business_date: date
    recorded_at: Moment
    kind: Code
    fee_fen: Fen
    maker: Code
    checker: Code | None
    reverses: Code | None
    body_digest: Hex
    previous: Hex
    algorithm: Code = ALGORITHM
    form: Annotated[int, Meta(ge=1, lt=2**31)] = 1
    incarnation: Annotated[int, Meta(ge=0, lt=2**53)] = 0


class SignedLink(Link, frozen=True, kw_only=True):
    """A link with its hash, and with the signatures of those who made and checked the entry (`counter.rules.signers`).

    Empty in an entry of the first form. Who closes an entry signs its hash: the checker where there is one, else the
    maker. A maker whose case waited for its checker has signed what waited (`counter.rules.chain.act_digest`).
    """

    hash: Hex
    maker_signature: Proof = b""
    checker_signature: Proof = b""


class SignerKey(msgspec.Struct, frozen=True, kw_only=True):
    """An operator's Ed25519 key (hex), and the signature of the `voucher` key that says whose it is.

    What counts as a voucher says `counter.rules.signers`.
    """

    public_key: Hex
    operator: Name
    role: Code
    made_at: Moment
    voucher: Hex
    signature: Annotated[bytes, Meta(max_length=SIGNATURE_BYTES)] = b""


def is_name(text: str) -> bool:
    """May this be the id of a counter or an operator?"""
    try:
        msgspec.convert(text, Name)
    except msgspec.ValidationError:
        return False
    return True


FORM_1: Final = (
    *("seq", "id", "branch", "counter", "business_date", "recorded_at", "kind", "fee_fen", "maker", "checker"),
    *("reverses", "body_digest", "previous", "algorithm"),
)
FORM_2: Final = (*FORM_1, "form", "incarnation")
"""Of an entry that is signed; which incarnation of its ledger has made it is new in it."""
FORMS: Final[Mapping[int, tuple[str, ...]]] = {1: FORM_1, 2: FORM_2}
"""By form, what its hash covers; `branch` and `counter` are where the ledger stands. Every form after the first covers
`form` too, so that no two forms give the same bytes."""

LATER: Final = {
    field.name: field.default for field in msgspec.structs.fields(Link) if field.name not in (*FORM_1, "form")
}
"""The fields that the first form does not cover, and what an entry says there that does not cover them either."""

FORM: Final = 2
"""The form of new entries. A province that is one release behind answers that it does not know it, and they wait."""
SIGNED: Final = 2
"""From this form on entries are signed."""
