"""Alembic's revisions of the ledger file. Revision ``000n`` is `user_version` n; see `counter.store.schema`."""
