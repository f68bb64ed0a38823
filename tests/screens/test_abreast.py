"""What stands abreast of a form: from 100 columns what is explained, from 160 the findings beside their fields."""

import pytest
from msgspec import structs
from textual.geometry import Region

from counter import i18n
from counter.desk.desk import Desk
from counter.i18n import t
from counter.rules.case import Case, Mode
from counter.screens.case.abreast import Abreast
from counter.widgets.beside import BesideFields
from counter.widgets.fields.choice import Choice, Option
from counter.widgets.fields.field import Field
from counter.widgets.lines import READER, FindingsStrip
from counter.widgets.prose import Prose
from tests.support.made_up import EXCHANGE
from tests.support.screen_world import Clerk, Sitting, at, drawn, squashed

BROAD = (200, 60)


def regions(clerk: Clerk) -> dict[str, Region]:
    return {field.path: field.region for field in clerk.screen.query(Field) if field.display}


def beside(clerk: Clerk) -> list[str]:
    """The lines of the findings' column, line by line of the screen."""
    column = clerk.one(BesideFields)
    return ["" for _ in range(column.region.y)] + [line.strip() for line in drawn(column)]


async def test_findings_stand_beside_their_fields(sitting: Sitting, desk: Desk) -> None:
    async with sitting(desk, size=BROAD) as clerk:
        await at(clerk, "identity", Case(service="exchange", city="441621"))
        await clerk.types(*"44162119800115123")
        before = regions(clerk)
        await clerk.types("f10")
        assert regions(clerk) == before, "nothing jumps"
        lines = beside(clerk)
        assert lines[before["holder.document.number"].y].startswith(f"{t('screen.level.stop')} 号码还差 1 位。")
        assert "请输入姓名" in lines[before["holder.name"].y]
        assert "缺材料" in lines[before["papers"].y]
        assert not clerk.one(FindingsStrip).display
        await clerk.types("5")
        assert "号码还差" not in "".join(beside(clerk))
        assert regions(clerk)["holder.name"].y >= before["holder.name"].y


async def test_the_whole_is_centred(sitting: Sitting, desk: Desk) -> None:
    async with sitting(desk, size=BROAD) as clerk:
        await at(clerk, "details")
        shown = clerk.one(Abreast).region
        assert (shown.x, BROAD[0] - shown.right) == (22, 22)
        assert clerk.one(BesideFields).region.x == clerk.screen.query_one("#pane").region.right
        assert clerk.one(Prose, "#side").region.x == clerk.one(BesideFields).region.right
        for line in clerk.lines()[1:-1]:
            assert not line[:22].strip(), line


async def test_what_another_step_holds_up_and_what_is_resized_is_said_below(sitting: Sitting, desk: Desk) -> None:
    async with sitting(desk, size=BROAD) as clerk:
        await at(clerk, "identity", Case(service="exchange", city="441621"))
        await clerk.types(*"44162119800115123", "f10")
        strip = clerk.one(FindingsStrip)
        for size, below in (((159, 60), True), ((160, 60), False), ((80, 24), True), ((200, 60), False)):
            await clerk.pilot.resize_terminal(*size)
            await clerk.rest()
            assert strip.display is below, size
            assert clerk.text.count("号码还差 1 位") == (1 if size[0] == 80 else 2 if below else 1), clerk.text


async def test_a_low_screen_counts_what_it_has_no_room_for(sitting: Sitting, desk: Desk) -> None:
    async with sitting(desk, size=(160, 9)) as clerk:
        await at(clerk, "details", Case(service="apply", city="441621"))
        await clerk.types("f10")
        column = clerk.one(BesideFields)
        assert column.region.height < len(column.notes)
        left = len(column.notes) - sum(line.startswith(t("screen.level.stop")) for line in beside(clerk))
        assert t("screen.more_findings", count=left) in beside(clerk)[-1]


@pytest.mark.parametrize("width", [100, 160])
async def test_the_customer_and_the_rule_of_the_field_stand_beside_the_form(
    sitting: Sitting, desk: Desk, width: int
) -> None:
    async with sitting(desk, size=(width, 40)) as clerk:
        await at(clerk, "details", structs.replace(EXCHANGE, holder=structs.replace(EXCHANGE.holder, mobile="")))
        said = squashed("".join(drawn(clerk.one(Prose, "#side"))))
        for part in ("王*试", t("choice.sex.M"), "441621*********015", t("explain.holder.mobile.what")):
            assert squashed(part) in said
        assert squashed(t("rule.APP-1.text")) in said
    async with sitting(desk, size=(99, 40)) as clerk:
        await at(clerk, "details")
        assert not clerk.one(Prose, "#side").display


async def test_for_screen_readers_all_stays_on_one_line(sitting: Sitting, desk: Desk) -> None:
    async with sitting(desk, size=BROAD) as clerk:
        clerk.app.add_class(READER)
        await at(clerk, "identity", Case(service="exchange", city="441621"))
        await clerk.types(*"44162119800115123", "f10")
        assert not clerk.one(BesideFields).display
        assert "号码还差 1 位" in clerk.one(FindingsStrip).render().plain


@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_no_remark_of_a_choice_is_clipped(sitting: Sitting, desk: Desk, language: str) -> None:
    i18n.use_language(language)
    async with sitting(desk, size=(60, 40)) as clerk:
        await at(clerk, "mode", structs.replace(EXCHANGE, mode=Mode.SAME_NUMBER))
        choice = clerk.case.query_one("#field-mode Choice", Choice)
        assert 1 < choice.line_here.height < choice.size.height
        for width in (60, 80, 110):
            await clerk.pilot.resize_terminal(width, 40)
            painted = squashed("".join(drawn(choice)))
            for option in choice.options:
                assert squashed(option.label) in painted and squashed(option.reason or option.hint) in painted


async def test_at_60_columns_the_step_where_the_clerk_is_and_the_keys_of_a_dialog_are_seen(
    sitting: Sitting, desk: Desk
) -> None:
    i18n.use_language("en")
    async with sitting(desk, size=(60, 15)) as clerk:
        long = structs.replace(EXCHANGE, holder=structs.replace(EXCHANGE.holder, name="测" * 40))
        for step in ("identity", "details", "confirm"):
            await at(clerk, step, long)
            assert f">{t(f'step.{step}')} " in clerk.lines()[1] and ".." in clerk.lines()[1], clerk.lines()[1]
            assert "441621*********015" in clerk.lines()[2] and clerk.lines()[2].rstrip().endswith("..")
        await clerk.types("f1")
        assert "Esc closes" in clerk.text


async def test_a_label_beside_a_photo_hangs_under_itself() -> None:
    options = [Option("a", "授权使用居民身份证相片"), Option("b", "相片回执号", "九十天有效")]
    choice = Choice(options, tall=True)
    lines = [[line.plain for line in item] for item in choice.lines(20)]
    assert lines[0] == [" (1) 授权使用居民身", "     份证相片"]
    assert [line.strip() for line in lines[1]] == ["(2) 相片回执号", "九十天有效"]
