"""What is handed in, on the screen and to the province: originals, copies, and the promise in place of a paper."""

import pytest
from msgspec import structs

from counter import i18n
from counter.desk.desk import Desk
from counter.rules.case import Case
from counter.rules.service import StepId
from counter.screens.case.authorise import AuthoriseScreen
from counter.screens.case.result import ResultScreen
from counter.widgets.fields.papers import PapersField
from tests.support.province_world import World
from tests.support.screen_world import PASSPHRASE, Clerk, Sitting, assert_whole, at, confirmed
from tests.support.shell import case_of
from tests.support.written import recorded, synced


def of_changes(*papers: str) -> Case:
    """A change of name, with these papers of the changes."""
    case = case_of("change_details")
    own = tuple(paper for paper in case.papers if paper.startswith("id_card"))
    return structs.replace(case, papers=(*own, *papers))


@pytest.mark.rule("INF-2")
async def test_inf_2_the_promise_is_ticked_in_place_of_the_insurer_s_paper(
    sitting: Sitting, online: Desk, world: World
) -> None:
    async with sitting(online) as clerk:
        await at(clerk, "changes", of_changes("police_proof"))
        field = clerk.one(PapersField)
        assert [option.value for option in field.ticks.options] == [
            "police_proof", "insurance_proof", "written_promise",
        ]  # fmt: skip
        assert "公安部门的变更材料（原件）" in clerk.text
        assert "参保信息变更材料（原件）" in clerk.text
        assert "或 个人书面承诺（原件）" in clerk.text
        await clerk.types("f10")
        assert clerk.open.step == "changes", "neither is there"
        assert "缺材料：参保信息变更材料（原件），或个人书面承诺" in clerk.text
        field.ticks.focus()
        await clerk.types("3", "f10")
        assert StepId.CHANGES in clerk.open.seen and clerk.open.step != "changes"
        assert "written_promise" in clerk.open.case.papers
        await at(clerk, "confirm", clerk.open.case)
        assert "个人书面承诺" in confirmed(clerk), "the confirmation names which of the two"
        assert "参保信息变更材料" not in confirmed(clerk)
        await clerk.types("f10")
        assert isinstance(clerk.screen, AuthoriseScreen)
        await clerk.types(PASSPHRASE, "enter")
        assert isinstance(clerk.screen, ResultScreen)
        assert "个人书面承诺" in clerk.screen.text
        await synced(clerk)
        (entry,) = online.store.ledger.search()
        papers = recorded(world, entry.id).case.papers
        assert "written_promise" in papers and "insurance_proof" not in papers


async def test_papers_say_in_english_what_they_are(clerk: Clerk) -> None:
    i18n.use_language("en")
    await at(clerk, "changes", of_changes())
    assert "paper on the change of insurance data (original)" in clerk.text
    assert "or written promise (original)" in clerk.text
    assert_whole(clerk.app)


@pytest.mark.rule("INF-2")
async def test_inf_2_all_of_them_is_never_a_paper_and_what_stands_in_its_place(clerk: Clerk) -> None:
    """0 ticks what is asked for; a promise that is ticked is in place of the paper, and 0 again clears."""

    async def ticked(*keys: str, papers: tuple[str, ...] = ()) -> set[str]:
        await at(clerk, "changes", of_changes(*papers))
        clerk.one(PapersField).ticks.focus()
        await clerk.types(*keys)
        return {paper for paper in clerk.open.case.papers if not paper.startswith("id_card")}

    assert await ticked("0") == {"police_proof", "insurance_proof"}
    assert await ticked("0", papers=("written_promise",)) == {"police_proof", "written_promise"}
    assert await ticked("0", "0") == set()
