"""What lies on the ID-card reader, brought to the screen that can take it: never between two keys of a number."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from textual.app import App
from textual.message import Message
from textual.timer import Timer

from counter.i18n import t
from counter.rules.case import ReadDocument
from counter.rules.masking import mask_name

if TYPE_CHECKING:
    from counter.devices.reader import DocumentReader, News, ReaderState

LOOK_SECONDS: Final = 0.1
"""So often a document that waits is offered to the screen that stands then."""
QUIET_SECONDS: Final = 0.4
"""A clerk who types has not pressed a key for so long: what is read must not come between two digits."""
KEPT_SECONDS: Final = 60.0
"""A document laid down before a case was opened is the next customer's for so long."""


@runtime_checkable
class TakesDocuments(Protocol):
    """A screen that does something with a document that was read."""

    async def lay(self, read: ReadDocument) -> bool:
        """Take it; False where that cannot be yet."""


class ReaderNews(Message):
    """The reader has something to say."""

    def __init__(self, news: "News") -> None:
        super().__init__()
        self.news = news


class AtReader:
    """The reader of one counter. Its thread tells the app by a message, so that no key waits for a device.

    `last_key` says when the latest key was pressed, as `monotonic` tells it.
    """

    def __init__(self, app: App[Any], last_key: Callable[[], float]) -> None:
        self._app = app
        self._last_key = last_key
        self._reader: DocumentReader | None = None
        self._state: ReaderState | None = None
        self._read: ReadDocument | None = None
        self._read_at = 0.0
        self._offering: Timer | None = None

    def begin(self, address: str) -> None:
        """Look for documents at this address; '' for no reader."""
        if address:
            from counter.devices.port import SerialLine
            from counter.devices.reader import IdReader

            self._reader = IdReader(lambda: SerialLine(address))
            self._reader.start(self._tell)

    def _tell(self, news: "News") -> None:
        self._app.post_message(ReaderNews(news))

    def end(self) -> None:
        """No more."""
        if self._reader is not None:
            self._reader.stop()

    def told(self, news: "News") -> None:
        """Say how the reader is where that has changed for the worse, or for the better again; offer what was read."""
        from counter.devices.reader import ReaderState

        before, self._state = self._state, news if isinstance(news, ReaderState) else ReaderState.READY
        if not isinstance(news, ReaderState):
            self._keep(news)
        elif news is not before and news is not ReaderState.READY:
            self._app.notify(t(f"reader.{news}"), severity="warning", timeout=10)
        elif before not in {None, news}:
            self._app.notify(t("reader.ready"))

    def _keep(self, read: ReadDocument) -> None:
        """For the screen that takes it, now or as soon as there is one."""
        if self._is_locked:
            return
        self._read, self._read_at = read, monotonic()
        if not isinstance(self._app.screen, TakesDocuments):
            self._app.notify(t("reader.kept", name=mask_name(read.person.name)))
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
