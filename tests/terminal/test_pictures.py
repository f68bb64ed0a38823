"""The photo in pixels: which terminals get which bytes, what the bytes draw, and that none is left behind."""

import re
import sys
from base64 import standard_b64decode
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from counter.i18n import t
from counter.terminal.pictures import KITTY_GONE, Way, kitty_lines, placed, sixel_lines, way_of
from tests.support.branch_at_work import Counter
from tests.support.clerk_at_work import PEOPLE, Clerk
from tests.support.photographs import photograph
from tests.support.pty_terminal import Terminal

KITTY = re.compile(rb"\x1b_G([^;\x1b]*);([^\x1b]*)\x1b\\")
SIXEL = re.compile(rb"\x1bP[0-9;]*q([^\x1b]*)\x1b\\")
PICTURE = Image.linear_gradient("L").convert("RGB").resize((60, 40))


@pytest.mark.parametrize(
    ("environ", "way"),
    [
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, "kitty"),
        ({"TERM": "xterm-ghostty"}, "kitty"),
        ({"TERM": "foot"}, "sixel"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "sixel"),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, "sixel"),
        ({"TERM": "xterm-256color", "KONSOLE_VERSION": "230800"}, "sixel"),
        ({"TERM": "xterm-256color", "KONSOLE_VERSION": "211200"}, "blocks"),
        ({"TERM": "xterm-256color"}, "blocks"),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux-0/default,1,0"}, "blocks"),
        ({"TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"}, "blocks"),
        ({"TERM": "screen", "TERM_PROGRAM": "WezTerm"}, "blocks"),
        ({}, "blocks"),
    ],
)
def test_the_environment_chooses_and_a_setting_is_stronger(environ: dict[str, str], way: Way) -> None:
    assert way_of("auto", environ) == way
    assert way_of("none", environ) == "none"
    assert way_of("sixel", environ) == "sixel"


def test_sixel_draws_the_picture() -> None:
    lines = sixel_lines(PICTURE, 20)
    assert len(lines) == 2
    drawn = Image.new("RGB", PICTURE.size)
    for at, line in enumerate(lines):
        drawn.paste(drawn_by_sixel(line), (0, at * 20))
    for x, y in ((0, 0), (30, 7), (59, 19), (5, 20), (59, 39)):
        wanted, seen = PICTURE.getpixel((x, y)), drawn.getpixel((x, y))
        assert isinstance(wanted, tuple)
        assert isinstance(seen, tuple)
        assert all(abs(a - b) < 8 for a, b in zip(wanted, seen, strict=True)), (x, y)


def drawn_by_sixel(sequence: str) -> Image.Image:
    """What a terminal draws, strictly by the VT340's manual."""
    found = SIXEL.fullmatch(sequence.encode())
    assert found
    body = found[1].decode()
    size = re.match(r'"1;1;(\d+);(\d+)', body)
    assert size
    image, colours, colour = Image.new("RGB", (int(size[1]), int(size[2]))), dict[int, tuple[int, ...]](), 0
    signs = re.findall(r"#(\d+);2;(\d+;\d+;\d+)|#(\d+)|(?:!(\d+))?([?-~$-])", body[size.end() :])
    x = y = 0
    for define, rgb, choose, count, sign in signs:
        if define:
            colours[int(define)] = tuple(round(int(part) * 255 / 100) for part in rgb.split(";"))
        elif choose:
            colour = int(choose)
        elif sign in "$-":
            x, y = 0, y + 6 * (sign == "-")
        else:
            run = range(x, x + int(count or 1))
            x = run.stop
            for place in ((across, y + bit) for across in run for bit in range(6) if (ord(sign) - 63) >> bit & 1):
                assert place[1] < image.height, "no pixel below the line of cells"
                image.putpixel(place, colours[colour])
    return image


def test_kitty_gets_a_png_in_pieces_of_4096() -> None:
    noise = Image.effect_noise((200, 40), 90).convert("RGB")
    first, second = kitty_lines(noise, 20, 20)
    pieces = KITTY.findall(first.encode())
    assert len(pieces) > 1
    assert all(len(data) <= 4096 for _, data in pieces)
    assert [b"m=1" in keys for keys, _ in pieces] == [True] * (len(pieces) - 1) + [False]
    keys = dict(pair.split(b"=") for pair in pieces[0][0].split(b","))
    assert {key: keys[key] for key in (b"a", b"f", b"q", b"C", b"c", b"r")} == {
        b"a": b"T", b"f": b"100", b"q": b"2", b"C": b"1", b"c": b"20", b"r": b"1",
    }  # fmt: skip
    image = Image.open(BytesIO(standard_b64decode(b"".join(data for _, data in pieces))))
    assert image.tobytes() == noise.crop((0, 0, 200, 20)).tobytes()
    assert keys[b"i"] not in second.encode().split(b";")[0], "each line is a picture of its own"


def test_the_cursor_is_where_it_was() -> None:
    assert placed("~", 58, 78) == "\x1b[59G\x1b7~\x1b8\x1b[79G"


# --- at the window ----------------------------------------------------------------------------------------------------


def to_the_photo(terminal: Terminal, file: Path) -> Clerk:
    """A first application at its photo, of a file."""
    clerk = Clerk(terminal)
    clerk.sign_in()
    clerk.start(1)
    clerk.identity(PEOPLE["first_application"])
    clerk.one_card("none")
    clerk.at("photo")
    terminal.press("2")
    terminal.type(f"{file}\r")
    return clerk


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "我的 照片.jpg"
    path.write_bytes(photograph())
    return path


def drew(terminal: Terminal, pattern: re.Pattern[bytes]) -> list[Any]:
    return pattern.findall(bytes(terminal.raw))


def test_kitty_draws_the_photo_and_it_is_gone_with_the_screen(counter: Counter, file: Path) -> None:
    with counter.open(environ={"COUNTER_PHOTO": "kitty"}) as terminal:
        to_the_photo(terminal, file)
        terminal.wait_for(t("finding.photo.background", percent="@").partition("@")[0][-6:])
        terminal.wait_for(lambda _: len(drew(terminal, KITTY)) >= 13)
        before = len(terminal.raw)
        terminal.press("ctrl+l")
        terminal.wait_for(t("lock.title", name="张敏"))
        terminal.wait_for(lambda _: KITTY_GONE.encode() in terminal.raw[before:])
        after = bytes(terminal.raw)[terminal.raw.index(KITTY_GONE.encode(), before) :]
        assert not KITTY.search(after), "nothing is drawn over a locked screen"
        assert b"\x1b[c" not in terminal.raw, "the terminal is asked nothing"


SHOWS_IT = """
from PIL import Image
from counter.reference.load import load_reference
from counter.rules.portrait import AS_IT_IS
from counter.terminal.textual_private import GuardedApp
from counter.widgets.photo import PhotoView, paint
from textual.screen import Screen
from textual.widgets import Static

class Cover(Screen):
    def compose(self):
        yield Static("something else")

class Shows(GuardedApp):
    BINDINGS = [("c", "cover"), ("b", "app.pop_screen")]

    def compose(self):
        yield PhotoView()

    def on_mount(self):
        self.pictures = "sixel"
        spec = load_reference(None).cities["441621"].photo
        self.query_one(PhotoView).show(paint(Image.new("RGB", (358, 441), "red"), spec, AS_IT_IS, "sixel"))

    def action_cover(self):
        self.push_screen(Cover())

Shows().run()
"""
"""The view without the counter around it: that the photo step has it, kitty's test says."""


def test_sixel_draws_the_photo_and_it_comes_back() -> None:
    with Terminal(sys.executable, "-c", SHOWS_IT) as terminal:
        terminal.wait_for(lambda _: len(drew(terminal, SIXEL)) >= 13)
        terminal.press("c")
        terminal.wait_for("something else")
        before = len(drew(terminal, SIXEL))
        terminal.press("b")
        terminal.wait_for(lambda _: len(drew(terminal, SIXEL)) >= before + 13)
        assert not drew(terminal, KITTY)
        first = re.search(SIXEL, terminal.raw)
        assert first
        assert drawn_by_sixel(first[0].decode()).getpixel((100, 10)) == (255, 0, 0)
