"""The triggers that keep the ledger append-only. They belong to the code, not to a step.

Every migration installs them anew and every opening compares them word for word, so that a file without them, or with
others under the same names, is refused. Changing one therefore needs a step (an empty one will do).
"""

from typing import Final

from counter.rules.chain import GENESIS

TRIGGERS: Final[dict[str, str]] = {
    "entry_is_not_updated": """
        CREATE TRIGGER entry_is_not_updated BEFORE UPDATE ON entry
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    "entry_is_not_deleted": """
        CREATE TRIGGER entry_is_not_deleted BEFORE DELETE ON entry
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    "entry_follows_the_last": f"""
        CREATE TRIGGER entry_follows_the_last BEFORE INSERT ON entry
        WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entry)
          OR NEW.previous IS NOT coalesce((SELECT hash FROM entry ORDER BY seq DESC LIMIT 1), '{GENESIS}')
        BEGIN SELECT RAISE(ABORT, 'an entry follows the last one'); END""",  # noqa: S608 - a constant of our own
    "body_is_not_updated": """
        CREATE TRIGGER body_is_not_updated BEFORE UPDATE ON body
        BEGIN SELECT RAISE(ABORT, 'a body is never changed'); END""",
    "body_is_not_replaced": """
        CREATE TRIGGER body_is_not_replaced BEFORE INSERT ON body
        WHEN EXISTS (SELECT 1 FROM body WHERE seq = NEW.seq)
        BEGIN SELECT RAISE(ABORT, 'a body is never changed'); END""",
    "body_stays_while_pending": """
        CREATE TRIGGER body_stays_while_pending BEFORE DELETE ON body
        WHEN EXISTS (SELECT 1 FROM outbox WHERE seq = OLD.seq AND state = 'pending')
        BEGIN SELECT RAISE(ABORT, 'the province has not had this body yet'); END""",
    "audit_is_not_updated": """
        CREATE TRIGGER audit_is_not_updated BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
    "audit_is_not_deleted": """
        CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
}

_ONLY_GROW: Final = ("fee_paid", "blank_use", "movement")
"""Tables of which nothing is ever changed or taken away."""

LATER: Final[dict[str, str]] = {
    **{
        f"{table}_is_not_{done}": f"""
        CREATE TRIGGER {table}_is_not_{done} BEFORE {act} ON {table}
        BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
        for table in _ONLY_GROW
        for act, done in (("UPDATE", "updated"), ("DELETE", "deleted"))
    },
    "movement_follows_the_last": f"""
        CREATE TRIGGER movement_follows_the_last BEFORE INSERT ON movement
        WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM movement)
          OR NEW.previous IS NOT coalesce((SELECT hash FROM movement ORDER BY seq DESC LIMIT 1), '{GENESIS}')
        BEGIN SELECT RAISE(ABORT, 'a movement follows the last one'); END""",  # noqa: S608 - a constant of our own
}
"""Those of the tables that `counter.store.migrations.TILL_AND_BLANKS` makes."""
