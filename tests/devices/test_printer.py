"""The slip printer on each of its ways: what arrives, and what is said where something is wrong."""

import ctypes
import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from counter.devices import channels, escpos, printer
from counter.devices.channels import DeviceFile, Tcp
from counter.devices.loopback import LoopbackPrinter, UnreadableSlipError, decoded
from counter.devices.printer import Printer, PrinterError, Trouble, look, print_on, printer_at, words_of

TEXT = "受理号: 1\n𠮷*试\n"
LINES = "受理号: 1\n" * 400
KEEP = "import sys; open(sys.argv[1], 'wb').write(sys.stdin.buffer.read())"


def slip(text: str = "受理号: 1\n") -> bytes:
    """As a receipt printer is sent it, without pictures."""
    content = text.encode("gb18030")
    return escpos.START + escpos.CHINESE + content + escpos.END_CHINESE + escpos.qr("Q-7") + b"\n" + escpos.CUT


@pytest.fixture
def loopback() -> Iterator[LoopbackPrinter]:
    with LoopbackPrinter().standing() as standing:
        yield standing


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printer, "ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(printer, "PRINT_SECONDS", 0.2)


def trouble(setting: str, content: bytes) -> Trouble | None:
    """What is wrong with printing; None where it went well."""
    try:
        print_on(printer_at(words_of(setting)), content)
    except PrinterError as error:
        return error.trouble
    return None


# --- a print command -------------------------------------------------------------------------------------------------


def test_the_text_arrives_on_standard_input(tmp_path: Path) -> None:
    paper = tmp_path / "a folder; touch x"
    print_on(printer_at((sys.executable, "-c", KEEP, str(paper))), TEXT.encode())
    assert paper.read_bytes() == TEXT.encode()
    assert list(tmp_path.iterdir()) == [paper], "no shell reads the command"


def test_a_command_for_a_receipt_printer_takes_what_one_understands(tmp_path: Path) -> None:
    kept = tmp_path / "raw"
    found = printer_at((f"escpos:{sys.executable}", "-c", KEEP, str(kept)))
    assert found.escpos and not printer_at(("lp",)).escpos
    look(found)
    assert not kept.exists(), "to look prints nothing"
    print_on(found, slip())
    assert kept.read_bytes() == slip()


@pytest.mark.parametrize("command", ["false", "/nowhere", "/", "lp 'never ends"])
def test_a_command_that_does_not_take_it(command: str) -> None:
    assert trouble(command, TEXT.encode()) is Trouble.COMMAND


def test_a_command_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "SECONDS", 0.05)
    assert trouble(f"{sys.executable} -c 'import signal; signal.pause()'", TEXT.encode()) is Trouble.COMMAND


# --- a receipt printer -----------------------------------------------------------------------------------------------


def test_a_slip_comes_out_whole_and_another_time_too(loopback: LoopbackPrinter) -> None:
    assert trouble(loopback.address, slip()) is None
    assert trouble(loopback.address, slip(LINES)) is None
    assert [each.text.rstrip("\n") for each in loopback.slips] == ["受理号: 1", LINES.rstrip("\n")]
    assert {each.codes for each in loopback.slips} == {("Q-7",)}


def test_what_is_wrong_before_is_said_and_nothing_is_printed(loopback: LoopbackPrinter) -> None:
    loopback.paper = False
    assert trouble(loopback.address, slip()) is Trouble.PAPER_OUT
    loopback.paper, loopback.cover_open = True, True
    assert trouble(loopback.address, slip()) is Trouble.COVER_OPEN
    with pytest.raises(PrinterError):
        look(printer_at(words_of(loopback.address)))
    loopback.cover_open = False
    look(printer_at(words_of(loopback.address)))
    assert loopback.slips == []
    assert trouble(loopback.address, slip()) is None, "mended, and printed again"


def test_half_a_slip_is_said_and_it_can_be_printed_again(loopback: LoopbackPrinter) -> None:
    loopback.breaks_after = 3000
    assert trouble(loopback.address, slip(LINES)) is Trouble.HALF
    loopback.breaks_after, loopback.paper_for = None, 3000
    assert trouble(loopback.address, slip(LINES)) is Trouble.HALF_PAPER
    loopback.paper, loopback.paper_for = True, None
    assert loopback.slips == []
    assert trouble(loopback.address, slip(LINES)) is None
    assert len(loopback.slips) == 1


def test_one_that_answers_nothing_or_little_is_trusted(loopback: LoopbackPrinter) -> None:
    loopback.knows_done = False
    assert trouble(loopback.address, slip()) is None, "it says that it is still well"
    loopback.answers = False
    assert trouble(loopback.address, slip()) is None, "it took everything"


def test_no_printer_there(tmp_path: Path) -> None:
    with LoopbackPrinter().standing() as gone:
        address = gone.address
    assert trouble(address, slip()) is Trouble.UNPLUGGED
    assert trouble("file:/dev/nowhere/lp0", slip()) is Trouble.UNPLUGGED
    assert trouble(f"serial:{tmp_path}/ttyUSB0", slip()) is Trouble.UNPLUGGED
    assert trouble("serial:nosuch://printer", slip()) is Trouble.UNPLUGGED
    assert trouble("windows:Receipt", slip()) is Trouble.UNPLUGGED, "this is no Windows"


@pytest.mark.parametrize(
    "setting",
    ["", "tcp:printer", "tcp://printer:0", "tcp://:9100", "serial:COM3?baud=fast", "serial:COM3?answers=perhaps"],
)
def test_a_setting_that_names_none(setting: str) -> None:
    assert trouble(setting, slip()) is Trouble.ADDRESS


def test_a_windows_name_keeps_its_blanks_and_backslashes() -> None:
    assert words_of(r"windows:\\desk\Receipt Printer") == (r"windows:\\desk\Receipt Printer",)


def test_a_file_is_added_to(tmp_path: Path) -> None:
    file = tmp_path / "lp0"
    assert trouble(f"file://{file}", slip()) is None
    assert trouble(f"file:{file}", slip()) is None
    assert [each.text for each in decoded(file.read_bytes())] == ["受理号: 1\n\n"] * 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_linux_says_of_no_paper_that_there_is_no_space() -> None:
    with pytest.raises(PrinterError) as said:
        print_on(Printer(DeviceFile(Path("/dev/full")), escpos=True), slip())
    assert said.value.trouble is Trouble.PAPER_OUT


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes with names")
def test_a_device_that_takes_no_more_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Linux does with a printer on USB that has stopped: it would wait for ever."""
    monkeypatch.setattr(channels, "SECONDS", 0.05)
    os.mkfifo(tmp_path / "lp0")
    assert trouble(f"file:{tmp_path}/lp0", slip()) is Trouble.UNPLUGGED, "nobody at its other end"
    reading = os.open(tmp_path / "lp0", os.O_RDONLY | os.O_NONBLOCK)
    assert trouble(f"file:{tmp_path}/lp0", slip()) is None
    assert trouble(f"file:{tmp_path}/lp0", slip("受理号: 1\n" * 10_000)) is Trouble.HALF
    os.close(reading)


def test_answers_that_come_late_tear_nothing_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        line = Tcp(*server.getsockname()).open()
        connection, _ = server.accept()
    with connection:
        line.write(slip())
        connection.sendall(b"\x12\x12")
        connection.shutdown(socket.SHUT_WR)
        line.close()
        came = b""
        while piece := connection.recv(4096):  # not: reset
            came += piece
    assert came == slip()


@pytest.fixture
def line() -> Iterator[tuple[int, str]]:
    """A serial line: the printer's end, and the name of ours."""
    pty = pytest.importorskip("pty", reason="no pseudo-terminals")
    theirs, ours = pty.openpty()
    yield theirs, os.ttyname(ours)
    os.close(theirs)
    os.close(ours)


def test_a_serial_line_without_an_answer_has_no_printer(line: tuple[int, str]) -> None:
    """A line takes everything, whether or not there is anybody at its end; a printer that cannot answer is named so."""
    theirs, port = line
    assert trouble(f"serial:{port}", slip()) is Trouble.UNPLUGGED
    assert os.read(theirs, 4096) == escpos.ASK_OFFLINE + escpos.ASK_PAPER, "nothing was printed"
    assert trouble(f"serial:{port}?answers=no", slip()) is None
    assert os.read(theirs, 4096) == slip()


def test_a_serial_line(line: tuple[int, str]) -> None:
    ours, port = line
    content, came = slip(), b""

    def a_printer() -> None:
        nonlocal came
        while not came.endswith(escpos.ASK_DONE):
            came += os.read(ours, 4096)
            asked = next((each for each in (escpos.ASK_OFFLINE, escpos.ASK_PAPER) if came.endswith(each)), b"")
            if asked:
                came = came.removesuffix(asked)
                os.write(ours, b"\x12")
        os.write(ours, b"\x00")

    thread = threading.Thread(target=a_printer)
    thread.start()
    assert trouble(f"serial:{port}?baud=115200", content) is None
    thread.join()
    assert came == content + escpos.ASK_DONE


class FakeSpooler:
    """winspool.drv: keeps what it is given."""

    def __init__(self, *, opens: bool = True, takes: bool = True) -> None:
        self.opens, self.takes, self.content, self.calls = opens, takes, b"", list[str]()
        self.OpenPrinterW = self._named("open", lambda *_: opens)
        self.StartDocPrinterW = self._named("start", lambda *_: 1)
        self.WritePrinter = self._named("write", self._write)
        self.EndDocPrinter = self._named("end", lambda *_: 1)
        self.ClosePrinter = self._named("close", lambda *_: 1)

    def _named(self, name: str, does: Any) -> Any:
        def call(*arguments: Any) -> Any:
            self.calls.append(name)
            return does(*arguments)

        return call

    def _write(self, _printer: object, content: bytes, size: int, written: Any) -> int:
        if self.takes:
            self.content += content
            written._obj.value = size
        return self.takes


@pytest.mark.parametrize(
    ("spooler", "said"),
    [
        (FakeSpooler(), None),
        (FakeSpooler(opens=False), Trouble.UNPLUGGED),
        (FakeSpooler(takes=False), Trouble.HALF),
    ],
)
def test_a_printer_of_windows(monkeypatch: pytest.MonkeyPatch, spooler: FakeSpooler, said: Trouble | None) -> None:
    monkeypatch.setattr(ctypes, "WinDLL", lambda *_, **__: spooler, raising=False)
    assert trouble("windows:Receipt Printer", slip()) is said
    if said is None:
        assert (spooler.content, spooler.calls) == (slip(), ["open", "start", "write", "end", "close"])
    elif spooler.opens:
        assert spooler.calls[-1] == "close", "no printer is left open"


def test_a_picture_gives_no_orders() -> None:
    """To answer, to forget what is wrong, to turn itself off: a printer heeds these wherever they stand."""
    orders = [b"\x10\x04\x01", b"\x10\x05\x02", b"\x10\x14\x02"]
    drawn = escpos.harmless(b"\x10".join(orders))
    assert not any(order[:2] in drawn for order in orders)
    assert len(drawn) == 11 and drawn[3] == 0x10, "and is left alone otherwise"


# --- the simulator -----------------------------------------------------------------------------------------------------


def test_the_simulator_takes_no_nonsense() -> None:
    for content in (slip()[:-3], b"\x00" + slip(), escpos.PICTURE + b"\xff\xff" + slip()):
        with pytest.raises(UnreadableSlipError):
            list(decoded(content))


def test_chinese_outside_of_its_marks_is_garbled_as_on_paper() -> None:
    (one,) = decoded(escpos.START + "号".encode("gb18030") + escpos.CUT)
    assert "号" not in one.text
