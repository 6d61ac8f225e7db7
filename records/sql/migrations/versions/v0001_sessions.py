"""Sessions, their journals and scorecards, and people's settings."""

import sqlalchemy as sa
from alembic import op

from records.sql.schema import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "events",
        sa.Column("session", sa.String(64), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("checksum", sa.String(8), nullable=False),
    )
    _create_sessions()
    op.create_table(
        "scores",
        sa.Column("session", sa.String(64), primary_key=True),
        sa.Column("criterion", sa.String(200), primary_key=True),
        sa.Column("score", sa.Float, nullable=False),
    )
    op.create_table(
        "scorecards",
        sa.Column("session", sa.String(64), primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "settings",
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
    )


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("scenario", sa.Text, nullable=False),
        sa.Column("persona", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("level", sa.Integer),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("ended_at", Moment),
        sa.Column("end_reason", sa.Text),
        sa.Column("turns", sa.Integer, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("total", sa.Float),
        sa.Column("scores", sa.Text, nullable=False),
        sa.Column("events", sa.Integer, nullable=False),
    )
    op.create_index("sessions_by_person", "sessions", ["person", "started_at"])
    op.create_index("sessions_by_time", "sessions", ["started_at"])
