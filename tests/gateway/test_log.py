"""What a gateway logs: who was refused what, and where something failed; of people nothing, of strangers no name."""

import json
import logging
import sys
from datetime import datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counter.gateway import log
from counter.province.client import Province
from counter.province.errors import OutOfReachError, RefusedError
from tests.support.province_world import BRANCH, COUNTER, World


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, str]]:
    """What was logged of refusals, as JSON says it."""
    refused = (record for record in caplog.records if record.name == f"{log.LOGGER}.refused")
    return [json.loads(log.JsonLines().format(record)) for record in refused]


def test_a_no_is_kept_with_the_counter_that_was_refused(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), world.province() as province, pytest.raises(RefusedError):
        province.send_sms("13800000000x")
    (line,) = lines(caplog)
    assert datetime.fromisoformat(line.pop("at")).utcoffset() is not None
    assert line == {
        "level": "info",
        "logger": "counter.gateway.refused",
        "message": "refused",
        "operation": "POST /v1/sms",
        "status": "422",
        "code": "mobile",
        "branch": BRANCH,
        "counter": COUNTER,
    }
    assert "1380000" not in caplog.text


def test_a_stranger_has_no_name(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """They call themselves a counter, or a person: nobody has signed that."""
    key = Ed25519PrivateKey.generate()
    stranger = Province(world.url, "44162119870312961X", COUNTER, key, world.running.public_key, way=world.way)
    with caplog.at_level(logging.INFO), stranger, pytest.raises(OutOfReachError):
        stranger.reviews()
    (line,) = lines(caplog)
    assert (line["operation"], line["code"]) == ("POST /v1/reviews", "signature")
    assert not {"branch", "counter"} & line.keys() and "44162119870312961X" not in caplog.text


def test_what_is_answered_is_no_refusal(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), world.province() as province:
        province.head()
    assert lines(caplog) == []


@pytest.mark.parametrize("form", [log.JsonLines(), log.TextLines()])
def test_of_an_error_its_words_are_not_written(form: logging.Formatter) -> None:
    try:
        int("钟试一\n44162119870312961X")
    except ValueError:
        record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 1, "failed\nhere", None, sys.exc_info())
    line = form.format(record)
    assert "ValueError" in line and "test_log.py:" in line and "failed here" in line
    assert "钟试一" not in line and "44162119870312961X" not in line and "\n" not in line


def test_the_log_of_a_process_is_json_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    root, own = logging.getLogger(), logging.getLogger(log.LOGGER)
    before = root.handlers[:], root.level, own.level
    try:
        root.handlers.clear()
        log.set_up(as_json=True)
        log.refused("GET /v1/head", 401, "signature", "", "")
        logging.getLogger("uvicorn.error").info("not this")
    finally:
        root.handlers[:], root.level, own.level = before[0], before[1], before[2]
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["code"] == "signature"
