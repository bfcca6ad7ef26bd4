"""Lines, their orders, devices and secrets."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from provisioning.store.columns import KEY, UtcDateTime
from provisioning.store.tables.metadata import METADATA

# `form` is the whole order form as the line stands now, `options` of the moment (rush) left out.
LINE = Table(
    "line",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("formula", String(64), nullable=False),
    Column("customer", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("form", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("ceased_at", UtcDateTime),
    Column("activated_at", UtcDateTime),
    Column("adopted_at", UtcDateTime),
    CheckConstraint("state in ('accepted', 'ceased')", name="state"),
)

SERVICE_ORDER = Table(
    "service_order",
    METADATA,
    Column("number", String(64), primary_key=True),
    Column("sequence", Integer, nullable=False, unique=True),
    Column("line_id", ForeignKey("line.id"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("form", JSON, nullable=False),
    Column("warnings", JSON, nullable=False),
    Column("accepted_at", UtcDateTime, nullable=False),
    CheckConstraint("kind in ('new', 'change', 'move', 'cease')", name="kind"),
)

DEVICE = Table(
    "device",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("line_id", ForeignKey("line.id"), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("serial", Text, nullable=False),
    Column("platform", String(32), nullable=False),
    Column("olt", Text),
    Column("port", String(16)),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),
    CheckConstraint("kind in ('cpe', 'ont')", name="kind"),
)

# Where an index is partial, the migrations say so for PostgreSQL as well; to say it here too would load that dialect
# into every command.
Index(
    "uq_device_in_use",
    DEVICE.c.kind,
    DEVICE.c.serial,
    unique=True,
    sqlite_where=text("until is null"),
)

Index(
    "uq_device_of_line",
    DEVICE.c.line_id,
    DEVICE.c.kind,
    unique=True,
    sqlite_where=text("until is null"),
)


# What the store itself has to remember, such as the digest of the pools file that was taken in.
REMEMBERED = Table(
    "remembered",
    METADATA,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

# Secrets of lines, each encrypted to the identity in the state directory. `source` is what named it: `generated`, or
# the form's `key_from`.
LINE_SECRET = Table(
    "line_secret",
    METADATA,
    Column("line_id", ForeignKey("line.id"), primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("source", Text, nullable=False),
    Column("kept_at", UtcDateTime, nullable=False),
)

# The host keys of routers, recorded when they were first met.
HOST_KEY = Table(
    "host_key",
    METADATA,
    Column("serial", Text, primary_key=True),
    Column("kind", String(64), primary_key=True),
    Column("key", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
)

# A line whose router was taken in: what was read of it last, secrets masked, and which blocks it has that no pool of
# ours could give it.
ADOPTION = Table(
    "adoption",
    METADATA,
    Column("line_id", ForeignKey("line.id"), primary_key=True),
    Column("serial", Text, nullable=False),
    Column("platform", String(32), nullable=False),
    Column("host", Text, nullable=False),
    Column("management", Text),
    Column("order_number", String(64), nullable=False),
    Column("adopted_at", UtcDateTime, nullable=False),
    Column("read_at", UtcDateTime, nullable=False),
    Column("reading", JSON, nullable=False),
    Column("unmanaged", JSON, nullable=False),
)
