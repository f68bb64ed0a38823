"""Paths that somebody types, and files that are written whole or not at all."""

import os
import re
import tempfile
from pathlib import Path
from typing import Final

PRIVATE: Final = 0o600
"""Readable by its owner only."""
SHARED: Final = 0o666
"""Readable by whom the user's own umask lets."""


def typed_path(text: str) -> Path:
    """A file or folder as it was typed or pasted, also in the quotation marks that Windows copies around it."""
    return expanded(Path(text.strip().strip('"')))


def expanded(path: Path) -> Path:
    """The path with ``~`` as the user's home; as it stands where that names nobody.

    A spreadsheet's lock files begin with a tilde too (``~$...``).
    """
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def line_of(path: Path, text: str, name: str) -> str:
    """Where a key stands in a TOML file, as ``file:line``; the file alone where it cannot be told."""
    found = re.search(rf'^\s*"?{re.escape(name)}"?\s*[=.]', text, re.MULTILINE)
    return f"{path}:{text.count(chr(10), 0, found.end()) + 1}" if found else str(path)


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file in one step: the old one or the new one stands there, never half of one. Text as UTF-8.

    It is written beside its place, readable by its owner only, brought to the disk and renamed. Raises OSError: then
    nothing has changed.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    beside = Path(name)
    try:
        _fill(handle, content)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_new(path: Path, content: bytes, mode: int = PRIVATE) -> None:
    """Write a file that is not there yet, whole or not at all.

    Raises FileExistsError for one that is there, OSError for what cannot be written: then there is none. Not by way
    of a file beside it: what would name that one without overwriting another (a link) is not to be had on a USB stick.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        _fill(handle, content)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring a folder's renames to the disk (Windows does so by itself and opens no folders)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _fill(handle: int, content: bytes | str) -> None:
    """Write a new file through to the disk, and close it."""
    with os.fdopen(handle, "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())
