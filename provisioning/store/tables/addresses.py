"""Pools, free blocks, and which line held which block when."""

from sqlalchemy import JSON, Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, text

from provisioning.store.columns import KEY, UnsignedInteger128, UtcDateTime
from provisioning.store.tables.metadata import METADATA

# A pool with a scope serves one port of one OLT; it is made from the pool `template` at first need.
POOL = Table(
    "pool",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("purpose", String(16), nullable=False),
    Column("space", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("template", ForeignKey("pool.id")),
    Column("first", UnsignedInteger128, nullable=False),
    Column("last", UnsignedInteger128, nullable=False),
    Column("reserved", JSON, nullable=False),
    Column("quarantine_days", Integer),
    Column("special_purpose", Boolean(create_constraint=False), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    CheckConstraint("first <= last", name="extent"),
    Index("ix_pool_purpose_scope", "purpose", "scope"),
    Index("ix_pool_space_first", "space", "first"),
)

# Free blocks of the buddy system, in the order in which the smallest that fits is looked for.
FREE_BLOCK = Table(
    "free_block",
    METADATA,
    Column("pool_id", ForeignKey("pool.id"), primary_key=True),
    Column("level", Integer, primary_key=True),
    Column("first", UnsignedInteger128, primary_key=True),
    sqlite_with_rowid=False,
)

# Each row is one time that a block was held. `assigned` and `quarantined` rows may not overlap: a trigger on SQLite
# and an exclusion constraint on PostgreSQL see to it (migrations). `released` rows are history.
ASSIGNMENT = Table(
    "assignment",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("pool_id", ForeignKey("pool.id"), nullable=False),
    Column("space", Text, nullable=False),
    Column("line_id", ForeignKey("line.id"), nullable=False),
    Column("role", String(16), nullable=False),
    Column("first", UnsignedInteger128, nullable=False),
    Column("last", UnsignedInteger128, nullable=False),
    Column("level", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("assigned_at", UtcDateTime, nullable=False),
    Column("assigned_by", String(64), nullable=False),
    Column("released_at", UtcDateTime),
    Column("release_reason", Text),
    Column("quarantine_until", UtcDateTime),
    CheckConstraint("first <= last", name="extent"),
    CheckConstraint("state in ('assigned', 'quarantined', 'released')", name="state"),
    CheckConstraint("(state = 'assigned') = (released_at is null)", name="released"),
)

Index(
    "uq_assignment_role",
    ASSIGNMENT.c.line_id,
    ASSIGNMENT.c.role,
    unique=True,
    sqlite_where=text("state = 'assigned'"),
)

Index(
    "ix_assignment_held",
    ASSIGNMENT.c.space,
    ASSIGNMENT.c.first,
    sqlite_where=text("state <> 'released'"),
)

Index(
    "ix_assignment_quarantine",
    ASSIGNMENT.c.quarantine_until,
    sqlite_where=text("state = 'quarantined'"),
)
Index("ix_assignment_space", ASSIGNMENT.c.space, ASSIGNMENT.c.first)
Index("ix_assignment_line", ASSIGNMENT.c.line_id, ASSIGNMENT.c.role)
Index("ix_assignment_pool", ASSIGNMENT.c.pool_id, ASSIGNMENT.c.state, ASSIGNMENT.c.level)
