"""Change requests, their plans and approvals, since when ports are open, and the audit."""

import sqlalchemy as sa
from alembic import op

from provisioning.store.columns import KEY, UtcDateTime

revision = "0007"
down_revision = "0006"

TABLES = ("audit_entry", "opening", "change_approval", "change_plan", "change_request")

_SQLITE_APPEND_ONLY = """
create trigger audit_entry_no_{event} before {event} on audit_entry
begin select raise(abort, 'the audit is append-only'); end
"""
# `insert or replace` removes the row that is in its way without a delete that a trigger would see.
_SQLITE_NEXT = """
create trigger audit_entry_next before insert on audit_entry
when new.number <> (select coalesce(max(number), 0) + 1 from audit_entry)
begin select raise(abort, 'the audit is append-only'); end
"""
_POSTGRESQL_APPEND_ONLY = (
    """
    create function audit_entry_refuse() returns trigger language plpgsql as $$
    begin raise exception 'the audit is append-only'; end $$
    """,
    """
    create trigger audit_entry_append_only before update or delete on audit_entry
    for each row execute function audit_entry_refuse()
    """,
    """
    create trigger audit_entry_no_truncate before truncate on audit_entry
    for each statement execute function audit_entry_refuse()
    """,
)


def upgrade() -> None:
    """Add the tables; nothing was asked yet, and no run was for a request."""
    op.add_column("run", sa.Column("request_id", KEY))
    _requests()
    _openings()
    _audit()


def _requests() -> None:
    op.create_table(
        "change_request",
        sa.Column("id", KEY, nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("line_id", KEY, nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("requester", sa.Text, nullable=False),
        sa.Column("submitter", sa.Text, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("submitted_at", UtcDateTime, nullable=False),
        sa.Column("wanted_at", UtcDateTime),
        sa.Column("findings", sa.JSON, nullable=False),
        sa.Column("billing", sa.JSON(none_as_null=True)),
        sa.Column("parent_id", KEY),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_change_request"),
        sa.UniqueConstraint("reference", name="uq_change_request_reference"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name="fk_change_request_line_id"),
        sa.ForeignKeyConstraint(["parent_id"], ["change_request.id"], name="fk_change_request_parent_id"),
    )
    op.create_index("ix_change_request_line_id", "change_request", ["line_id"])
    op.create_index("ix_change_request_state_wanted_at", "change_request", ["state", "wanted_at"])
    op.create_table(
        "change_plan",
        sa.Column("request_id", KEY, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("planned_at", UtcDateTime, nullable=False),
        sa.Column("plan", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("request_id", name="pk_change_plan"),
        sa.ForeignKeyConstraint(["request_id"], ["change_request.id"], name="fk_change_plan_request_id"),
    )
    op.create_table(
        "change_approval",
        sa.Column("id", KEY, nullable=False),
        sa.Column("request_id", KEY, nullable=False),
        sa.Column("plan_digest", sa.String(64), nullable=False),
        sa.Column("principal", sa.Text, nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("void_at", UtcDateTime),
        sa.Column("void_reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_change_approval"),
        sa.ForeignKeyConstraint(["request_id"], ["change_request.id"], name="fk_change_approval_request_id"),
    )
    op.create_index("ix_change_approval_request_id", "change_approval", ["request_id"])


def _openings() -> None:
    op.create_table(
        "opening",
        sa.Column("id", KEY, nullable=False),
        sa.Column("line_id", KEY, nullable=False),
        sa.Column("opening", sa.JSON, nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("opened_by", sa.String(64), nullable=False),
        sa.Column("until", UtcDateTime),
        sa.Column("closed_at", UtcDateTime),
        sa.Column("closed_by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_opening"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name="fk_opening_line_id"),
    )
    op.create_index("ix_opening_line_id", "opening", ["line_id"])


def _audit() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("number", KEY, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_entry"),
        sa.UniqueConstraint("previous", name="uq_audit_entry_previous"),
    )
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject"])
    if op.get_bind().dialect.name == "sqlite":
        for event in ("update", "delete"):
            op.execute(_SQLITE_APPEND_ONLY.format(event=event))
        op.execute(_SQLITE_NEXT)
    else:
        for statement in _POSTGRESQL_APPEND_ONLY:
            op.execute(statement)


def downgrade() -> None:
    """Drop them again: what was asked, approved and written down is lost."""
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("drop function audit_entry_refuse()")
    op.drop_column("run", "request_id")
