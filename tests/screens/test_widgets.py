"""The widgets alone: rows, lines, the photo, wrapping."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from counter import i18n
from counter.gateway.seeding.portraits import portrait
from counter.look.painted import PaintedApp
from counter.rules.finding import Finding, stop, tell
from counter.rules.photo import open_photo
from counter.rules.portrait import AS_IT_IS
from counter.rules.reference import PhotoSpec
from counter.screens.options import choices, find_bank
from counter.widgets.fields.choice import (
    Choice,
    ChoiceField,
    Option,
)
from counter.widgets.fields.field import Field
from counter.widgets.fields.search import SearchField
from counter.widgets.fields.text import (
    DateField,
    TextField,
    read_date,
)
from counter.widgets.fields.tick import TickField
from counter.widgets.lines import FindingsStrip, KeysLine, spread
from counter.widgets.photo import PhotoView, half_blocks, paint
from tests.support.made_up import REFERENCE


class Bench(PaintedApp[None]):
    """Shows widgets and remembers what they said."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "works", "key.sync"),
        Binding("f7", "rests", "key.print_slip"),
        Binding("f9", "hidden", "key.day"),
    ]

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self.widgets = widgets
        self.said: list[Message] = []

    def compose(self) -> ComposeResult:
        yield from self.widgets

    def on_field_changed(self, event: Field.Changed) -> None:
        self.said.append(event)

    def on_field_accepted(self, event: Field.Accepted) -> None:
        self.said.append(event)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return {"rests": None, "hidden": False}.get(action, True)

    def action_works(self) -> None:
        """Nothing."""

    def action_rests(self) -> None:
        """Nothing."""

    def action_hidden(self) -> None:
        """Nothing."""

    def get_key_display(self, binding: Binding) -> str:
        return binding.key.upper()

    @property
    def values(self) -> list[object]:
        return [event.value for event in self.said if isinstance(event, Field.Changed)]


# --- rows -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("20180301", date(2018, 3, 1)),
        ("2018-03-01", date(2018, 3, 1)),
        ("2018.3.1", date(2018, 3, 1)),
        ("2018/3/1", date(2018, 3, 1)),
        ("2018年3月1日", date(2018, 3, 1)),
        ("２０１８ ３ １", date(2018, 3, 1)),
        ("20180229", None),
        ("2018-13-01", None),
        ("180301", None),
        ("99999-01-01", None),
        ("长期", None),
        ("", None),
    ],
)
def test_dates_as_people_type_them(typed: str, day: date | None) -> None:
    assert read_date(typed) == day


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_none(text: str) -> None:
    assert read_date(text) is None or isinstance(read_date(text), date)


async def test_a_date_that_may_be_long_term() -> None:
    row = DateField("holder.document.valid_to", long_term=True)
    async with Bench(row).run_test() as pilot:
        row.show("long_term")
        assert row.input.value == "长期"
        row.show(date(2030, 1, 2))
        assert row.input.value == "2030-01-02"
        row.input.focus()
        row.input.value = "cq"
        await pilot.press("enter")
        assert row.input.value == "长期"


async def test_a_date_taken_up_again_is_cleared_from_its_end() -> None:
    row = DateField("holder.document.valid_to", long_term=True)
    async with Bench(row).run_test() as pilot:
        row.input.focus()
        await pilot.press(*"20350101", "enter")
        assert row.input.value == "2035-01-01"
        await pilot.press("ctrl+u")
        assert row.input.value == ""


async def test_what_the_case_says_does_not_overwrite_what_is_being_typed() -> None:
    row = TextField("holder.mobile", clean=str.strip)
    async with Bench(row).run_test() as pilot:
        row.input.focus()
        await pilot.press("1", "3", "space")
        row.show("13")
        assert row.input.value == "13 "
        row.show("139")
        assert row.input.value == "139"


async def test_a_search_opens_its_matches_and_enter_takes_the_one_under_the_cursor() -> None:
    banks = REFERENCE.banks
    row = SearchField("bank", find_bank(REFERENCE, lambda: banks), lambda id: banks[id].zh)
    bench = Bench(row)
    async with bench.run_test() as pilot:
        row.input.focus()
        await pilot.press("g", "s", "y", "h")
        assert row.matches.display
        assert row.matches.options[0].value == "icbc"
        await pilot.press("enter")
        assert not row.matches.display
        assert bench.values == ["icbc"]
        assert row.input.value == banks["icbc"].zh
        assert any(isinstance(event, Field.Accepted) for event in bench.said)


async def test_a_search_that_is_emptied_empties_the_field() -> None:
    banks = REFERENCE.banks
    row = SearchField("bank", find_bank(REFERENCE, lambda: banks), lambda id: banks[id].zh)
    bench = Bench(row)
    async with bench.run_test() as pilot:
        row.show("abc")
        row.input.focus()
        row.input.value = ""
        await pilot.pause()
        assert bench.values == [""]
        row.input.value = "zzz"
        await pilot.press("enter")
        assert row.problem


async def test_ticks_keep_what_another_step_ticked() -> None:
    row = TickField("papers", lambda: [Option("a", "A"), Option("b", "B")])
    bench = Bench(row)
    async with bench.run_test() as pilot:
        row.show(("photo_receipt", "b"))
        row.ticks.focus()
        await pilot.press("1")
        assert bench.values[-1:] == [("photo_receipt", "a", "b")]
        row.show(bench.values[-1])
        await pilot.press("2")
        assert bench.values[-1:] == [("photo_receipt", "a")]


async def test_a_choice_by_digit_arrow_and_enter() -> None:
    row = ChoiceField("mode", lambda: choices("mode", ("same_number", "new_number", "change_bank")), tall=True)
    bench = Bench(row)
    async with bench.run_test() as pilot:
        row.choice.focus()
        await pilot.press("down", "down", "up", "9")
        assert bench.values == ["same_number", "new_number", "same_number"]
        assert not any(isinstance(event, Field.Accepted) for event in bench.said), "there is no ninth"
        await pilot.press("3")
        assert bench.values[-1] == "change_bank"
        assert isinstance(bench.said[-1], Field.Accepted)


async def test_a_choice_that_does_not_fit_shows_one_at_a_time() -> None:
    choice = Choice([Option(n, "很长的选项" * 3) for n in range(6)])
    async with Bench(choice).run_test(size=(60, 5)) as pilot:
        choice.chosen = 2
        await pilot.pause()
        line = choice.render().plain
        assert cell_len(line) <= 60
        assert "1-6" in line


# --- lines ------------------------------------------------------------------------------------------------------------


async def test_the_keys_line_quietens_what_does_not_apply_and_drops_what_is_not_there() -> None:
    keys = KeysLine()
    async with Bench(keys).run_test() as pilot:
        await pilot.pause()
        line = keys.render()
        assert "F5 同步" in line.plain
        assert "F7 打印回执单" in line.plain
        assert "F9" not in line.plain

        def quiet(key: str) -> bool:
            at = line.plain.index(key)
            return any(span.start <= at < span.end and span.style == "quiet" for span in line.spans)

        assert quiet("F7")
        assert not quiet("F5")


def many(count: int) -> tuple[Finding, ...]:
    return tuple(stop("APP-1", "text.name_empty", f"field{n}") for n in range(count))


async def painted(findings: Iterable[Finding], width: int = 80, notice: str = "") -> list[str]:
    strip = FindingsStrip()
    async with Bench(strip).run_test(size=(width, 24)) as pilot:
        strip.notice = notice
        strip.findings = tuple(findings)
        await pilot.pause()
        return strip.render().plain.splitlines()


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 30])
async def test_the_strip_counts_what_it_cannot_show(count: int) -> None:
    lines = await painted(many(count))
    assert len(lines) <= 4
    assert all(cell_len(line) <= 78 for line in lines)
    if count > 4:
        assert f"还有 {count - 3} 项" in lines[-1]
    else:
        assert not any("还有" in line for line in lines)


async def test_the_strip_wraps_a_long_finding_and_keeps_its_rule() -> None:
    finding = tell("EXC-4", "mode.integrated_system", "mode")
    lines = await painted([finding], width=50)
    assert len(lines) > 1
    assert "EXC-4" in lines[0]
    assert all(cell_len(line) <= 48 for line in lines)


async def test_what_is_going_on_stands_above_the_findings() -> None:
    lines = await painted(many(5), notice="正在问省平台")
    assert lines[0] == "正在问省平台"
    assert len(lines) <= 4


@given(st.text(max_size=60), st.text(max_size=20), st.integers(1, 120))
def test_two_texts_at_the_ends_of_a_line(left: str, right: str, width: int) -> None:
    from rich.text import Text

    line = spread(Text(left.replace("\n", "")), Text(right.replace("\n", "")), width)
    assert line.plain.endswith(Text(right.replace("\n", "")).plain)


# --- the photo --------------------------------------------------------------------------------------------------------


async def test_the_photo_is_painted_in_half_blocks() -> None:
    view = PhotoView()
    async with Bench(view).run_test() as pilot:
        assert not view.display
        view.show(paint(open_photo(portrait(2)), PhotoSpec(), AS_IT_IS, "blocks"))
        await pilot.pause()
        assert view.display
        assert (view.size.width, view.size.height) == (21, 13)
        assert view.render_line(0).text == "\u2580" * 21
        assert len({segment.style for y in range(13) for segment in view.render_line(y)}) > 20, "a picture, not a patch"
        view.show(())
        await pilot.pause()
        assert not view.display


def test_the_colours_are_the_pictures() -> None:
    (cell, *_), *_ = half_blocks(Image.new("RGB", (4, 4), (200, 10, 10)))
    assert cell.style is not None
    assert cell.style.color is not None
    assert cell.style.color.triplet == (200, 10, 10)


async def test_long_term_reads_back_what_it_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_current", "en")
    row = DateField("holder.document.valid_to", long_term=True)
    async with Bench(row).run_test():
        row.show("long_term")
        assert row.input.value == "long-term"
        assert not row.problem


async def test_what_is_typed_while_a_value_is_on_its_way_stays() -> None:
    """The case answers a key after the next one has come: showing what it holds must not undo the later key."""
    row = TextField("holder.document.number")
    async with Bench(row).run_test() as pilot:
        row.input.focus()
        await pilot.press("1")
        row.show("1")
        row.input.insert_text_at_cursor("2")
        row.show("1")  # what the case held when it came to the first key
        assert row.input.value == "12"
        await pilot.pause()
        row.show("12")
        row.show("filled by the province")
        assert row.input.value == "filled by the province"


async def test_letters_of_a_search_stay_while_the_case_shows_its_value() -> None:
    row = SearchField("holder.occupation", find_bank(REFERENCE, lambda: REFERENCE.banks), str)
    async with Bench(row).run_test():
        row.input.focus()
        row.show("")
        row.input.insert_text_at_cursor("ny")
        row.show("")
        assert row.input.value == "ny"
