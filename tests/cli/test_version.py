"""``counter --version``: what somebody who helps from afar has to know, one line each."""

import platform
import re

from counter import __version__
from counter.gateway.app import OPERATIONS
from counter.province.wire import VERSION
from tests.cli.conftest import Counter


def test_each_part_says_its_version(counter: Counter) -> None:
    lines = counter("--version").stdout.splitlines()
    assert lines[:2] == [f"counter {__version__}", f"Python {platform.python_version()}"]
    assert re.fullmatch(r"Textual \d+\.\d+\.\d+", lines[2])
    assert re.fullmatch(r"SQLCipher \d+\.\d+\.\d+, SQLite 3\.\d+\.\d+", lines[3])
    assert re.fullmatch(rf"wire v{VERSION}, entry form \d+", lines[4])
    assert lines[5:] == [platform.platform()]


def test_the_wire_has_the_version_that_is_said() -> None:
    assert {operation.path.split("/")[1] for operation in OPERATIONS} == {f"v{VERSION}"}
