"""The files that the gateway is run by: they parse, and say what the program understands."""

import json
import re
import shlex
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from counter.cli.exits import Code
from counter.cli.gateway import app

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy" / "gateway" / "counter-gateway.service"
CONTAINER = ROOT / "deploy" / "gateway" / "Containerfile"


def unit() -> dict[str, list[tuple[str, str]]]:
    """A unit's sections: keys and values in order, since a key may stand twice."""
    sections: dict[str, list[tuple[str, str]]] = defaultdict(list)
    section = ""
    for line in UNIT.read_text("utf-8").splitlines():
        if found := re.fullmatch(r"\[(\w+)\]", line):
            section = found[1]
        elif line and not line.startswith("#"):
            key, mark, value = line.partition("=")
            assert section and mark and re.fullmatch(r"[A-Z]\w*", key), line
            sections[section].append((key, value))
    return sections


def instructions() -> list[tuple[str, str]]:
    """A container file's instructions; none goes over several lines."""
    lines = [line for line in CONTAINER.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert all(re.match(r"[A-Z]+ \S", line) and not line.endswith("\\") for line in lines)
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def understood(arguments: list[str]) -> dict[str, object]:
    """What `counter gateway serve` makes of these options. Raises where it knows one of them not."""
    program, group, command, *options = arguments
    assert (Path(program).name, group, command) == ("counter", "gateway", "serve")
    gateway = get_command(app)
    assert isinstance(gateway, typer.core.TyperGroup)
    return dict(gateway.commands["serve"].make_context("serve", options).params)


def test_the_unit_starts_what_the_program_understands(tmp_path: Path) -> None:
    service = dict(unit()["Service"])
    for name in ("tls.pem", "tls.key"):
        (tmp_path / name).touch()
        assert any(value.startswith(f"{name}:/etc/") for key, value in unit()["Service"] if key == "LoadCredential")
    started = service["ExecStart"].replace("${CREDENTIALS_DIRECTORY}", str(tmp_path))
    options = understood(shlex.split(started))
    assert (options["port"], options["status_port"], options["plain"], options["sms_echo"]) == (
        8441,
        8442,
        False,
        False,
    )
    assert options["data_dir"] == Path("/var/lib") / service["StateDirectory"]


def test_the_unit_is_nobody_of_note_and_does_not_try_again_what_cannot_be() -> None:
    service = dict(unit()["Service"])
    assert service["User"] not in ("", "root") and service["NoNewPrivileges"] == "true"
    assert service["Restart"] == "on-failure" and service["RestartPreventExitStatus"] == str(int(Code.USAGE))
    assert dict(unit()["Install"])["WantedBy"] == "multi-user.target"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_takes_the_unit() -> None:
    said = subprocess.run(["systemd-analyze", "verify", UNIT], check=False, capture_output=True, text=True, timeout=60)
    assert not [line for line in said.stderr.splitlines() if UNIT.name in line and "is not executable" not in line]


def test_the_container_is_made_of_what_is_here_and_runs_as_nobody_of_note() -> None:
    found = instructions()
    copied = [rest.split()[:-1] for word, rest in found if word == "COPY" and "--from" not in rest]
    assert all((ROOT / source).exists() for sources in copied for source in sources)
    last = max(at for at, (word, _) in enumerate(found) if word == "FROM")
    assert [rest for word, rest in found[last:] if word == "USER"] == ["10441"]
    assert any("--require-hashes" in rest for word, rest in found if word == "RUN")


def test_the_container_starts_what_the_program_understands_and_asks_whether_it_is_ready() -> None:
    found = dict(instructions())
    options = understood(json.loads(found["ENTRYPOINT"]))
    assert str(options["port"]) == found["EXPOSE"] and options["data_dir"] == Path(found["VOLUME"])
    asked = json.loads(found["HEALTHCHECK"].partition("CMD ")[2])
    assert f"http://127.0.0.1:{options['status_port']}/ready" in asked[-1]
    assert "8442" not in found["EXPOSE"]
