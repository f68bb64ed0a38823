"""Where the fields of a form stand, one below the other."""

from textual.containers import VerticalScroll


class FormArea(VerticalScroll, can_focus=False):
    """Up and Down move between its fields; where it has the focus itself they scroll."""

    def action_scroll_down(self) -> None:
        """Down goes to the next field: the one that has the focus is not scrolled away. Without a field it scrolls."""
        if self.has_focus:
            super().action_scroll_down()
        else:
            self.screen.focus_next()

    def action_scroll_up(self) -> None:
        """Up likewise."""
        if self.has_focus:
            super().action_scroll_up()
        else:
            self.screen.focus_previous()
