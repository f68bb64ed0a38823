"""Passphrases by NIST SP 800-63B: long ones of any kind, none that anybody tries first."""

import pytest

from counter.reference.passphrases import common_passphrases
from counter.rules.passphrase import SHORTEST, Weakness, weakness

WHOSE = ("zhangmin", "张敏")


@pytest.mark.parametrize(
    ("passphrase", "expected"),
    [
        ("a" * (SHORTEST - 1), Weakness.SHORT),
        ("河源山高水长", Weakness.SHORT),
        ("Password1234", Weakness.COMMON),
        ("p a s s w o r d 2026", Weakness.COMMON),
        ("ＰＡＳＳＷＯＲＤ2026!", Weakness.COMMON),
        ("woaizhongguo1949", Weakness.COMMON),
        ("1qaz2wsx3edc", Weakness.COMMON),
        ("111111111111", Weakness.COMMON),
        ("567890123456", Weakness.COMMON),
        ("zyxwvutsrqpo", Weakness.COMMON),
        ("abcabcabcabc", Weakness.COMMON),
        ("!!!!!!!!!!!!", Weakness.COMMON),
        ("社保卡社保卡社保卡社保卡", Weakness.COMMON),
        ("zhangmin2026", Weakness.OWN),
        ("张敏-zhangmin-张敏", Weakness.OWN),
        ("zhangmin eats eleven mangoes", None),
        ("rain on a tin roof", None),
        ("河源山高水长一路好走又一年", None),
        ("x" + "long" * 60, None),
    ],
)
def test_what_is_refused_and_why(passphrase: str, expected: Weakness | None) -> None:
    assert weakness(passphrase, WHOSE, common_passphrases()) is expected
