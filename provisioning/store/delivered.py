"""What a line was delivered as last: read without the rest of its run, for those who look at thousands of lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, func, select

from provisioning.model.intent import AddressedIntent
from provisioning.model.line_id import line_id, line_number
from provisioning.model.run import RunState
from provisioning.store.earlier_intents import readable_addressed
from provisioning.store.tables import RUN

_ADDRESSED = TypeAdapter(AddressedIntent)

# Asked for every line of a night: a query that stays is compiled once.
_LATEST = select(RUN.c.line_id, RUN.c.snapshot["addressed"].label("addressed"), RUN.c.ended_at).where(
    RUN.c.id.in_(
        select(func.max(RUN.c.id))
        .where(
            RUN.c.line_id.in_(bindparam("lines", expanding=True)),
            RUN.c.state.in_((RunState.PROVEN, RunState.RECORDED)),
            RUN.c.snapshot.is_not(None),
        )
        .group_by(RUN.c.line_id)
    )
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
    return delivered_lines(connection, (line,)).get(line)


def delivered_lines(connection: Connection, lines: Iterable[str]) -> dict[str, Delivered]:
    """Return what lines were delivered as last, by line; those of which nothing ever was are left out.

    Args:
        lines: not more than SQL takes values: some hundreds.
    """
    rows = connection.execute(_LATEST, {"lines": [line_number(each) for each in lines]})
    return {
        line_id(row.line_id): Delivered(_ADDRESSED.validate_python(readable_addressed(row.addressed)), row.ended_at)
        for row in rows
    }
