"""QR codes and barcodes on a picture, as the document camera has taken it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST: Final = 200
"""What is longer is an address or a ticket, and no number."""


def texts_on(picture: "Image") -> Iterator[str]:
    """What the codes on a picture say, those that can be read whole."""
    from zxingcpp import read_barcodes  # noqa: PLC0415 - a native library, only where a picture is looked at

    for code in read_barcodes(picture.convert("L")):
        if code.valid and 0 < len(code.text) <= LONGEST:
            yield code.text.strip()
