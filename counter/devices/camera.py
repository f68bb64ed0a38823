"""The document camera (高拍仪): all that is seen of it is the folder into which it saves."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp"})
NEWEST: Final = 50


def newest_pictures(folder: Path) -> list[tuple[Path, datetime]]:
    """The pictures of a folder with the time they were saved, the newest first; none where it cannot be read."""
    pictures: list[tuple[Path, datetime]] = []
    with suppress(OSError):  # the camera's folder may be on a drive that is away; what was found counts
        for path in folder.iterdir():
            if path.suffix.lower() in PICTURES:
                with suppress(OSError):  # one that the camera has just renamed hides no other
                    pictures.append((path, datetime.fromtimestamp(path.stat().st_mtime).astimezone()))
    return sorted(pictures, key=lambda picture: picture[1], reverse=True)[:NEWEST]
