"""Lines whose routers were taken in, and what was read of these."""

import sqlalchemy as sa
from alembic import op

from provisioning.store.columns import KEY, UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column of the line, and the table; no line was taken in yet."""
    op.add_column("line", sa.Column("adopted_at", UtcDateTime))
    op.create_table(
        "adoption",
        sa.Column("line_id", KEY, nullable=False),
        sa.Column("serial", sa.Text, nullable=False),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("management", sa.Text),
        sa.Column("order_number", sa.String(64), nullable=False),
        sa.Column("adopted_at", UtcDateTime, nullable=False),
        sa.Column("read_at", UtcDateTime, nullable=False),
        sa.Column("reading", sa.JSON, nullable=False),
        sa.Column("unmanaged", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("line_id", name="pk_adoption"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name="fk_adoption_line_id"),
    )


def downgrade() -> None:
    """Drop them again; an adopted line is an accepted one from then on."""
    op.drop_table("adoption")
    op.drop_column("line", "adopted_at")
