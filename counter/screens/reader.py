"""What lies on a reader, brought to the screen that can take it: never between two keys of a number."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from textual.app import App
from textual.message import Message
from textual.timer import Timer

from counter.i18n import t
from counter.rules.case import ReadDocument
from counter.rules.masking import mask_card, mask_name
from counter.rules.read_card import ReadCard

if TYPE_CHECKING:
    from enum import StrEnum

    from counter.devices.card_reader import CardReader
    from counter.devices.reader import DocumentReader

Read = ReadDocument | ReadCard

READY: Final = "ready"
"""The state of any reader that is well."""
LOOK_SECONDS: Final = 0.1
"""So often a document that waits is offered to the screen that stands then."""
QUIET_SECONDS: Final = 0.4
"""A clerk who types has not pressed a key for so long: what is read must not come between two digits."""
KEPT_SECONDS: Final = 60.0
"""A document laid down before a case was opened is the next customer's for so long."""


@runtime_checkable
class TakesDocuments(Protocol):
    """A screen that does something with a document that was read."""

    async def lay(self, read: Read) -> bool:
        """Take it; False where that cannot be yet."""


class ReaderNews(Message):
    """A reader has something to say: how it is, or what it has read."""

    def __init__(self, by: "AtReader", news: "StrEnum | Read") -> None:
        super().__init__()
        self.by = by
        self.news = news


def whose(read: Read) -> dict[str, str]:
    """What was read, masked, as the catalogs name it."""
    if isinstance(read, ReadCard):
        return {"card": mask_card(read.number), "name": mask_name(read.name)}
    return {"name": mask_name(read.person.name)}


def of_documents(key: str, **params: str) -> str:
    """What the reader of identity documents says."""
    return t(f"reader.{key}", **params)


def of_cards(key: str, **params: str) -> str:
    """What the reader of social security cards says."""
    return t(f"card_reader.{key}", **params)


def said_by(read: Read) -> Callable[..., str]:
    """What the reader says that has read it."""
    return of_cards if isinstance(read, ReadCard) else of_documents


class AtReader:
    """A reader of the counter. Its thread tells the app by a message, so that no key waits for a device.

    `last_key` says when the latest key was pressed, as `monotonic` tells it; `say` has its sentences.
    """

    def __init__(self, app: App[Any], last_key: Callable[[], float], say: Callable[..., str]) -> None:
        self._app = app
        self._last_key = last_key
        self._say = say
        self._reader: DocumentReader | CardReader | None = None
        self._state: str = ""
        self._read: Read | None = None
        self._read_at = 0.0
        self._offering: Timer | None = None

    def begin(self, reader: "DocumentReader | CardReader | None") -> None:
        """Look for what is laid on this reader, if there is one."""
        self._reader = reader
        if reader is not None:
            reader.start(self._tell)

    def _tell(self, news: "StrEnum | Read") -> None:
        self._app.post_message(ReaderNews(self, news))

    def end(self) -> None:
        """No more."""
        if self._reader is not None:
            self._reader.stop()

    def told(self, news: "StrEnum | Read") -> None:
        """Say how the reader is where that has changed for the worse, or for the better again; offer what was read."""
        before, self._state = self._state, news if isinstance(news, str) else READY
        if not isinstance(news, str):
            self._keep(news)
        elif self._state not in {before, READY}:
            self._app.notify(self._say(news), severity="warning", timeout=10)
        elif before not in {"", news}:
            self._app.notify(self._say("ready"))

    def _keep(self, read: Read) -> None:
        """For the screen that takes it, now or as soon as there is one."""
        if self._is_locked:
            return
        self._read, self._read_at = read, monotonic()
        if not isinstance(self._app.screen, TakesDocuments):
            self._app.notify(self._say("kept", **whose(read)))
        if self._offering is None:
            self._offering = self._app.set_interval(LOOK_SECONDS, self._offer)

    @property
    def _is_locked(self) -> bool:
        return bool(getattr(self._app.screen, "locked", False))

    async def _offer(self) -> None:
        screen, now = self._app.screen, monotonic()
        if self._read is None or now - self._read_at > KEPT_SECONDS or self._is_locked:
            self._stop()
        elif isinstance(screen, TakesDocuments) and now - self._last_key() > QUIET_SECONDS:
            read = self._read
            if await screen.lay(read) and self._read is read:
                self._stop()

    def _stop(self) -> None:
        self._read = None
        if self._offering is not None:
            self._offering.stop()
            self._offering = None


def id_reader(address: str) -> "DocumentReader | None":
    """The reader of identity documents at this address; None for ''."""
    if not address:
        return None
    from counter.devices.port import SerialLine
    from counter.devices.reader import IdReader

    return IdReader(lambda: SerialLine(address))


def card_reader(setting: str) -> "CardReader | None":
    """The reader of social security cards that a setting names; None for ''."""
    if not setting:
        return None
    from counter.devices.card_reader import CardReader
    from counter.devices.card_slot import slot_at

    return CardReader(lambda: slot_at(setting))
