"""Alembic's entry: runs the revisions inside the transaction that `counter.store.schema` began."""

from alembic import context

from counter.store.tables import LedgerTable

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=LedgerTable.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
