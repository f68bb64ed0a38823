"""README and guides are true: each command in them runs, as it stands there, in a home of its own; both languages have
the same ones; the clerk's card has the keys as they are, on one page; what they link to is there."""

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from counter import i18n
from counter.clock import today
from counter.gateway.seeding.customers import demo_rows
from counter.gateway.seeding.parcel import PARCEL, cards, parcel_rows
from counter.gateway.seeding.seed import CodeRow
from counter.rules.reference import Place
from counter.rules.signing import fingerprint
from counter.store import slots
from counter.store.keys import Cost
from tests.support.card import PRINTED, SOURCE, columns, page
from tests.support.demonstration import PEOPLE
from tests.support.made_up import EQUIPPED, PLAIN
from tests.support.pages import ROOT
from tests.support.province_world import World
from tests.support.readback import squeezed, text_of
from tests.support.rosters import HEAD, write_text, write_xlsx
from tests.support.rosters import PEOPLE as UNIT_PEOPLE
from tests.support.shell import PASSPHRASE, Shell, a_shell, case_of, write_case
from tests.support.wire_page import RAISED

TWINS = {
    "README.md": "README.zh-CN.md",
    **{f"docs/{name}.md": f"docs/{name}.zh-CN.md" for name in ("supervisor", "operator")},
}
DOCUMENTS = ("README.md", "README.zh-CN.md", *(f"docs/{one.name}" for one in sorted((ROOT / "docs").glob("*.md"))))
BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.M | re.S)
RUN, NOT_RUN = "sh", "sh not-run"
BY_HAND = {
    "git clone": "brings the sources",
    "make demo": "opens a screen",
    "make wheel": "tests/test_wheel.py",
    "python3 -m venv": "makes an environment",
    "pip install": "tests/test_wheel.py",
    "make bundle": "asks the package index; make bundle-try",
    "sh install.sh": "make bundle-try, tests/test_bundle.py",
    "counter --version": "what install.sh has installed",
    "sudo cp": "changes the machine",
    "pyinstaller": "tests/test_bundle.py knows the data that it must carry",
    "sudo systemctl": "changes the machine",
    "sudo useradd": "changes the machine",
    "sudo install": "changes the machine",
    "podman ": "tests/gateway/test_deploy.py reads the file",
    "counter gateway serve": "serves until it is stopped: tests/gateway",
    "counter gateway seed": "tests/gateway",
    "counter gateway code": "tests/cli/test_enrolling.py",
    "counter gateway revoke": "tests/cli/test_enrolling.py",
    "counter gateway audit": "tests/cli/test_enrolling.py",
}
"""What no test runs as it stands, by its beginning, and why."""
COMMAND = r"^(\w+=\S+ )*(counter|make|pip|sudo|git) "
ENROL_CODE = "GUID-TEST-0001"
SIGNED_IN_AS = "COUNTER_OPERATOR="
FREE = {"--reason", "--result"}
"""Whose words are the reader's own, in the reader's language."""


def blocks(document: str, kind: str) -> list[str]:
    """The command lines of a kind of block."""
    text = (ROOT / document).read_text("utf-8")
    return [line for how, body in BLOCK.findall(text) if how == kind for line in body.splitlines() if line]


def words(line: str) -> list[str]:
    return shlex.split(line, comments=True)


@dataclass
class Reader:
    """Somebody who types what a document says; `stand_for` are the words in it that stand for something else."""

    shell: Shell
    operator: str = "li"
    stand_for: dict[str, str] = field(default_factory=dict)

    def types(self, line: str) -> str:
        """Run it; the sentence that says what went wrong, '' where nothing did."""
        program, *arguments = (self.stand_for.get(word, word) for word in words(line))
        operator = self.operator
        if program.startswith(SIGNED_IN_AS):
            operator, (program, *arguments) = program.removeprefix(SIGNED_IN_AS), arguments
        assert program == "counter", f"no test knows how to run {line!r}: mark its block `{NOT_RUN}`"
        done = self.shell.say(*arguments, operator=operator)
        return "" if done.code == 0 else f"{line}: {done.code} {done.stdout} {done.stderr}"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setattr(slots, "COST", Cost(passes=1, memory_kib=8, lanes=1))
    monkeypatch.chdir(tmp_path)
    yield
    i18n.use_language("zh_CN")


def at_a_counter(world: World, folder: Path) -> Reader:
    """README: a counter that is set up, a case and a unit's file at hand."""
    world.plant(*demo_rows(today()))
    shell = a_shell(world, folder)
    write_case(folder, case_of("exchange"))
    write_xlsx(folder / "unit.xlsx", [HEAD, *UNIT_PEOPLE])
    return Reader(shell, "zhang")


def as_supervisor(world: World, folder: Path) -> Reader:
    """The supervisor's: two cases wait for them, an entry is recorded, a bank's account is not locked, a parcel is on its
    way."""
    reader = at_a_counter(world, folder)
    shell = reader.shell
    here = Place(city=EQUIPPED.city, bank=EQUIPPED.bank, branch=EQUIPPED.id, counter="")
    world.plant(*parcel_rows(here, PLAIN.id, today()))

    def submitted(service: str, who: str, **said: str) -> str:
        done = shell("case", "submit", write_case(folder, case_of(service, PEOPLE[who]))).json
        assert said.items() <= done.items(), done
        return str(done["id"])

    (folder / "list.csv").write_text("序号,社保卡号\n" + "".join(f"1,{card}\n" for card in cards()[:-1]), "utf-8")
    for name, passphrase in (("first", PASSPHRASE), ("mine", PASSPHRASE), ("new", f"{PASSPHRASE}, another")):
        (folder / f"{name}.txt").write_text(passphrase + "\n", "utf-8")
    return Reader(
        shell,
        "li",
        {
            "WAITING": submitted("cancel", "cancel", state="awaiting"),
            "OTHER": submitted("cancel", "preference", state="awaiting"),
            "ENTRY": submitted("exchange", "new_number", state="recorded"),
            "ALARM": submitted("report_loss", "loss_bank_fails", told="bank_failed"),
            "TIME": "00:00",
            "PARCEL": PARCEL,
            "CARD": cards()[0],
        },
    )


def as_operator(world: World, folder: Path) -> Reader:
    """The operator's: an empty machine, a code of the province, a branch list."""
    world.plant(CodeRow(code=ENROL_CODE, branch=EQUIPPED.id, counter="5"))
    passphrase = folder / "li.txt"
    passphrase.write_text(PASSPHRASE + "\n", "utf-8")
    (folder / "zhang.txt").write_text(PASSPHRASE + "\n", "utf-8")
    here = {
        "编号": EQUIPPED.id,
        "银行": EQUIPPED.bank,
        "城市": EQUIPPED.city,
        "区县": EQUIPPED.district,
        "网点名称": EQUIPPED.name,
        "地址": "紫城镇某路1号",
        "电话": "0762-7000001",
    }
    write_text(folder / "branches.csv", [[*here], [*here.values()]])
    shell = Shell(folder / "home", passphrase, world)
    (folder / "ca.pem").write_text(world.way.ca, "ascii")
    known = fingerprint(world.running.public_key)
    return Reader(
        shell, "li", {"https://province.example": world.url, "FINGERPRINT": known, "damaged": str(folder / "home")}
    )


READERS: dict[str, Callable[[World, Path], Reader]] = {
    "README.md": at_a_counter,
    "docs/supervisor.md": as_supervisor,
    "docs/operator.md": as_operator,
}
"""Who reads a document; that in the other language has the same commands."""


@pytest.mark.parametrize("document", READERS)
def test_every_command_runs(document: str, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTER_ENROL_CODE", ENROL_CODE)
    reader = READERS[document](world, tmp_path)
    assert blocks(document, RUN)
    assert [failed for line in blocks(document, RUN) if (failed := reader.types(line))] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_is_run_and_what_is_not_is_said(document: str) -> None:
    """A block of commands is either run by a test or marked, and what is marked is known here."""
    assert not blocks(document, RUN) or document in {*READERS, *(TWINS[each] for each in READERS)}
    shell = {how for how, body in BLOCK.findall((ROOT / document).read_text("utf-8")) if re.search(COMMAND, body, re.M)}
    assert shell <= {RUN, NOT_RUN}, "unmarked"
    for line in blocks(document, NOT_RUN):
        said = re.sub(r"^\S*/", "", line)
        assert any(said.startswith(known) for known in BY_HAND), f"{line}: a test could run it, or has to know it"


@pytest.mark.parametrize("document", TWINS)
def test_both_languages_have_the_same_commands(document: str) -> None:
    for kind in (RUN, NOT_RUN):
        ours, theirs = ([skeleton(line) for line in blocks(each, kind)] for each in (document, TWINS[document]))
        assert ours == theirs


def skeleton(line: str) -> list[str]:
    """The line without what stands in the reader's language."""
    said = words(re.sub(r"<.*?>", "URL", line))
    return [word for word, before in zip(said, ["", *said], strict=False) if before not in FREE]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_is_linked_is_there(document: str) -> None:
    text = BLOCK.sub("", (ROOT / document).read_text("utf-8"))
    linked = [target for target in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in target]
    assert [target for target in linked if not ((ROOT / document).parent / target).exists()] == []


def test_every_picture_is_shown() -> None:
    """In the README of its language, or in a guide."""
    texts = "".join((ROOT / document).read_text("utf-8") for document in DOCUMENTS)
    assert [one.name for one in (ROOT / "docs" / "pictures").glob("*.svg") if one.name not in texts] == []


def test_the_clerks_card_is_current_and_one_page() -> None:
    assert SOURCE.read_text("utf-8") == page(), "make docs"
    drawn = "".join(cell for _, column in columns(page()) for piece in column for cell in piece.cells)
    assert squeezed(text_of(PRINTED.read_bytes())) == squeezed(drawn.replace("**", "")), "make docs"


def test_every_no_of_the_province_is_explained() -> None:
    explained = (ROOT / "docs" / "gateway.md").read_text("utf-8")
    raised = {
        code
        for source in (ROOT / "counter" / "gateway").rglob("*.py")
        for _, code in RAISED.findall(source.read_text("utf-8"))
    }
    assert raised
    assert [code for code in sorted(raised) if f"`{code}`" not in explained] == []
