"""Scores are kept once, in each session's line, from which means are counted sooner."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Drop the second copy."""
    op.drop_table("scores")
