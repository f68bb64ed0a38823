"""Photos of nobody: drawn portraits in the card's format (PHO-6), for demonstrations and tests."""

import io
import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT, DPI = 358, 441, 350
SKIN = ((242, 208, 178), (226, 184, 148), (205, 160, 122))
CLOTH = ((38, 52, 94), (84, 40, 48), (40, 76, 62), (66, 66, 70))


def portrait(seed: int) -> bytes:
    """A face-like drawing on white as JPEG: 358 × 441 px, RGB, 350 dpi, 9–40 KB; the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - a drawing, not a secret
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(image)
    skin, cloth = dice.choice(SKIN), dice.choice(CLOTH)
    _body(draw, cloth, skin)
    _head(draw, dice, skin)
    image = _textured(image.filter(ImageFilter.GaussianBlur(0.8)), dice)
    return _jpeg(image)


def _body(draw: ImageDraw.ImageDraw, cloth: tuple[int, int, int], skin: tuple[int, int, int]) -> None:
    draw.rounded_rectangle((34, 352, 324, 520), 90, fill=cloth)
    draw.rectangle((146, 290, 212, 372), fill=skin)
    draw.polygon(((140, 352), (218, 352), (179, 410)), fill="white")


def _head(draw: ImageDraw.ImageDraw, dice: random.Random, skin: tuple[int, int, int]) -> None:
    wide, fringe = dice.randint(-6, 8), dice.randint(128, 158)
    hair = tuple(dice.randint(18, 52) for _ in range(3))
    draw.ellipse((86 - wide, 66, 272 + wide, 300), fill=hair)
    draw.ellipse((96 - wide, 92, 262 + wide, 332), fill=skin)
    draw.chord((92 - wide, 70, 266 + wide, fringe + 60), 180, 360, fill=hair)
    for x in (142, 216):
        draw.ellipse((x - 14, 200, x + 14, 214), fill="white")
        draw.ellipse((x - 7, 199, x + 7, 214), fill=(24, 18, 16))
        draw.line((x - 20, 184, x + 20, 182), fill=hair, width=5)
    draw.line((179, 214, 172, 252, 184, 254), fill=(170, 120, 92), width=3)
    draw.arc((152, 258, 206, 290), 20, 160, fill=(168, 74, 74), width=5)


def _textured(image: Image.Image, dice: random.Random) -> Image.Image:
    """Grain as of a camera, everywhere but on the white background."""
    grain = Image.frombytes("L", (WIDTH, HEIGHT), dice.randbytes(WIDTH * HEIGHT)).point(lambda value: value // 12)
    mask = image.convert("L").point(lambda value: 255 if value < 250 else 0)
    darker = Image.merge("RGB", [band.point(lambda value: max(0, value - 12)) for band in image.split()])
    noisy = Image.merge("RGB", [ImageChops.add(band, grain) for band in darker.split()])
    return Image.composite(noisy, image, mask)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=86, dpi=(DPI, DPI))
    return out.getvalue()
