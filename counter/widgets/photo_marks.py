"""A card photo as the clerk looks at it: what of the picture is taken, and what is wrong with it, drawn on it."""

from typing import TYPE_CHECKING, Final

from counter.rules.portrait import (
    HEADROOM,
    OFF_CENTRE,
    WHITE_SHARE,
    Box,
    Measures,
    Mend,
    measure,
    mended,
    not_white,
    turned,
    window,
)
from counter.rules.reference import PhotoSpec

if TYPE_CHECKING:
    from PIL.Image import Image

_WRONG: Final = (255, 48, 48)
_RIGHT: Final = (0, 160, 90)
_FRAME: Final = (95, 175, 255)
_GROUND: Final = (48, 48, 48)
_LEFT_OUT: Final = 0.35  # of its brightness
_MARGIN: Final = 0.25  # of the width of what is taken
_ALL: Final = 0.97  # of the picture: then all of it is taken


def drawn(image: "Image", spec: PhotoSpec, mend: Mend, size: tuple[int, int]) -> "Image":
    """The part that is taken, framed, with what lies around it, dark, on a ground of that size in pixels."""
    from PIL import Image, ImageDraw

    upright = turned(image, mend)
    taken = window(upright.size, spec, mend)
    around = _around(taken, upright.size)
    scale = min(size[0] / (around[2] - around[0]), size[1] / (around[3] - around[1]))
    small = upright.resize(tuple(max(1, round(side * scale)) for side in _extent(around)), box=around)
    ground = Image.new("RGB", size, _GROUND)
    corner = ((size[0] - small.width) // 2, (size[1] - small.height) // 2)
    ground.paste(small.point(lambda value: round(value * _LEFT_OUT)), corner)
    left, top = (corner[at] + round((taken[at] - around[at]) * scale) for at in (0, 1))
    width, height = (max(1, round(side * scale)) for side in _extent(taken))
    ground.paste(_with_marks(mended(image, spec, mend), (width, height)), (left, top))
    if around != taken:
        ImageDraw.Draw(ground).rectangle((left, top, left + width - 1, top + height - 1), outline=_FRAME)
    return ground


def _extent(box: Box) -> tuple[float, float]:
    return box[2] - box[0], box[3] - box[1]


def _around(taken: Box, size: tuple[int, int]) -> Box:
    """The part with what can be seen around it; alone where next to nothing is left out."""
    width, height = _extent(taken)
    if width * height > _ALL * size[0] * size[1]:
        return taken
    more = _MARGIN * width
    left, top, right, bottom = taken
    return max(left - more, 0), max(top - more, 0), min(right + more, size[0]), min(bottom + more, size[1])


def _with_marks(card: "Image", size: tuple[int, int]) -> "Image":
    """The card photo in that size: red where the ground is not white, lines where the head is out of place."""
    seen, small = measure(card), card.resize(size)
    if seen.white < WHITE_SHARE:
        _mark_ground(card, small)
    elif seen.centre is not None:
        _mark_head(small, seen, seen.centre)
    return small


def _mark_ground(card: "Image", small: "Image") -> None:
    """Every other line of what should be white, in the upper half."""
    from PIL import Image, ImageChops, ImageDraw

    width, height = small.size
    edge = max(1, width // 8)
    border = Image.new("L", small.size, 0)
    draw = ImageDraw.Draw(border)
    for y in range(0, height // 2, 2):
        spans = [(0, width)] if y < edge else [(0, edge), (width - edge, width)]
        for start, end in spans:
            draw.line((start, y, end - 1, y), fill=255)
    small.paste(_WRONG, (0, 0), ImageChops.darker(border, not_white(card).resize(small.size)))


def _mark_head(small: "Image", seen: Measures, centre: float) -> None:
    """Where the middle of the head is and where it should be; where the head begins and where it may."""
    from PIL import ImageDraw

    draw, (width, height) = ImageDraw.Draw(small), small.size
    if abs(centre - 0.5) > OFF_CENTRE:
        for x, colour in ((width // 2, _RIGHT), (round(centre * (width - 1)), _WRONG)):
            draw.line((x, 0, x, height - 1), fill=colour)
    if not HEADROOM[0] <= seen.top <= HEADROOM[1]:
        for y, colour in ((HEADROOM[1], _RIGHT), (seen.top, _WRONG)):
            draw.line((0, round(y * (height - 1)), width - 1, round(y * (height - 1))), fill=colour)
