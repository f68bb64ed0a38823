"""What mends a photo: it is turned, cropped to the head, set on white; and PHO-6 judges what came of it."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from counter.rules.photo import check_photo, fit_picture, open_photo
from counter.rules.portrait import AS_IT_IS, Mend, framed, measure, mended, turned, turned_size, window
from counter.rules.reference import PhotoSpec
from tests.support.photographs import WALL, encoded, opened, photograph

SPEC = PhotoSpec()
MENDS = st.builds(
    Mend,
    turn=st.integers(0, 7),
    zoom=st.floats(0.1, 20),
    right=st.floats(-3, 3),
    down=st.floats(-3, 3),
    white=st.booleans(),
)
SIZES = st.tuples(st.integers(2, 2000), st.integers(2, 2000))


def codes(image: Image.Image, mend: Mend) -> list[str]:
    return [finding.code for finding in check_photo(fit_picture(image, SPEC, mend), SPEC)]


@pytest.mark.rule("PHO-6")
def test_three_keys_make_a_card_photo_of_a_telephones_picture() -> None:
    image = open_photo(photograph())
    assert codes(image, AS_IT_IS) == ["photo.background"]
    upright = AS_IT_IS.turned()
    cropped = framed(image, SPEC, upright)
    assert cropped is not None
    assert codes(image, cropped) == ["photo.background"]
    assert codes(image, cropped.whitened()) == []
    assert codes(image, upright.whitened()) != [], "the crop was needed"
    assert codes(image, cropped.whitened().whitened()) == ["photo.background"], "the same key gives the wall back"


def test_the_head_is_in_the_middle_and_near_the_top() -> None:
    image = open_photo(photograph())
    mend = framed(image, SPEC, AS_IT_IS.turned())
    assert mend is not None
    seen = measure(mended(image, SPEC, mend.whitened()))
    assert seen.centre is not None
    assert abs(seen.centre - 0.5) < 0.03
    assert 0.01 < seen.top < 0.10
    again = framed(image, SPEC, mend)
    assert again is not None
    assert (again.zoom, again.right, again.down) == pytest.approx((mend.zoom, mend.right, mend.down))


@pytest.mark.parametrize("wall", [WALL, (200, 30, 40), (150, 150, 150), (225, 220, 210)])
def test_the_wall_becomes_white_and_the_person_stays(wall: tuple[int, int, int]) -> None:
    image = open_photo(photograph(wall, lying=False))
    before, after = (mended(image, SPEC, Mend(zoom=1.6, right=-0.3, down=0.3, white=white)) for white in (False, True))
    assert measure(before).white < 5
    assert measure(after).white > 90
    face = (150, 230, 190, 270)
    assert ImageStat.Stat(ImageChops.difference(before.crop(face), after.crop(face))).sum == [0, 0, 0]


def test_a_shirt_of_the_walls_colour_is_no_wall() -> None:
    """Only what is joined to the border becomes white."""
    image = Image.new("RGB", (SPEC.width, SPEC.height), WALL)
    image.paste((60, 40, 30), (60, 60, 300, 441))
    image.paste(WALL, (150, 200, 210, 260))
    after = mended(image, SPEC, Mend(white=True))
    assert after.getpixel((10, 10)) == (255, 255, 255)
    assert after.getpixel((180, 230)) == WALL
    assert after.getpixel((100, 100)) == (60, 40, 30)


def test_a_busy_background_has_no_head() -> None:
    noise = Image.effect_noise((400, 500), 200).convert("RGB")
    assert framed(noise, SPEC, AS_IT_IS) is None
    assert framed(Image.new("RGB", (400, 500), WALL), SPEC, AS_IT_IS) is None


@given(MENDS)
@settings(max_examples=12, deadline=None)
def test_whatever_is_mended_has_the_form_of_a_card_photo(mend: Mend) -> None:
    fitted = fit_picture(LITTLE, SPEC, mend)
    image = Image.open(BytesIO(fitted))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (358, 441))
    assert len(fitted) <= SPEC.max_bytes


LITTLE = opened(encoded(open_photo(photograph()).resize((90, 120))))


@given(SIZES, MENDS)
@settings(max_examples=40)
def test_the_part_lies_in_the_picture_and_has_the_right_shape(size: tuple[int, int], mend: Mend) -> None:
    upright = turned_size(size, mend)
    left, top, right, bottom = window(upright, SPEC, mend)
    assert 0 <= left < right <= upright[0] + 1e-6
    assert 0 <= top < bottom <= upright[1] + 1e-6
    assert (right - left) / (bottom - top) == pytest.approx(SPEC.width / SPEC.height, rel=1e-6)


@given(SIZES, MENDS)
@settings(max_examples=40)
def test_settling_moves_nothing_and_is_done_once(size: tuple[int, int], mend: Mend) -> None:
    settled = mend.settled(size, SPEC)
    upright = turned_size(size, mend)
    assert window(upright, SPEC, settled) == pytest.approx(window(upright, SPEC, mend), abs=1e-6)
    again = settled.settled(size, SPEC)
    assert (again.right, again.down) == pytest.approx((settled.right, settled.down), abs=1e-6)


@given(MENDS)
def test_four_turns_are_none(mend: Mend) -> None:
    assert mend.turned().turned().turned().turned() == Mend(turn=mend.turn % 4, white=mend.white)


@pytest.mark.parametrize("turn", range(5))
def test_a_turn_is_clockwise(turn: int) -> None:
    image = Image.new("RGB", (4, 2), "white")
    image.putpixel((0, 0), (255, 0, 0))
    corner = [(0, 0), (1, 0), (3, 1), (0, 3), (0, 0)][turn]
    assert turned(image, Mend(turn=turn)).getpixel(corner) == (255, 0, 0)
