"""Which of what the province had to say somebody has looked at."""

from typing import Final

from alembic import op

revision: Final = "0004"
down_revision: Final = "0003"


def upgrade() -> None:
    """Add what is new; nothing that was there changes, and nothing that came counts as read."""
    op.execute("ALTER TABLE event ADD COLUMN read BOOLEAN NOT NULL DEFAULT 0")
