"""Every call by which this process changes a file below a folder: SQLite's own as well as Python's.

SQLite reaches files through its VFS, a table of functions: those that change a file are replaced by ones that ask first.
Python's own calls are seen by an audit hook, and `os.fsync`, which has no event, is wrapped. Nothing is compiled, and the
program is not changed for it.
"""

import ctypes
import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from sqlcipher3 import _sqlite3 as sqlcipher

FULL, READ_ONLY, BROKEN = errno.ENOSPC, errno.EROFS, errno.EIO

_SQLITE_CODE: Final = {
    FULL: {"open": 14, "write": 13, "sync": 1034, "truncate": 1546, "delete": 2570, "index": 4874},
    READ_ONLY: {"open": 14, "write": 8, "sync": 1034, "truncate": 8, "delete": 2570, "index": 4874},
    BROKEN: {"open": 14, "write": 778, "sync": 1034, "truncate": 1546, "delete": 2570, "index": 4874},
}
"""What the VFS of a real system answers SQLite for an error of a call (https://sqlite.org/rescode.html)."""


class Call(NamedTuple):
    """One call: `kind` is open, write, sync, truncate, delete, index (of a WAL), make, folder, rename, remove or other.

    `data` is what is written at `at`; `at` is the new length of a truncated file; `target` is where a file is renamed to.
    """

    kind: str
    path: str
    at: int = 0
    data: bytes = b""
    target: str = ""


Watcher = Callable[[Call], int]
"""Told before a call is made; the error number that it is to fail with, 0 to let it go on."""


class _Watch:
    """Who is asked, about which folder."""

    folder = ""
    watcher: Watcher | None = None


def ask(call: Call) -> int:
    """The error this call is to fail with."""
    watcher = _Watch.watcher
    return watcher(call) if watcher is not None and call.path.startswith(_Watch.folder) else 0


@contextmanager
def watched(folder: Path, watcher: Watcher) -> Iterator[None]:
    """Ask `watcher` about every call below the folder, from any thread of this process."""
    _install()
    assert _Watch.watcher is None, "one at a time"
    _Watch.folder, _Watch.watcher = str(folder), watcher
    try:
        yield
    finally:
        _Watch.watcher = None


# --- Python's own calls ------------------------------------------------------------------------------------------

_MADE: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_PLAIN: Final = {"os.remove": "remove", "os.mkdir": "folder", "os.chmod": "other", "os.truncate": "other"}


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if _Watch.watcher is None:
        return
    call: Call | None = None
    if event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
        if arguments[2] & _MADE:
            call = Call("make", os.fsdecode(arguments[0]))
    elif event == "os.rename":
        call = Call("rename", os.fsdecode(arguments[0]), target=os.fsdecode(arguments[1]))
    elif event in _PLAIN and not isinstance(arguments[0], int):  # the mode of an open file makes nothing
        call = Call(_PLAIN[event], os.fsdecode(arguments[0]))
    if call is not None and (number := ask(call)):
        raise OSError(number, os.strerror(number), call.path)


_fsync: Final = os.fsync


def _asking_fsync(handle: int) -> None:
    if _Watch.watcher is not None:
        call = Call("sync", path_of(handle), data=_content(handle))
        if number := ask(call):
            raise OSError(number, os.strerror(number))
    _fsync(handle)


def path_of(handle: int) -> str:
    """The path of an open file, where the system says it."""
    try:
        return str(Path(f"/proc/self/fd/{handle}").readlink())
    except OSError:
        return ""


def _content(handle: int) -> bytes:
    """What stands in a file that is being brought to the disk; nothing of a folder, or of one that is only written."""
    try:
        path = path_of(handle)
        return Path(path).read_bytes() if path else b""
    except OSError:
        return b""


# --- SQLite's ----------------------------------------------------------------------------------------------------

_P = ctypes.c_void_p
_OPEN = ctypes.CFUNCTYPE(ctypes.c_int, _P, _P, _P, ctypes.c_int, _P)
_DELETE = ctypes.CFUNCTYPE(ctypes.c_int, _P, ctypes.c_char_p, ctypes.c_int)
_CLOSE = ctypes.CFUNCTYPE(ctypes.c_int, _P)
_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, _P, _P, ctypes.c_int, ctypes.c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, _P, ctypes.c_int64)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, _P, ctypes.c_int)
_INDEX = ctypes.CFUNCTYPE(ctypes.c_int, _P, ctypes.c_int, ctypes.c_int, ctypes.c_int, _P)


class _Vfs(ctypes.Structure):
    _fields_ = [
        ("version", ctypes.c_int),
        ("file_size", ctypes.c_int),
        ("longest", ctypes.c_int),
        ("next", _P),
        ("name", ctypes.c_char_p),
        ("data", _P),
        ("open", _OPEN),
        ("delete", _DELETE),
    ]


class _Methods(ctypes.Structure):
    _fields_ = [
        ("version", ctypes.c_int),
        ("close", _CLOSE),
        ("read", _P),
        ("write", _WRITE),
        ("truncate", _TRUNCATE),
        ("sync", _SYNC),
        ("others", _P * 7),
        ("index", _INDEX),
        ("more", _P * 5),
    ]


class _File(ctypes.Structure):
    _fields_ = [("methods", ctypes.POINTER(_Methods))]


_installed: list[Any] = []
"""What SQLite points to must not be collected."""
_paths: dict[int, str] = {}
_asking: dict[int, _Methods] = {}
"""By the address of the methods that they stand for."""


def _install() -> None:
    if _installed:
        return
    sys.addaudithook(_audit)
    os.fsync = cast("Any", _asking_fsync)
    library = ctypes.CDLL(sqlcipher.__file__)
    library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
    library.sqlite3_vfs_find.argtypes = [ctypes.c_char_p]
    vfs = library.sqlite3_vfs_find(None).contents
    to_open, to_delete = _copied(_OPEN, vfs.open), _copied(_DELETE, vfs.delete)

    def opened(this: int, name: int | None, file: int, flags: int, out: int) -> int:
        path = os.fsdecode(ctypes.string_at(name)) if name else ""
        if path and flags & 0x4 and not Path(path).exists() and (number := ask(Call("open", path))):
            return _SQLITE_CODE[number]["open"]
        result: int = to_open(this, name, file, flags, out)
        if result == 0 and path:
            _paths[file] = path
            _ask_for(ctypes.cast(file, ctypes.POINTER(_File)).contents)
        return result

    def deleted(this: int, name: bytes, sync: int) -> int:
        if number := ask(Call("delete", os.fsdecode(name), at=sync)):
            return _SQLITE_CODE[number]["delete"]
        return int(to_delete(this, name, sync))

    vfs.open, vfs.delete = _OPEN(opened), _DELETE(deleted)
    _installed.extend((library, vfs, vfs.open, vfs.delete, opened, deleted, to_open, to_delete))


def _copied(kind: Any, function: Any) -> Any:
    """The function itself, not the field that is about to be overwritten."""
    return kind(ctypes.cast(function, _P).value)


def _ask_for(file: _File) -> None:
    """Have an open file's methods ask."""
    address = ctypes.addressof(file.methods.contents)
    if address not in _asking:
        _asking[address] = _methods_over(file.methods.contents)
    file.methods = ctypes.pointer(_asking[address])


def _methods_over(own: _Methods) -> _Methods:
    made = _Methods.from_buffer_copy(own)
    to_close, to_write = _copied(_CLOSE, own.close), _copied(_WRITE, own.write)
    to_truncate, to_sync, to_index = _copied(_TRUNCATE, own.truncate), _copied(_SYNC, own.sync), None

    def close(file: int) -> int:
        _paths.pop(file, None)
        return int(to_close(file))

    def write(file: int, data: int, size: int, at: int) -> int:
        if number := ask(Call("write", _paths.get(file, ""), at, ctypes.string_at(data, size))):
            return _SQLITE_CODE[number]["write"]
        return int(to_write(file, data, size, at))

    def truncate(file: int, size: int) -> int:
        if number := ask(Call("truncate", _paths.get(file, ""), size)):
            return _SQLITE_CODE[number]["truncate"]
        return int(to_truncate(file, size))

    def sync(file: int, flags: int) -> int:
        if number := ask(Call("sync", _paths.get(file, ""))):
            return _SQLITE_CODE[number]["sync"]
        return int(to_sync(file, flags))

    made.close, made.write, made.truncate, made.sync = _CLOSE(close), _WRITE(write), _TRUNCATE(truncate), _SYNC(sync)
    if own.version >= 2 and own.index:
        to_index = _copied(_INDEX, own.index)

        def index(file: int, page: int, size: int, extend: int, out: int) -> int:
            if extend and (number := ask(Call("index", _paths.get(file, ""), page))):
                return _SQLITE_CODE[number]["index"]
            return int(to_index(file, page, size, extend, out))

        made.index = _INDEX(index)
    _installed.extend((own, made, made.close, made.write, made.truncate, made.sync, made.index, to_index))
    return made
