"""The printers of Windows, by the functions of its print spooler (winspool.drv); no package is needed for them."""

import ctypes
import errno
from ctypes import POINTER, Structure, byref, c_void_p, c_wchar_p
from typing import Any, Final

RAW: Final = "RAW"


class _Document(Structure):
    """DOC_INFO_1."""

    _fields_ = [("name", c_wchar_p), ("file", c_wchar_p), ("form", c_wchar_p)]


def _spooler() -> Any:
    """winspool.drv. Raises OSError where this is not Windows."""
    library = getattr(ctypes, "WinDLL", None)
    if library is None:
        raise OSError(errno.ENODEV, "no Windows")
    return library("winspool.drv", use_last_error=True)


class SpooledSlip:
    """One document in a printer's queue, its bytes as they are. Raises OSError."""

    def __init__(self, printer: str) -> None:
        self._spooler = _spooler()
        self._spooler.OpenPrinterW.argtypes = [c_wchar_p, POINTER(c_void_p), c_void_p]
        self._printer = c_void_p()
        self._must(self._spooler.OpenPrinterW(printer, byref(self._printer), None))
        document = _Document("counter", None, RAW)
        try:
            self._must(self._spooler.StartDocPrinterW(self._printer, 1, byref(document)))
        except OSError:
            self._spooler.ClosePrinter(self._printer)
            raise

    def write(self, content: bytes) -> None:
        written = ctypes.c_ulong()
        self._must(self._spooler.WritePrinter(self._printer, content, len(content), byref(written)))
        self._must(written.value == len(content))

    def read(self, seconds: float) -> bytes:  # noqa: ARG002 - a queue has no answers
        return b""

    def close(self) -> None:
        try:
            self._must(self._spooler.EndDocPrinter(self._printer))
        finally:
            self._spooler.ClosePrinter(self._printer)

    @staticmethod
    def _must(done: object) -> None:
        if not done:
            raise OSError(errno.EIO, "the print spooler refuses")
