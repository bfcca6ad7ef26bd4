"""Lines, their orders and their devices."""

import sqlalchemy as sa
from alembic import op

from provisioning.store.columns import KEY, UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "line",
        sa.Column("id", KEY, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("formula", sa.String(64), nullable=False),
        sa.Column("customer", sa.Text, nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("form", sa.JSON, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("ceased_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_line"),
        sa.CheckConstraint("state in ('accepted', 'ceased')", name=op.f("ck_line_state")),
    )
    op.create_table(
        "service_order",
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("line_id", KEY, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("form", sa.JSON, nullable=False),
        sa.Column("warnings", sa.JSON, nullable=False),
        sa.Column("accepted_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_service_order"),
        sa.UniqueConstraint("sequence", name="uq_service_order_sequence"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name="fk_service_order_line_id"),
        sa.CheckConstraint("kind in ('new', 'change', 'move', 'cease')", name=op.f("ck_service_order_kind")),
    )
    op.create_index("ix_service_order_line_id", "service_order", ["line_id"])
    op.create_table(
        "device",
        sa.Column("id", KEY, nullable=False),
        sa.Column("line_id", KEY, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("serial", sa.Text, nullable=False),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("olt", sa.Text),
        sa.Column("port", sa.String(16)),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("until", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_device"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name="fk_device_line_id"),
        sa.CheckConstraint("kind in ('cpe', 'ont')", name=op.f("ck_device_kind")),
    )
    op.create_index("ix_device_line_id", "device", ["line_id"])
    for name, columns in (("uq_device_in_use", ["kind", "serial"]), ("uq_device_of_line", ["line_id", "kind"])):
        op.create_index(
            name,
            "device",
            columns,
            unique=True,
            sqlite_where=sa.text("until is null"),
            postgresql_where=sa.text("until is null"),
        )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("device", "service_order", "line"):
        op.drop_table(table)
