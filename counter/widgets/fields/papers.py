"""The checklist of papers (材料), each with its image where there is one."""

from collections.abc import Callable, Sequence

from textual.message import Message

from counter.widgets.bound import bound
from counter.widgets.fields.choice import Option
from counter.widgets.fields.tick import TickField


class PapersField(TickField):
    """The papers handed over; F2 asks for the image (影像) of the one under the cursor."""

    BINDINGS = [bound("scan", "scan")]

    class ScanWanted(Message):
        """`paper` is the id of the paper whose image the clerk wants to attach."""

        def __init__(self, paper: str) -> None:
            super().__init__()
            self.paper = paper

    def __init__(self, options: Callable[[], Sequence[Option]]) -> None:
        super().__init__("papers", options)

    def action_scan(self) -> None:
        self.post_message(self.ScanWanted(str(self.ticks.options[self.ticks.cursor].value)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "scan" or bool(self.ticks.options)
