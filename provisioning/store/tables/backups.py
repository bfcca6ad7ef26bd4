"""Backups of the fleet, proofs that they restore, and drift."""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from provisioning.store.columns import KEY, UtcDateTime
from provisioning.store.tables.metadata import METADATA

# One run over the fleet.
BACKUP_RUN = Table(
    "backup_run",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("cause", String(16), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("total", Integer, nullable=False),
    Column("kept", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("missed", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("seconds", Float, nullable=False),
)

Index("ix_backup_run_started_at", BACKUP_RUN.c.started_at)

# Where the backup of each line stands; what was seen of it stays when the line is out of scope.
BACKUP_STATE = Table(
    "backup_state",
    METADATA,
    Column("line_id", ForeignKey("line.id"), primary_key=True),
    Column("serial", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("tried_at", UtcDateTime, nullable=False),
    Column("good_at", UtcDateTime),
    Column("version", String(32), nullable=False),
    Column("size", Integer, nullable=False),
    Column("cause", String(32), nullable=False),
    Column("message", Text, nullable=False),
    Column("remark", Text, nullable=False),
    CheckConstraint("outcome in ('kept', 'unchanged', 'missed')", name="outcome"),
)

# What a run over the fleet missed; what it did not miss is told by its figures.
BACKUP_MISS = Table(
    "backup_miss",
    METADATA,
    Column("backup_run_id", ForeignKey("backup_run.id"), primary_key=True),
    Column("line_id", ForeignKey("line.id"), primary_key=True),
    Column("cause", String(32), nullable=False),
    Column("message", Text, nullable=False),
)

# Each time that a backup was restored, on the line's router or on a stand-in.
RESTORE_PROOF = Table(
    "restore_proof",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("line_id", ForeignKey("line.id"), nullable=False),
    Column("version", String(32), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("how", String(16), nullable=False),
    Column("platform", String(32), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("message", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    CheckConstraint("how in ('restore', 'rehearsal')", name="how"),
    CheckConstraint("outcome in ('restored', 'differs', 'failed')", name="outcome"),
    Index("ix_restore_proof_line_id_at", "line_id", "at"),
)

# How each line's router differed from its intent when that was looked at last; secrets are masked.
DRIFT_STATE = Table(
    "drift_state",
    METADATA,
    Column("line_id", ForeignKey("line.id"), primary_key=True),
    Column("serial", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("looked_at", UtcDateTime, nullable=False),
    Column("differences", JSON, nullable=False),
    Column("commands", JSON, nullable=False),
    Column("rollback", JSON, nullable=False),
    Column("adopted", JSON, nullable=False),
    Column("cause", String(32), nullable=False),
    Column("message", Text, nullable=False),
    CheckConstraint("outcome in ('none', 'drift', 'missed')", name="outcome"),
)
