"""After a day on the screen that ends in a crash, nothing outside the encrypted file names the customer."""

import tempfile
from pathlib import Path

import pytest

from counter.cli.exits import Code, told
from counter.desk.desk import Desk
from counter.screens.case.result import ResultScreen
from counter.screens.case.screen import CaseScreen
from tests.support.made_up import EXCHANGE
from tests.support.screen_world import PASSPHRASE, Sitting, at

HOLDER = EXCHANGE.holder
SECRETS = (HOLDER.name, HOLDER.document.number, HOLDER.mobile, HOLDER.address, PASSPHRASE)


async def test_a_day_on_the_screen_with_a_forced_exception(
    sitting: Sitting,
    desk: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A slip saved, another case held, then an exception that nobody foresaw and whose message is about the person."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    def crash(self: CaseScreen) -> None:
        raise RuntimeError(f"cannot do it for {self.open.case}")

    with pytest.raises(RuntimeError):
        async with sitting(desk) as clerk:
            await at(clerk, "confirm")
            await clerk.types("f10")
            assert isinstance(clerk.screen, ResultScreen)
            await clerk.types("f2", "escape")
            await at(clerk, "confirm")
            await clerk.types("f4")
            await at(clerk, "identity")
            monkeypatch.setattr(CaseScreen, "action_reveal", crash)
            await clerk.types("f6")
    home = desk.store.home
    assert isinstance(clerk.app.fault, RuntimeError) and HOLDER.name in str(clerk.app.fault)
    assert told(clerk.app.fault, home) == Code.CRASHED
    assert desk.store.ledger.count() == 1
    assert list(home.glob("crash-*.txt")) and list((home / "slips").iterdir())

    said = "".join(capsys.readouterr())
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for secret in filter(None, SECRETS):
        assert [path.name for path, content in files.items() if secret.encode() in content] == [], (
            "also not in the ledger"
        )
        assert secret not in said
