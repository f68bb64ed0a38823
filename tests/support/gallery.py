"""Draws the screens in every size, language and theme, to be looked at: ``python -m tests.support.gallery FOLDER``.

One SVG each, ``<screen>.<language>.<columns>x<rows>.<theme>.svg``; every size in the usual theme, 80 columns in each.
Given screens, sizes or languages after the folder, only those: ``home 200x60 en``. Customers' names are of two
characters and, in the screens that begin with ``long-``, of forty.
"""

import asyncio
import re
import shutil
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from msgspec import structs

from counter import i18n
from counter.app import CounterApp
from counter.desk.desk import Desk
from counter.look.themes import THEMES, USUAL
from counter.screens import standstill
from counter.screens.dialogs.path import AskPathScreen
from counter.screens.ledger import EntryScreen
from counter.screens.roster.screen import RosterScreen
from counter.settings import Settings
from counter.store import slots
from counter.store.keys import Cost
from counter.store.store import Store
from tests.screens.test_ledger_screens import lived
from tests.screens.test_pictures import ASKED, SMALL, filled, keys, person, roster, step
from tests.support.made_up import APPLY
from tests.support.screen_world import A_MOMENT, CLERK, PASSPHRASE, PLACE, REFERENCE, SUPERVISOR, Clerk, SetClock

SIZES: Final = ("60x15", "80x24", "120x40", "160x48", "200x60")
THEMED: Final = frozenset({"80x24", "120x40"})
"""The sizes that are drawn in every theme."""
LANGUAGES: Final[tuple[i18n.Language, ...]] = ("zh_CN", "en")
LONG: Final = "阿卜杜热合曼·买买提伊明·吐尔逊江·阿布都克里木·买合木提江·艾山江·吐尔洪江库"
"""Forty characters."""
Show = Callable[[Clerk], Awaitable[None]]


async def _path(clerk: Clerk) -> None:
    clerk.app.push_screen(AskPathScreen(i18n.t("batch.photos.folder"), frozenset({".csv", ".xlsx"})))
    await clerk.rest()
    await clerk.types("/")


async def _life(clerk: Clerk) -> None:
    desk, clock = clerk.desk(), clerk.desk().clock
    assert isinstance(clock, SetClock)
    clerk.app.push_screen(EntryScreen(desk, lived(desk, clock)))
    await clerk.rest()


async def _look(clerk: Clerk) -> None:
    clerk.app.push_screen(RosterScreen(clerk.desk(), roster(clerk.desk()).id))
    await clerk.rest()
    await clerk.types("f10")


SCREENS: Final[dict[str, Show]] = {
    **SMALL,
    "long-identity": step("identity", person(LONG)),
    "long-confirm": step("confirm", person(LONG)),
    "long-result": step("confirm", person(LONG), "f10"),
    "long-apply": step("confirm", person(LONG, APPLY)),
    "short-confirm": step("confirm", person("王测")),
    "long-ledger": keys("f3", *"阿卜"),
    "batches": keys("ctrl+b"),
    "parcels": keys("7"),
    "news": keys("f8"),
    "settings": keys("ctrl+p", *"theme"),
    "settings-theme": keys("ctrl+p", *"theme", "enter"),
    "palette-none": keys("ctrl+p", *"zzzz"),
    "mode-stop": step("mode", structs.replace(ASKED, mode=None)),
    "details-empty": step(
        "details", structs.replace(APPLY, holder=structs.replace(APPLY.holder, address="", mobile=""))
    ),
    "help-field": step("details", ASKED, "f1"),
    "path": _path,
    "roster-look": _look,
    "life": _life,
}


@contextmanager
def counters() -> Iterator[Callable[[], Path]]:
    """Homes of a counter with a supervisor and a clerk, each in the middle of its day's start."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        made = Path(folder) / "made"
        with Store.create(made, PLACE, SUPERVISOR, PASSPHRASE, SetClock()) as store:
            store.operators.add(CLERK.id, CLERK.name, CLERK.role, PASSPHRASE)
        at = iter(range(1_000_000))
        yield lambda: Path(shutil.copytree(made, Path(folder) / str(next(at))))


async def draw(home: Path, name: str, language: i18n.Language, size: str, into: Path) -> None:
    """One screen in one size: in every theme where it is one of those sizes."""
    i18n.use_language(language)
    width, height = map(int, size.split("x"))
    desk = Desk(Store.unlock(home, CLERK.id, PASSPHRASE, clock := SetClock()), REFERENCE, clock=clock)
    filled(desk)
    app = CounterApp(Settings(home=home, operator=CLERK.id))
    async with app.run_test(size=(width, height)) as pilot:
        app.has_sixteen = False  # of the terminal where this runs
        clerk = Clerk(app, pilot)
        app.screen.dismiss(None)
        app._go_home(desk)
        await clerk.rest()
        await SCREENS[name](clerk)
        for theme in THEMES if size in THEMED else (USUAL,):
            app.theme = theme
            await clerk.rest()
            (into / f"{name}.{language}.{size}.{theme}.svg").write_text(app.export_screenshot(), "utf-8")
            if theme == USUAL:
                (into / f"{name}.{language}.{size}.txt").write_text(clerk.text, "utf-8")
    desk.close()


def main(folder: str, *wanted: str) -> int:
    """Draw what is wanted; the exit code says whether every screen could be drawn."""
    into = Path(folder)
    into.mkdir(parents=True, exist_ok=True)
    slots.COST, standstill.STILL_SECONDS = Cost(passes=1, memory_kib=8, lanes=1), A_MOMENT
    names = [name for name in SCREENS if name in wanted] or list(SCREENS)
    sizes = [size for size in wanted if re.fullmatch(r"\d+x\d+", size)] or list(SIZES)
    languages = [language for language in LANGUAGES if language in wanted] or list(LANGUAGES)
    failed = 0
    with counters() as home:
        for name, language, size in product(names, languages, sizes):
            try:
                asyncio.run(draw(home(), name, language, size, into))
            except Exception as failure:  # one screen that cannot be drawn hides no other
                failed += 1
                sys.stderr.write(f"{name} {language} {size}: {failure!r}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
