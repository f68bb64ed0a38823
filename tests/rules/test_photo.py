"""A card photo is what PHO-6 says; anything else is refused with a sentence, and most pictures can be made one."""

import subprocess
import sys
import warnings
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from counter.i18n import sentence
from counter.rules.finding import Level
from counter.rules.photo import SCAN_BYTES, PhotoError, check_photo, fit_photo, fit_scan
from counter.rules.portrait import Mend
from counter.rules.reference import PhotoSpec

SPEC = PhotoSpec()


def portrait(
    size: tuple[int, int] = (358, 441), background: str = "white", move: int = 0, down: int = 0
) -> Image.Image:
    """Somebody who does not exist: a head and shoulders, with enough grain for a photo's weight."""
    width, height = size
    image = Image.new("RGB", size, background)
    draw = ImageDraw.Draw(image)
    middle = width // 2 + move
    draw.ellipse(
        (middle - width // 4, height // 12 + down, middle + width // 4, height * 7 // 12 + down), fill="#c89070"
    )
    draw.ellipse((middle - width // 2, height * 7 // 12, middle + width // 2, height * 13 // 12), fill="#203060")
    for y in range(height // 3, height // 2, 4):
        for x in range(middle - width // 8, middle + width // 8, 4):
            draw.point((x, y), fill=((x * 7) % 200, (y * 11) % 200, (x * y) % 200))
    return image


def encoded(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


FITTING: dict[str, Any] = {"quality": 90, "dpi": (350, 350)}


def card_photo(image: Image.Image | None = None, **options: Any) -> bytes:
    return encoded(image or portrait(), **{**FITTING, **options})


def codes(data: bytes, spec: PhotoSpec = SPEC) -> list[str]:
    return [finding.code for finding in check_photo(data, spec)]


@pytest.mark.rule("PHO-6")
def test_a_right_photo_has_no_findings() -> None:
    assert codes(card_photo()) == []


@pytest.mark.rule("PHO-6")
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo.unreadable"),
        (b"not a picture", "photo.unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo.unreadable"),
        (card_photo()[:6000], "photo.damaged"),
        (card_photo()[:300], "photo.damaged"),
        (encoded(portrait(), "PNG", dpi=(350, 350)), "photo.format"),
        (card_photo(portrait().convert("L")), "photo.colour"),
        (card_photo(portrait().convert("CMYK")), "photo.colour"),
        (card_photo(portrait((441, 358))), "photo.size"),
        (card_photo(dpi=(72, 72)), "photo.dpi"),
        (encoded(portrait(), quality=90), "photo.dpi_missing"),
        (card_photo(quality=10), "photo.bytes_few"),
        (card_photo(portrait(background="#4060c0")), "photo.background"),
        (card_photo(Image.new("RGB", (358, 441), "white"), comment=b"x" * 9000), "photo.empty"),
        (card_photo(portrait(move=70)), "photo.off_centre"),
        (card_photo(portrait(down=90)), "photo.headroom"),
    ],
)
def test_what_is_wrong_is_named(data: bytes, code: str) -> None:
    findings = check_photo(data, SPEC)
    assert code in [finding.code for finding in findings]
    assert all(finding.rule == "PHO-6" and sentence(finding) for finding in findings)
    only_told = code in {"photo.off_centre", "photo.headroom"}
    assert next(each for each in findings if each.code == code).level is (Level.TELL if only_told else Level.STOP)


def test_the_limits_are_the_citys() -> None:
    data = card_photo()
    small = PhotoSpec(max_bytes=len(data) - 1)
    assert codes(data, small) == ["photo.bytes_many"]
    assert codes(data, PhotoSpec(max_bytes=len(data), min_bytes=len(data))) == []


@pytest.mark.parametrize("size", [(9000, 9000), (11000, 11000), (20000, 20000)])
def test_a_decompression_bomb_is_refused_unopened_and_in_silence(size: tuple[int, int]) -> None:
    bomb = encoded(Image.new("1", size), "PNG")
    assert len(bomb) < 200_000
    with warnings.catch_warnings(record=True) as said:
        assert codes(bomb) == ["photo.huge"]
        with pytest.raises(PhotoError) as raised:
            fit_photo(bomb, SPEC)
    assert raised.value.finding.code == "photo.huge"
    assert said == []


@given(st.integers(0, 7000), st.binary(min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_no_damage_breaks_the_check(place: int, noise: bytes) -> None:
    data = card_photo()
    damaged = data[:place] + noise + data[place + len(noise) :]
    assert isinstance(check_photo(damaged, SPEC), tuple)


@pytest.mark.parametrize("size", [(358, 441), (1200, 1600), (1600, 1200), (60, 900), (120, 150)])
@pytest.mark.parametrize(
    ("form", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "CMYK"), ("BMP", "L")]
)
def test_any_picture_gets_the_form_of_a_card_photo(size: tuple[int, int], form: str, mode: str) -> None:
    fitted = fit_photo(encoded(portrait(size).convert(mode), form), SPEC)
    image = Image.open(BytesIO(fitted))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (358, 441))
    assert len(fitted) <= SPEC.max_bytes
    assert not {"photo.dpi", "photo.dpi_missing", "photo.size"} & set(codes(fitted))


def test_a_picture_with_much_detail_is_compressed_under_the_limit() -> None:
    noise = Image.effect_noise((358, 441), 120).convert("RGB")
    assert len(encoded(noise, quality=90)) > SPEC.max_bytes
    assert len(fit_photo(encoded(noise, quality=90), SPEC)) <= SPEC.max_bytes
    with pytest.raises(PhotoError) as raised:
        fit_photo(encoded(noise), PhotoSpec(max_bytes=2000))
    assert raised.value.finding.code == "photo.unfit"


def test_a_larger_portrait_becomes_a_right_photo() -> None:
    assert codes(fit_photo(encoded(portrait((1074, 1323))), SPEC)) == []


def test_transparent_is_white() -> None:
    layer = Image.new("RGBA", (358, 441), (0, 0, 0, 0))
    layer.paste(portrait().crop((90, 40, 270, 441)), (90, 40))
    assert "photo.background" not in codes(fit_photo(encoded(layer, "PNG"), SPEC))


def test_turn_shift_and_zoom() -> None:
    """Four coloured quarters show which part was taken."""
    image = Image.new("RGB", (716, 882), "red")
    image.paste("lime", (358, 0, 716, 441))
    image.paste("blue", (0, 441, 358, 882))
    image.paste("black", (358, 441, 716, 882))
    data = encoded(image, "PNG")

    def middle(turn: int, right: float, down: float) -> tuple[int, ...]:
        fitted = Image.open(BytesIO(fit_photo(data, SPEC, Mend(turn=turn, zoom=2.0, right=right, down=down))))
        pixel = fitted.getpixel((179, 220))
        assert isinstance(pixel, tuple)
        return tuple(round(value / 255) for value in pixel)

    assert middle(0, -1, -1) == (1, 0, 0)
    assert middle(0, 1, -1) == (0, 1, 0)
    assert middle(1, 1, -1) == (1, 0, 0)  # a quarter clockwise: what was left is above
    assert middle(0, 99, 99) == (0, 0, 0)


def test_a_phones_orientation_is_obeyed_and_its_data_are_dropped() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "maker"
    sideways = portrait((1074, 1323)).transpose(Image.Transpose.ROTATE_90)
    fitted = fit_photo(encoded(sideways, exif=exif), SPEC)
    assert codes(fitted) == []
    assert b"maker" not in fitted


def test_the_rules_are_imported_without_pillow() -> None:
    program = "import sys, counter.rules.photo; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_an_image_of_a_paper_is_upright_and_small() -> None:
    wide = Image.effect_noise((4000, 2600), 90).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera lay on its side
    buffer = BytesIO()
    wide.save(buffer, "JPEG", quality=95, exif=exif)
    scan = fit_scan(buffer.getvalue())
    with Image.open(BytesIO(scan)) as image:
        assert (image.format, image.size, image.getexif().get(0x0112)) == ("JPEG", (1040, 1600), None)
    assert len(scan) <= SCAN_BYTES
    with pytest.raises(PhotoError):
        fit_scan(b"no picture")
