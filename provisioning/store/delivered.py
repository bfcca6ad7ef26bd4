"""What a line was delivered as last: read without the rest of its run, for those who look at thousands of lines."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, select

from provisioning.model.intent import AddressedIntent
from provisioning.model.line_id import line_number
from provisioning.model.run import RunState
from provisioning.store.earlier_intents import readable_addressed
from provisioning.store.tables import RUN

_ADDRESSED = TypeAdapter(AddressedIntent)

# Asked for every line of a night: a query that stays is compiled once.
_LATEST = (
    select(RUN.c.snapshot["addressed"].label("addressed"), RUN.c.ended_at)
    .where(
        RUN.c.line_id == bindparam("line"),
        RUN.c.state.in_((RunState.PROVEN, RunState.RECORDED)),
        RUN.c.snapshot.is_not(None),
    )
    .order_by(RUN.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A line as its devices were made last.

    Attributes:
        at: when that ended.
    """

    addressed: AddressedIntent
    at: datetime | None


def delivered_line(connection: Connection, line: str) -> Delivered | None:
    """Return what a line was delivered as last; None when nothing of it ever was."""
    row = connection.execute(_LATEST, {"line": line_number(line)}).first()
    return (
        Delivered(_ADDRESSED.validate_python(readable_addressed(row.addressed)), row.ended_at)
        if row is not None
        else None
    )
