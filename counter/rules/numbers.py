"""Numbers: identity documents, cards, companies. What is certain refuses; what is not, warns (FORMATS: a wrong region,
a wrong company check, a social security card number).

The citizen's number (GB 11643) is computed here and not with a library: python-stdnum demands that the region existed
at birth, rejects residence permits and accepts births in 2099.
"""

import re
from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from datetime import date
from operator import mul
from typing import Final

from stdnum.cn import uscc

from counter.rules.case import DocumentKind, Sex
from counter.rules.finding import Finding, Level, ask, stop, tell
from counter.rules.text import number_text

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_LEGACY: Final = 15  # characters of a number of the first generation
_EARLIEST_BIRTH: Final = date(1880, 1, 1)
_RESIDENCE_REGIONS: Final = {
    DocumentKind.HK_MACAU_RESIDENCE: ("810000", "820000"),
    DocumentKind.TAIWAN_RESIDENCE: ("830000",),
}


@dataclass(frozen=True, slots=True)
class NumberReading:
    """What a document's number says.

    `number` is the normal form (a 15-digit number upgraded to 18); `birth`, `sex` and `region` (six digits) are
    given when the number is valid and carries them: a number with one wrong digit says nothing certain.
    """

    input: str
    number: str
    kind: DocumentKind
    birth: date | None = None
    sex: Sex | None = None
    region: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def valid(self) -> bool:
        return not any(finding.level is Level.STOP for finding in self.findings)


def identify(
    text: str, kind: DocumentKind | None, today: date, regions: Container[str], field: str = ""
) -> NumberReading:
    """Read a document's number, WHO-2 and WHO-5.

    Without a kind every kind but the passports is tried and the best reading wins: the valid one, then the one that
    differs least. `regions` holds the known region codes, `field` is where the findings point.
    """
    number = number_text(text)
    if kind is None:
        best = min((_read(number, each, today, regions) for each in _TRIED), key=_badness)  # the first of equals
    else:
        best = _read(number, kind, today, regions)
    if not best.findings and best.input == text:
        return best
    findings = tuple(replace(finding, field=field) for finding in best.findings)
    return replace(best, input=text, findings=findings)


def eighteen(number: str) -> str:
    """A citizen's number of the first generation (15 digits) as the 18 characters by which the person is known.

    Any other, perhaps an unfinished one, as it is.
    """
    if len(number) != _LEGACY or not re.fullmatch(r"[0-9]{12}(?!000)[0-9]{3}", number):
        return number
    body = number[:6] + "19" + number[6:]
    return body + check_character(body) if _date(body[6:14]) else number


def check_character(body: str) -> str:
    """The check character (检验位) of the first 17 digits of a citizen's number, GB 11643."""
    return _CHECKS[sum(map(mul, _WEIGHTS, map(int, body))) % 11]


def check_social_card(number: str, field: str = "") -> tuple[Finding, ...]:
    """A social security card number (社保卡号): letter, seven digits, check (GB 11714). Inferred: warns only."""
    if not re.fullmatch(r"[A-Z][0-9]{7}[0-9X]", number):
        return (tell("APP-1", "number.social_card", field),)
    right = number[8] == social_card_check(number[:8])
    return () if right else (tell("APP-1", "number.social_card_check", field),)


def social_card_check(body: str) -> str:
    """The check of a social security card number's letter and seven digits (GB 11714)."""
    values = (int(char, 36) for char in body)
    rest = sum(weight * value for weight, value in zip((3, 7, 9, 10, 5, 8, 4, 2), values, strict=True)) % 11
    return {0: "0", 1: "X"}.get(rest, str(11 - rest))


_OF_USCC: Final = {"number.empty": "number.uscc_empty", "number.characters": "number.uscc_characters"}
"""What is said of a unit's code in other words than of a person's document."""


def check_uscc(code: str, field: str = "") -> tuple[Finding, ...]:
    """A unified social credit code (统一社会信用代码, GB 32100). An early one may fail the check: asked."""
    shape = _shape(code, r"[0-9A-HJ-NP-RT-UW-Y]*", 18, rule="EXC-7")
    if shape:
        return tuple(replace(found, field=field, code=_OF_USCC.get(found.code, found.code)) for found in shape)
    expected = uscc.calc_check_digit(code[:17])
    return (
        () if code[17] == expected else (ask("EXC-7", "number.uscc_check", field, expected=expected, actual=code[17]),)
    )


def _read(number: str, kind: DocumentKind, today: date, regions: Container[str]) -> NumberReading:
    match kind:
        case DocumentKind.ID_CARD | DocumentKind.HUKOU:
            return _citizen(number, kind, today, regions)
        case DocumentKind.HK_MACAU_RESIDENCE | DocumentKind.TAIWAN_RESIDENCE:
            return _residence(number, kind, today)
        case DocumentKind.PERMANENT_RESIDENCE:
            return _permanent(number, today, regions)
        case _:
            return NumberReading(number, number, kind, findings=_PLAIN_SHAPES[kind](number))


def _citizen(number: str, kind: DocumentKind, today: date, regions: Container[str]) -> NumberReading:
    """Identity card and hukou book: both carry the citizen's number (公民身份号码)."""
    upgraded = eighteen(number)
    reading = _eighteen(upgraded, kind, today)
    findings = list(reading.findings)
    if reading.valid and number[0] in "89":
        findings.append(ask("WHO-2", "number.other_kind"))
    elif reading.valid and reading.region not in regions:
        findings.append(tell("WHO-2", "number.region"))
    if upgraded != number:
        findings.append(tell("WHO-2", "number.upgraded"))
    return replace(reading, findings=tuple(findings)) if findings else reading


def _residence(number: str, kind: DocumentKind, today: date) -> NumberReading:
    """Residence permits (港澳台居民居住证): a citizen's number with a region of their own."""
    reading = _eighteen(number, kind, today)
    known = _RESIDENCE_REGIONS[kind]
    if len(number) < 6 or number[:6] in known:
        return reading
    # The wrong region first: it is the wrong kind of document, whatever else is wrong.
    findings = (stop("WHO-2", "number.residence_region", regions=" / ".join(known)), *reading.findings)
    return NumberReading(number, number, kind, findings=findings)


def _permanent(number: str, today: date, regions: Container[str]) -> NumberReading:
    """Permanent residence (外国人永久居留身份证): 18 digits that start with 9, or the older 3 letters and 12 digits.

    Sex is stated by the holder (APP-1); the region is the province that issued the card.
    """
    kind = DocumentKind.PERMANENT_RESIDENCE
    if number[:1].isalpha():
        return NumberReading(number, number, kind, findings=_shape(number, r"[A-Z]{0,3}|[A-Z]{3}[0-9]*", 15))
    reading = _eighteen(number, kind, today)
    if number and number[0] != "9":
        return NumberReading(number, number, kind, findings=(stop("WHO-2", "number.characters"),))
    region = number[1:3] + "0000" if reading.valid else ""
    if region and region not in regions:
        reading = replace(reading, findings=(*reading.findings, tell("WHO-2", "number.region")))
    return replace(reading, sex=None, region=region)


def _eighteen(number: str, kind: DocumentKind, today: date) -> NumberReading:
    """Eighteen characters: region, birth date, sequence (odd male), check."""
    shape = _shape(number, r"[0-9]{0,17}|[0-9]{17}[0-9X].*", 18)
    if shape:
        return NumberReading(number, number, kind, findings=shape)
    birth = _date(number[6:14])
    findings = [*_birth_findings(birth, today)]
    if number[14:17] == "000":
        findings.append(stop("WHO-2", "number.sequence"))
    expected = check_character(number[:17])
    if number[17] != expected:
        findings.append(stop("WHO-5", "number.check_digit", expected=expected, actual=number[17]))
    if findings:
        return NumberReading(number, number, kind, findings=tuple(findings))
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return NumberReading(number, number, kind, birth, sex, number[:6])


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _birth_findings(birth: date | None, today: date) -> tuple[Finding, ...]:
    if birth is None:
        return (stop("WHO-2", "number.birth"),)
    if birth > today:
        return (stop("WHO-2", "number.birth_future"),)
    if birth < _EARLIEST_BIRTH:
        return (stop("WHO-2", "number.birth_early"),)
    return ()


def _shape(number: str, pattern: str, *lengths: int, rule: str = "WHO-2") -> tuple[Finding, ...]:
    """Nothing typed, a character that cannot stand there, characters to come, characters too many.

    `pattern` accepts every beginning of a right number; `lengths` are the complete ones, ascending.
    """
    if not number:
        return (stop(rule, "number.empty"),)
    if not re.fullmatch(pattern, number):
        return (stop(rule, "number.characters"),)
    if len(number) > lengths[-1]:
        return (stop(rule, "number.long", surplus=len(number) - lengths[-1]),)
    missing = min(length - len(number) for length in lengths if length >= len(number))
    return (stop(rule, "number.unfinished", missing=missing),) if missing else ()


def _passport(number: str) -> tuple[Finding, ...]:
    if len(number) > 18:
        return _shape(number, r"[A-Z0-9]*", 18)
    return _shape(number, r"[A-Z0-9]*", *range(5, 19))


_PLAIN_SHAPES: Final[dict[DocumentKind, Callable[[str], tuple[Finding, ...]]]] = {
    # The 1999 permit's two more digits count renewals, as do those of Taiwan's old one.
    DocumentKind.HK_MACAU_PERMIT: lambda number: _shape(number, r"[HM][0-9]*", 9, 11),
    DocumentKind.TAIWAN_PERMIT: lambda number: _shape(number, r"[0-9]*", 8, 10),
    DocumentKind.PASSPORT: _passport,
    # E and eight characters, the first of them a letter since the eight digits were used up; G before 2012; D, P and S
    # for those who travel on duty.
    DocumentKind.CHINESE_PASSPORT: lambda number: _shape(number, r"[DEGPS]?|[DEGPS][A-HJ-NP-Z0-9][0-9]*", 9),
}
_TRIED: Final = (
    DocumentKind.ID_CARD,
    DocumentKind.HK_MACAU_RESIDENCE,
    DocumentKind.TAIWAN_RESIDENCE,
    DocumentKind.PERMANENT_RESIDENCE,
    DocumentKind.HK_MACAU_PERMIT,
    DocumentKind.TAIWAN_PERMIT,
)


def _badness(reading: NumberReading) -> tuple[bool, bool, int]:
    foreign = {"number.characters", "number.long", "number.residence_region"}
    return not reading.valid, any(each.code in foreign for each in reading.findings), len(reading.findings)
