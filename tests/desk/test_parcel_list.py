"""The list that comes with a parcel: a spreadsheet with titles, or nothing but card numbers."""

from pathlib import Path

import pytest

from counter.desk.parcel_list import ParcelFileError, read_list

CARDS = ("B00000027", "B00000166")


@pytest.mark.parametrize(
    ("text", "parcel"),
    [
        ("B00000027\nB00000166\n", ""),
        ("社保卡号\nB00000027\nB00000166\n", ""),
        ("\ufeff卡号\r\nB00000027\r\n\r\nB00000166\r\n", ""),
        ("包裹号,社保卡号\nP1,B00000027\nP1,B00000166\n", "P1"),
    ],
)
def test_card_numbers_in_one_column_or_among_others(tmp_path: Path, text: str, parcel: str) -> None:
    file = tmp_path / "list.csv"
    file.write_text(text, "utf-8")
    assert read_list(file) == (parcel, CARDS)


def test_one_column_of_something_else_is_no_list(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("姓名\n王测试\n", "utf-8")
    with pytest.raises(ParcelFileError):
        read_list(file)
