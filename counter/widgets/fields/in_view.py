"""The focus is always on the screen: whatever has it, and the line of it where the clerk is, is scrolled into view."""

from typing import Protocol, runtime_checkable

from textual.geometry import Region
from textual.widget import Widget

from counter.widgets.fields.field import Field


@runtime_checkable
class Tall(Protocol):
    """A widget of several lines, in one of which the clerk is."""

    @property
    def line_here(self) -> Region:
        """The lines where the clerk is, in the widget's own coordinates."""


def keep_in_view(focused: Widget) -> None:
    """Scroll what has the focus into view: the field with its label or, where it is taller than the room, the line."""
    field = next((node for node in focused.ancestors if isinstance(node, Field)), focused)
    for container in focused.ancestors:
        if isinstance(container, Widget) and container.allow_vertical_scroll:
            _scroll(container, field.region, focused)


def line_of(focused: Widget) -> Region:
    """The lines of a focused widget that must be seen, on the screen."""
    region = focused.region
    return focused.line_here.translate(region.offset) if isinstance(focused, Tall) else region


def _scroll(container: Widget, field: Region, focused: Widget) -> None:
    window, wanted = container.scrollable_content_region, field
    if wanted.height > window.height:
        wanted = line_of(focused)
    if by := Region.get_scroll_to_visible(window, wanted, top=wanted.height > window.height).y:
        by = min(wanted.y - window.y, wanted.y + wanted.height // 2 - window.y - window.height // 2)  # what follows too
        container.scroll_to(y=container.scroll_y + by, animate=False, immediate=True)
