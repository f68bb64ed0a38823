"""What an entry says of itself, form by form: a form that entries have is never changed."""

from datetime import UTC, date, datetime, timedelta, timezone

import msgspec
import pytest

from counter.rules.chain import GENESIS, UnknownFormError, link_hash, sm3
from counter.rules.link import FORM, FORMS, Link

LINK = Link(
    seq=7,
    id="018f0000-0000-7000-8000-000000000007",
    business_date=date(2026, 3, 2),
    recorded_at=datetime(2026, 3, 2, 4, 5, 6, 789, tzinfo=UTC),
    kind="exchange",
    fee_fen=2000,
    maker="li",
    checker=None,
    reverses=None,
    body_digest="ab" * 32,
    previous=GENESIS,
)
CONTENT = (
    '{"algorithm":"SM3","body_digest":"abababababababababababababababababababababababababababababababab","branch":'
    '"441621-abc-01","business_date":"2026-03-02","checker":null,"counter":"3","fee_fen":2000,"id":'
    '"018f0000-0000-7000-8000-000000000007","kind":"exchange","maker":"li","previous":'
    '"0000000000000000000000000000000000000000000000000000000000000000","recorded_at":"2026-03-02T04:05:06.000789Z",'
    '"reverses":null,"seq":7}'
)
HASH = "d50304f56121ef0605aa9b2216871e45f0bd3ce1218356cbbe60c754648d9207"


def hashed(link: Link) -> str:
    return link_hash(link, "441621-abc-01", "3")


def test_the_bytes_of_the_first_form_are_what_they_always_were() -> None:
    assert hashed(LINK) == sm3(CONTENT.encode()) == HASH
    in_guangdong = LINK.recorded_at.astimezone(timezone(timedelta(hours=8)))
    assert hashed(msgspec.structs.replace(LINK, recorded_at=in_guangdong)) == HASH


def test_the_newest_form_covers_all_that_an_entry_says_and_every_later_one_its_own_number() -> None:
    assert {*Link.__struct_fields__, "form"} <= {*FORMS[FORM], "form"}
    assert all("form" in covered for form, covered in FORMS.items() if form > 1)
    assert max(FORMS) == FORM


def test_a_form_or_an_algorithm_that_nobody_knows_has_no_hash() -> None:
    with pytest.raises(UnknownFormError):
        hashed(msgspec.structs.replace(LINK, form=max(FORMS) + 1))
    with pytest.raises(ValueError, match="algorithm"):
        hashed(msgspec.structs.replace(LINK, algorithm="SM4"))
