"""The second person, from the shell: reversals and what waits."""

from pathlib import Path

import pytest

from tests.cli.conftest import Counter
from tests.cli.test_case import NUMBER, a_case, write

CLERKS = "the clerk's passphrase"


@pytest.fixture
def clerk(ledger: Counter, tmp_path: Path, branch: str, monkeypatch: pytest.MonkeyPatch) -> Counter:
    """`counter` as the clerk ``zhang``, with one entry of theirs in the ledger."""
    theirs = tmp_path / "zhang.txt"
    theirs.write_text(CLERKS + "\n", "utf-8")
    assert ledger("operator", "add", "zhang", "--name", "张敏", "--new-passphrase-file", theirs).code == 0
    monkeypatch.setenv("COUNTER_OPERATOR", "zhang")
    monkeypatch.setenv("COUNTER_PASSPHRASE_FILE", str(theirs))
    assert ledger("case", "submit", write(tmp_path, a_case(branch))).code == 0
    return ledger


@pytest.fixture
def as_supervisor(passphrase_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not requested by a test, but called through `request`: from here on the supervisor signs in."""
    monkeypatch.setenv("COUNTER_OPERATOR", "li")
    monkeypatch.setenv("COUNTER_PASSPHRASE_FILE", str(passphrase_file))


def test_a_reversal_with_the_second_person_beside(clerk: Counter, passphrase_file: Path) -> None:
    checker = ("--checker", "li", "--checker-passphrase-file", passphrase_file)
    said = clerk("ledger", "reverse", "1", "--reason", "typed twice", *checker, "--json").json
    assert (said["state"], said["seq"]) == ("recorded", 2)
    shown = clerk("ledger", "show", "2", "--reveal", "--json").json
    assert (shown["kind"], shown["maker"], shown["checker"], shown["reverses"]) == (
        "reversal",
        "zhang",
        "li",
        said["reverses"],
    )
    assert shown["record"]["reason"] == "typed twice"
    again = clerk("ledger", "reverse", "1", "--reason", "typed twice", *checker)
    assert (again.code, again.stdout) == (1, "")
    assert "冲正" in clerk("ledger", "list").stdout


def test_a_second_person_who_may_not_leaves_nothing_waiting(clerk: Counter, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("not the passphrase\n", "utf-8")
    for checker, file in (("li", wrong), ("zhang", tmp_path / "zhang.txt")):
        asked = ("--reason", "typed twice", "--checker", checker, "--checker-passphrase-file", file)
        assert clerk("ledger", "reverse", "1", *asked, "--json").code == 4
    assert clerk("authorise", "list", "--json").json == {"awaiting": [], "count": 0}
    assert clerk("ledger", "verify", "--json").json["entries"] == 1


def test_a_reversal_waits_and_is_approved_by_the_supervisor(clerk: Counter, request: pytest.FixtureRequest) -> None:
    asked = clerk("ledger", "reverse", "1", "--reason", "typed twice", "--json").json
    assert (asked["state"], asked["seq"], asked["quote_number"]) == ("awaiting", None, None)
    listed = clerk("authorise", "list", "--json")
    (waiting,) = listed.json["awaiting"]
    assert (waiting["id"], waiting["kind"], waiting["maker"]) == (asked["id"], "reversal", "zhang")
    assert NUMBER not in listed.stdout
    assert clerk("authorise", "approve", asked["id"]).code == 4, "a clerk may not"
    request.getfixturevalue("as_supervisor")
    approved = clerk("authorise", "approve", asked["id"], "--json").json
    assert (approved["seq"], approved["maker"], approved["checker"]) == (2, "zhang", "li")
    assert clerk("authorise", "approve", "nothing").code == 1
    assert "冲正" not in clerk("authorise", "list").stdout


def test_a_refused_reversal_is_dropped(clerk: Counter, request: pytest.FixtureRequest) -> None:
    asked = clerk("ledger", "reverse", "1", "--reason", "typed twice", "--json").json
    request.getfixturevalue("as_supervisor")
    assert clerk("authorise", "refuse", asked["id"], "--reason", "it was right", "--json").json["refused"]
    assert clerk("authorise", "list", "--json").json["count"] == 0


def test_nobody_approves_their_own(clerk: Counter, request: pytest.FixtureRequest, passphrase_file: Path) -> None:
    request.getfixturevalue("as_supervisor")
    asked = clerk("ledger", "reverse", "1", "--reason", "typed twice", "--json").json
    done = clerk("authorise", "approve", asked["id"])
    assert (done.code, "自己" in done.stderr) == (4, True)
    beside = ("--checker", "li", "--checker-passphrase-file", passphrase_file)
    assert clerk("authorise", "approve", asked["id"], *beside).code == 4
