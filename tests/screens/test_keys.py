"""Keys by id: each has one, it can be put elsewhere, and the screen says where it is and takes it as a click too."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.binding import Binding
from textual.dom import DOMNode
from textual.widgets import Input

import counter.screens
import counter.widgets
from counter import i18n
from counter.app import CounterApp
from counter.desk.desk import Desk
from counter.keymap.declared import COMMANDS, around
from counter.keymap.file import FILE, KeyFile
from counter.rules.service import StepId
from counter.screens import standstill
from counter.screens.case.result import ResultScreen
from counter.screens.dialogs.help import HelpScreen
from counter.screens.dialogs.lock import LockScreen
from counter.screens.home import HomeScreen
from counter.screens.palette import PaletteScreen
from counter.settings import Settings
from counter.terminal.textual_private import have_alt_with_digits
from counter.widgets.lines import KeysLine
from counter.widgets.prose import Prose
from tests.support.screen_world import Clerk, Sitting, at, drawn, without

CATALOGS = Path(counter.widgets.__file__).parent.parent / "locale"
NAMED_KEY = re.compile(r"(?<![A-Za-z])(F\d\d?|Esc|Ctrl\+[A-Z]|Alt\+\w|PgUp|PgDn|Del)(?![A-Za-z\d])")
NOT_OURS = {"cli.serving": "Ctrl+C", "practice.mend": "Ctrl+U", "screen.lines_below": "PgDn"}
"""The shell's own key, one of every input, and one of all that scrolls: nobody moves these."""


@pytest.fixture(autouse=True)
def _usual_keys() -> Iterator[None]:
    yield
    i18n.use_keys(KeyFile())
    i18n.use_language("zh_CN")


@pytest.fixture
def keys(settings: Settings) -> Path:
    return settings.home / FILE


def classes() -> Iterator[type[DOMNode]]:
    """Every class of ours that binds keys."""
    modules = [importlib.import_module("counter.app")]
    for package in (counter.screens, counter.widgets):
        found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        modules += [importlib.import_module(each.name) for each in found]
    for module in modules:
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, DOMNode) and thing.__module__ == module.__name__:
                yield thing


# --- each has an id ----------------------------------------------------------------------------------------------------


def test_every_binding_has_the_id_of_a_command() -> None:
    """Hidden ones and those of the whole program too. Textual's own of an Input (Ctrl+U, Ctrl+left...) edit a text and
    do nothing of ours: they have none, and no command may be put on them."""
    bound, seen = set(), 0
    for each in classes():
        for binding in vars(each).get("BINDINGS", ()):
            assert isinstance(binding, Binding), each
            assert binding.id in COMMANDS, (each, binding)
            assert set(binding.key.split(",")) <= set(COMMANDS[binding.id].keys), (each, binding)
            bound.add(binding.id)
            seen += 1
    assert bound == set(COMMANDS), "a command that no key of a screen has"
    assert seen > 100


async def test_keys_work_where_it_is_said_that_they_do(clerk: Clerk) -> None:
    def assert_here(place: str) -> None:
        ours = [each for each in clerk.screen.active_bindings.values() if each.binding.id]
        assert len(ours) > 5
        for _, binding, *_ in ours:
            assert set(COMMANDS[str(binding.id)].places) & set(around(place)), (place, binding)

    assert_here("home")
    await at(clerk, "details")
    assert_here("case")
    await at(clerk, "photo")
    assert_here("photo")
    await at(clerk, "confirm")
    assert_here("confirm")


@pytest.mark.parametrize("file", sorted(CATALOGS.rglob("*.toml")), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_sentence_names_a_key_by_its_command(file: Path) -> None:
    for line in file.read_text("utf-8").splitlines():
        name, _, text = line.partition(" = ")
        if line.startswith("#"):
            continue
        said = set(NAMED_KEY.findall(text)) - {NOT_OURS.get(f"{file.stem}.{name}")}
        assert not said, line
        assert set(re.findall(r"\{key\.([\w-]+)\}", text)) <= set(COMMANDS), line


# --- put elsewhere -------------------------------------------------------------------------------------------------------


async def test_a_key_that_was_moved_works_and_the_one_before_does_not(sitting: Sitting, desk: Desk, keys: Path) -> None:
    keys.write_text('find = "alt+s"\nlock = "alt+l"\nback = "f11"\nbatches = "f3"\n')
    async with sitting(desk) as clerk:
        assert "Alt+S 查找" in clerk.line("F9")
        await clerk.types("alt+s")
        assert type(clerk.screen).__name__ == "FindScreen"
        await clerk.types("escape")
        assert type(clerk.screen).__name__ == "FindScreen"
        await clerk.types("f11")
        assert isinstance(clerk.screen, HomeScreen)
        await clerk.types("ctrl+l")
        assert isinstance(clerk.screen, HomeScreen)
        await clerk.types("alt+l")
        assert isinstance(clerk.screen, LockScreen)


async def test_alt_is_no_text_as_terminals_send_it(sitting: Sitting, desk: Desk, keys: Path) -> None:
    keys.write_text('help = "alt+h"\n')
    async with sitting(desk) as clerk:
        await at(clerk, "identity", without("holder.name"))
        clerk._send(sent("\x1bh"))
        await clerk.rest()
        assert isinstance(clerk.screen, HelpScreen)
        await clerk.types("escape")
        assert isinstance(clerk.app.focused, Input) and "h" not in clerk.app.focused.value


def test_alt_with_a_digit_is_a_key() -> None:
    have_alt_with_digits()
    assert [sent(f"\x1b{digit}").key for digit in range(1, 9)] == [
        key for n in range(1, 9) for key in COMMANDS[f"step-{n}"].keys
    ]


def sent(sequence: str) -> events.Key:
    """The key that a terminal sends so."""
    parser = XTermParser()
    found = [*parser.feed(sequence), *parser.feed("")]
    assert len(found) == 1 and isinstance(found[0], events.Key), found
    return found[0]


async def test_it_is_shown_everywhere_as_it_is(sitting: Sitting, desk: Desk, keys: Path) -> None:
    keys.write_text(
        'help = "f11"\nhold = "shift+f4"\nnext = "f9"\ntake-off = "f6"\nreveal = "alt+r"\nback = "f12"\ncustomers = "alt+c"\n'
    )
    async with sitting(desk, size=(120, 40)) as clerk:
        await at(clerk, "details")
        line = clerk.lines()[-1]
        assert "F9 下一步" in line and "F11 帮助" in line and "F12 返回" in line and "Shift+F4 挂起" in line
        assert "F11 依据" in clerk.text
        await clerk.types("f11")
        assert isinstance(clerk.screen, HelpScreen)
        said = "\n".join(line for prose in clerk.screen.query(Prose) for line in drawn(prose))
        assert "Shift+F4   挂起" in said and "按 F12 关闭" in said
        await clerk.types("f11")
        await clerk.types("ctrl+p", *"挂起")
        assert isinstance(clerk.screen, PaletteScreen)
        assert "Shift+F4" in clerk.line("按键")


async def test_the_way_on_never_leaves_a_narrow_line(sitting: Sitting, desk: Desk, keys: Path) -> None:
    keys.write_text('help = "alt+h"\nnext = "ctrl+n"\nback = "ctrl+b"\n')
    async with sitting(desk, size=(60, 15)) as clerk:
        await at(clerk, "details")
        line = clerk.lines()[-1]
        assert "Ctrl+N 下一步" in line and "Alt+H 帮助" in line and "Ctrl+B 返回" in line


async def test_recording_is_guarded_on_the_key_that_it_was_moved_to(
    sitting: Sitting, desk: Desk, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.write_text('record = "f11"\n')
    monkeypatch.setattr(standstill, "STILL_SECONDS", 0.5)
    async with sitting(desk) as clerk:
        await at(clerk, "confirm")
        await clerk.reads_to_the_end()
        since = clerk.case.recording.still.drawn_at
        assert since is not None
        await clerk.presses("f11", at=since + 0.4)
        assert "请核对后再按 F11" in clerk.text
        await clerk.presses("f10", at=since + 60)
        assert clerk.open.step is StepId.CONFIRM and desk.store.ledger.count() == 0, "F10 goes on, and records nothing"
        await clerk.presses("f11", at=since + 0.6)
        assert isinstance(clerk.screen, ResultScreen)
        assert desk.store.ledger.count() == 1


@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_what_is_wrong_is_said_at_the_start_and_the_usual_keys_stay(
    sitting: Sitting, desk: Desk, keys: Path, language: str
) -> None:
    keys.write_text('find = "f"\nlock = "f9"\nday = "f11"\nnope = "f3"\n')
    i18n.use_language(language)
    async with sitting(desk) as clerk:
        said = [note.message for note in clerk.app._notifications]
        assert len(said) == 3
        assert "find" in said[0] and "F3" in said[0] and "lock" in said[1] and "Ctrl+L" in said[1] and "nope" in said[2]
        assert "F11" in clerk.lines()[-1]
        await clerk.types("f3")
        assert type(clerk.screen).__name__ == "FindScreen"


async def test_a_file_that_cannot_be_read_stops_nobody(sitting: Sitting, desk: Desk, keys: Path) -> None:
    keys.write_text("find = = 3")
    async with sitting(desk) as clerk:
        assert [f"{keys}:1" in note.message for note in clerk.app._notifications] == [True]
        assert "F3 查找" in clerk.text


# --- the mouse -----------------------------------------------------------------------------------------------------------


async def click(clerk: Clerk, does: str) -> None:
    """Click on what a key on the last line does."""
    from rich.cells import cell_len

    line = clerk.lines()[-1]
    assert does in line, line
    await clerk.pilot.click(KeysLine, offset=(cell_len(line[: line.index(does)]), 0))
    await clerk.rest()


async def test_a_click_on_the_key_line_is_the_key_and_leaves_the_focus(sitting: Sitting, desk: Desk) -> None:
    async with sitting(desk, size=(120, 40)) as clerk:
        await at(clerk, "details")
        field = clerk.app.focused
        assert isinstance(field, Input)
        await click(clerk, "显示")
        assert clerk.case.revealed
        assert clerk.app.focused is field
        await click(clerk, "帮助")
        assert isinstance(clerk.screen, HelpScreen)
        await clerk.types("escape")
        assert clerk.app.focused is field
        await clerk.pilot.click(KeysLine, offset=(119, 0))
        assert clerk.app.focused is field, "behind the last key nothing happens"
        await click(clerk, "返回")
        assert clerk.open.step != "details"
        await click(clerk, "挂起")
        assert isinstance(clerk.screen, HomeScreen)


async def test_each_key_that_is_shown_can_be_clicked(clerk: Clerk) -> None:
    await at(clerk, "details")
    pressed: list[str] = []
    line = clerk.one(KeysLine)
    put = clerk.app.typeahead.put
    clerk.app.typeahead.put = lambda event: pressed.append(getattr(event, "key", ""))  # type: ignore[method-assign]
    shown, left = line._fitting(), 0
    for key in shown:
        await clerk.pilot.click(KeysLine, offset=(left + 1, 0))
        await clerk.pilot.click(KeysLine, offset=(left + key.width - 1, 0))
        left += key.width
    await clerk.pilot.pause()
    clerk.app.typeahead.put = put  # type: ignore[method-assign]
    assert pressed == [key.key for key in shown for _ in range(2)]


async def test_a_click_records_nothing_unseen(sitting: Sitting, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standstill, "STILL_SECONDS", 0.05)
    async with sitting(desk) as clerk:
        await at(clerk, "confirm")
        await clerk.reads_to_the_end()
        standing: Any = clerk.case.recording.still
        while not standing.stands:
            await clerk.pilot.pause(0.02)
        monkeypatch.setattr(standstill, "STILL_SECONDS", 1e6)
        await click(clerk, "记账")
        assert desk.store.ledger.count() == 0
        monkeypatch.setattr(standstill, "STILL_SECONDS", 0.05)
        await click(clerk, "记账")
        assert desk.store.ledger.count() == 1


def test_the_program_has_its_keys_before_its_first_frame(settings: Settings, keys: Path) -> None:
    keys.write_text('hold = "f11"\n')
    app = CounterApp(settings)
    assert app.keys.moved == {"hold": ("f11",)}
    assert "F11" in i18n.t("practice.task.stop.hold")
