"""The tables. Migrations create them; a test holds the two against each other."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from provisioning.store.columns import KEY, UnsignedInteger128, UtcDateTime

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

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
