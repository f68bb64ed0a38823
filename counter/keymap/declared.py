"""Every command that a key of the screen has, by the id under which ``keys.toml`` gives it another one.

The one place where a key stands: screens and widgets bind an id (`counter.widgets.bound`), sentences name one
(``{key.next}`` in a catalog). A command that stands on several screens has one id, and moves on all of them at once.

`fixed` are the keys of a form and of a list (Enter, Tab, the arrows, digits, Space): scanners, input methods and hands
count on them, so the file cannot change them. The other keys of editing a text are Textual's own, and have no id:
nothing of ours is done by them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

EVERYWHERE: Final = "everywhere"
INSIDE: Final = {
    "confirm": "case",
    "photo": "case",
    "parcel": "case",
    "case": "desk",
    "home": "desk",
    "find": "desk",
    "day": "desk",
    "audit": "desk",
    "counted": "desk",
    "ledger": "desk",
    "paper": "desk",
    "result": "desk",
    "authorise": "desk",
    "parcels": "desk",
    "batches": "desk",
    "columns": "desk",
    "roster": "desk",
    "unit": "desk",
    "collect": "desk",
    "desk": EVERYWHERE,
    "dialog": EVERYWHERE,
    "alarm": "dialog",
    "practice": "dialog",
    "sign_in": EVERYWHERE,
}
"""The place that a place is inside of: keys of both work there at once."""


@dataclass(frozen=True, slots=True)
class KeyCommand:
    """What one id stands for: its usual keys, the catalog key of what it does, and where it works."""

    keys: tuple[str, ...]
    does: str
    places: tuple[str, ...]
    fixed: bool = False


def _on(keys: str, does: str, *places: str, fixed: bool = False) -> KeyCommand:
    return KeyCommand(tuple(keys.split(",")), does, places, fixed)


COMMANDS: Final[dict[str, KeyCommand]] = {
    "back": _on("escape", "key.back", EVERYWHERE),
    "lock": _on("ctrl+l", "key.lock", EVERYWHERE),
    "quit": _on("ctrl+q", "key.quit", EVERYWHERE),
    "palette": _on("ctrl+p", "key.palette", EVERYWHERE),
    "customers": _on("f12", "key.customers", EVERYWHERE),
    "lay-card": _on("ctrl+o", "key.lay_card", EVERYWHERE),
    "help": _on("f1", "key.help", "desk", "dialog"),
    "reveal": _on("f6", "key.reveal", "case", "authorise", "parcels", "roster", "collect"),
    "find": _on("f3", "key.find", "home", "roster", "collect"),
    "next-problem": _on("f8", "key.next_problem", "case", "roster", "unit"),
    "ask": _on("f5", "key.ask_province", "case", "collect"),
    # sign-in
    "scroll-back": _on("pageup", "key.scroll", "sign_in"),
    "scroll": _on("pagedown", "key.scroll", "sign_in"),
    # home
    "other": _on("tab,shift+tab", "key.other_list", "home", "parcels", fixed=True),
    "discard": _on("delete", "key.discard", "home"),
    "batches": _on("f7", "key.batches", "home"),
    "parcels": _on("f2", "key.parcels", "home"),
    "news": _on("f8", "key.news", "home"),
    "alarms": _on("f6", "key.alarms", "home"),
    "day": _on("f9", "key.day", "home"),
    # a case
    "next": _on("f10", "key.next", "case", "unit"),
    "hold": _on("f4", "key.hold", "case"),
    "refer": _on("f7", "key.refer", "case"),
    "step-before": _on("pageup", "key.step_before", "case"),
    "step-after": _on("pagedown", "key.step_after", "case"),
    **{f"step-{number}": _on(f"alt+{number}", "key.step", "case") for number in range(1, 9)},
    "undo": _on("ctrl+z", "key.undo", "case"),
    "redo": _on("ctrl+y", "key.redo", "case"),
    "scan": _on("f2", "key.scan", "case"),
    "read": _on("f2", "key.read_text", "case"),
    "photo-turn": _on("ctrl+r", "key.photo_turn", "photo"),
    "photo-frame": _on("ctrl+t", "key.photo_frame", "photo"),
    "photo-white": _on("ctrl+g", "key.photo_white", "photo"),
    "photo-left": _on("ctrl+left", "key.photo_left", "photo"),
    "photo-right": _on("ctrl+right", "key.photo_right", "photo"),
    "photo-up": _on("ctrl+up", "key.photo_up", "photo"),
    "photo-down": _on("ctrl+down", "key.photo_down", "photo"),
    "photo-closer": _on("alt+up", "key.photo_closer", "photo"),
    "photo-further": _on("alt+down", "key.photo_further", "photo"),
    "read-list": _on("f3", "key.read_list", "parcel"),
    "take-off": _on("f9", "key.take_off", "parcel"),
    "section": _on("1,2,3,4,5,6,7,8", "key.section", "confirm", fixed=True),
    "read-on": _on("space", "key.read_on", "confirm", fixed=True),
    "record": _on("f10", "key.record", "confirm", "dialog"),
    "preview": _on("f2,f3", "key.preview", "confirm", "dialog"),
    "follow-up": _on("f8", "key.follow_up", "result"),
    "letter": _on("f9", "key.letter", "result"),
    # papers, the ledger, the day, the supervisor
    "save": _on("f2", "key.save_slip", "paper", "result"),
    "languages": _on("f3", "key.languages", "paper", "result", "dialog"),
    "print": _on("f7", "key.print_slip", "paper", "result"),
    "slip": _on("f2", "key.slip", "ledger"),
    "reverse": _on("f7", "key.reverse", "ledger"),
    "correct": _on("f4", "key.correct", "ledger"),
    "write-off": _on("f8", "key.write_off", "ledger"),
    "close-day": _on("f10", "key.close_day", "day"),
    "reopen-day": _on("f8", "key.reopen_day", "day"),
    "report": _on("f2", "key.report", "day"),
    "sync": _on("f5", "key.sync", "day"),
    "audit": _on("f7", "key.audit", "day"),
    "till": _on("f3", "key.till", "day"),
    "blanks": _on("f4", "key.blanks", "day"),
    "note": _on("f2", "key.note", "counted"),
    "count": _on("f10", "key.count", "counted"),
    "deeds": _on("f5", "key.deeds", "audit"),
    "authorise": _on("f10", "key.authorise", "authorise"),
    "give-back": _on("f7", "key.give_back", "authorise"),
    # parcels
    "receive": _on("f2", "key.receive", "parcels"),
    "told": _on("f4", "key.told", "parcels"),
    "next-untold": _on("f8", "key.next_untold", "parcels"),
    # rosters
    "import-roster": _on("f3", "key.import_roster", "batches"),
    "read-roster": _on("f10", "key.import_roster", "columns"),
    "not-read": _on("delete", "key.not_read", "columns"),
    "submit": _on("f10", "key.submit", "roster"),
    "more": _on("f9", "key.more", "roster"),
    "filter": _on("f5", "key.filter", "roster"),
    "sort": _on("f7", "key.sort", "roster"),
    "unit": _on("f4", "key.unit", "roster"),
    "next-open": _on("f8", "key.next_open", "collect"),
    "sign-all": _on("f10", "key.sign_all", "collect"),
    "signer": _on("f4", "key.sign", "collect"),
    # the grid of a roster
    "grid-edit": _on("f2", "key.edit", "roster"),
    "grid-undo": _on("ctrl+z", "key.undo", "roster"),
    "grid-redo": _on("ctrl+y", "key.redo", "roster"),
    "grid-fill": _on("ctrl+d", "key.fill_down", "roster"),
    "grid-clear": _on("delete", "key.clear_cells", "roster"),
    # Not every keyboard has Insert, and Ctrl+Insert and Shift+Insert are many terminals' own copy and paste.
    "grid-insert": _on("insert,ctrl+n", "key.insert_row", "roster"),
    "grid-delete": _on("ctrl+delete,ctrl+k", "key.delete_rows", "roster"),
    "grid-duplicate": _on("ctrl+r", "key.duplicate_rows", "roster"),
    "grid-copy": _on("ctrl+c,super+c", "key.copy", "roster"),
    "grid-paste": _on("ctrl+v,super+v", "key.paste", "roster"),
    # dialogs
    "agree": _on("f10", "key.go_on", "dialog"),
    "acknowledge": _on("f10", "key.acknowledge", "alarm"),
    "leave-practice": _on("f4", "key.leave_practice", "practice"),
    # forms and lists
    "accept": _on("enter", "key.accept", EVERYWHERE, fixed=True),
    "choose": _on("1,2,3,4,5,6,7,8,9", "key.choose", EVERYWHERE, fixed=True),
    "tick": _on("space", "key.tick", EVERYWHERE, fixed=True),
    "tick-all": _on("0", "key.tick_all", EVERYWHERE, fixed=True),
    "complete": _on("tab", "key.complete", EVERYWHERE, fixed=True),
    "erase": _on("backspace", "key.erase", "roster", fixed=True),
    "copy": _on("ctrl+c,super+c", "key.copy", EVERYWHERE, fixed=True),
    "cut": _on("ctrl+x,super+x", "key.cut", EVERYWHERE, fixed=True),
    "walk": _on(
        "up,down,left,right,home,end,pageup,pagedown,ctrl+home,ctrl+end,tab,shift+tab",
        "key.walk",
        EVERYWHERE,
        fixed=True,
    ),
    "extend": _on(
        "shift+up,shift+down,shift+left,shift+right,shift+home,shift+end,shift+pageup,shift+pagedown"
        ",ctrl+shift+home,ctrl+shift+end",
        "key.extend",
        "roster",
        fixed=True,
    ),
}


def around(place: str) -> Iterator[str]:
    """A place and those that it is inside of."""
    yield place
    while place in INSIDE:
        place = INSIDE[place]
        yield place


def meet(one: str, other: str) -> bool:
    """Do two commands ever work at once?"""
    pairs = product(COMMANDS[one].places, COMMANDS[other].places)
    return any(here in around(there) or there in around(here) for here, there in pairs)
