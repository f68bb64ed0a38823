"""Paths that somebody types, and files that are written whole or not at all."""

import os
import re
import tempfile
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PRIVATE: Final = 0o600
"""Readable by its owner only."""
SHARED: Final = 0o666
"""Readable by whom the user's own umask lets."""
_OTHERS: Final = 0o066
SEPARATORS: Final = (os.sep, os.altsep or os.sep)
HOME: Final = f"~{os.sep}"
"""The user's own folder, as it is typed."""


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


@dataclass(frozen=True, slots=True)
class Listing:
    """The names in a folder that may be chosen, sorted, folders with a separator at their end; `problem` is a key of
    ``screen.listing`` where it cannot be listed, '' where it can."""

    names: tuple[str, ...] = ()
    problem: str = ""

    def beginning(self, start: str) -> tuple[str, ...]:
        """Those that begin so, in whatever case; hidden ones only where they are asked for."""
        folded = start.casefold()
        return tuple(
            name for name in self.names if name.casefold().startswith(folded) and (start or not name.startswith("."))
        )


def halves(text: str) -> tuple[str, str]:
    """A path as it is typed: the folder with its separator, and the beginning of a name in it."""
    text = text.lstrip().removeprefix('"')
    at = max(text.rfind(separator) for separator in SEPARATORS)
    return (HOME, "") if text == "~" else (text[: at + 1], text[at + 1 :])


def list_folder(folder: Path, endings: Collection[str]) -> Listing:
    """The folders and the files of these endings (``.jpg``; lower case) in a folder. For a thread."""
    names = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                with suppress(OSError):  # one that has just gone, or leads nowhere, hides no other
                    if entry.is_dir():
                        names.append(entry.name + os.sep)
                    elif Path(entry.name).suffix.lower() in endings:
                        names.append(entry.name)
    except PermissionError:
        return Listing(problem="denied")
    except (OSError, ValueError):  # a NUL in it
        return Listing(problem="missing")
    return Listing(tuple(sorted(names, key=str.casefold)))


def common_start(names: Collection[str]) -> str:
    """What all these names begin with, in whatever case, written as the first of them."""
    first, *others = names or ("",)
    for at, letter in enumerate(first):
        if any(name[at : at + 1].casefold() != letter.casefold() for name in others):
            return first[:at]
    return first


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


def is_exposed(path: Path) -> bool:
    """Can others than its owner read or write this file or folder? Windows has no such modes."""
    try:
        return os.name != "nt" and bool(path.stat().st_mode & _OTHERS)
    except OSError:
        return False


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
