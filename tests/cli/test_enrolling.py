"""Enrolling (登记): codes that the province makes, a supervisor who enrols, a second person who has compared the key."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from counter.cli.root import app
from counter.gateway import server
from counter.i18n import t
from counter.rules.signing import fingerprint
from counter.store.store import Store
from tests.cli.conftest import Outcome
from tests.support.cheap import cheap_slots
from tests.support.made_up import EQUIPPED
from tests.support.province_world import World
from tests.support.shell import PASSPHRASE, Shell, a_shell, enrolment


@pytest.fixture
def shell(world: World, tmp_path: Path) -> Iterator[Shell]:
    with cheap_slots():
        yield a_shell(world, tmp_path)


def gateway(world: World, command: str, *arguments: str) -> Outcome:
    """A command of those who keep the province."""
    where = ("--database", world.running.database, "--data-dir", str(world.folder), "--json")
    result = CliRunner().invoke(app, ["gateway", command, *arguments, *where])
    return Outcome(result.exit_code, result.stdout, result.stderr)


def window_of(shell: Shell) -> tuple[str, str]:
    with Store.unlock(shell.home, "li", PASSPHRASE) as store:
        return store.place.branch, store.place.counter


def enrol(shell: Shell, code: str, checker: str = "zhang", operator: str = "li") -> Outcome:
    arguments = enrolment(shell.world, code, checker, shell.passphrase, shell.home.parent)
    return shell(*arguments, operator=operator)


def noted(world: World, window: tuple[str, str]) -> list[str]:
    notes: list[dict[str, Any]] = gateway(world, "audit").json["notes"]
    return [note["action"] for note in notes if (note["branch"], note["counter"]) == window]


def test_a_key_is_replaced_after_its_revocation_only(shell: Shell, world: World) -> None:
    window = window_of(shell)
    code = gateway(world, "code", *window).json
    assert len(code["code"].replace("-", "")) == 16
    assert code["fingerprint"] == fingerprint(world.running.public_key)
    refused = enrol(shell, code["code"])
    assert (refused.code, shell("sync").code) == (1, 0), "the key of before is still the one"
    assert gateway(world, "revoke", *window).json["revoked"] is True
    assert shell("sync").code == 4
    assert enrol(shell, code["code"]).code == 1, "the codes of before are void"
    enrolled = enrol(shell, gateway(world, "code", *window).json["code"])
    assert (enrolled.code, shell("sync").code) == (0, 0)
    assert enrolled.json["fingerprint"] == code["fingerprint"]
    assert noted(world, window) == ["code", "enrolled", "code", "revoked", "code", "enrolled"]


def test_nothing_is_revoked_where_there_is_no_key(world: World) -> None:
    done = gateway(world, "revoke", EQUIPPED.id, "404")
    assert (done.code, done.json["revoked"]) == (1, False)


def test_only_a_supervisor_enrols_and_another_confirms(shell: Shell, world: World) -> None:
    window = window_of(shell)
    gateway(world, "revoke", *window)
    code = gateway(world, "code", *window).json["code"]
    assert enrol(shell, code, checker="li", operator="zhang").code == 4
    assert enrol(shell, code, checker="li").code == 4, "nobody confirms their own enrolment"
    assert enrol(shell, code, checker="nobody").code == 4
    assert noted(world, window)[-1] == "code"
    assert enrol(shell, code).code == 0
    with Store.unlock(shell.home, "li", PASSPHRASE) as store:
        confirmed = [note for note in store.audit.list() if note.action in ("enrol", "confirm enrolment")][:2]
    assert {(note.action, note.operator) for note in confirmed} == {("enrol", "li"), ("confirm enrolment", "zhang")}


def test_another_fingerprint_enrols_nothing(shell: Shell, world: World) -> None:
    window = window_of(shell)
    gateway(world, "revoke", *window)
    code = gateway(world, "code", *window).json["code"]
    arguments = list(enrolment(world, code, "zhang", shell.passphrase, shell.home.parent))
    arguments[arguments.index("--fingerprint") + 1] = fingerprint("ab" * 32)
    done = shell(*arguments, operator="li")
    assert done.code == 2
    assert t("cli.enrol.differs") in done.stderr
    assert noted(world, window)[-1] == "code"


@pytest.mark.parametrize(
    ("arguments", "warnings"),
    [
        ((), ()),
        (("--sms-echo",), ("sms_echo",)),
        (("--host", "0.0.0.0"), ("public",)),
        (("--host", "0.0.0.0", "--sms-echo"), ("sms_echo", "public", "public_echo")),
    ],
)
def test_who_serves_is_warned(
    arguments: tuple[str, ...], warnings: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[dict[str, Any]] = []
    monkeypatch.setattr(server, "serve", lambda *_places, **said: served.append(said))
    done = CliRunner().invoke(app, ["gateway", "serve", "--data-dir", str(tmp_path), *arguments])
    said = {name for name in ("sms_echo", "public", "public_echo") if warning(name) in done.stderr}
    assert (done.exit_code, said, len(served)) == (0, set(warnings), 1)
    assert done.stderr.count("!!!") == len(warnings)


def warning(name: str) -> str:
    return t(f"cli.gateway.warning.{name}", host="0.0.0.0")


def test_without_tls_it_serves_this_machine_only(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["gateway", "serve", "--data-dir", str(tmp_path), "--plain", "--host", "0.0.0.0"])
    assert done.exit_code == 2
    assert t("cli.gateway.plain_public") in done.stderr
