"""`verify` looks at the whole file, and at what lies beside it."""

import shutil
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counter.store.database import Database
from counter.store.records import Verification
from counter.store.store import Store
from counter.store.whole import verify_whole
from tests.support.store_samples import (
    CLERK,
    JPEG,
    NOON,
    PASSPHRASE,
    SUPERVISOR,
    case,
    edit_keyring,
    file_key,
    record,
    sql,
    waiver,
)

PROVINCE = Ed25519PrivateKey.generate()


@pytest.fixture(scope="module")
def played(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with something of everything, closed; its guards are gone."""
    home = Path(shutil.copytree(template, tmp_path_factory.mktemp("whole") / "home"))
    with Store.unlock(home, SUPERVISOR.id, PASSPHRASE) as store:
        key = Ed25519PrivateKey.generate()
        store.identity.enrol(key, "https://province.example", PROVINCE.public_key().public_bytes_raw().hex())
        last = store.ledger.append("id-1", "exchange", record(photo=store.photos.put(JPEG)))
        store.drafts.save("id-2", case(), "photo")
        store.awaiting.add("id-3", "exchange", waiver())
        note, note_head = store.audit.head()
        said = {"last_seq": 1, "head": last.hash, "audit_seq": note, "audit_head": note_head, "more": "…"}
        content = msgspec.json.encode(said)
        store.days.keep_receipt(NOON.date(), 1, content, PROVINCE.sign(content).hex())
    sql(home, "SELECT 1", unguarded=True)
    return home


@pytest.fixture
def copy(played: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(played, tmp_path / "copy"))


def found(home: Path) -> Verification:
    with closing(Database(home / "ledger.db", file_key(home))) as database:
        return verify_whole(database, lambda *_: None, home=home)


def test_a_sound_home_is_sound_and_each_stage_is_told(copy: Path) -> None:
    stages: list[str] = []
    with closing(Database(copy / "ledger.db", file_key(copy))) as database:
        looked = verify_whole(database, lambda stage, _done, _total: stages.append(stage), home=copy)
    assert (looked.entries, looked.valid) == (1, True)
    assert stages == [
        *("entries", "pages", "structure", "photos", "drafts", "receipts", "decisions", "derived"),
        *("operators", "anchor"),
    ]


TAMPERED = {
    "photo": "UPDATE photo SET jpeg = zeroblob(20)",
    "draft": "UPDATE draft SET content = x'7b'",
    "draft of a photo that is gone": "UPDATE draft SET photo = 'ab'",
    "draft that waits": "UPDATE awaiting SET content = x'7b7d'",
    "structure": "UPDATE outbox SET seq = 9",
    "receipt": "UPDATE receipt SET content = replace(content, 'more', 'less')",
    "receipt that was changed": "UPDATE receipt SET content = CAST(replace(content, 'more', 'less') AS BLOB)",
    "receipt of another ledger": "UPDATE entry SET hash = 'ab'",
    "receipt of another audit": "UPDATE audit SET hash = 'ab' WHERE action = 'ask exchange'",
    "receipt by another": "UPDATE identity SET province_key = '" + "ab" * 32 + "'",
    "signer": "UPDATE signer SET role = 'supervisor' WHERE role = 'clerk'",
    "audit": "UPDATE audit SET action = 'nothing' WHERE seq = 2",
    "operator": "UPDATE operator SET active = 0 WHERE id = 'c01'",
    "operator of another role": "UPDATE operator SET role = 'supervisor' WHERE id = 'c01'",
    "anchor": "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_tampered_with_is_named(copy: Path, what: str) -> None:
    sql(copy, "PRAGMA foreign_keys = OFF", "PRAGMA ignore_check_constraints = ON", TAMPERED[what])
    looked = found(copy)
    assert what.partition(" ")[0] in {flaw.what for flaw in looked.flaws}
    assert not looked.valid


def test_a_changed_byte_in_any_page_is_found(copy: Path) -> None:
    """Free pages too, which nothing else would ever read."""
    sql(copy, "CREATE TABLE filler AS SELECT zeroblob(40000) AS zeros", "DROP TABLE filler")
    file = copy / "ledger.db"
    content = bytearray(file.read_bytes())
    content[-2000] ^= 1
    file.write_bytes(content)
    assert {flaw.what for flaw in found(copy).flaws} >= {"page"}


def test_a_slot_that_was_promoted_in_the_file_is_found(copy: Path) -> None:
    edit_keyring(copy, lambda slot: slot.update(role="supervisor"), CLERK.id)
    assert [flaw.which for flaw in found(copy).flaws] == [CLERK.id]
