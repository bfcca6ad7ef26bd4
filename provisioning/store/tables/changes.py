"""Change requests, plans, approvals, openings, and the audit."""

from sqlalchemy import JSON, Column, ForeignKey, Index, String, Table, Text

from provisioning.store.columns import KEY, UtcDateTime
from provisioning.store.tables.metadata import METADATA

# What customers ask of lines in service. `content` is the document as it came in.
CHANGE_REQUEST = Table(
    "change_request",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("reference", String(64), nullable=False, unique=True),
    Column("line_id", ForeignKey("line.id"), nullable=False, index=True),
    Column("action", String(32), nullable=False),
    Column("content", JSON, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("requester", Text, nullable=False),
    Column("submitter", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("submitted_at", UtcDateTime, nullable=False),
    Column("wanted_at", UtcDateTime),
    Column("findings", JSON, nullable=False),
    Column("billing", JSON(none_as_null=True)),
    Column("parent_id", ForeignKey("change_request.id")),
    Column("reason", Text, nullable=False),
    Column("ended_at", UtcDateTime),
    Index("ix_change_request_state_wanted_at", "state", "wanted_at"),
)

# The plan of a request that holds now; `plan` is a whole ChangePlan, secrets masked.
CHANGE_PLAN = Table(
    "change_plan",
    METADATA,
    Column("request_id", ForeignKey("change_request.id"), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("planned_at", UtcDateTime, nullable=False),
    Column("plan", JSON, nullable=False),
)

CHANGE_APPROVAL = Table(
    "change_approval",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("request_id", ForeignKey("change_request.id"), nullable=False, index=True),
    Column("plan_digest", String(64), nullable=False),
    Column("principal", Text, nullable=False),
    Column("role", String(32), nullable=False),
    Column("signature", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("void_at", UtcDateTime),
    Column("void_reason", Text, nullable=False),
)

# Since when what is open is open, and by whom; what is open is told by the line's form.
OPENING = Table(
    "opening",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("line_id", ForeignKey("line.id"), nullable=False, index=True),
    Column("opening", JSON, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("opened_by", String(64), nullable=False),
    Column("until", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("closed_by", String(64), nullable=False),
)

# Who did what, each entry chained to the one before; triggers refuse to change or delete one (migrations).
AUDIT_ENTRY = Table(
    "audit_entry",
    METADATA,
    Column("number", KEY, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("details", JSON, nullable=False),
    Column("previous", String(64), nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
)
