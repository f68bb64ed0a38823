"""What commands print for people."""

import pytest
from rich.cells import cell_len

from counter.cli.output import table

RARE = "\U00020b9f𠮷"
"""生僻字, outside the BMP: two columns each."""


def test_columns_stand_under_their_headings_whatever_is_in_them(capsys: pytest.CaptureFixture[str]) -> None:
    table(
        ["姓名", "No.", "Fee"],
        [["钟试一", "1", "20.00"], [RARE, "12", "0.00"], ["e\u0301clair", "", "1.00"], ["", "3", "2.00"]],
    )
    lines = capsys.readouterr().out.splitlines()
    assert {cell_len(line[: line.rindex("  ") + 2]) for line in lines} == {len("eclair") + 2 + len("No.") + 2}
    assert not any(line.endswith(" ") for line in lines)
