"""Since when what is open is open, by whom, and until when; *what* is open is told by the line's order form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, ip_network
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from provisioning.changes.cover import Overlaps, alike, kind_of, lets_in
from provisioning.model.line_id import line_id, line_number
from provisioning.model.opening import CUSTOMER_FIREWALL, Opening, OpeningRecord, plain_opening
from provisioning.model.port_range import PortRange
from provisioning.store.tables import OPENING


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What became of the records of a line.

    Attributes:
        opened: what is open now and was not, the rest of a range that was split left out.
        closed: what was open and is not.
    """

    opened: tuple[OpeningRecord, ...]
    closed: tuple[OpeningRecord, ...]


def records_of(connection: Connection, line: str, *, closed: bool = False) -> list[OpeningRecord]:
    """Return what is open on a line by the records, the oldest first.

    Args:
        closed: whether what was closed is told as well.
    """
    return [record for _, record in _rows(connection, line, closed=closed)]


def reconcile(
    connection: Connection,
    line: str,
    openings: Iterable[Opening],
    *,
    by: str,
    at: datetime,
    until: Mapping[Opening, datetime | None] | None = None,
) -> Reconciled:
    """Make the records of a line equal what its order form opens; done twice, it changes nothing.

    What is left of a range that was split keeps since when and by whom it was opened, and until when.

    Args:
        openings: all that is open now: `changes.openings.openings_of(form)`.
        by: id of the change request, or number of the order, that was proven.
        at: when it was.
        until: when openings are to be closed that this request named; None takes an end away that one had.
    """
    wanted, ends = set(openings), dict(until or {})
    there = _rows(connection, line, closed=False)
    known = {record.opening: (key, record) for key, record in there}
    gone = [(key, record) for key, record in there if record.opening not in wanted]
    for opening in wanted & known.keys() & ends.keys():
        connection.execute(update(OPENING).where(OPENING.c.id == known[opening][0]).values(until=ends[opening]))
    overlaps = {kind: Overlaps(some) for kind, some in alike(record.opening for _, record in gone).items()}
    opened: list[OpeningRecord] = []
    values: list[dict[str, object]] = []
    for opening in sorted(wanted - known.keys(), key=str):
        met = overlaps[kind_of(opening)].of(opening.ports) if kind_of(opening) in overlaps else []
        before = next((known[each][1] for each in met if _covers(each, opening)), None)
        since, opened_by, end = (before.since, before.by, before.until) if before else (at, by, None)
        end = ends.get(opening, end)
        values.append(_values(line, opening, since, opened_by, end))
        if before is None:
            opened.append(OpeningRecord(line, opening, since, opened_by, end))
    for key, _ in gone:
        connection.execute(update(OPENING).where(OPENING.c.id == key).values(closed_at=at, closed_by=by))
    if values:
        connection.execute(insert(OPENING), values)
    return Reconciled(tuple(opened), tuple(record for _, record in gone))


def _covers(whole: Opening, part: Opening) -> bool:
    """Return whether an opening is a part of another one of its kind."""
    inside = whole.ports.first <= part.ports.first and part.ports.last <= whole.ports.last
    return inside and lets_in(whole.sources, part.sources)


def _values(line: str, opening: Opening, since: datetime, by: str, until: datetime | None) -> dict[str, object]:
    return {
        "line_id": line_number(line),
        "opening": plain_opening(opening),
        "since": since,
        "opened_by": by,
        "until": until,
        "closed_at": None,
        "closed_by": "",
    }


def _rows(connection: Connection, line: str, *, closed: bool) -> list[tuple[int, OpeningRecord]]:
    query = select(OPENING).where(OPENING.c.line_id == line_number(line)).order_by(OPENING.c.since, OPENING.c.id)
    if not closed:
        query = query.where(OPENING.c.closed_at.is_(None))
    return [(row.id, _record(row)) for row in connection.execute(query)]


def _record(row: Row[Any]) -> OpeningRecord:
    return OpeningRecord(
        line=line_id(row.line_id),
        opening=_opening(row.opening),
        since=row.since,
        by=row.opened_by,
        until=row.until,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
    )


def _opening(data: Mapping[str, Any]) -> Opening:
    target = CUSTOMER_FIREWALL if data["to"] == CUSTOMER_FIREWALL else IPv4Address(data["to"])
    sources = tuple(ip_network(each) for each in data["from"])
    return Opening(PortRange.parse(data["ports"]), target, data["to_port"], sources)
