"""A photo receipt's code, off its picture: offered where its number goes, and no other code is."""

import asyncio
from pathlib import Path

import zxingcpp
from msgspec import structs
from PIL import Image

from counter.desk.desk import Desk
from counter.desk.intake import receipt_on
from counter.rules.case import Photo, PhotoSource
from tests.support.made_up import APPLY
from tests.support.screen_world import Clerk, at, until
from tests.support.social_cards import THEIRS

RECEIPT = "ZJ20260010"


def picture(*texts: str, format: zxingcpp.BarcodeFormat = zxingcpp.BarcodeFormat.QRCode) -> Image.Image:
    """A sheet of paper under the camera, a little turned, with these codes on it."""
    sheet = Image.new("RGB", (1200, 900), (235, 232, 225))
    for number, text in enumerate(texts):
        code = Image.fromarray(zxingcpp.create_barcode(text, format).to_image(scale=4))
        sheet.paste(code.convert("RGB"), (80 + 400 * number, 120))
    return sheet.rotate(4, expand=True, fillcolor=(235, 232, 225))


def test_the_receipts_number_is_found_among_other_codes(desk: Desk) -> None:
    others = ("https://example.org/wx?code=1", THEIRS.number, THEIRS.social_number)
    assert receipt_on(desk, picture(*others[:1], RECEIPT)) == RECEIPT
    assert receipt_on(desk, picture(RECEIPT, format=zxingcpp.BarcodeFormat.Code128)) == RECEIPT
    for other in others:
        assert receipt_on(desk, picture(other)) == ""
    assert receipt_on(desk, Image.effect_noise((800, 600), 90)) == ""


async def test_the_cameras_newest_picture_offers_it(clerk: Clerk, tmp_path: Path) -> None:
    clerk.desk().scan_folder = tmp_path
    picture(RECEIPT).save(tmp_path / "a.jpg")
    screen = await at(clerk, "photo", structs.replace(APPLY, photo=Photo(source=PhotoSource.RECEIPT)))
    await until(lambda: RECEIPT in clerk.text, within=20)
    assert screen.open.case.photo.receipt == "", "only offered"
    await clerk.types("enter")
    await until(lambda: screen.open.case.photo.receipt == RECEIPT)


async def test_what_is_typed_holds_over_what_is_offered(clerk: Clerk, tmp_path: Path) -> None:
    clerk.desk().scan_folder = tmp_path
    picture(RECEIPT).save(tmp_path / "a.jpg")
    screen = await at(clerk, "photo", structs.replace(APPLY, photo=Photo(source=PhotoSource.RECEIPT)))
    await until(lambda: RECEIPT in clerk.text, within=20)
    await clerk.types("GZ1", "enter")
    await asyncio.sleep(0)
    assert screen.open.case.photo.receipt == "GZ1"


async def test_a_file_that_is_a_receipt_says_so(clerk: Clerk, tmp_path: Path) -> None:
    picture(RECEIPT).save(tmp_path / "a.jpg")
    screen = await at(clerk, "photo", structs.replace(APPLY, photo=Photo(source=PhotoSource.FILE)))
    await clerk.types(str(tmp_path / "a.jpg"), "enter")
    await until(lambda: "photo.receipt_on_picture" in {each.code for each in screen.open.findings()})
    screen.open.fill("photo.source", PhotoSource.RECEIPT)
    screen.show()
    await until(lambda: f"图片上有相片回执号 {RECEIPT}" in clerk.text)
