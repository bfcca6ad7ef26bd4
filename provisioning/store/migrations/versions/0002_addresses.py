"""Pools, free blocks and assignments, and the guards that make an overlap impossible in the database."""

import sqlalchemy as sa
from alembic import op

from provisioning.store.columns import KEY, UnsignedInteger128, UtcDateTime

revision = "0002"
down_revision = "0001"

# Blocks that are held never overlap, so of those that start at or before the end of the new one, the last to start is
# also the last to end: one look at the index decides.
_SQLITE_TRIGGER = """
create trigger {table}_no_overlap_{event} before {event} on {table}
when {guarded}
begin
  select raise(abort, '{table} overlaps')
  where (
    select last from {table}
    where space = new.space and first <= new.last and {held}{others}
    order by first desc limit 1
  ) >= new.first;
end
"""


def upgrade() -> None:
    """Create the tables and the guards."""
    _create_pool()
    _create_assignment()
    op.create_table(
        "remembered",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_remembered"),
    )
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def downgrade() -> None:
    """Drop the tables, and the guards with them."""
    for table in ("remembered", "assignment", "free_block", "pool"):
        op.drop_table(table)


def _create_pool() -> None:
    op.create_table(
        "pool",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("template", KEY),
        sa.Column("first", UnsignedInteger128, nullable=False),
        sa.Column("last", UnsignedInteger128, nullable=False),
        sa.Column("reserved", sa.JSON, nullable=False),
        sa.Column("quarantine_days", sa.Integer),
        sa.Column("special_purpose", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pool"),
        sa.UniqueConstraint("name", name="uq_pool_name"),
        sa.ForeignKeyConstraint(["template"], ["pool.id"], name="fk_pool_template"),
        sa.CheckConstraint("first <= last", name=op.f("ck_pool_extent")),
    )
    op.create_index("ix_pool_purpose_scope", "pool", ["purpose", "scope"])
    op.create_index("ix_pool_space_first", "pool", ["space", "first"])
    op.create_table(
        "free_block",
        sa.Column("pool_id", KEY, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("first", UnsignedInteger128, nullable=False),
        sa.PrimaryKeyConstraint("pool_id", "level", "first", name="pk_free_block"),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name="fk_free_block_pool_id"),
        sqlite_with_rowid=False,
    )


def _create_assignment() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", KEY, nullable=False),
        sa.Column("pool_id", KEY, nullable=False),
        sa.Column("space", sa.Text, nullable=False),
        sa.Column("line_id", KEY, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("first", UnsignedInteger128, nullable=False),
        sa.Column("last", UnsignedInteger128, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("assigned_at", UtcDateTime, nullable=False),
        sa.Column("assigned_by", sa.String(64), nullable=False),
        sa.Column("released_at", UtcDateTime),
        sa.Column("release_reason", sa.Text),
        sa.Column("quarantine_until", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_assignment"),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name="fk_assignment_pool_id"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name="fk_assignment_line_id"),
        sa.CheckConstraint("first <= last", name=op.f("ck_assignment_extent")),
        sa.CheckConstraint("state in ('assigned', 'quarantined', 'released')", name=op.f("ck_assignment_state")),
        sa.CheckConstraint("(state = 'assigned') = (released_at is null)", name=op.f("ck_assignment_released")),
    )
    _partial_index("uq_assignment_role", ["line_id", "role"], "state = 'assigned'", unique=True)
    _partial_index("ix_assignment_held", ["space", "first"], "state <> 'released'")
    _partial_index("ix_assignment_quarantine", ["quarantine_until"], "state = 'quarantined'")
    op.create_index("ix_assignment_space", "assignment", ["space", "first"])
    op.create_index("ix_assignment_line", "assignment", ["line_id", "role"])
    op.create_index("ix_assignment_pool", "assignment", ["pool_id", "state", "level"])


def _partial_index(name: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    op.create_index(
        name,
        "assignment",
        columns,
        unique=unique,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def _guard_sqlite() -> None:
    held = "state <> 'released'"
    for event, others in (("insert", ""), ("update", " and id <> new.id")):
        op.execute(
            _SQLITE_TRIGGER.format(table="assignment", event=event, guarded=f"new.{held}", held=held, others=others)
        )
        op.execute(_SQLITE_TRIGGER.format(table="pool", event=event, guarded="1", held="1", others=others))


def _guard_postgresql() -> None:
    op.execute("create extension if not exists btree_gist")
    op.execute(
        "alter table assignment add constraint assignment_no_overlap exclude using gist "
        "(space with =, numrange(first, last, '[]') with &&) where (state <> 'released')"
    )
    op.execute(
        "alter table pool add constraint pool_no_overlap exclude using gist "
        "(space with =, numrange(first, last, '[]') with &&)"
    )
