"""The province's database brings itself to this program's schema, from nothing and from what was there before."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from counter.cli.exits import Code, explanation
from counter.cli.root import app
from counter.gateway import server
from counter.gateway.database import prepare
from counter.gateway.migrations import NewerDatabaseError, steps
from counter.i18n import in_every_language, t
from counter.rules.link import Link
from tests.support.before import unpacked
from tests.support.province_world import fresh_database, query

SHAPE = (
    "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns"
    " WHERE table_schema = 'public' ORDER BY table_name, column_name"
)
INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexdef"


def versions(database: str) -> list[tuple[object, ...]]:
    return query(database, "SELECT version FROM schema_version ORDER BY version")


def test_an_empty_database_takes_every_step_and_a_prepared_one_none(postgresql: str) -> None:
    database = fresh_database(postgresql)
    prepare(database)
    assert versions(database) == [(version,) for version in range(1, len(steps()) + 1)]
    taken = query(database, "SELECT version, taken_at FROM schema_version")
    prepare(database)
    assert query(database, "SELECT version, taken_at FROM schema_version") == taken


def test_a_database_of_before_becomes_as_a_new_one_with_all_that_is_in_it(postgresql: str, tmp_path: Path) -> None:
    old, new = unpacked(tmp_path).database(postgresql), fresh_database(postgresql)
    before = query(old, "SELECT seq, hash, outcome, body FROM entry ORDER BY seq")
    prepare(old)
    prepare(new)
    assert query(old, SHAPE) == query(new, SHAPE)
    assert query(old, INDEXES) == query(new, INDEXES)
    assert versions(old) == versions(new)
    assert query(old, "SELECT seq, hash, outcome, body FROM entry ORDER BY seq") == before
    assert query(old, "SELECT DISTINCT form FROM entry") == [(1,)]


def test_the_province_has_a_column_for_all_that_an_entry_says(postgresql: str) -> None:
    database = fresh_database(postgresql)
    prepare(database)
    columns = query(database, "SELECT column_name FROM information_schema.columns WHERE table_name = 'entry'")
    assert {*Link.__struct_fields__, "hash", "branch", "counter"} <= {name for (name,) in columns}


def test_gateways_that_start_at_once_take_turns(postgresql: str, tmp_path: Path) -> None:
    database = unpacked(tmp_path).database(postgresql)
    with ThreadPoolExecutor(4) as four:
        list(four.map(prepare, [database] * 4))
    assert versions(database) == [(version,) for version in range(1, len(steps()) + 1)]


def test_a_step_that_fails_leaves_the_database_as_it_was(postgresql: str, tmp_path: Path) -> None:
    database = unpacked(tmp_path).database(postgresql)
    query(database, "ALTER TABLE entry ADD COLUMN form text")  # in the way of the second step
    with pytest.raises(psycopg.Error):
        prepare(database)
    assert query(database, "SELECT to_regclass('schema_version')") == [(None,)]


def test_a_newer_database_is_refused_with_a_sentence(postgresql: str, tmp_path: Path) -> None:
    database = fresh_database(postgresql)
    prepare(database)
    query(database, "INSERT INTO schema_version (version) VALUES (%s)", len(steps()) + 1)
    with pytest.raises(NewerDatabaseError):
        server.seed_lines(database, tmp_path, [])
    with pytest.raises(NewerDatabaseError):
        server.advance_cards(database, tmp_path)
    with pytest.raises(NewerDatabaseError) as error, server.running(database, tmp_path):
        pytest.fail("it runs")
    assert explanation(error.value) == (Code.USAGE, t("error.NewerDatabaseError"))


def test_no_command_of_the_gateway_touches_a_newer_database(postgresql: str, tmp_path: Path) -> None:
    database = fresh_database(postgresql)
    prepare(database)
    query(database, "INSERT INTO schema_version (version) VALUES (%s)", len(steps()) + 1)
    where = ("--database", database, "--data-dir", str(tmp_path))
    for command in (("code", "abc-zijin-01", "3"), ("revoke", "abc-zijin-01", "3"), ("audit",)):
        ended = CliRunner().invoke(app, ["gateway", *command, *where])
        assert (ended.exit_code, ended.stdout, ended.stderr.strip()) == (Code.USAGE, "", t("error.NewerDatabaseError"))
    serve = subprocess.run(
        [sys.executable, "-m", "counter", "gateway", "serve", "--port", "0", *where],
        check=False,
        capture_output=True,
        timeout=60,
    )
    assert (serve.returncode, serve.stdout) == (Code.USAGE, b"")
    assert serve.stderr.decode().strip() in in_every_language("error.NewerDatabaseError").values()
