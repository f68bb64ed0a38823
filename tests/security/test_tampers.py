"""With one clerk's passphrase in hand: what SECURITY.md says of a tamper is what happens."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from counter.store.errors import StoreError, WrongCredentialsError
from counter.store.store import Store
from tests.security.tampers import TAMPERS, Tamper
from tests.support.cheap import cheap_slots
from tests.support.store_samples import CLERK, PASSPHRASE, PLACE, SUPERVISOR, SetClock, case, record

PAGE = (Path(__file__).parents[2] / "SECURITY.md").read_text("utf-8")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with three entries, the last one this clerk's, one held case, and somebody disabled."""
    home = tmp_path_factory.mktemp("tampers") / "home"
    with cheap_slots():
        with Store.create(home, PLACE, SUPERVISOR, PASSPHRASE, SetClock()) as store:
            store.operators.add(CLERK.id, CLERK.name, CLERK.role, PASSPHRASE)
            store.operators.add("c02", "柜员丙", CLERK.role, PASSPHRASE)
            store.operators.disable("c02")
            for number in range(2):
                store.ledger.append(f"id-{number}", "exchange", record(f"名字{number}"))
            store.drafts.save("held", case(), "photo")
        with Store.unlock(home, CLERK.id, PASSPHRASE, SetClock()) as store:
            store.ledger.append("id-2", "exchange", record("名字2"))
        yield home


def found_by(home: Path) -> str:
    """Where it shows without the province: at opening, by verify, or not."""
    try:
        with Store.unlock(home, CLERK.id, PASSPHRASE, SetClock()) as store:
            return "not" if store.ledger.verify().valid else "verify"
    except WrongCredentialsError:
        return "kept"
    except StoreError:
        return "opening"


@pytest.mark.parametrize("tamper", TAMPERS, ids=lambda tamper: tamper.name)
def test_a_tamper_is_found_where_it_is_said_to_be(original: Path, tmp_path: Path, tamper: Tamper) -> None:
    home = Path(shutil.copytree(original, tmp_path / "home"))
    assert found_by(home) == "not"
    tamper.do(home)
    by_the_province = tamper.found in ("sync", "day")  # see tests/province/test_said_to_be_sent.py
    assert found_by(home) == ("not" if by_the_province else tamper.found)


def test_every_tamper_has_its_row() -> None:
    rows = dict(re.findall(r"^\| (\w+: [^|]+?) \| (\w+) \|", PAGE, re.M))
    assert rows == {tamper.name: tamper.found for tamper in TAMPERS}
    assert len(rows) >= 40
