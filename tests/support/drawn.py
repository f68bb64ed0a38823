"""Pictures for the documents: a screen, or several one after the other, as one SVG that asks nobody for anything.

No font comes with it and none is fetched: each piece of text is told how wide it has to be, wide characters apart from
narrow ones, so that columns stand in whatever font the reader has. In a moving picture a line that stays the same is
there once. Who wants no movement, or has a viewer that does not move, sees the still.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from textual.color import Color as ThemeColor

from tests.support.painted import colours
from tests.support.screen_world import Clerk

CELL, LINE, BASE = 10, 21, 16
"""A narrow character's width, a line's height, and how far below its top a text stands."""
HEAD, EDGE = 30, 10
"""Above a moving screen stands what was pressed; around it is a frame."""
FONTS = "ui-monospace,Menlo,Consolas,'DejaVu Sans Mono','Noto Sans Mono CJK SC','Noto Sans CJK SC','PingFang SC'"
STYLE = f"""\
text{{font-family:{FONTS},'Microsoft YaHei',monospace;font-size:16px;white-space:pre}}
.w{{font-size:18px}}.b{{font-weight:bold}}.u{{text-decoration:underline}}.h{{fill:#9aa4ae;font-size:15px}}"""


@dataclass(frozen=True)
class Frame:
    """A screen's lines, each drawn from its own top; what was pressed to get there, and how long it is to be seen."""

    lines: tuple[str, ...]
    pressed: str
    seconds: float

    @property
    def drawn(self) -> tuple[str, ...]:
        """With what was pressed as the line above all others."""
        return (_tag("text", escape(self.pressed), css="h", x=EDGE, y=-9) if self.pressed else "", *self.lines)


def frame(clerk: Clerk, pressed: str = "", seconds: float = 1.0) -> Frame:
    """What stands on the screen now."""
    strips = clerk.screen._compositor.render_strips()
    return Frame(tuple("".join(_pieces(strip)) for strip in strips), pressed, seconds)


def picture(frames: Sequence[Frame], columns: int, shown: int = 0) -> str:
    """Frames one after the other, for ever; `shown` is the one that stands where nothing moves."""
    head = HEAD if any(one.pressed for one in frames) else EDGE
    width, height = columns * CELL + 2 * EDGE, len(frames[0].lines) * LINE + head + EDGE
    starts = [sum(one.seconds for one in frames[:at]) for at in range(len(frames) + 1)]
    ground = _ground(frames[0])
    seen: dict[tuple[int, ...], str] = {}
    body = []
    for row, drawings in enumerate(zip(*(one.drawn for one in frames), strict=True)):
        for drawing in dict.fromkeys(drawings):
            there = tuple(at for at, one in enumerate(drawings) if one == drawing)
            if drawing:
                name = "" if len(there) == len(frames) else seen.setdefault(there, f"a{len(seen)}")
                body.append(_line(drawing, name, hidden=shown not in there, y=(row - 1) * LINE if row else 0))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<style>\n{STYLE}",
        *(_times(name, there, starts) for there, name in seen.items()),
        "@media (prefers-reduced-motion:reduce){g{animation:none!important}}\n</style>" if seen else "</style>",
        f'<rect width="{width}" height="{height}" rx="8" fill="{ground}"/>',
        f'<g transform="translate({EDGE} {head})">',
        *body,
        "</g>\n</svg>\n",
    ]
    return "\n".join(parts)


def _line(drawing: str, name: str, *, hidden: bool, y: int) -> str:
    return _tag("g", drawing, css=name, transform=y and f"translate(0 {y})", visibility=hidden and "hidden")


def _tag(name: str, inside: str = "", *, css: str = "", **attributes: object) -> str:
    """An element; attributes that say nothing are left out."""
    said = "".join(f' {key}="{value}"' for key, value in {"class": css, **attributes}.items() if value)
    return f"<{name}{said}>{inside}</{name}>" if inside else f"<{name}{said}/>"


def _times(name: str, there: tuple[int, ...], starts: Sequence[float]) -> str:
    """When something is to be seen: at the start of which frames it comes, and of which it goes."""
    turns = {at: at in there for at in range(len(starts) - 1) if at == 0 or (at in there) != (at - 1 in there)}
    stops = "".join(
        f"{100 * starts[at] / starts[-1]:.5g}%{{visibility:{'visible' if on else 'hidden'}}}"
        for at, on in turns.items()
    )
    return f".{name}{{animation:{name} {starts[-1]:g}s step-end infinite}}@keyframes {name}{{{stops}}}"


# --- a line ----------------------------------------------------------------------------------------------------


def _pieces(segments: Iterable[Segment]) -> Iterator[str]:
    """The line's grounds, then its texts."""
    grounds: list[tuple[str, int, int]] = []
    texts: list[str] = []
    x = 0
    for segment in segments:
        over, under = (_hex(colour) for colour in colours(segment))
        width = cell_len(segment.text)
        grounds.append((under, x, width))
        texts.extend(_words(segment, over, x))
        x += width
    for under, pieces in groupby(grounds, lambda one: one[0]):
        whole = list(pieces)
        wide = sum(width for _, _, width in whole)
        yield _tag("rect", x=whole[0][1] * CELL, width=wide * CELL, height=LINE, fill=under)
    yield from texts


def _words(segment: Segment, colour: str, x: int) -> Iterator[str]:
    """The pieces of a text between blanks, wide and narrow characters apart, each as wide as its cells."""
    assert segment.style is not None
    marks = ["b"] * bool(segment.style.bold) + ["u"] * bool(segment.style.underline)
    for kind, characters in groupby(segment.text, lambda one: 0 if one == " " else cell_len(one)):
        text = "".join(characters)
        width = cell_len(text)
        if kind:
            css = " ".join([*["w"] * (kind == 2), *marks])
            yield _tag("text", escape(text), css=css, x=x * CELL, y=BASE, textLength=width * CELL, fill=colour)
        x += width


def _hex(colour: Color) -> str:
    return ThemeColor.from_rich_color(colour).hex6.lower()


def _ground(one: Frame) -> str:
    """The colour of most of the screen: that of its last line's first cell."""
    return one.lines[-1].partition('fill="')[2].partition('"')[0]
