"""A slip on a receipt printer: what comes out is the entry's slip, rare names too, and its number as a QR code."""

from itertools import cycle, islice
from pathlib import Path

import pytest
from msgspec import structs
from rich.cells import cell_len

from counter import i18n
from counter.devices import escpos
from counter.devices.loopback import LoopbackPrinter, PrintedSlip, decoded
from counter.devices.printer import print_on, printer_at
from counter.paper.fonts import Face, Fonts, RareCharacterError
from counter.paper.receipt import drawn, in_printer, reader, receipt
from counter.paper.slip import WIDTH, printed_slip, slip
from counter.rules.judge import judge
from counter.rules.services import SERVICES
from tests.paper.test_pages import NAMES, TIBETAN, letter
from tests.support.customers import complete, everybody
from tests.support.fonts import COLUMNS, EM, RISE, ROWS, WIDTHS, plain_font, reading_font
from tests.support.ledger_entry import entry_of
from tests.support.made_up import EXCHANGE, REFERENCE, SHELL, WINDOW

assert WINDOW.place is not None
PLACE = WINDOW.place
LETTER_DOTS, BASE = 22, 20


def slip_for(name: str) -> str:
    """The masked slip of somebody of this name, as the ledger has it."""
    case = structs.replace(EXCHANGE, holder=structs.replace(EXCHANGE.holder, name=name))
    return slip(entry_of(case, judge(case, WINDOW).record(case)), "Q-7", REFERENCE, PLACE)


def printed(content: bytes) -> PrintedSlip:
    (one,) = decoded(content)
    return one


def from_picture(picture: bytes) -> str:
    """The character of a picture in `reading_font`: its code point in squares."""
    columns = len(picture) // 3 // escpos.COLUMN_DOTS
    across = LETTER_DOTS * columns / 2 / COLUMNS
    left = (len(picture) // 3 - round(LETTER_DOTS * columns / 2)) // 2
    code = 0
    for place in range(COLUMNS * ROWS):
        row, column = divmod(place, COLUMNS)
        x, y = int(left + (column + 0.5) * across), int(BASE - (RISE - (row + 0.5) * EM / ROWS) / EM * LETTER_DOTS)
        code |= (picture[3 * x + y // 8] >> (7 - y % 8) & 1) << place
    wide, code = divmod(code, 1 << 20)
    assert wide << 20 == WIDTHS[columns]
    return chr(code)


@pytest.fixture(scope="module")
def readable(tmp_path_factory: pytest.TempPathFactory) -> Fonts:
    """A font in which every picture can be read."""
    text = "".join((*map(slip_for, NAMES), *map(letter, NAMES), "“”—…·é"))
    return Fonts((Face(reading_font(tmp_path_factory.mktemp("receipt") / "a.ttf", text)),))


@pytest.mark.parametrize("name", NAMES)
def test_what_comes_out_is_the_slip_of_the_entry(readable: Fonts, name: str) -> None:
    text = slip_for(name)
    one = printed(receipt(text, "Q-7", readable))
    assert one.read(from_picture).rstrip("\n") == text
    assert one.codes == ("Q-7",)
    assert bool(one.pictures) == any(char in text for char in "𠮷𬱖㛃·“”"), "the printer's own font for all else"


def test_slips_of_every_service_come_out_as_their_entries_have_them(tmp_path: Path) -> None:
    """For customers of many kinds, in their own languages, on a printer that stands."""
    papers: dict[str, str] = {}
    services: set[str] = set()
    names = ("𠮷测试", "𬱖试", "张试㛃", TIBETAN, "MÜLLER-ØRSTED")
    for (service, customer, presented_by), name in zip(islice(everybody(), 0, None, 17), cycle(names), strict=False):
        case = complete(service, customer, presented_by)
        case = structs.replace(case, holder=structs.replace(case.holder, name=name))
        judgement, quote = judge(case, SHELL), f"Q-{len(papers)}"
        if judgement.allowed:
            services.add(service.id)
            papers[quote] = printed_slip(entry_of(case, judgement.record(case)), quote, REFERENCE, PLACE).text
    beyond = {char for text in papers.values() for char in text if not in_printer(char)}
    fonts = Fonts((Face(reading_font(tmp_path / "a.ttf", beyond)),))
    with LoopbackPrinter().standing() as loopback:
        for quote, text in papers.items():
            print_on(printer_at((loopback.address,)), receipt(text, quote, fonts))
    came = {one.codes: one.read(from_picture).rstrip("\n") for one in loopback.slips}
    assert came == {(quote,): text for quote, text in papers.items()}
    assert services == set(SERVICES) and len(came) > 40 and beyond > set("𠮷𬱖㛃")


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_has_the_name_whole(readable: Fonts, name: str) -> None:
    one = printed(receipt(letter(name), "", readable, whole=True))
    assert one.read(from_picture).rstrip("\n") == letter(name).rstrip("\n")
    assert name in one.read(from_picture)
    assert one.codes == ()


def test_the_demonstration_reads_its_printers_pictures(readable: Fonts) -> None:
    one = printed(receipt("“𬱖𠮷㛃” é", "", readable))
    assert len(one.pictures) == 6
    read = reader(readable)
    assert one.read(read) == one.read(read) == "“𬱖𠮷㛃” é\n"
    assert read(b"\x01" * 72) == "〓", "no character of this font"


def test_every_character_takes_its_columns_on_paper(readable: Fonts) -> None:
    """Latin letters with accents, quotes and dashes are two columns wide in GB18030's font, and one here."""
    line = "MÜLLER é “—…·” 𠮷试" + "-" * 20
    one = printed(receipt(line, "", readable))
    pictures = iter(one.pictures)
    wide = sum(
        len(next(pictures)) // 3 if char == "\ufffc" else escpos.COLUMN_DOTS * len(char.encode("gb18030"))
        for char in one.text.rstrip("\n")
    )
    assert wide == cell_len(line) * escpos.COLUMN_DOTS <= WIDTH * escpos.COLUMN_DOTS
    assert one.read(from_picture).rstrip("\n") == line


def test_what_nobody_can_print_is_marked_and_named(tmp_path: Path) -> None:
    fonts = Fonts((Face(plain_font(tmp_path / "no.ttf", "\U0002cc56")),))
    one = printed(receipt("姓名: 张𬱖", "", fonts))
    assert "张〓" in one.text and "U+2CC56" in one.text
    with pytest.raises(RareCharacterError):
        receipt("姓名: 张𬱖", "", fonts, whole=True)


def test_without_any_font_the_printers_own_does(tmp_path: Path) -> None:
    one = printed(receipt("姓名: “王”·é 𠮷\x07", "", Fonts(())))
    assert one.text.startswith("姓名: “王”·é 〓〓\n") and not one.pictures
    assert "U+20BB7 U+0007" in one.text.replace("\n", " ")


def test_a_letter_that_is_wider_than_its_columns_is_narrowed(tmp_path: Path) -> None:
    face = Face(plain_font(tmp_path / "wide.ttf", half=900))
    assert len(drawn("é", face)) == 3 * escpos.COLUMN_DOTS
    assert len(drawn("𠮷", face)) == 3 * escpos.DOTS


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_slip_in_every_language(readable: Fonts, language: str, tmp_path: Path) -> None:
    with i18n.speaking(language):
        text = slip_for(NAMES[0])
    fonts = Fonts((Face(reading_font(tmp_path / "b.ttf", text)),))
    assert printed(receipt(text, "Q-7", fonts)).read(from_picture).rstrip("\n") == text
