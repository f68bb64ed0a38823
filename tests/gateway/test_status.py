"""The second listener: readiness, metrics, the page; on this machine only, and about nobody."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import msgspec
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from counter.gateway import server
from counter.gateway.database import pool as new_pool
from counter.gateway.migrations import KNOWN
from counter.gateway.setup import Setup
from counter.gateway.standing import PartStands, readiness
from counter.province.errors import RefusedError
from counter.province.wire import DayClose, KindTotal
from counter.rules.chain import GENESIS
from tests.support.province_world import BRANCH, COUNTER, TODAY, World, a_world, chain, record
from tests.support.signed_calls import call

NODES = (
    "CREATE FUNCTION citus_check_cluster_node_health(OUT from_nodename text, OUT from_nodeport int,"
    " OUT to_nodename text, OUT to_nodeport int, OUT result bool) RETURNS SETOF record LANGUAGE sql AS $$"
    " VALUES ('one', 5432, 'one', 5432, true), ('one', 5432, 'two', 5432, false) $$"
)


@pytest.fixture(scope="module")
def watched(postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A province with its second listener."""
    with a_world(postgresql, tmp_path_factory.mktemp("watched"), setup=Setup(status_port=0)) as running:
        yield running


def ask(world: World, path: str, **headers: str) -> httpx2.Response:
    return httpx2.get(world.running.status + path, headers=headers, trust_env=False)


def ready(world: World) -> tuple[int, dict[str, str]]:
    """The status, and of each part why it is dead."""
    answer = ask(world, "/ready")
    return answer.status_code, {part["part"]: part["dead"] for part in answer.json()["parts"]}


def samples(world: World) -> dict[tuple[str, str], float]:
    """Each sample by its name and its labels' values."""
    answer = ask(world, "/metrics")
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    families = text_string_to_metric_families(answer.text)  # type: ignore[no-untyped-call]
    return {
        (sample.name, " ".join(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def test_it_is_ready_and_says_by_which_parts(watched: World) -> None:
    assert ready(watched) == (200, {"pool": "", "database": "", "schema": ""})


def test_a_schema_that_another_program_took_on_is_not_ready(watched: World) -> None:
    watched.query("INSERT INTO schema_version (version) VALUES (%s)", KNOWN + 1)
    try:
        assert ready(watched) == (
            503,
            {"pool": "", "database": "", "schema": f"version {KNOWN + 1}, known is {KNOWN}"},
        )
    finally:
        watched.query("DELETE FROM schema_version WHERE version > %s", KNOWN)


def test_a_dead_node_is_named(watched: World) -> None:
    """A function of Citus's name stands in for Citus."""
    watched.query(NODES)
    try:
        assert ready(watched) == (
            503,
            {"pool": "", "database": "", "schema": "", "nodes": "out of reach: two:5432"},
        )
    finally:
        watched.query("DROP FUNCTION citus_check_cluster_node_health")


async def test_a_database_that_is_not_there_and_a_pool_in_use_are_told_apart(watched: World, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("counter.gateway.standing.SECONDS", 0.05)
        async with new_pool(f"postgresql://nobody@/nothing?host={tmp_path}") as nowhere:
            assert await readiness(nowhere) == (PartStands("database", "no connection within 0 s"),)
        async with new_pool(watched.running.database) as full:
            await full.resize(1, 1)
            async with full.connection(5):
                assert await readiness(full) == (PartStands("pool", "all 1 connections are in use"),)


def test_the_metrics_count_by_operation_and_outcome_and_name_nobody(watched: World) -> None:
    before = samples(watched)
    first = chain([record()])
    with watched.province() as province:
        assert province.entries(tuple(first))[0].outcome == "created"
        assert province.entries(tuple(first))[0].outcome == "exists"
        with pytest.raises(RefusedError):
            province.send_sms("1")
    call(watched, "GET", "/v1/head/44162119870312961X").send(watched)
    after = samples(watched)
    for sample, more in (
        (("counter_gateway_requests_total", "POST /v1/entries done"), 2),
        (("counter_gateway_request_seconds_count", "POST /v1/entries"), 2),
        (("counter_gateway_entries_total", "created"), 1),
        (("counter_gateway_entries_total", "exists"), 1),
        (("counter_gateway_sms_refused_total", "mobile"), 1),
        (("counter_gateway_requests_total", "other not_found"), 1),
    ):
        assert after[sample] - before.get(sample, 0) == more, sample
    assert after["counter_gateway_pool_limit", ""] >= 1
    text = ask(watched, "/metrics").text
    for word in (record().case.holder.name, record().case.holder.document.number, BRANCH, public_key(watched)):
        assert word not in text


def public_key(world: World) -> str:
    return world.key.public_key().public_bytes_raw().hex()


def test_the_page_shows_counters_and_what_differs_and_has_no_script(watched: World) -> None:
    other = DayClose(
        business_date=TODAY + timedelta(days=9000),
        totals=(KindTotal(kind="exchange", count=1, fee_fen=1),),
        last_seq=1,
        head=GENESIS,
        audit_seq=0,
        audit_head=GENESIS,
    )
    with watched.province() as province:
        assert not province.day_close(other).matched
    watched.query("INSERT INTO counter (branch, counter, public_key) VALUES ('<b>x', '\"9', 'ab')")
    try:
        page = ask(watched, "/")
    finally:
        watched.query("DELETE FROM counter WHERE branch = '<b>x'")
    assert page.status_code == 200 and "default-src 'none'" in page.headers["content-security-policy"]
    text = page.text
    assert f"<td>{BRANCH}</td><td>{COUNTER}</td>" in text and str(other.business_date) in text
    assert "&lt;b&gt;x" in text and "<b>x" not in text and "<script" not in text
    assert public_key(watched) not in text and watched.running.public_key not in text


def test_a_date_that_matches_in_the_end_differs_no_more(watched: World) -> None:
    watched.empty()
    empty = DayClose(business_date=TODAY, totals=(), last_seq=0, head=GENESIS, audit_seq=0, audit_head=GENESIS)
    with watched.province() as province:
        assert not province.day_close(msgspec.structs.replace(empty, last_seq=7)).matched
        assert watched.query("SELECT matched FROM day_close") == [(False,)]
        assert province.day_close(empty).matched
        assert watched.query("SELECT matched FROM day_close") == [(True,)]


def test_only_this_machine_hears_it_and_no_page_of_elsewhere_reads_it(watched: World) -> None:
    assert urlsplit(watched.running.status).hostname == "127.0.0.1"
    assert ask(watched, "/ready", host="evil.example").status_code == 400


def test_a_public_address_does_not_make_the_second_listener_public(postgresql: str, watched: World) -> None:
    setup = Setup(status_port=0, tls=False)
    with server.running(watched.running.database, watched.folder, host="0.0.0.0", setup=setup) as public:
        port = urlsplit(public.status).port
        assert port is not None
        assert httpx2.get(f"http://127.0.0.1:{port}/ready", trust_env=False).status_code == 200
        with socket.socket() as taken:
            taken.bind(("127.0.0.2", port))  # free: the listener is on the one address, not on all
