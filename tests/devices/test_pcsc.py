"""The real PC/SC service: `pcscd` with vpcd, into which a virtual card of ours is plugged.

Where one of them is not installed (Debian: `pcscd`, `vsmartcard-vpcd`; `pip install pyscard`) it is skipped.
"""

import importlib.util
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

import pytest

from counter.devices import card_slot
from counter.devices.card_reader import SlotState, slot_state
from counter.devices.card_slot import PcscSlot
from counter.devices.simulated_card import ATR, VirtualCard, serve
from counter.devices.social_card import UnknownCardError, read_card
from tests.support.social_cards import OTHERS, THEIRS

DRIVER = next(Path("/usr/lib").glob("**/pcsc/drivers/serial/libifdvpcd.so"), None)
LACKING = [
    name
    for name, there in {
        "pcscd": shutil.which("pcscd"),
        "vsmartcard-vpcd": DRIVER,
        "pyscard": importlib.util.find_spec("smartcard"),
        "root": hasattr(os, "geteuid") and os.geteuid() == 0,
        "no other pcscd": not Path("/run/pcscd/pcscd.comm").exists(),
    }.items()
    if not there
]
pytestmark = pytest.mark.skipif(bool(LACKING), reason=f"not here: {', '.join(LACKING)}")


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port at which vpcd waits for a card; the service runs for as long as the tests."""
    number = next(number for number in range(20_000, 30_000, 2) if _is_free(number) and _is_free(number + 1))
    conf = tmp_path_factory.mktemp("reader.conf")
    where = f"/dev/null:0x{number:04X}"
    (conf / "vpcd").write_text(
        f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME {where}\nLIBPATH {DRIVER}\nCHANNELID 0x{number:04X}\n'
    )
    service = subprocess.Popen(["pcscd", "--foreground", "--config", str(conf)], stdout=subprocess.DEVNULL)
    try:
        _until(lambda: card_slot.found() != [])
        yield number
    finally:
        service.terminate()
        service.wait(timeout=20)


@contextmanager
def plugged(card: VirtualCard, port: int) -> Iterator[None]:
    """A card that lies in the slot for as long as the block runs."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as line:

        def answer() -> None:
            with suppress(OSError):
                serve(line, lambda _: card)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield
        line.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=20)


def _is_free(port: int) -> bool:
    """Below those that the system gives to whoever asks: vpcd takes the next one too."""
    with suppress(OSError), closing(socket.create_server(("0.0.0.0", port))):
        return True
    return False


def _until(condition: Callable[[], bool]) -> None:
    end = monotonic() + 20
    while not condition():
        assert monotonic() < end, "what was waited for did not come"
        sleep(0.05)


def test_cards_are_read_through_the_service_one_after_the_other(port: int) -> None:
    assert card_slot.found()[0].startswith("pcsc:Virtual PCD")
    assert slot_state("pcsc") is slot_state("pcsc:virtual") is SlotState.READY
    assert slot_state("pcsc:of another make") is SlotState.AWAY
    with closing(PcscSlot("virtual")) as slot:
        assert slot.look() == b""
        with plugged(VirtualCard(OTHERS), port):
            _until(lambda: slot.look() == ATR)
            assert read_card(slot.transmit) == OTHERS
        _until(lambda: slot.look() == b"")
        with plugged(VirtualCard(THEIRS, unknown=True), port):
            _until(lambda: slot.look() == ATR)
            with pytest.raises(UnknownCardError):
                read_card(slot.transmit)
        with pytest.raises(OSError, match="0x"):
            read_card(slot.transmit)
