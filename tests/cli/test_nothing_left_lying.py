"""After a day with failures, nothing that the program wrote outside the encrypted file names a person."""

import json
from pathlib import Path

import pytest

from counter.cli.exits import Code
from counter.store.ledger import Ledger
from counter.store.outbox import Outbox
from tests.cli.conftest import PASSPHRASE, Counter
from tests.cli.test_case import a_case

SECRETS = ("name", "number", "mobile", "address")


def personal(case: dict[str, object]) -> list[bytes]:
    """What of a case is about the person: every long enough text of the holder, as it may stand in a file."""
    holder = case["holder"]
    assert isinstance(holder, dict)
    values = {"number": holder["document"]["number"], **holder}
    return [str(values[key]).encode() for key in SECRETS]


def left_lying(folder: Path, allowed: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path != allowed
    }


def test_a_day_with_forced_failures(
    ledger: Counter, branch: str, tmp_path: Path, passphrase_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(branch)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    said = []
    for argument in ("submit", "check"):
        said.append(ledger("case", argument, "-", "--json", input=json.dumps(case)))

    def fails(*_arguments: object, **_more: object) -> None:
        raise RuntimeError(f"cannot do it for {json.dumps(case, ensure_ascii=False)}")

    with monkeypatch.context() as patch:
        for owner, name in ((Ledger, "append"), (Ledger, "search"), (Ledger, "get"), (Outbox, "counts")):
            patch.setattr(owner, name, fails)
        again = json.dumps(case | {"fee_fen": 0} if "fee_fen" in case else case)
        failed = [
            ledger("case", "submit", "-", "--json", input=again),
            ledger("ledger", "list"),
            ledger("ledger", "show", "1"),
        ]
    assert [each.code for each in failed] == [Code.CRASHED] * 3
    assert "Traceback" not in "".join(each.stderr for each in failed)
    said += [
        *failed,
        ledger("ledger", "list"),
        ledger("ledger", "slip", "1", "--pdf", tmp_path / "home" / "slip.pdf"),
        ledger("ledger", "export", tmp_path / "home" / "ledger.csv"),
        ledger("ledger", "backup", tmp_path / "kept"),
    ]
    files = left_lying(tmp_path, passphrase_file)
    assert any(name.startswith("home/crash-") for name in files)
    for secret in [*personal(case), PASSPHRASE.encode()]:
        assert [name for name, content in files.items() if secret in content] == []
        assert [each for each in said if secret.decode() in each.stdout + each.stderr] == []
