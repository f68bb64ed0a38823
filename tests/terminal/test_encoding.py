"""Bytes that are no UTF-8, and characters that a terminal would obey."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter.terminal.encoding import TypedDecoder, decoded, visible
from tests.support.branch_at_work import Counter
from tests.support.clerk_at_work import Clerk

CONTROLS = {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))} - {"\t", "\n"}
NAMES = st.text(st.sampled_from("钟离欧阳𠮷王小明 ab1·"), max_size=20)


@given(NAMES, st.sampled_from(["utf-8", "gb18030"]), st.integers(0, 2**32))
def test_a_text_in_pieces_is_the_text(text: str, encoding: str, seed: int) -> None:
    """However it is cut: what arrives is what one read would have given."""
    data, dice, decoder = text.encode(encoding), random.Random(seed), TypedDecoder()
    said, at = "", 0
    while at < len(data):
        size = dice.randrange(1, 5)
        said += decoder.decode(data[at : at + size])
        at += size
    said += decoder.decode(b"", final=True)
    assert said == text or encoding == "gb18030"  # a piece of GB18030 may be whole in UTF-8


@given(st.lists(st.binary(max_size=8), max_size=8))
def test_no_bytes_raise(pieces: list[bytes]) -> None:
    decoder = TypedDecoder()
    for piece in pieces:
        decoder.decode(piece)
    decoder.decode(b"", final=True)


def test_gb18030_is_read_and_nonsense_shown() -> None:
    assert decoded("钟离九".encode("gb18030")) == "钟离九"
    assert TypedDecoder().decode("钟离九".encode("gb18030"), final=True) == "钟离九"
    assert "�" in decoded(b"\xff\xff\xff")


@given(st.text())
def test_nothing_visible_is_a_command(text: str) -> None:
    shown = visible(text)
    assert not CONTROLS & set(shown)
    shown.encode()


def run(*arguments: bytes, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable.encode(), b"-m", b"counter", *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=False, timeout=120)


@pytest.mark.parametrize(
    "arguments",
    [
        (b"check", b"id", b"\x1b]0;owned\x07"),
        (b"check", b"\x1b[2J"),
        (b"roster", b"check", b"\x1b[31m.xlsx"),
        (b"check", b"photo", "照片\x1b[2J.jpg".encode("gb18030")),
    ],
    ids=["value", "command", "file", "file in GBK"],
)
def test_no_argument_commands_the_terminal(arguments: tuple[bytes, ...]) -> None:
    done = run(*arguments)
    assert done.returncode in (1, 2)
    assert b"\x1b" not in done.stdout + done.stderr
    assert b"Traceback" not in done.stderr


def test_lines_in_gbk_are_read(tmp_path: Path) -> None:
    done = run(b"check", b"id", b"-", b"--json", given="　441621199001011234\n号码\n".encode("gb18030"))
    assert done.returncode == 1
    assert "号码".encode() in done.stdout


def test_a_scanner_that_types_gbk_fills_the_field(counter: Counter, clerk: Clerk) -> None:
    clerk.start(2)
    terminal = clerk.terminal
    terminal.type("441621199001011234\r")
    terminal.types_bytes("钟离九".encode("gb18030"))
    terminal.wait_for("钟离九")
    terminal.press("f4")
    clerk.home()
    (held,) = counter.held()
    assert held.case.holder.name == "钟离九"
