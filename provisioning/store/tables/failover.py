"""Drills of mobile back-ups, what customers were told of them, and incidents."""

from sqlalchemy import JSON, Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, text

from provisioning.store.columns import KEY, UtcDateTime
from provisioning.store.tables.metadata import METADATA

# A run over the fleet that drills what is due. `reason` says why it was stopped before its end.
DRILL_CAMPAIGN = Table(
    "drill_campaign",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("policy", JSON, nullable=False),
    Column("reason", Text, nullable=False),
)

# What a customer was told of a drill, and the period that was agreed with him.
DRILL_ANNOUNCEMENT = Table(
    "drill_announcement",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("line_id", ForeignKey("line.id"), nullable=False),
    Column("opens_at", UtcDateTime, nullable=False),
    Column("closes_at", UtcDateTime, nullable=False),
    Column("told_at", UtcDateTime, nullable=False),
    Column("told_by", Text, nullable=False),
    Column("agreed_with", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("withdrawn_at", UtcDateTime),
    CheckConstraint("opens_at < closes_at", name="period"),
    Index("ix_drill_announcement_line_id_opens_at", "line_id", "opens_at"),
)

# One drill. `token` is what the router knows it by; `result` is a whole DrillResult.
DRILL = Table(
    "drill",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("line_id", ForeignKey("line.id"), nullable=False),
    Column("serial", Text, nullable=False),
    Column("token", String(64), nullable=False, unique=True),
    Column("cut", String(16), nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("actor", Text, nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("campaign_id", ForeignKey("drill_campaign.id"), index=True),
    Column("reason", Text, nullable=False),
    Column("result", JSON(none_as_null=True)),
    CheckConstraint("state in ('running', 'passed', 'failed', 'interrupted')", name="state"),
    Index("ix_drill_line_id_begun_at", "line_id", "begun_at"),
    # One drill at a time on a line.
    Index(
        "uq_drill_line_id_running",
        "line_id",
        unique=True,
        sqlite_where=text("state = 'running'"),
    ),
)

# How each line's bearers stood when they were last looked at, and since when.
BEARER_STATE = Table(
    "bearer_state",
    METADATA,
    Column("line_id", ForeignKey("line.id"), primary_key=True),
    Column("serial", Text, nullable=False),
    Column("condition", String(16), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    CheckConstraint(
        "condition in ('on-fixed', 'on-mobile', 'mobile-failed', 'down', 'silent')",
        name="condition",
    ),
)

# Events of I-6.5 and I-9.1.
INCIDENT = Table(
    "incident",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("line_id", ForeignKey("line.id"), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("priority", String(2), nullable=False),
    Column("level", String(32), nullable=False),
    Column("incident_window", Text, nullable=False),
    Column("restoration", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("reason", Text, nullable=False),
    Column("closing", Text, nullable=False),
    Column("told", Boolean, nullable=False),
    CheckConstraint("kind in ('back-up-active', 'back-up-failed', 'line-down')", name="kind"),
    CheckConstraint("priority in ('P1', 'P2', 'P3', 'P4')", name="priority"),
    Index("ix_incident_line_id_opened_at", "line_id", "opened_at"),
    # One of a kind at a time on a line.
    Index(
        "uq_incident_line_id_kind_open",
        "line_id",
        "kind",
        unique=True,
        sqlite_where=text("closed_at is null"),
    ),
)

# Time that does not count: delays by the customer, a third party or force majeure, planned works (facts: I-9.2).
INCIDENT_STOP = Table(
    "incident_stop",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("incident_id", ForeignKey("incident.id"), nullable=False, index=True),
    Column("stopped_at", UtcDateTime, nullable=False),
    Column("resumed_at", UtcDateTime),
    Column("reason", Text, nullable=False),
)
