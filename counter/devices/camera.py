"""The document camera (高拍仪): all that is seen of it is the folder into which it saves.

The folder is looked at again and again, not watched: a share of another machine tells nobody of its changes.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import time
from typing import Final

PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp"})
NEWEST: Final = 50
LOOK_SECONDS: Final = 1.0
"""Between two looks at the folder."""
_OLD_SECONDS: Final = 5.0
"""What was saved so long ago, by this machine's clock, is being written no more."""


@dataclass
class CameraFolder:
    """The folder as it was when it was looked at last: a picture is there once its size rests from one look to the
    next, and one that is still being written is not."""

    path: Path
    _before: dict[Path, tuple[int, float]] = field(default_factory=dict)

    def newest(self) -> list[tuple[Path, datetime]]:
        """The pictures with the time they were saved, the newest first; none where the folder cannot be read."""
        now = dict[Path, tuple[int, float]]()
        with suppress(OSError):  # the camera's folder may be on a drive that is away; what was found counts
            for path in self.path.iterdir():
                if path.suffix.lower() in PICTURES:
                    with suppress(OSError):  # one that the camera has just renamed hides no other
                        looked = path.stat()
                        now[path] = (looked.st_size, looked.st_mtime)
        before, self._before = self._before, now
        rest = [path for path, seen in now.items() if _rests(*seen) or before.get(path) == seen]
        rest.sort(key=lambda path: now[path][1], reverse=True)
        return [(path, datetime.fromtimestamp(now[path][1]).astimezone()) for path in rest[:NEWEST]]


def _rests(size: int, saved: float) -> bool:
    return size > 0 and 0 < saved < time() - _OLD_SECONDS
