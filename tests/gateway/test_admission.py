"""A gateway that is busy says so before its queue is full, and when to come back; the counter waits as it was told."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import httpx2
import psycopg
import pytest

from counter.gateway.setup import Setup
from counter.province import client
from counter.province.client import Patience
from counter.province.errors import OutOfReachError
from counter.province.wire import EntryAnswer
from tests.support.province_world import World, a_world, chain, record

TOLD = 3


@pytest.fixture(scope="module")
def narrow(postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A province that answers one request at once."""
    with pytest.MonkeyPatch.context() as patch:
        for place in ("signed", "patience"):
            patch.setattr(f"counter.gateway.{place}.come_back", lambda: TOLD)
        with a_world(postgresql, tmp_path_factory.mktemp("narrow"), setup=Setup(at_once=1, pool=2)) as running:
            yield running


@contextmanager
def held_up(world: World) -> Iterator[tuple[psycopg.Connection, Future[tuple[EntryAnswer, ...]]]]:
    """A batch of entries that is being answered until the connection that is given rolls back."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with psycopg.connect(world.running.database) as holding, ThreadPoolExecutor(1) as one, world.province() as sender:
        holding.execute("SELECT 1 FROM counter FOR UPDATE")
        try:
            batch = one.submit(sender.entries, tuple(chain([record()])))
            while world.query(waiting) != [(1,)]:
                time.sleep(0.01)
            yield holding, batch
        finally:
            holding.rollback()


def test_a_counter_waits_as_it_was_told_and_then_has_its_answer(narrow: World) -> None:
    slept: list[float] = []
    with held_up(narrow) as (holding, batch), pytest.MonkeyPatch.context() as patch:

        def pause(seconds: float) -> None:
            slept.append(seconds)
            holding.rollback()
            batch.result()

        patch.setattr(
            client, "time", type("Time", (), {"sleep": staticmethod(pause), "monotonic": staticmethod(time.monotonic)})
        )
        with narrow.province(at_sync=Patience(timeout=5.0, attempts=2)) as second:
            assert second.head().seq == 1
    assert slept == [TOLD]
    assert [answer.outcome for answer in batch.result()] == ["created"]


def test_at_the_counter_nobody_waits(narrow: World) -> None:
    with held_up(narrow), narrow.province() as second, pytest.raises(OutOfReachError) as error:
        second.health()
    assert (error.value.reason, error.value.retry_after) == ("unavailable", TOLD)


def test_a_connection_too_many_is_told_when_to_come_back(postgresql: str, narrow: World) -> None:
    with (
        a_world(postgresql, narrow.folder, setup=Setup(tls=False, connections=1)) as crowded,
        httpx2.Client(base_url=crowded.url, trust_env=False) as first,
    ):
        assert first.get("/v1/province").status_code == 200  # kept open
        second = httpx2.get(f"{crowded.url}/v1/province", trust_env=False)
        assert (second.status_code, second.headers["retry-after"], second.json()["code"]) == (503, str(TOLD), "busy")
        assert first.get("/v1/province").status_code == 200
