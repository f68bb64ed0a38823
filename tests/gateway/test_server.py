"""The gateway as a process of its own, with its own PostgreSQL."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from counter.gateway import server
from counter.gateway.database import NoDatabaseError
from counter.gateway.postgresql import FOLDER, SERVER, USERS, forget_the_dead, is_alive
from counter.gateway.seeding import seed
from counter.gateway.seeding.customers import demo_lines, demo_people
from counter.gateway.seeding.portraits import portrait
from counter.province.client import Province, enrol
from counter.province.transport import Way
from counter.rules.numbers import check_character
from tests.support.province_world import (
    BRANCH,
    CODE,
    CODE_ROW,
    COUNTER,
)

SERVE = """
import sys
from pathlib import Path
from counter.gateway.server import serve
serve(None, Path(sys.argv[1]), port=0, ready=lambda running: print(running.url, running.public_key, flush=True))
"""


@contextmanager
def started(folder: Path) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """A gateway process that answers, and its address and key."""
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, str(folder)], cwd=root, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().split()
        finally:
            process.send_signal(signal.SIGTERM)


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, str]]:
    """A gateway process: its address and key; it is stopped as a service manager stops it."""
    with started(folder) as (process, (url, key)):
        yield url, key
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def way(folder: Path) -> Way:
    """By the authority's certificate that the gateway wrote."""
    return Way((folder / "tls" / "ca.pem").read_text("ascii"))


def test_stopped_and_started_it_is_the_same_province() -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name) / "gateway"
        with serving(folder) as (url, key):
            server.seed_lines(None, folder, [msgspec.json.encode(CODE_ROW).decode()])
            counter_key, province_key = enrol(url, CODE, BRANCH, COUNTER, way=way(folder))
            assert province_key == key
        assert (folder / "province.pem").stat().st_mode & 0o077 == 0
        with serving(folder) as (url, key):
            assert key == province_key
            with Province(url, BRANCH, COUNTER, counter_key, province_key, way=way(folder)) as province:
                assert province.head().seq == 0


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9")
def test_killed_with_its_postgresql_it_starts_again_and_stops_what_it_started() -> None:
    """Also where the number of what was killed is another process's by then."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name) / "gateway"
        with killed(folder):
            postmaster = _postmaster(folder)
        os.kill(postmaster, signal.SIGKILL)
        while is_alive(postmaster):
            time.sleep(0.01)
        pid_file = folder / FOLDER / SERVER
        pid_file.write_text(pid_file.read_text().replace(str(postmaster), str(os.getpid()), 1))
        (folder / FOLDER / USERS).write_text("[1")  # killed in the middle of writing it
        with killed(folder):
            left_running = _postmaster(folder)
        with serving(folder):
            assert _postmaster(folder) == left_running, "it goes on with the one that was left"
        assert not is_alive(left_running), "nobody uses it any more"


@contextmanager
def killed(folder: Path) -> Iterator[None]:
    """A gateway process that is killed at the end."""
    with started(folder) as (process, _):
        yield
        process.kill()
        process.wait()


def _postmaster(folder: Path) -> int:
    return int((folder / FOLDER / SERVER).read_text().splitlines()[0])


def test_a_list_of_users_forgets_who_has_gone_and_who_came_by_that_number_later(tmp_path: Path) -> None:
    users = tmp_path / USERS
    users.write_text(json.dumps([os.getpid(), 2**22 + 1]))
    forget_the_dead(tmp_path)
    assert json.loads(users.read_text()) == [os.getpid()]
    os.utime(users, (0, 0))  # the list is older than this process
    forget_the_dead(tmp_path)
    assert json.loads(users.read_text()) == []


def test_a_database_that_is_not_there_is_told(tmp_path: Path) -> None:
    nowhere = f"postgresql://nobody@/nothing?host={tmp_path}"
    with pytest.raises(NoDatabaseError), server.running(nowhere, tmp_path):
        pass


def test_a_seed_line_that_is_none_is_named_by_its_number() -> None:
    lines = ["", *demo_lines(date(2026, 3, 2)), '{"type": "person", "name": "无"}']
    with pytest.raises(seed.SeedError) as error:
        seed.parse(lines)
    assert error.value.line == len(lines) and "无" not in str(error.value)


def test_demo_customers_are_made_up_right() -> None:
    people = demo_people()
    assert len({person.number for person in people}) == len(people) == 37
    for person in people:
        if person.kind == "id_card":
            assert person.number[17] == check_character(person.number[:17])
    assert len(seed.parse(demo_lines(date(2026, 3, 2)))) > len(people)


def test_portraits_have_the_cards_format(tmp_path: Path) -> None:
    jpeg = portrait(1)
    path = tmp_path / "portrait.jpg"
    path.write_bytes(jpeg)
    with Image.open(path) as image:
        assert (image.size, image.mode, image.format) == ((358, 441), "RGB", "JPEG")
        assert image.info["dpi"] == (350, 350)
        assert image.getpixel((2, 2)) == image.getpixel((355, 2)) == (255, 255, 255)
    assert 9 * 1024 <= len(jpeg) <= 40 * 1024
    assert jpeg == portrait(1) != portrait(2)
