"""The findings beside their fields (宽屏): each on the line of its field, or right below the one before."""

from collections.abc import Iterator

from rich.text import Text
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from counter.i18n import sentence, t
from counter.rules.finding import Finding
from counter.terminal.wrapping import hang
from counter.widgets.lines import LEVEL_STYLES

Note = tuple[Widget, Finding]


class BesideFields(Widget):
    """A column that is painted anew and never laid out: a finding that comes or goes moves nothing else."""

    DEFAULT_CSS = "BesideFields { height: 100%; padding: 0 1; }"

    class Toggled(Message):
        """There is room for the column now, or no more."""

    notes: reactive[tuple[Note, ...]] = reactive((), layout=False)

    def on_mount(self) -> None:
        self.screen.screen_layout_refresh_signal.subscribe(self, self._moved, immediate=True)

    def on_show(self) -> None:
        self.post_message(self.Toggled())

    def on_hide(self) -> None:
        self.post_message(self.Toggled())

    def _moved(self, _screen: Screen[object]) -> None:
        """The fields may stand elsewhere now, or have been scrolled."""
        if self.notes:
            self.refresh()

    def render(self) -> Text:
        """From the top; what has no room any more is counted."""
        height, lines = self.size.height, list[Text]()
        notes = sorted(self.notes, key=lambda note: note[0].region.y)
        for place, (field, finding) in enumerate(notes):
            its_lines, left = list(self._said(finding)), len(notes) - place
            top = max(field.region.y - self.content_region.y, len(lines))
            if top + len(its_lines) > height - (1 if left > 1 else 0):
                more = t("screen.more_findings", count=left)
                return Text("\n").join([*_to(height - 1, lines), Text(more, style="quiet")])
            lines = [*_to(top, lines), *its_lines]
        return Text("\n").join(lines)

    def _said(self, finding: Finding) -> Iterator[Text]:
        level = t(f"screen.level.{finding.level}")
        first, *rest = hang(f"{level} ", f"{sentence(finding)} {finding.rule}", self.content_size.width)
        head = Text(first)
        head.stylize(LEVEL_STYLES[finding.level], 0, len(level))
        lines = [head, *map(Text, rest)]
        lines[-1].highlight_words([finding.rule], "quiet")
        return iter(lines)


def _to(top: int, lines: list[Text]) -> list[Text]:
    """The lines, as many as stand above `top`."""
    return [*lines, *(Text() for _ in range(top - len(lines)))][: max(top, 0)]
