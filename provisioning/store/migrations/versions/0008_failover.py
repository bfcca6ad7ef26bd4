"""Drills of mobile back-ups, what customers were told of them, and incidents."""

import sqlalchemy as sa
from alembic import op

from provisioning.store.columns import KEY, UtcDateTime

revision = "0008"
down_revision = "0007"

TABLES = ("incident_stop", "incident", "bearer_state", "drill", "drill_announcement", "drill_campaign")


def upgrade() -> None:
    """Add the tables; nothing was drilled yet."""
    _drills()
    _incidents()


def _drills() -> None:
    op.create_table(
        "drill_campaign",
        sa.Column("id", KEY, nullable=False),
        sa.Column("begun_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("policy", sa.JSON, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_drill_campaign"),
    )
    op.create_table(
        "drill_announcement",
        sa.Column("id", KEY, nullable=False),
        sa.Column("line_id", KEY, nullable=False),
        sa.Column("opens_at", UtcDateTime, nullable=False),
        sa.Column("closes_at", UtcDateTime, nullable=False),
        sa.Column("told_at", UtcDateTime, nullable=False),
        sa.Column("told_by", sa.Text, nullable=False),
        sa.Column("agreed_with", sa.Text, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_drill_announcement"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name="fk_drill_announcement_line_id"),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_drill_announcement_period")),
    )
    op.create_index("ix_drill_announcement_line_id_opens_at", "drill_announcement", ["line_id", "opens_at"])
    op.create_table(
        "drill",
        sa.Column("id", KEY, nullable=False),
        sa.Column("line_id", KEY, nullable=False),
        sa.Column("serial", sa.Text, nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("cut", sa.String(16), nullable=False),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("begun_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("campaign_id", KEY),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("result", sa.JSON(none_as_null=True)),
        sa.PrimaryKeyConstraint("id", name="pk_drill"),
        sa.UniqueConstraint("token", name="uq_drill_token"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name="fk_drill_line_id"),
        sa.ForeignKeyConstraint(["campaign_id"], ["drill_campaign.id"], name="fk_drill_campaign_id"),
        sa.CheckConstraint("state in ('running', 'passed', 'failed', 'interrupted')", name=op.f("ck_drill_state")),
    )
    op.create_index("ix_drill_campaign_id", "drill", ["campaign_id"])
    op.create_index("ix_drill_line_id_begun_at", "drill", ["line_id", "begun_at"])
    running = sa.text("state = 'running'")
    op.create_index(
        "uq_drill_line_id_running", "drill", ["line_id"], unique=True, sqlite_where=running, postgresql_where=running
    )


def _incidents() -> None:
    op.create_table(
        "bearer_state",
        sa.Column("line_id", KEY, nullable=False),
        sa.Column("serial", sa.Text, nullable=False),
        sa.Column("condition", sa.String(16), nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("line_id", name="pk_bearer_state"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name="fk_bearer_state_line_id"),
        sa.CheckConstraint(
            "condition in ('on-fixed', 'on-mobile', 'mobile-failed', 'down', 'silent')",
            name=op.f("ck_bearer_state_condition"),
        ),
    )
    op.create_table(
        "incident",
        sa.Column("id", KEY, nullable=False),
        sa.Column("line_id", KEY, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("priority", sa.String(2), nullable=False),
        sa.Column("level", sa.String(32), nullable=False),
        sa.Column("incident_window", sa.Text, nullable=False),
        sa.Column("restoration", sa.Text, nullable=False),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.Column("due_at", UtcDateTime),
        sa.Column("closed_at", UtcDateTime),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("closing", sa.Text, nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name="fk_incident_line_id"),
        sa.CheckConstraint("kind in ('back-up-active', 'back-up-failed', 'line-down')", name=op.f("ck_incident_kind")),
        sa.CheckConstraint("priority in ('P1', 'P2', 'P3', 'P4')", name=op.f("ck_incident_priority")),
    )
    op.create_index("ix_incident_line_id_opened_at", "incident", ["line_id", "opened_at"])
    unclosed = sa.text("closed_at is null")
    op.create_index(
        "uq_incident_line_id_kind_open",
        "incident",
        ["line_id", "kind"],
        unique=True,
        sqlite_where=unclosed,
        postgresql_where=unclosed,
    )
    op.create_table(
        "incident_stop",
        sa.Column("id", KEY, nullable=False),
        sa.Column("incident_id", KEY, nullable=False),
        sa.Column("stopped_at", UtcDateTime, nullable=False),
        sa.Column("resumed_at", UtcDateTime),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incident_stop"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_incident_stop_incident_id"),
    )
    op.create_index("ix_incident_stop_incident_id", "incident_stop", ["incident_id"])


def downgrade() -> None:
    """Drop them again: drills and incidents are lost."""
    for table in TABLES:
        op.drop_table(table)
