"""A slip, a letter and a list with rare names, as PDF: right in poppler and in PDFium, by text and by picture."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from msgspec import structs
from PIL import Image

from counter.paper.fonts import Face, Fonts, NoFontError, RareCharacterError, find_fonts, known_fonts
from counter.paper.letter import printed_letter
from counter.paper.pdf import pdf
from counter.paper.slip import slip_of
from counter.roster.lists import ListColumn, ListPart, PrintedList, as_pdf
from counter.rules.case import Case, OldCard
from counter.rules.judge import judge
from counter.rules.masking import WHOLE
from tests.support import readback
from tests.support.fonts import forget_fonts, plain_font, reading_font
from tests.support.ledger_entry import entry_of
from tests.support.made_up import EXCHANGE, REFERENCE, WINDOW
from tests.support.pages import ROOT

assert WINDOW.place is not None
PLACE = WINDOW.place
TIBETAN = "扎西次仁旺堆洛桑·格桑梅朵尼玛卓嘎拉措姆"
NAMES = ["𠮷测试", "张𬱖", "李㛃", TIBETAN, "MÜLLER-ØRSTED Nguyễn"]
assert len(TIBETAN) == 20
NUMBER = EXCHANGE.holder.document.number
poppler = pytest.mark.skipif(not readback.HAS_POPPLER, reason="no poppler (pdftotext, pdftoppm) on this machine")


def of(name: str) -> Case:
    """The case of somebody of this name."""
    old = OldCard(number="B00000019", bank="icbc")
    holder = structs.replace(EXCHANGE.holder, name=name)
    return structs.replace(EXCHANGE, service="transfer_letter", mode=None, old_card=old, holder=holder)


def letter(name: str) -> str:
    return printed_letter(entry_of(of(name), judge(of(name), WINDOW).record(of(name))), "Q-7", REFERENCE, PLACE).text


def slip(name: str) -> str:
    """A slip with the name whole, as the clerk sees it."""
    return slip_of(judge(of(name), WINDOW).record(of(name)), REFERENCE, PLACE, WHOLE, WHOLE)


def a_list(names: list[str]) -> PrintedList:
    """Three columns; the name stands in the middle one."""
    rows = tuple((str(row), name, NUMBER) for row, name in enumerate(names, 1))
    columns = (ListColumn("序号", 6, 0, 6), ListColumn("姓名", 20, 40, 44), ListColumn("号码", 20, 280, 20))
    return PrintedList(("清单", f"2026-11-20  {len(names)}"), (ListPart("名单", columns, rows),), "签名")


def said_in(name: str) -> str:
    """What a document says of somebody: their name beside their number."""
    return readback.squeezed(name) + NUMBER


@pytest.fixture(scope="module", params=["system", "test"])
def fonts(request: pytest.FixtureRequest) -> Fonts:
    """The machine's own fonts, where it has some; the tests' own, with a second one for what is rare."""
    if request.param == "test":
        folder = Path(request.getfixturevalue("tmp_path_factory").mktemp("two"))
        without = "".join(char for name in NAMES for char in name if ord(char) > 0x9FFF or char in "㛃ễ")
        return Fonts((Face(plain_font(folder / "a.ttf", without)), Face(plain_font(folder / "b.ttf"))))
    found = Fonts(known_fonts(ROOT / "data" / "fonts.toml"))
    if lacking := found.lacking("".join(NAMES)) if found.faces else "社":
        pytest.skip(f"no font of this machine has {lacking}: install fonts-noto-cjk")
    return found


@pytest.fixture(scope="module")
def papers(fonts: Fonts) -> dict[str, bytes]:
    """Slip and letter of two people by what was typed, and the list of everybody by ''."""
    typed = {name: f"{slip(name)}\n{letter(name)}" for name in (NAMES[0], NAMES[-1])}
    papers = {text: pdf(text, "Q-7", fonts, whole=True) for text in typed.values()}
    return papers | {"": as_pdf(a_list(NAMES), fonts)}


@pytest.mark.parametrize("extract", [readback.text_of, pytest.param(readback.text_by_poppler, marks=poppler)])
def test_what_is_extracted_is_what_was_typed(papers: dict[str, bytes], extract: Callable[[bytes], str]) -> None:
    """From slip, letter and list; in a font and in the one that stands in for rare ones."""
    extracted = {typed: readback.squeezed(extract(paper)) for typed, paper in papers.items()}
    everybody = extracted.pop("")
    assert [name for name in NAMES if said_in(name) not in everybody] == []
    assert extracted == {typed: readback.squeezed(typed) for typed in extracted}
    for name, text in zip((NAMES[0], NAMES[-1]), extracted.values(), strict=True):
        assert text.count(readback.squeezed(name)) == 2, "once on the slip, once in the letter"


@pytest.fixture
def drawn(tmp_path: Path) -> Fonts:
    """Two fonts whose characters can be read from a picture: the second has the rare ones alone."""
    text = "".join((letter("".join(NAMES)), slip("".join(NAMES)), "〓"))
    rare = "".join(char for char in text if ord(char) > 0x9FFF)
    return Fonts(
        (
            Face(reading_font(tmp_path / "a.ttf", set(text) - set(rare))),
            Face(reading_font(tmp_path / "b.ttf", rare)),
        )
    )


@pytest.mark.parametrize("draw", [readback.picture_of, pytest.param(readback.picture_by_poppler, marks=poppler)])
def test_what_is_drawn_is_what_was_typed(drawn: Fonts, draw: Callable[[bytes], Image.Image]) -> None:
    """Each line of slip and letter, read from the picture that a browser and a Linux desk make of it."""
    for name in ("𠮷测张𬱖李㛃", NAMES[-1]):
        for text in (slip(name), letter(name)):
            picture = draw(pdf(text, "Q-7", drawn, whole=True))
            lines = text.split("\n")[:30]
            assert [readback.read_line(picture, at, 48) for at in range(len(lines))] == [
                line.rstrip() for line in lines
            ]
            assert any(readback.squeezed(name)[:6] in readback.squeezed(line) for line in lines)


def test_what_no_font_has_is_marked_and_named(tmp_path: Path) -> None:
    """Never another character, never nothing; a letter, whose names must be whole, is refused."""
    fonts = Fonts((Face(plain_font(tmp_path / "no.ttf", "\U0002cc56")),))
    text = readback.text_of(pdf(slip("张𬱖"), "Q-7", fonts))
    assert "张〓" in text and "\U0002cc56" not in text
    assert "U+2CC56" in text
    listed = readback.text_of(as_pdf(a_list(["张𬱖"]), fonts))
    assert "张〓" in listed and "U+2CC56" in listed
    with pytest.raises(RareCharacterError) as refused:
        pdf(letter("张𬱖"), "Q-7", fonts, whole=True)
    assert refused.value.said == {"characters": "U+2CC56"}


def test_a_machine_without_a_font_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counter.paper.fonts.KNOWN", ROOT / "tests" / "support" / "frozen" / "fonts.toml")
    monkeypatch.setenv("COUNTER_TEST_FONT", str(tmp_path / "away.ttf"))
    forget_fonts()
    try:
        with pytest.raises(NoFontError):
            find_fonts(tmp_path / "away-too.ttf")
        own = plain_font(tmp_path / "own.ttf")
        assert find_fonts(own).faces == (Face(own),)
        (tmp_path / "broken.ttf").write_bytes(b"no font")
        with pytest.raises(NoFontError):
            find_fonts(tmp_path / "broken.ttf")
    finally:
        forget_fonts()


def test_a_word_that_is_wider_than_its_columns_is_drawn_narrower(tmp_path: Path) -> None:
    """In a font whose Latin letters are not half as wide as a Chinese character; what follows keeps its column."""
    wide = Fonts((Face(plain_font(tmp_path / "wide.ttf", half=900)),))
    document = pdf("MUELLER  二\n一一一一\u3000二", "Q-7", wide)
    page = pypdfium2.PdfDocument(document)[0].get_textpage()
    begins = [page.get_charbox(at)[0] for at in range(page.count_chars()) if page.get_text_range(at, 1) == "二"]
    assert begins[0] == pytest.approx(begins[1] - 10.5 / 2, abs=0.6)
