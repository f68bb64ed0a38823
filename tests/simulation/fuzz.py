"""Spoilt inputs: what a parser is given is changed at random, and it says no in its own words or reads it; nothing else.

    python -m tests.simulation.fuzz --seed 1 --inputs 1000000

A seed draws the same inputs in the same order; one that fails is printed whole.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from random import Random
from typing import Final

import msgspec

from counter.gateway.call import ProblemError, decode
from counter.province import wire
from counter.roster.reader import read_file
from counter.rules.case import Case
from counter.rules.judge import judge
from counter.rules.numbers import check_social_card, check_uscc, identify
from counter.rules.reference import Context, Place
from counter.rules.services import UnknownServiceError
from counter.sheets.errors import ChooseSheetError, SheetFileError
from counter.store.errors import DamagedLedgerError
from counter.store.keys import FILE_NAME, Keyring, Slot, read_keyring
from counter.store.records import Role
from counter.terminal.encoding import decoded, harmless
from tests.support.made_up import APPLY, EXCHANGE, HONG_KONG
from tests.support.province_world import chain, record
from tests.support.rosters import HEAD, PEOPLE, REFERENCE, WINDOW, write_text, write_xlsx

Parser = Callable[[bytes, Path], None]
_WINDOW: Final = Context(date(2026, 11, 20), REFERENCE, WINDOW.place or Place("441621", "abc", "", "2"))
_SLOT: Final = Slot(id="c01", name="柜员乙", role=Role.CLERK, salt=bytes(16), nonce=bytes(12), wrapped=bytes(48))
_TOKENS: Final = (
    b"null",
    b"-1",
    b"1e999",
    b'""',
    b"[]",
    b"{}",
    b"9" * 40,
    b"\\ud800",
    b"\x00",
    b"\xff\xfe",
    "𠮷".encode(),
    b"=cmd|",
)


def _case(data: bytes, _folder: Path) -> None:
    with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError, UnknownServiceError):
        judge(msgspec.json.decode(data, type=Case), _WINDOW)


def _entries(data: bytes, _folder: Path) -> None:
    with suppress(ProblemError):
        decode(data, wire.Entries)


def _numbers(data: bytes, _folder: Path) -> None:
    text = decoded(data)
    identify(text, None, _WINDOW.today, REFERENCE.regions)
    check_social_card(text)
    check_uscc(text)


def _keys(data: bytes, _folder: Path) -> None:
    shown = harmless(decoded(data))
    assert "\x1b" not in shown, "an escape sequence would reach the terminal"


def _keyring(data: bytes, folder: Path) -> None:
    (folder / FILE_NAME).write_bytes(data)
    with suppress(DamagedLedgerError):
        read_keyring(folder)


def _sheet(data: bytes, folder: Path) -> None:
    file = folder / "roster"
    file.write_bytes(data)
    with suppress(SheetFileError, ChooseSheetError):
        read_file(file, REFERENCE)


def _samples(folder: Path) -> dict[str, tuple[Parser, list[bytes], int]]:
    """By name: the parser, what is right for it, and how often it is drawn."""
    sheets = [write_text(folder / "a.csv", [HEAD, *PEOPLE]), write_xlsx(folder / "a.xlsx", [HEAD, *PEOPLE])]
    return {
        "case": (_case, [msgspec.json.encode(case) for case in (EXCHANGE, APPLY, HONG_KONG)], 30),
        "wire": (_entries, [msgspec.json.encode(wire.Entries(entries=tuple(chain([record()] * 2))))], 30),
        "numbers": (_numbers, [b"44162119900101001X", b"91350100M000100Y43", b"H00000000", b"810000199001010019"], 20),
        "keys": (_keys, ["钟试一\x1b[31m".encode("gb18030"), b"\x1b]52;c;AAAA\x07"], 15),
        "keyring": (_keyring, [msgspec.json.encode(Keyring((_SLOT,)))], 4),
        "sheet": (_sheet, [sheet.read_bytes() for sheet in sheets], 1),
    }


def spoilt(data: bytes, dice: Random) -> bytes:
    """One to four changes: a byte, a piece taken out, doubled, moved, or something odd in its place."""
    for _ in range(dice.randint(1, 4)):
        at = dice.randint(0, len(data))
        end = min(len(data), at + dice.randint(0, 12))
        piece = dice.choice(
            (bytes([dice.randrange(256)]), b"", data[at:end] * 2, dice.choice(_TOKENS), data[end : end + 8])
        )
        data = data[:at] + piece + data[end:]
    return data


def inputs(folder: Path, seed: int) -> Iterator[tuple[str, Parser, bytes]]:
    """Spoilt inputs without end."""
    samples, dice = _samples(folder), Random(seed)
    names, weights = list(samples), [weight for _, _, weight in samples.values()]
    while True:
        name = dice.choices(names, weights)[0]
        parser, right, _ = samples[name]
        yield name, parser, spoilt(dice.choice(right), dice)


def fuzz(folder: Path, seed: int, count: int) -> Counter[str]:
    """So many inputs; how many of each. Raises AssertionError with the input that a parser stumbled over."""
    done = Counter[str]()
    for (name, parser, data), _ in zip(inputs(folder, seed), range(count), strict=False):
        try:
            parser(data, folder)
        except Exception as error:
            raise AssertionError(f"seed {seed}, input {done.total()}, {name}: {data!r}") from error
        done[name] += 1
    return done


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--inputs", type=int, default=100_000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        done = fuzz(Path(folder), chosen.seed, chosen.inputs)
    print(f"{done.total()} spoilt inputs, none stumbled over: {dict(done)}")  # noqa: T201 - a command
    return 0


if __name__ == "__main__":
    sys.exit(main())
