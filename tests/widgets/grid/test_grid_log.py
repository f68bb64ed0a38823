"""Undo and redo of everything, on the table alone."""

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counter.widgets.grid.edits import Edit, Insert, Remove, Restore, Show, Write, touched
from counter.widgets.grid.table import Table, View
from tests.support.grid_world import COLUMNS, a_sheet

WIDTH = len(COLUMNS)
SMALL = st.integers(0, 6)


def state(sheet: Table) -> tuple[object, ...]:
    """All that an undo must bring back."""
    return dict(sheet.rows), list(sheet.order), list(sheet.shown), sheet.view.keys is None, sheet.view.about


def some_keys(data: st.DataObject, sheet: Table) -> tuple[object, ...]:
    return tuple(data.draw(st.lists(st.sampled_from(sheet.shown), min_size=1, max_size=4, unique=True)))


def an_edit(data: st.DataObject, sheet: Table) -> Edit:
    kinds = ["insert", "show"] + ["write", "remove"] * 2 * bool(sheet.shown)
    match data.draw(st.sampled_from(kinds)):
        case "insert":
            before = data.draw(st.sampled_from([None, *sheet.shown]))
            rows = data.draw(st.lists(st.tuples(*[st.text(max_size=2)] * WIDTH), max_size=3))
            return Insert(before, tuple(rows))
        case "write":
            keys = some_keys(data, sheet)
            columns = tuple(sorted(data.draw(st.sets(st.integers(0, WIDTH - 1), min_size=1))))
            count = len(keys) * len(columns)
            return Write(keys, columns, tuple(data.draw(st.lists(st.text(max_size=2), min_size=count, max_size=count))))
        case "remove":
            return Remove(some_keys(data, sheet))
        case _:
            by = data.draw(st.sampled_from([None, lambda key: sheet.rows[key]]))
            keep = data.draw(st.sampled_from([None, lambda key: len(sheet.rows[key][0]) % 2 == 0]))
            return sheet.arranged(keep, by, reverse=data.draw(st.booleans()), about=data.draw(SMALL))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_undoing_all_restores_the_table_and_redoing_all_repeats_it(data: st.DataObject) -> None:
    sheet = a_sheet(data.draw(SMALL))
    states = [state(sheet)]
    for _ in range(data.draw(st.integers(1, 12))):
        sheet.log.do([an_edit(data, sheet)])
        states.append(state(sheet))
    after = state(sheet)
    while sheet.can_undo:
        sheet.log.undo()
        assert state(sheet) in states
    assert state(sheet) == states[0]
    while sheet.can_redo:
        sheet.log.redo()
    assert state(sheet) == after


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_undo_and_redo_in_any_order_walk_along_one_line_of_states(data: st.DataObject) -> None:
    sheet, past = a_sheet(3), [state(a_sheet(3))]
    for at in range(5):
        sheet.log.do([Insert(None, ((f"n{at}", "", "", "", ""),)), Write((sheet.shown[0],), (0,), (f"w{at}",))])
        past.append(state(sheet))
    at = len(past) - 1
    for back in data.draw(st.lists(st.booleans(), max_size=20)):
        at = max(at - 1, 0) if back else min(at + 1, len(past) - 1)
        sheet.log.undo() if back else sheet.log.redo()
        assert state(sheet) == past[at]


def test_a_change_after_an_undo_ends_what_could_be_redone() -> None:
    sheet = a_sheet(2)
    sheet.log.do([Write(("k0",), (0,), ("one",))])
    sheet.log.undo()
    sheet.log.do([Write(("k1",), (0,), ("two",))])
    assert not sheet.can_redo
    assert sheet.log.redo() == ()


def test_edits_of_one_change_are_applied_all_or_none() -> None:
    sheet = a_sheet(2)
    before = deepcopy(state(sheet))
    with pytest.raises(KeyError):
        sheet.log.do([Write(("k0",), (0,), ("x",)), Remove(("k1",)), Write(("nobody",), (0,), ("x",))])
    assert state(sheet) == before
    assert not sheet.can_undo


def test_what_changes_nothing_is_not_kept() -> None:
    sheet = a_sheet(1)
    sheet.log.do([Write(("k0",), (4,), ("r0",))])
    assert not sheet.can_undo


def test_an_entry_of_a_fill_over_many_rows_holds_no_copy_of_the_table() -> None:
    sheet = a_sheet(1000)
    (inverse,) = sheet.log.do([Write(tuple(sheet.shown), (2,), ("无业",) * 1000)])
    assert isinstance(inverse, Write)
    assert inverse.texts[7] is inverse.texts[8], "the same text, not a thousand of them"


def test_where_the_cursor_goes_after_a_change_and_after_taking_it_back() -> None:
    sheet = a_sheet(3)
    assert touched(sheet.log.do([Write(("k2",), (4,), ("x",))])) == ("k2", 4)
    assert touched(sheet.log.do([Remove(("k1",))])) == (None, None)
    assert touched(sheet.log.undo()) == ("k1", None)


def test_new_rows_are_shown_though_a_filter_would_hide_them() -> None:
    sheet = a_sheet(6)
    sheet.log.do([sheet.arranged(keep=lambda key: sheet.rows[key][0] == "张三")])
    (inverse,) = sheet.log.do([Insert(sheet.shown[0], (("新", "", "", "", ""),))])
    assert isinstance(inverse, Remove)
    assert sheet.shown == [inverse.keys[0], "k3"]
    assert sheet.order.index(inverse.keys[0]) == 3, "and in the table before the row that it was put before"
    assert [sheet.head(row).number for row in range(2)] == [4, 5], "numbers are those of the table"


def test_rows_do_not_jump_while_they_are_changed_in_a_sorted_view() -> None:
    sheet = a_sheet(3)
    sheet.log.do([sheet.arranged(by=lambda key: sheet.rows[key][4], reverse=True)])
    sheet.log.do([Write(("k2",), (4,), ("a",))])
    assert sheet.shown == ["k2", "k1", "k0"]


def test_no_edit_of_another_table_is_taken() -> None:
    with pytest.raises(TypeError):
        a_sheet(1).apply(Restore("something"))
    with pytest.raises(TypeError):
        a_sheet(1).apply(Show(("k0",)))
    assert a_sheet(1).apply(Show(View(("k0",)))) == Show(View(None))
