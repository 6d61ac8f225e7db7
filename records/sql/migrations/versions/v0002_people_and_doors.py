"""Accounts and what goes with them, private sessions, the audit trail, overrides, webhooks."""

import sqlalchemy as sa
from alembic import op

from records.sql.schema import Moment

revision = "0002"
down_revision = "0001"

ROWS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "accounts": ("id", ("login", "subject"), ()),
    "teams": ("id", ("name",), ()),
    "logins": ("token_hash", (), ("account",)),
    "tokens": ("id", ("token_hash",), ("account",)),
    "failures": ("key", (), ()),
    "overrides": ("id", (), ("session", "by")),
    "reviews": ("id", (), ("session", "state")),
    "webhooks": ("id", (), ()),
    "deliveries": ("id", (), ("webhook", "state")),
}
"""Table → its key, what is there only once, and what else rows are found by."""


def upgrade() -> None:
    """Make the tables; no session is private yet."""
    private = sa.Column("private", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("sessions", private)
    for name, (key, unique, indexed) in ROWS.items():
        op.create_table(
            name,
            sa.Column(key, sa.Text, primary_key=True),
            *[sa.Column(field, sa.Text) for field in (*unique, *indexed)],
            sa.Column("body", sa.Text, nullable=False),
            *[sa.UniqueConstraint(field, name=f"{name}_{field}_once") for field in unique],
        )
        for field in indexed:
            op.create_index(f"{name}_by_{field}", name, [field])
    _create_audit()


def _create_audit() -> None:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "audit",
        sa.Column("n", number, primary_key=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("about", sa.Text),
        sa.Column("session", sa.Text),
        sa.Column("body", sa.Text, nullable=False),
    )
    for name, field in (("time", "at"), ("who", "who"), ("about", "about"), ("session", "session")):
        op.create_index(f"audit_by_{name}", "audit", [field])
