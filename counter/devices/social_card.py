"""What is asked of a social security card (社保卡): SELECT of its social application, and two files of public records.

Both files are read without a key or a PIN (社会保障卡规范 LD/T 32, file structure of 2012): EF05 says of the card, EF06
of its holder; a card of the third generation may keep EF06 behind its PIN, which is never asked for. A record is a tag,
a length of one byte and a value: text padded with zeros, a day as eight decimal digits in four bytes.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from counter.clock import today
from counter.rules.numbers import identify
from counter.rules.read_card import ReadCard
from counter.rules.text import check_name, name_text

APPLICATION: Final = b"sx1.sh." + "社会保障".encode("gb18030")
"""The name of the social application (社会保障系统环境)."""
CARD_FILE: Final = 0xEF05
HOLDER_FILE: Final = 0xEF06
ISSUED, EXPIRES, NUMBER = 0x05, 0x06, 0x07
SOCIAL_NUMBER, NAME, BIRTH, NAME_GOES_ON = 0x08, 0x09, 0x0D, 0x4E
RECORDS: Final = 12
"""More records than either file has."""
DONE: Final = b"\x90\x00"
NOT_THERE: Final = (b"\x6a\x81", b"\x6a\x82", b"\x6a\x83", b"\x6a\x86", b"\x6d\x00", b"\x6e\x00")
"""No such application, file or record, or no such command: a card of another kind."""
PIN_ASKED: Final = b"\x69\x82"
_MORE, _OTHER_LENGTH = 0x61, 0x6C
_WITH_CHECK: Final = 18

Transmit = Callable[[bytes], bytes]


class UnknownCardError(Exception):
    """A card of another kind: it has no social application."""


class UnreadableSocialCardError(Exception):
    """What came is nothing that a social security card says. Never says what it is: it may be a person's."""


def read_card(transmit: Transmit) -> ReadCard:
    """The public files, read twice, since a spoilt answer must not become another person: only what came twice the same
    is a card. Raises `UnknownCardError`, `UnreadableSocialCardError`, and OSError where the card is gone."""
    first, second = _read(transmit), _read(transmit)
    if first != second:
        raise UnreadableSocialCardError
    return first


def _read(transmit: Transmit) -> ReadCard:
    status = _ask(transmit, select(4, APPLICATION))[1]
    if status in NOT_THERE:
        raise UnknownCardError
    if status != DONE:
        raise UnreadableSocialCardError
    card, holder = dict(_records(transmit, CARD_FILE)), dict(_records(transmit, HOLDER_FILE))
    number = _text(card.get(NUMBER, b""))
    if not re.fullmatch("[A-Z0-9]{9}", number):
        raise UnreadableSocialCardError
    social_number, name = _text(holder.get(SOCIAL_NUMBER, b"")), name_text(_name(holder))
    birth = _day(holder.get(BIRTH, b""))
    _check_holder(social_number, name, birth)
    return ReadCard(number, social_number, name, birth, _day(card.get(ISSUED, b"")), _day(card.get(EXPIRES, b"")))


def select(by: int, name: bytes) -> bytes:
    """SELECT: an application by its name (4), a file of it by its identifier (2)."""
    return bytes([0x00, 0xA4, by, 0x00, len(name)]) + name


def read_record(number: int) -> bytes:
    """READ RECORD of the file that is selected; how long it is the card says."""
    return bytes([0x00, 0xB2, number, 0x04, 0x00])


def _records(transmit: Transmit, file: int) -> Iterator[tuple[int, bytes]]:
    """The records of a file by their tags; none where the card asks for a PIN first."""
    status = _ask(transmit, select(2, file.to_bytes(2, "big")))[1]
    for number in range(1, RECORDS + 1):
        if status == PIN_ASKED:
            return
        if status != DONE:
            raise UnreadableSocialCardError
        record, status = _ask(transmit, read_record(number))
        if status in NOT_THERE and number > 1:
            return
        if status == DONE:
            if len(record) < 2 or record[1] != len(record) - 2:
                raise UnreadableSocialCardError
            yield record[0], record[2:]


def _ask(transmit: Transmit, command: bytes) -> tuple[bytes, bytes]:
    """Data and status of an answer; what a card of protocol T=0 holds back is fetched."""
    answer = transmit(command)
    if len(answer) == 2 and answer[0] == _OTHER_LENGTH:
        answer = transmit(command[:-1] + answer[1:])
    elif len(answer) == 2 and answer[0] == _MORE:
        answer = transmit(bytes([0x00, 0xC0, 0x00, 0x00, answer[1]]))
    if len(answer) < 2:
        raise UnreadableSocialCardError
    return answer[:-2], answer[-2:]


def _text(value: bytes) -> str:
    try:
        text = value.rstrip(b"\x00\xff ").decode("gb18030")
    except UnicodeDecodeError:
        raise UnreadableSocialCardError from None
    if any(unicodedata.category(char) in {"Cc", "Cf", "Cn"} for char in text):
        raise UnreadableSocialCardError
    return text


def _name(holder: Mapping[int, bytes]) -> str:
    """A name of more than 30 bytes goes on in a record of its own."""
    return _text(holder.get(NAME, b"").rstrip(b"\x00") + holder.get(NAME_GOES_ON, b""))


def _day(value: bytes) -> date | None:
    """None where the card has none."""
    if not value.strip(b"\x00\xff"):
        return None
    try:
        return date.fromisoformat(value.hex() if len(value) == 4 else "")
    except ValueError:
        raise UnreadableSocialCardError from None


def _check_holder(number: str, name: str, birth: date | None) -> None:
    """A holder has a name and a number that is one; one of 18 characters has a check, and tells the day of birth."""
    if not number and not name:
        return
    if not re.fullmatch("[A-Z0-9]{5,18}", number) or check_name(name):
        raise UnreadableSocialCardError
    said = identify(number, None, today(), ())
    if len(number) == _WITH_CHECK and not (said.valid and birth in (None, said.birth)):
        raise UnreadableSocialCardError
