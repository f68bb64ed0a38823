"""The card photo (制卡相片), PHO-6: is it one, and how a picture becomes one; the images of papers (材料影像), APP-2.

Bytes in, findings or bytes out. Pillow is imported when a photo is there: 50 ms that no other rule needs.
"""

import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Final

from counter.rules.finding import Finding, stop, tell
from counter.rules.portrait import AS_IT_IS, HEADROOM, OFF_CENTRE, WHITE_SHARE, Mend, measure, mended
from counter.rules.reference import PhotoSpec

if TYPE_CHECKING:
    from PIL.Image import Image

RULE: Final = "PHO-6"

_LARGEST_FILE: Final = 30 * 1024 * 1024
_LARGEST_PICTURE: Final = 64_000_000  # pixels; telephones take up to 50 million in ordinary use
_FORMATS: Final = ("JPEG", "PNG", "BMP", "TIFF", "WEBP")

SCAN_BYTES: Final = 200 * 1024
"""The largest image of a paper; a card photo is far smaller."""
_SCAN_SIDE: Final = 1600  # pixels of the longer side: small print of an identity card reads well
_SCAN_DPI: Final = 200

_SIDE: Final = 3000  # pixels: a picture that is mended is kept no larger


class PhotoError(Exception):
    """These bytes cannot become a card photo; `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


def check_photo(data: bytes, spec: PhotoSpec) -> tuple[Finding, ...]:
    """What is wrong with a card photo, PHO-6; nothing when it can be printed on a card as it is."""
    try:
        image = _opened(data)
    except PhotoError as error:
        return (error.finding,)
    wrong = [*_form(image, len(data), spec)]
    if image.mode != "RGB" or image.size != (spec.width, spec.height):
        return tuple(wrong)  # the picture is judged once it has its form
    return (*wrong, *_picture(image))


def open_photo(data: bytes) -> "Image":
    """Any picture, upright, in RGB on white, at most 3,000 pixels a side. Raises PhotoError for what is none."""
    from PIL import ImageOps  # noqa: PLC0415 - see the module

    image = _on_white(ImageOps.exif_transpose(_opened(data)))
    image.thumbnail((_SIDE, _SIDE))
    return image


def fit_photo(data: bytes, spec: PhotoSpec, mend: Mend = AS_IT_IS) -> bytes:
    """A card photo of any picture. Nothing but the picture is kept: no place, no device. Raises PhotoError."""
    return fit_picture(open_photo(data), spec, mend)


def fit_picture(image: "Image", spec: PhotoSpec, mend: Mend = AS_IT_IS) -> bytes:
    """A card photo of what `open_photo` gave: mended, cropped to the form, with the resolution, under the byte limit.

    Raises PhotoError where the limit cannot be kept.
    """
    return _encoded(mended(image, spec, mend), spec.max_bytes, spec.dpi)


def fit_scan(data: bytes) -> bytes:
    """The image of a paper of any picture: upright, at most 1,600 pixels a side, a JPEG within `SCAN_BYTES`.

    Nothing but the picture is kept. Raises PhotoError for what is no picture.
    """
    from PIL import ImageOps  # noqa: PLC0415 - see the module

    image = _on_white(ImageOps.exif_transpose(_opened(data)))
    image.thumbnail((_SCAN_SIDE, _SCAN_SIDE))
    return _encoded(image, SCAN_BYTES, _SCAN_DPI)


def _opened(data: bytes) -> "Image":
    """The picture, read to its end. Raises PhotoError."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - see the module

    if len(data) > _LARGEST_FILE:
        raise PhotoError(stop(RULE, "photo.huge"))
    # Pillow only warns of a bomb up to twice its limit, on a standard error that a screen occupies.
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        image = Image.open(BytesIO(data), formats=_FORMATS)
    except UnidentifiedImageError as error:
        raise PhotoError(stop(RULE, "photo.unreadable")) from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise PhotoError(stop(RULE, "photo.huge")) from error
    except Exception as error:  # a decoder that stumbles over a damaged header may raise anything
        raise PhotoError(stop(RULE, "photo.damaged")) from error
    if image.width * image.height > _LARGEST_PICTURE:
        raise PhotoError(stop(RULE, "photo.huge"))
    try:
        image.load()
    except Exception as error:  # likewise over damaged data
        raise PhotoError(stop(RULE, "photo.damaged")) from error
    return image


def _form(image: "Image", size: int, spec: PhotoSpec) -> list[Finding]:
    """Format, colours, pixels, resolution, bytes."""
    findings = []
    if image.format != "JPEG":
        findings.append(stop(RULE, "photo.format", actual=str(image.format)))
    if image.mode != "RGB":
        findings.append(stop(RULE, "photo.colour", actual=image.mode))
    if image.size != (spec.width, spec.height):
        actual = f"{image.width} x {image.height}"
        findings.append(stop(RULE, "photo.size", width=spec.width, height=spec.height, actual=actual))
    findings.extend(_resolution(image, spec))
    if size < spec.min_bytes:
        findings.append(stop(RULE, "photo.bytes_few", actual=size, limit=spec.min_bytes))
    if size > spec.max_bytes:
        findings.append(stop(RULE, "photo.bytes_many", actual=size, limit=spec.max_bytes))
    return findings


def _resolution(image: "Image", spec: PhotoSpec) -> tuple[Finding, ...]:
    dpi = image.info.get("dpi")
    if not dpi or image.info.get("jfif_unit") == 0:
        return (stop(RULE, "photo.dpi_missing", dpi=spec.dpi),)
    across, down = (round(float(value)) for value in dpi)
    # A file that counts dots per centimetre cannot say 350 exactly.
    if max(abs(across - spec.dpi), abs(down - spec.dpi)) > 1:
        return (stop(RULE, "photo.dpi", dpi=spec.dpi, actual=f"{across} x {down}"),)
    return ()


def _picture(image: "Image") -> tuple[Finding, ...]:
    """White behind the person, who stands in the middle and fills the height."""
    seen = measure(image)
    if seen.white < WHITE_SHARE:
        return (stop(RULE, "photo.background", percent=seen.white),)
    if seen.centre is None:
        return (stop(RULE, "photo.empty"),)
    findings = []
    if abs(seen.centre - 0.5) > OFF_CENTRE:
        findings.append(tell(RULE, "photo.off_centre"))
    if not HEADROOM[0] <= seen.top <= HEADROOM[1]:
        findings.append(tell(RULE, "photo.headroom"))
    return tuple(findings)


def _on_white(image: "Image") -> "Image":
    """The picture in RGB, what is transparent as white."""
    from PIL import Image  # noqa: PLC0415 - see the module

    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def _encoded(image: "Image", max_bytes: int, dpi: int) -> bytes:
    """The best JPEG within the byte limit: the quality is found by halving."""
    best, low, high = b"", 10, 100
    while low <= high:
        quality = (low + high) // 2
        buffer = BytesIO()
        image.save(buffer, "JPEG", quality=quality, dpi=(dpi, dpi), subsampling=0 if quality > 90 else 2)
        if buffer.tell() <= max_bytes:
            best, low = buffer.getvalue(), quality + 1
        else:
            high = quality - 1
    if not best:
        raise PhotoError(stop(RULE, "photo.unfit", limit=max_bytes))
    return best
