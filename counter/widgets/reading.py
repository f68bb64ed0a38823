"""Nothing is hidden without a sign: how far what scrolls has been read, and how many lines of it are below its edge."""

from collections.abc import Callable

from textual.widget import Widget

from counter.i18n import t


class ReadSoFar:
    """How far a scrolled widget has been on the screen; `changed` is called when more of it has, or less is below.

    `below` are the lines under its edge now, `unseen` those that have not been on the screen at all.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self.below = 0
        self.unseen = 0
        self._changed = changed
        self._scrolled: Widget | None = None
        self._width = 0
        self._seen = 0
        """The lowest line that has been on the screen."""

    def follow(self, scrolled: Widget) -> None:
        """Read this from here on, from its top."""
        self._scrolled, self._seen, self._width = scrolled, 0, 0
        scrolled.watch(scrolled, "scroll_y", self.look, init=False)
        scrolled.screen.screen_layout_refresh_signal.subscribe(scrolled, lambda _: self.look())

    def look(self) -> None:
        """Take in what stands on the screen now."""
        scrolled = self._scrolled
        if scrolled is None or not scrolled.is_attached or not scrolled.size:
            return
        bottom, lines = scrolled.scroll_offset.y + scrolled.size.height, scrolled.virtual_size.height
        again = scrolled.size.width != self._width  # in another width the lines are others
        self._seen, self._width = max(0 if again else self._seen, bottom), scrolled.size.width
        counted = max(0, lines - bottom), max(0, lines - self._seen)
        if counted != (self.below, self.unseen):
            self.below, self.unseen = counted
            self._changed()

    def read_on(self) -> bool:
        """Show the first lines that have not been seen; are there any?"""
        self.look()
        if self._scrolled is not None and self.unseen:
            self._scrolled.scroll_to(y=self._seen - 1, animate=False, force=True)
        return bool(self.unseen)

    @property
    def said(self) -> str:
        """How many lines are below, and the key for them; '' for none."""
        return t("screen.lines_below", count=self.below) if self.below else ""
