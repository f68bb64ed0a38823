"""`docs/look.md` names every theme and every colour, and no widget names a colour itself."""

import re
from pathlib import Path

from counter.look.own import read_theme
from counter.look.roles import COLOURS
from counter.look.themes import THEMES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "look.md").read_text("utf-8")
DRAWN = [file for room in ("screens", "widgets") for file in (ROOT / "counter" / room).rglob("*.py")]
COLOUR = re.compile(
    r"#[0-9a-fA-F]{6}\b|[:\s]\$[a-z]|[\"\s](?:dim|(?:bright_|ansi_)?(?:red|green|blue|cyan|magenta|yellow))(?: [a-z ]+)?\""
)
PEOPLE = frozenset({"blue", "yellow"})
"""What cards are called (普通蓝卡, 普通黄卡)."""


def test_the_page_names_what_there_is() -> None:
    named = set(re.findall(r"`([a-z-]+)`", PAGE))
    assert set(COLOURS) | set(THEMES) <= named


def test_the_pages_example_is_a_theme(tmp_path: Path) -> None:
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "bank.toml").write_text(re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[0], "utf-8")
    assert read_theme("bank", tmp_path).said == ()


def test_widgets_name_roles_and_no_colours() -> None:
    found = {
        f"{file.name}: {hit}"
        for file in DRAWN
        for hit in COLOUR.findall(file.read_text("utf-8"))
        if hit.strip(' "') not in PEOPLE
    }
    assert not found
