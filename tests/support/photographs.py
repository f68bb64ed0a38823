"""Photographs of nobody, as telephones take them: before a wall, lying on their side, with somebody off the middle."""

import random
from io import BytesIO

from PIL import Image, ImageFilter

from counter.gateway.seeding.portraits import portrait

WALL = (120, 150, 190)


def photograph(wall: tuple[int, int, int] = WALL, *, lying: bool = True) -> bytes:
    """A JPEG of 800 × 600 pixels, or lying on its side; the person stands left of the middle and low."""
    person = Image.open(BytesIO(portrait(3)))
    outline = person.convert("L").point(lambda value: 0 if value > 245 else 255).filter(ImageFilter.MaxFilter(3))
    image = Image.new("RGB", (800, 600), wall)
    image.paste(person, (125, 165), outline)
    dice = random.Random(1)
    grain = Image.frombytes("L", image.size, dice.randbytes(800 * 600)).convert("RGB")
    return encoded(Image.blend(image, grain, 0.03).rotate(90 if lying else 0, expand=True))


def encoded(image: Image.Image) -> bytes:
    """As a JPEG."""
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def opened(jpeg: bytes) -> Image.Image:
    """The picture, read."""
    image = Image.open(BytesIO(jpeg))
    image.load()
    return image
