"""Pictures of the screen, compared with those in ``svg/`` that somebody looked at; COUNTER_RENEW_SVG=1 renews them."""

import os
import re
from pathlib import Path

from textual.widgets import Input

from tests.support.painted import assert_readable
from tests.support.screen_world import Clerk

FOLDER = Path(__file__).parent.parent / "screens" / "svg"
WRITTEN = "actual"


def same_chain(svg: str) -> str:
    """With one value in place of all chain values: they hang on random salts."""
    return re.sub(r"\b[0-9a-f]{16}\b", "0123456789abcdef", svg)


def normal(svg: str) -> str:
    """Without what differs from run to run: the picture's own id, and a chain value (it hangs on a random salt)."""
    svg = re.sub(r"terminal-\d+", "terminal", svg)
    svg = same_chain(svg)
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


async def assert_picture(clerk: Clerk, name: str) -> None:
    """The screen looks as it did when somebody last looked; otherwise the new picture lies beside the old one."""
    for box in clerk.screen.query(Input):
        box.cursor_blink = False
    await clerk.rest()
    assert_readable(clerk)
    assert_as_kept(FOLDER / f"{name}.svg", normal(clerk.app.export_screenshot(title="counter", simplify=True)))


def assert_as_kept(kept: Path, svg: str) -> None:
    """The picture is the one that somebody looked at; COUNTER_RENEW_SVG=1 takes it instead."""
    fresh = kept.with_suffix(f".{WRITTEN}.svg")
    if os.environ.get("COUNTER_RENEW_SVG") == "1":
        kept.write_text(svg, "utf-8")
    elif not kept.exists() or kept.read_text("utf-8") != svg:
        fresh.write_text(svg, "utf-8")
        raise AssertionError(
            f"{kept.stem} looks different: compare {kept} with {fresh}; COUNTER_RENEW_SVG=1 takes the new one"
        )
    fresh.unlink(missing_ok=True)
