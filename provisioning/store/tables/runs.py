"""Attempts to bring a line into service, and what they change."""

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, text

from provisioning.store.columns import KEY, UtcDateTime
from provisioning.store.tables.metadata import METADATA

# A run is one attempt to bring a line to what is ordered. Of one line only one run is `running` at a time. `target` is
# what it sets out for; `snapshot` the same with what the customer changed taken over; `before` what was seen from
# outside before the change; `stages` tells when each began; `backup` is the version that it restores, `request_id` the
# change request that it carries out.
RUN = Table(
    "run",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("line_id", ForeignKey("line.id"), nullable=False, index=True),
    Column("order_number", String(64), nullable=False),
    Column("scope", Text, nullable=False),
    Column("stage", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("message", Text, nullable=False),
    Column("delivered", JSON),
    Column("verdict", JSON),
    Column("snapshot", JSON),
    Column("open_before", JSON),
    Column("stages", JSON, nullable=False),
    Column("kind", String(16), nullable=False, server_default="activate"),
    Column("executor", Text),
    Column("target", JSON(none_as_null=True)),
    Column("trouble", JSON(none_as_null=True)),
    Column("before", JSON(none_as_null=True)),
    Column("backup", String(32)),
    Column("request_id", KEY),
    CheckConstraint("(state = 'running') = (ended_at is null)", name="ended"),
)

Index("uq_run_of_line", RUN.c.line_id, unique=True, sqlite_where=text("state = 'running'"))

# What a run does to one device, or to one ONT on an OLT; `ont` holds what that had before, so that it can be undone.
RUN_CHANGE = Table(
    "run_change",
    METADATA,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("device", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("platform", String(32), nullable=False),
    Column("base", String(64), nullable=False),
    Column("wanted", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("differences", JSON, nullable=False),
    Column("commands", JSON, nullable=False),
    Column("rollback", JSON, nullable=False),
    Column("ont", JSON(none_as_null=True)),
)
