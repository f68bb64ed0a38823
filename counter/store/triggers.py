"""The triggers that keep the ledger append-only. They belong to the code, not to a step.

Every migration installs them anew and every opening compares them word for word, so that a file without them, or with
others under the same names, is refused. Changing one therefore needs a step (an empty one will do).
"""

from typing import Final

from counter.rules.chain import GENESIS

_ONLY_GROW: Final = ("fee_paid", "blank_use", "movement")
"""Tables of which nothing is ever changed or taken away."""

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
    "entry_goes_into_an_open_day": """
        CREATE TRIGGER entry_goes_into_an_open_day BEFORE INSERT ON entry
        WHEN NEW.incarnation IS (SELECT incarnation FROM identity)
          AND (SELECT kind FROM decision WHERE subject = NEW.business_date AND kind IN ('close', 'reopen')
               ORDER BY seq DESC LIMIT 1) IS 'close'
        BEGIN SELECT RAISE(ABORT, 'this business date is closed'); END""",
    "correction_is_not_updated": """
        CREATE TRIGGER correction_is_not_updated BEFORE UPDATE ON correction
        BEGIN SELECT RAISE(ABORT, 'a correction is never changed'); END""",
    "correction_is_not_deleted": """
        CREATE TRIGGER correction_is_not_deleted BEFORE DELETE ON correction
        BEGIN SELECT RAISE(ABORT, 'a correction is never changed'); END""",
    "decision_is_not_updated": """
        CREATE TRIGGER decision_is_not_updated BEFORE UPDATE ON decision
        BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END""",
    "decision_is_not_deleted": """
        CREATE TRIGGER decision_is_not_deleted BEFORE DELETE ON decision
        BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END""",
    "decision_follows_the_last": f"""
        CREATE TRIGGER decision_follows_the_last BEFORE INSERT ON decision
        WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM decision)
          OR NEW.previous IS NOT coalesce((SELECT hash FROM decision ORDER BY seq DESC LIMIT 1), '{GENESIS}')
        BEGIN SELECT RAISE(ABORT, 'a decision follows the last one'); END""",  # noqa: S608 - a constant of our own
    "audit_is_not_updated": """
        CREATE TRIGGER audit_is_not_updated BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
    "audit_is_not_deleted": """
        CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
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
