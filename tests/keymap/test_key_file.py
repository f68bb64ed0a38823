"""``keys.toml``: what can be taken holds, what cannot is named and the usual keys stay."""

from pathlib import Path

import pytest

from counter import i18n
from counter.keymap.declared import COMMANDS, around, meet
from counter.keymap.file import FILE, KeyFile, read_keys
from counter.keymap.names import named, said, unfit


def read(tmp_path: Path, text: str) -> KeyFile:
    (tmp_path / FILE).write_text(text, "utf-8")
    return read_keys(tmp_path)


def codes(found: KeyFile) -> list[tuple[str, str]]:
    return [(each.id, each.code) for each in found.problems]


def test_without_a_file_nothing_is_moved(tmp_path: Path) -> None:
    assert read_keys(tmp_path) == KeyFile()


def test_keys_are_moved_however_they_are_written(tmp_path: Path) -> None:
    found = read(tmp_path, 'hold = "Shift+F4"\n# ours\nlock = ["Ctrl + B", "f24"]\nday = "F9"\nhelp = "alt+h, F1"\n')
    assert found.problems == ()
    assert found.moved == {"hold": ("shift+f4",), "lock": ("ctrl+b", "f24"), "help": ("alt+h", "f1")}
    assert found.sources["lock"] == f"{tmp_path / FILE}:3"
    assert found.keys_of("day") == ("f9",)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('hold = "h"', "typed"),
        ('hold = "H"', "typed"),
        ('hold = "7"', "typed"),
        ('hold = "好"', "typed"),
        ('hold = "space"', "typed"),
        ('hold = "Enter"', "typed"),
        ('hold = ["f4", "?"]', "typed"),
        ('hold = "ctrl+m"', "same"),
        ('hold = "ctrl+i"', "same"),
        ('hold = "alt+f"', "same"),
        ('hold = "ctrl+u"', "needed"),
        ('hold = "down"', "needed"),
        ('hold = "Tab"', "needed"),
        ('hold = "hyper+q"', "unknown"),
        ('hold = "f25"', "unknown"),
        ('hold = "ctrl+1"', "unknown"),
        ('hold = "+"', "typed"),
        ("hold = []", "none"),
        ('hold = ""', "none"),
        ("hold = 4", "value"),
        ("hold = [4]", "value"),
        ('accept = "f11"', "fixed"),
        ('hld = "f11"', "no_such"),
        ('hold = "f10"', "clash"),
        ('hold = "ctrl+q"', "clash"),
        ('quit = "f4"', "clash"),
    ],
)
def test_what_cannot_be_taken_is_named_and_the_usual_key_stays(tmp_path: Path, line: str, code: str) -> None:
    found = read(tmp_path, f'day = "f11"\n{line}\n')
    assert [each.code for each in found.problems] == [code]
    assert found.problems[0].source.endswith(":2")
    assert found.moved == {"day": ("f11",)}
    assert found.keys_of("hold") == ("f4",)


def test_what_is_no_toml_leaves_every_key_as_usual(tmp_path: Path) -> None:
    found = read(tmp_path, 'hold = "f11"\nhelp = f1\n')
    assert codes(found) == [("", "syntax")]
    assert found.problems[0].source == f"{tmp_path / FILE}:2"
    assert not found.moved
    (tmp_path / FILE).write_bytes(b"\xff\xfe")
    assert codes(read_keys(tmp_path)) == [("", "syntax")]
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    assert codes(read_keys(tmp_path)) == [("", "unreadable")]


def test_a_table_is_no_key(tmp_path: Path) -> None:
    assert codes(read(tmp_path, "[hold]\nkey = 1\n")) == [("hold", "value")]


def test_two_may_change_places(tmp_path: Path) -> None:
    found = read(tmp_path, 'refer = "f4"\nhold = "f7"\n')
    assert (found.problems, found.moved) == ((), {"refer": ("f4",), "hold": ("f7",)})


def test_who_takes_the_key_of_one_that_cannot_go_goes_back_too(tmp_path: Path) -> None:
    found = read(tmp_path, 'refer = "f4"\nhold = "h"\n')
    assert codes(found) == [("refer", "clash"), ("hold", "typed")]
    assert found.problems[0].others == ("hold",)
    assert not found.moved


def test_the_key_of_another_screen_may_be_taken(tmp_path: Path) -> None:
    """F9 is the day's on home, and free in a case but where a parcel is signed for."""
    assert read(tmp_path, 'hold = "f9"\n').problems[0].others == ("take-off",)
    assert read(tmp_path, 'hold = "f9"\ntake-off = "f11"\n').problems == ()


def test_going_on_and_recording_move_together_or_apart(tmp_path: Path) -> None:
    assert read(tmp_path, 'next = "f11"\nrecord = "f11"\n').problems == ()
    assert read(tmp_path, 'record = "f11"\n').moved == {"record": ("f11",)}


def test_the_usual_keys_can_be_had_and_are_told_apart() -> None:
    for id, command in COMMANDS.items():
        for key in command.keys:
            assert named(said(key)) == key, id
            assert command.fixed or unfit(key) in ("", "needed") or key.startswith("super+"), id  # macOS
        assert all("everywhere" in around(place) for place in command.places), id
    assert meet("record", "lock") and meet("photo-turn", "hold")
    assert not meet("record", "photo-turn") and not meet("hold", "day")


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_each_problem_is_a_sentence_that_says_what_stays(tmp_path: Path, language: str) -> None:
    found = read(tmp_path, 'lock = "f8"\nfind = "ctrl+m"\n')
    with i18n.speaking(language):
        clash, same = map(i18n.key_problem, found.problems)
        assert "Ctrl+L" in clash and "news" in clash and i18n.t("key.news") in clash and f"{FILE}:1" in clash
        assert "Ctrl+M" in same and "Enter" in same and "F3" in same


def test_the_page_lists_every_command_that_can_be_moved() -> None:
    page = (Path(__file__).parents[2] / "docs" / "keys.md").read_text("utf-8")
    rows = [line.strip("| ").split(" | ")[:2] for line in page.splitlines() if line.startswith("| `")]
    movable = {id: command for id, command in COMMANDS.items() if not command.fixed}
    assert rows == [[f"`{id}`", ", ".join(map(said, command.keys))] for id, command in movable.items()]
