"""The reader of social security cards (社保卡读卡器): looked at in a thread of its own, it says what it reads and how
it is. A card that was read, or is none of ours, is left alone until it has gone."""

import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from counter.devices.card_slot import CardSlot, NoDriverError, slot_at
from counter.devices.social_card import UnknownCardError, UnreadableSocialCardError, read_card
from counter.rules.read_card import ReadCard

TRIES: Final = 3
"""So often is a card tried before the clerk is told."""


class SlotState(StrEnum):
    """How the reader is; `card_reader.<state>` in the catalogs is the sentence, with what to do."""

    READY = "ready"
    NO_DRIVER = "no_driver"  # no PC/SC on this machine
    AWAY = "away"  # no such reader
    UNREADABLE = "unreadable"  # a card that cannot be read
    UNKNOWN = "unknown"  # a card that has no social application


CardNews = SlotState | ReadCard


@dataclass(frozen=True, slots=True)
class SlotPace:
    """How patient the reader is, in seconds."""

    between: float = 0.3
    """Between two looks for a card."""
    again: float = 2.0
    """Until a slot is looked for again that was lost."""


@dataclass
class CardReader:
    """A slot that `open_slot` opens; unplugged and plugged in again it is found again."""

    open_slot: Callable[[], CardSlot]
    pace: SlotPace = SlotPace()
    _stopped: threading.Event = field(default_factory=threading.Event)
    _state: SlotState | None = None
    _settled: bytes = b""
    """What the card says of itself that lies there and of which all has been said."""
    _failed: int = 0

    def start(self, told: Callable[[CardNews], None]) -> None:
        """Look until it is stopped, in a thread that dies with the program; `told` is called from there."""
        threading.Thread(target=self._run, args=(told,), name="card-reader", daemon=True).start()

    def stop(self) -> None:
        """No more; returns at once."""
        self._stopped.set()

    def _run(self, told: Callable[[CardNews], None]) -> None:
        while not self._stopped.is_set():
            try:
                with closing(self.open_slot()) as slot:
                    self._watch(slot, told)
            except NoDriverError:
                self._tell(SlotState.NO_DRIVER, told)
            except (OSError, ValueError):
                self._tell(SlotState.AWAY, told)
            self._stopped.wait(self.pace.again)

    def _watch(self, slot: CardSlot, told: Callable[[CardNews], None]) -> None:
        while not self._stopped.is_set():
            card = slot.look()
            if not card:
                self._settled, self._failed = b"", 0
                self._tell(SlotState.READY, told)
            elif card != self._settled:
                self._try(card, slot, told)
            self._stopped.wait(self.pace.between)

    def _try(self, card: bytes, slot: CardSlot, told: Callable[[CardNews], None]) -> None:
        try:
            read = read_card(slot.transmit)
        except UnknownCardError:
            self._settled = card
            self._tell(SlotState.UNKNOWN, told)
        except (UnreadableSocialCardError, OSError):  # pulled out, or spoilt
            self._failed += 1
            if self._failed % TRIES == 0:
                self._tell(SlotState.UNREADABLE, told)
        else:
            self._settled, self._failed, self._state = card, 0, SlotState.READY
            told(read)

    def _tell(self, state: SlotState, told: Callable[[CardNews], None]) -> None:
        before, self._state = self._state, state
        if before is not state:
            told(state)


def slot_state(setting: str) -> SlotState:
    """Is the slot there that a setting names? For a thread: it waits for a device."""
    try:
        with closing(slot_at(setting)) as slot:
            slot.look()
            return SlotState.READY
    except NoDriverError:
        return SlotState.NO_DRIVER
    except (OSError, ValueError):
        return SlotState.AWAY
