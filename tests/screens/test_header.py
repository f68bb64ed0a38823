"""The first line gives way in words: window and operator first, the branch's name last and never unseen."""

import pytest

from counter import i18n
from counter.desk.desk import Desk
from tests.support.screen_world import EQUIPPED, Sitting, at


@pytest.mark.parametrize(
    ("width", "left", "right"),
    [
        (80, f" 社保卡柜台  {EQUIPPED.name} 2号窗口", " 省平台 未联   张敏 柜员   09:41 "),
        (60, f" {EQUIPPED.name} 2号", " 省平台 未联   张敏   09:41 "),
        (46, f" {EQUIPPED.name} 2号", " 未联   张敏   09:41 "),
        (40, f" {EQUIPPED.name}..", " 未联   张敏   09:41 "),
    ],
)
async def test_the_branch_is_named_whole_as_long_as_it_fits(
    sitting: Sitting, desk: Desk, width: int, left: str, right: str
) -> None:
    async with sitting(desk, size=(width, 24)) as clerk:
        line = clerk.lines()[0]
        assert line.startswith(left) and line.endswith(right), line
        assert set(line[len(left) : -len(right)]) <= {" "}


async def test_english_too(sitting: Sitting, desk: Desk) -> None:
    i18n.use_language("en")
    async with sitting(desk, size=(60, 15)) as clerk:
        assert clerk.lines()[0].startswith(f" {EQUIPPED.name} #2 ")
    i18n.use_language("zh_CN")


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("step", ["identity", "mode", "bank", "confirm"])
async def test_the_steps_line_shows_where_the_clerk_is_and_cuts_no_word(
    sitting: Sitting, desk: Desk, language: i18n.Language, step: str
) -> None:
    i18n.use_language(language)
    async with sitting(desk, size=(60, 15)) as clerk:
        await at(clerk, step)
        opened, line = clerk.open, clerk.lines()[1].rstrip()
        assert f">{i18n.step_name(opened.service, opened.step)}" in line
        names = {i18n.step_name(opened.service, each) for each in opened.steps}
        shown = line.partition("  ")[2].split()
        assert {name.strip("+>=!?") for name in shown} <= names | {".."}
        assert (".." in shown) == (len(shown) < len(opened.steps) + shown.count(".."))
