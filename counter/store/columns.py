"""What the tables of the ledger file are made with: their base, and how a moment and an assigned key are kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import Dialect, MetaData, String, TypeDecorator
from sqlmodel import Field, SQLModel

from counter.clock import moment_text


class Moment(TypeDecorator[datetime]):
    """An aware moment as ISO 8601 text in UTC, always with microseconds, so that text order is time order."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else moment_text(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else datetime.fromisoformat(value)


class LedgerTable(SQLModel):
    """The base of the ledger file's tables, with metadata of its own; each is called as its class in lower case."""

    metadata = MetaData()


def assigned(**of: Any) -> Any:
    """A primary key that the store assigns, never SQLite; `of` says of which table's key."""
    return Field(primary_key=True, sa_column_kwargs={"autoincrement": False}, **of)
