"""An .xlsx file is a zip of XML parts. Here it is opened with suspicion: nothing is read that could fill the memory.

python-calamine and openpyxl are not used for reading: the first allocates the whole rectangle between the first cell
and the last (two cells in the corners of a 5 KB file abort the process), the second keeps what a part declares; neither
says which rows are hidden and which formulas have no value.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final
from xml.parsers import expat

from counter.sheets import limits
from counter.sheets.errors import SheetFileError

CHUNK: Final = 64 * 1024
_END: Final = 22  # bytes of the end-of-directory record
_TAIL: Final = 65_536 + _END + 20 + 56  # with its comment, and both records of a 64-bit directory before it
_PACKED: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    struct.error,
    EOFError,
    OSError,  # a damaged directory sends the reader before the file's beginning
    ValueError,
    OverflowError,
)


class Archive:
    """The parts of a zip by name. Raises `SheetFileError` for what is damaged, encrypted or a bomb."""

    def __init__(self, path: Path) -> None:
        if _directory_bytes(path) > limits.DIRECTORY_BYTES:
            raise SheetFileError("bomb")
        try:
            self._zip = zipfile.ZipFile(path)
        except (*_DAMAGE, NotImplementedError) as error:
            raise SheetFileError("truncated") from error
        self._parts = {part.filename.lstrip("/").casefold(): part for part in self._zip.infolist()}
        if reason := next(filter(None, map(_refused, self._parts.values())), ""):
            self._zip.close()
            raise SheetFileError(reason)

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._parts

    def close(self) -> None:
        self._zip.close()

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part piece by piece, never more of it than the limit, whatever it declares."""
        part = self._parts.get(name.casefold())
        if part is None:
            raise SheetFileError("damaged")
        if part.compress_type not in _PACKED:
            raise SheetFileError("damaged")
        left = limits.PART_BYTES
        try:
            with self._zip.open(part) as stream:
                while chunk := stream.read(CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise SheetFileError("bomb")
                    yield chunk
        except (*_DAMAGE, RuntimeError, NotImplementedError) as error:
            raise SheetFileError("truncated") from error

    def parse(self, name: str, start: "Start", end: "End | None" = None, text: "Text | None" = None) -> Iterator[None]:
        """Parse a part as XML; stops after each piece, so that what the handlers found can be taken.

        No document type (and so no entities), no piece of markup that would have to be kept whole.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        fed = 0
        try:
            for chunk in self.chunks(name):
                parser.Parse(chunk)
                fed += len(chunk)
                if fed - parser.CurrentByteIndex > limits.TOKEN_BYTES:
                    raise SheetFileError("bomb")
                yield
            parser.Parse(b"", True)  # noqa: FBT003 - expat takes no keywords
        except _DAMAGE as error:
            raise SheetFileError("damaged") from error
        yield


Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def local(name: str) -> str:
    """The name of an element or attribute without its prefix."""
    return name.rpartition(":")[2]


def _refused(part: zipfile.ZipInfo) -> str:
    """Why a part makes the file one that is not opened; '' for an ordinary one."""
    if part.flag_bits & 1:
        return "encrypted"
    unpacks_too_far = part.file_size > limits.UNPACKED_FROM and part.file_size > limits.RATIO * part.compress_size
    return "bomb" if unpacks_too_far else ""


def _refuse_doctype(*_: object) -> None:
    raise SheetFileError("bomb")


def _directory_bytes(path: Path) -> int:
    """The size of the zip's directory, before anybody reads it."""
    with path.open("rb") as file:
        tail = _tail(file)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END > len(tail):
        raise SheetFileError("truncated")
    size: int = struct.unpack_from("<I", tail, at + 12)[0]
    if at >= 76 and tail[at - 20 : at - 16] == b"PK\x06\x07":
        size = max(size if size != 0xFFFFFFFF else 0, struct.unpack_from("<Q", tail, at - 76 + 40)[0])
    return size


def _tail(file: BinaryIO) -> bytes:
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    return file.read()
