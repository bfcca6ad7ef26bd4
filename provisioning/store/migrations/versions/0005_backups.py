"""Backups: runs over the fleet, where each line stands, what was restored, what drifted."""

import sqlalchemy as sa
from alembic import op

from provisioning.store.columns import KEY, UtcDateTime

revision = "0005"
down_revision = "0004"

TABLES = ("drift_state", "restore_proof", "backup_miss", "backup_state", "backup_run")


def upgrade() -> None:
    """Add the tables; no line has a backup yet, and no run restored one."""
    op.add_column("run", sa.Column("backup", sa.String(32)))
    _backups()
    _proofs()


def _backups() -> None:
    op.create_table(
        "backup_run",
        sa.Column("id", KEY, nullable=False),
        sa.Column("cause", sa.String(16), nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("total", "kept", "unchanged", "missed")),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_backup_run"),
    )
    op.create_index("ix_backup_run_started_at", "backup_run", ["started_at"])
    op.create_table(
        "backup_state",
        sa.Column("line_id", KEY, nullable=False),
        sa.Column("serial", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("tried_at", UtcDateTime, nullable=False),
        sa.Column("good_at", UtcDateTime),
        sa.Column("version", sa.String(32), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("remark", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("line_id", name="pk_backup_state"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name="fk_backup_state_line_id"),
        sa.CheckConstraint("outcome in ('kept', 'unchanged', 'missed')", name=op.f("ck_backup_state_outcome")),
    )
    op.create_table(
        "backup_miss",
        sa.Column("backup_run_id", KEY, nullable=False),
        sa.Column("line_id", KEY, nullable=False),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("backup_run_id", "line_id", name="pk_backup_miss"),
        sa.ForeignKeyConstraint(["backup_run_id"], ["backup_run.id"], name="fk_backup_miss_backup_run_id"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name="fk_backup_miss_line_id"),
    )


def _proofs() -> None:
    op.create_table(
        "restore_proof",
        sa.Column("id", KEY, nullable=False),
        sa.Column("line_id", KEY, nullable=False),
        sa.Column("version", sa.String(32), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("how", sa.String(16), nullable=False),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_restore_proof"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name="fk_restore_proof_line_id"),
        sa.CheckConstraint("how in ('restore', 'rehearsal')", name=op.f("ck_restore_proof_how")),
        sa.CheckConstraint("outcome in ('restored', 'differs', 'failed')", name=op.f("ck_restore_proof_outcome")),
    )
    op.create_index("ix_restore_proof_line_id_at", "restore_proof", ["line_id", "at"])
    op.create_table(
        "drift_state",
        sa.Column("line_id", KEY, nullable=False),
        sa.Column("serial", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("looked_at", UtcDateTime, nullable=False),
        *(sa.Column(name, sa.JSON, nullable=False) for name in ("differences", "commands", "rollback", "adopted")),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("line_id", name="pk_drift_state"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name="fk_drift_state_line_id"),
        sa.CheckConstraint("outcome in ('none', 'drift', 'missed')", name=op.f("ck_drift_state_outcome")),
    )


def downgrade() -> None:
    """Drop the tables; the backups themselves stay in their folder."""
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("run", "backup")
