"""Runs, the secrets of lines, the host keys of devices, and since when a line is active."""

import sqlalchemy as sa
from alembic import op

from provisioning.store.columns import KEY, UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables, and the column of the line."""
    op.add_column("line", sa.Column("activated_at", UtcDateTime))
    op.create_table(
        "line_secret",
        sa.Column("line_id", KEY, nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("kept_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("line_id", "name", name="pk_line_secret"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name="fk_line_secret_line_id"),
    )
    op.create_table(
        "host_key",
        sa.Column("serial", sa.Text, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("serial", "kind", name="pk_host_key"),
    )
    op.create_table(
        "run",
        sa.Column("id", KEY, nullable=False),
        sa.Column("line_id", KEY, nullable=False),
        sa.Column("order_number", sa.String(64), nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("base", sa.String(64), nullable=False),
        sa.Column("wanted", sa.String(64), nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("differences", sa.JSON, nullable=False),
        sa.Column("delivered", sa.JSON),
        sa.Column("verdict", sa.JSON),
        sa.Column("snapshot", sa.JSON),
        sa.Column("open_before", sa.JSON),
        sa.Column("stages", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name="fk_run_line_id"),
        sa.CheckConstraint("(state = 'running') = (ended_at is null)", name=op.f("ck_run_ended")),
    )
    op.create_index(
        "uq_run_of_scope",
        "run",
        ["scope"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index("ix_run_line_id", "run", ["line_id"])


def downgrade() -> None:
    """Drop them again."""
    for table in ("run", "host_key", "line_secret"):
        op.drop_table(table)
    op.drop_column("line", "activated_at")
