"""The picture on a card photo, PHO-6: where the person stands in it, and what mends it. Images in, images out.

Pillow is imported by who calls; see `counter.rules.photo`, which judges and encodes.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Self

from counter.rules.reference import PhotoSpec

if TYPE_CHECKING:
    from PIL.Image import Image

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""

WHITE: Final = 225
"""The darkest channel of what still counts as white."""
WHITE_SHARE: Final = 90
"""So much of the border is white at least, percent."""
OFF_CENTRE: Final = 0.10
"""So far from the middle, of the width, the head may stand."""
HEADROOM: Final = (0.01, 0.20)
"""The least and the most room above the head, of the height."""

_NEAREST: Final = 8.0  # zoom
_STEP: Final = 0.04  # of the part that is taken
_CLOSER: Final = 1.1
_ALIKE: Final = (16, 60)  # in each channel: still the wall behind the person, an even one and an uneven one
_LOOKED_AT: Final = 160  # pixels across are enough to find a head
_HEAD: Final = 0.60  # of the width, hair and ears with it (GA 461-2004: the face alone 207 of 358)
_ABOVE: Final = 0.05  # of the height


@dataclass(frozen=True, slots=True)
class Mend:
    """What is done to a picture before it goes on a card.

    `turn` in quarters, clockwise; `zoom` (1 to 8) takes a smaller part; `right` and `down` move that part, in fractions
    of its size, as far as the picture reaches; `white` puts white where the wall behind the person is.
    """

    turn: int = 0
    zoom: float = 1.0
    right: float = 0.0
    down: float = 0.0
    white: bool = False

    def turned(self) -> Self:
        """A quarter clockwise; the part that was taken belonged to the picture as it lay."""
        return replace(self, turn=(self.turn + 1) % 4, zoom=1.0, right=0.0, down=0.0)

    def moved(self, right: int, down: int) -> Self:
        """The part that is taken a step to the right and down."""
        return replace(self, right=self.right + right * _STEP, down=self.down + down * _STEP)

    def nearer(self, steps: int) -> Self:
        """Closer, or further away."""
        return replace(self, zoom=min(max(self.zoom * _CLOSER**steps, 1.0), _NEAREST))

    def whitened(self) -> Self:
        """With a white background, or with its own again."""
        return replace(self, white=not self.white)

    def settled(self, size: tuple[int, int], spec: PhotoSpec) -> Self:
        """The same for a picture of this size, no further than it reaches: the next step back is seen at once."""
        left, top, right, bottom = window(turned_size(size, self), spec, self)
        width, height = turned_size(size, self)
        across, along = right - left, bottom - top
        return replace(self, right=(left - (width - across) / 2) / across, down=(top - (height - along) / 2) / along)


AS_IT_IS: Final = Mend()


def turned_size(size: tuple[int, int], mend: Mend) -> tuple[int, int]:
    """Width and height of a picture once it is turned."""
    return (size[1], size[0]) if mend.turn % 2 else size


def turned(image: "Image", mend: Mend) -> "Image":
    """The picture upright, all of it."""
    return image.rotate(-90 * (mend.turn % 4), expand=True) if mend.turn % 4 else image


def window(size: tuple[int, int], spec: PhotoSpec, mend: Mend) -> Box:
    """The part that is taken of an upright picture: the largest of the right shape in the middle, zoomed and moved."""
    scale = min(size[0] / spec.width, size[1] / spec.height) / min(max(mend.zoom, 1.0), _NEAREST)
    width, height = spec.width * scale, spec.height * scale
    left = max(min((size[0] - width) / 2 + mend.right * width, size[0] - width), 0.0)
    top = max(min((size[1] - height) / 2 + mend.down * height, size[1] - height), 0.0)
    return left, top, min(left + width, size[0]), min(top + height, size[1])


def mended(image: "Image", spec: PhotoSpec, mend: Mend) -> "Image":
    """The picture in the size of a card photo, mended; `image` is RGB and of any size."""
    from PIL import Image  # noqa: PLC0415 - see the module

    upright = turned(image, mend)
    cut = upright.resize((spec.width, spec.height), Image.Resampling.LANCZOS, box=window(upright.size, spec, mend))
    return _on_white_ground(cut) if mend.white else cut


def framed(image: "Image", spec: PhotoSpec, mend: Mend) -> Mend | None:
    """The mend with the part taken that shows the head as a card photo does; None where no head stands out."""
    upright = turned(image, mend)
    head = _head(upright)
    if head is None:
        return None
    left, top, right, _ = head
    width = min((right - left) / _HEAD, upright.width, upright.height * spec.width / spec.height)
    height = width * spec.height / spec.width
    zoom = min(upright.width / spec.width, upright.height / spec.height) / (width / spec.width)
    return replace(
        mend,
        zoom=max(zoom, 1.0),
        right=((left + right) / 2 - upright.width / 2) / width,
        down=(top - _ABOVE * height - (upright.height - height) / 2) / height,
    ).settled(image.size, spec)


@dataclass(frozen=True, slots=True)
class Measures:
    """A card photo, measured. `white` is percent of the border; the others are fractions of width and height.

    `centre` is where the head stands, 0 to 1; None where nobody is seen. `top` is where the head begins.
    """

    white: int
    centre: float | None
    top: float


def measure(image: "Image") -> Measures:
    """Measure an RGB picture in the size of a card photo."""
    person = not_white(image)
    width, height = person.size
    pixels = person.tobytes()  # 0 white, 255 the person
    rows = [pixels[start : start + width] for start in range(0, len(pixels), width)]
    upper, edge = rows[: height // 2], max(1, width // 20)
    # Clothes reach the sides further down: the border is the top and the upper half of both sides.
    border = b"".join([*rows[:edge], *(row[:edge] + row[-edge:] for row in upper[edge:])])
    head = [x for row in upper for x, value in enumerate(row) if value]
    seen = len(head) >= len(upper) * width // 50
    top = next((y for y, row in enumerate(rows) if sum(map(bool, row)) > width // 20), height)
    return Measures(
        white=round(100 * border.count(0) / len(border)),
        centre=sum(head) / len(head) / (width - 1) if seen else None,
        top=top / height,
    )


def not_white(image: "Image") -> "Image":
    """A quarter of the picture's size: 255 where it is not white."""
    from PIL import ImageChops  # noqa: PLC0415 - see the module

    red, green, blue = image.reduce(4).split()
    darkest = ImageChops.darker(ImageChops.darker(red, green), blue)
    return darkest.point(lambda value: 0 if value >= WHITE else 255)


def _wall(image: "Image") -> "Image":
    """255 where the picture has the colour of its border, the middle one of the top and the upper half of the sides."""
    from PIL import Image, ImageChops  # noqa: PLC0415 - see the module

    width, height = image.size
    edge = max(1, width // 20)
    parts = ((0, 0, width, edge), (0, 0, edge, height // 2), (width - edge, 0, width, height // 2))
    border = b"".join(image.crop(part).tobytes() for part in parts)
    channels = [sorted(border[channel::3]) for channel in range(3)]
    colour = tuple(values[len(values) // 2] for values in channels)
    uneven = max(values[round(0.9 * (len(values) - 1))] - values[len(values) // 10] for values in channels)
    alike = min(max(uneven, _ALIKE[0]), _ALIKE[1])
    red, green, blue = ImageChops.difference(image, Image.new("RGB", image.size, colour)).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return most.point(lambda value: 255 if value <= alike else 0)


def _on_white_ground(image: "Image") -> "Image":
    """White in place of the wall: what has its colour and is joined to the border, so that no shirt is lost to it."""
    from PIL import Image, ImageChops, ImageFilter  # noqa: PLC0415 - see the module

    wall = _wall(image)
    joined = ImageChops.darker(wall, _joined_to_border(wall).resize(image.size))
    closed = joined.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.MinFilter(3))
    ground = closed.filter(ImageFilter.GaussianBlur(1))
    return Image.composite(Image.new("RGB", image.size, "white"), image, ground)


def _joined_to_border(wall: "Image") -> "Image":
    """A quarter of its size: 255 for what is joined to the upper border, and a pixel further."""
    from PIL import Image, ImageDraw, ImageFilter  # noqa: PLC0415 - see the module

    small = wall.resize((wall.width // 4, wall.height // 4), Image.Resampling.BOX)
    small = small.point(lambda value: 255 if value >= 128 else 0)
    sides = [(x, y) for x in (0, small.width - 1) for y in range(small.height * 2 // 3)]
    for start in [*((x, 0) for x in range(small.width)), *sides]:
        if small.getpixel(start) == 255:
            ImageDraw.floodfill(small, start, 100)
    return small.point(lambda value: 255 if value == 100 else 0).filter(ImageFilter.MaxFilter(3))


def _head(image: "Image") -> Box | None:
    """Where the head is in an upright picture: from its top on as wide as it gets before the shoulders begin."""
    scale = image.width / _LOOKED_AT
    small = image.resize((_LOOKED_AT, max(1, round(image.height / scale))))
    pixels = _wall(small).tobytes()
    rows = [pixels[start : start + _LOOKED_AT] for start in range(0, len(pixels), _LOOKED_AT)]
    top = next((y for y, row in enumerate(rows) if row.count(0) > _LOOKED_AT // 20), None)
    if top is None:
        return None
    widest: tuple[int, int] = (0, 0)
    for y, row in enumerate(rows[top:]):
        if y > 0.75 * (widest[1] - widest[0]) and y > 3:
            break
        here = [x for x, value in enumerate(row) if not value]
        if here and here[-1] - here[0] > widest[1] - widest[0]:
            widest = here[0], here[-1] + 1
    left, right = widest
    if right - left > 0.9 * _LOOKED_AT:
        return None  # a wall of many colours: everything stands out
    return left * scale, top * scale, right * scale, (top + right - left) * scale
