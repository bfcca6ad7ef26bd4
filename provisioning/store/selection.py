"""Which devices of which lines: selected by the database, so that nobody carries those that nobody asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from sqlalchemy import Column, ColumnElement, Connection, Row, exists, literal_column, or_, select

from provisioning.catalogue import FORMULAS, Availability
from provisioning.model.intent import Role
from provisioning.model.line import LineState
from provisioning.model.line_id import line_id, line_number
from provisioning.store.lines import stands, state_of
from provisioning.store.tables import ADOPTION, ASSIGNMENT, DEVICE, HOST_KEY, LINE

MOST_NAMES = 10_000
"""In one list: SQLite takes 32,766 parameters in a statement (sqlite.org/limits.html)."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked for; an empty tuple leaves everything in, and each one that is not narrows it down.

    Attributes:
        kind: `cpe` or `ont`.
        lines: ids.
        olts: on which the lines end.
        backed_up: only lines with a mobile back-up (facts: I-6.1).
        limit: at most so many, those of the oldest lines.
    """

    kind: str = "cpe"
    lines: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    formulas: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    olts: tuple[str, ...] = ()
    states: tuple[LineState, ...] = ()
    backed_up: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class SelectedDevice:
    """A device in use, with what one needs to know of its line.

    Attributes:
        olt: for an ONT, the OLT and its port.
        management: the address of the line's router; None when the line holds none, and none was seen at adoption.
        host_key: `type key` as recorded at bootstrap; None when it never was.
    """

    serial: str
    kind: str
    platform: str
    olt: str | None
    port: str | None
    line: str
    state: LineState
    formula: str
    customer: str
    site: str
    management: IPv4Address | None
    host_key: str | None


def select_devices(connection: Connection, wanted: Selection) -> list[SelectedDevice]:
    """Return the devices in use that are asked for, by line; their number is the number of rows that are read."""
    query = (
        select(
            DEVICE.c.serial,
            DEVICE.c.kind,
            DEVICE.c.platform,
            DEVICE.c.olt,
            DEVICE.c.port,
            DEVICE.c.line_id,
            LINE.c.state,
            LINE.c.activated_at.is_not(None).label("activated"),
            LINE.c.adopted_at.is_not(None).label("adopted"),
            LINE.c.formula,
            LINE.c.customer,
            LINE.c.site,
            _MANAGEMENT.label("management"),
            _ANSWERED_AT.label("answered_at"),
            _HOST_KEY.label("host_key"),
        )
        .join(LINE, DEVICE.c.line_id == LINE.c.id)
        .where(DEVICE.c.kind == wanted.kind, _IN_USE, *_conditions(wanted))
        .order_by(LINE.c.id)
        .limit(wanted.limit)
    )
    return [_device(row) for row in connection.execute(query)]


def unknown_lines(connection: Connection, identifiers: Sequence[str]) -> list[str]:
    """Return those of some line ids that are no line's."""
    there = set(connection.scalars(select(LINE.c.id).where(LINE.c.id.in_(map(line_number, identifiers)))))
    return [each for each in identifiers if line_number(each) not in there]


def unknown_serials(connection: Connection, kind: str, serials: Sequence[str]) -> list[str]:
    """Return those of some serials that no line uses now."""
    query = select(DEVICE.c.serial).where(DEVICE.c.kind == kind, DEVICE.c.serial.in_(serials), _IN_USE)
    there = set(connection.scalars(query))
    return [each for each in serials if each not in there]


def unknown_customers(connection: Connection, customers: Iterable[str]) -> list[str]:
    """Return those of some customers that have no line."""
    return [
        each
        for each in customers
        if connection.execute(select(LINE.c.id).where(LINE.c.customer == each).limit(1)).first() is None
    ]


def platforms_in_use(connection: Connection, kind: str) -> list[str]:
    """Return the platforms of the devices in use."""
    query = select(DEVICE.c.platform).where(DEVICE.c.kind == kind, _IN_USE).distinct()
    return sorted(connection.scalars(query))


_IN_USE = DEVICE.c.until.is_(None)
_MANAGEMENT = (
    select(ASSIGNMENT.c.first)
    .where(
        ASSIGNMENT.c.line_id == LINE.c.id,
        ASSIGNMENT.c.role == Role.MANAGEMENT,
        # Written out, so that the partial index serves it.
        ASSIGNMENT.c.state == literal_column("'assigned'"),
    )
    .correlate(LINE)
    .scalar_subquery()
)
_ANSWERED_AT = select(ADOPTION.c.management).where(ADOPTION.c.line_id == LINE.c.id).correlate(LINE).scalar_subquery()
_HOST_KEY = (
    select(HOST_KEY.c.kind + " " + HOST_KEY.c.key)
    .where(HOST_KEY.c.serial == DEVICE.c.serial)
    .order_by(HOST_KEY.c.kind)
    .limit(1)
    .correlate(DEVICE)
    .scalar_subquery()
)
_ONT = DEVICE.alias("ont")
_WITH_MOBILE = [each.identifier for each in FORMULAS.values() if each.mobile_backup.value is Availability.INCLUDED]


def _management(held: int | None, answered_at: str | None) -> IPv4Address | None:
    if held is not None:
        return IPv4Address(held)
    return IPv4Address(answered_at) if answered_at else None


def _conditions(wanted: Selection) -> list[ColumnElement[bool]]:
    found = [
        *_among(LINE.c.id, [line_number(each) for each in wanted.lines]),
        *_among(DEVICE.c.serial, wanted.serials),
        *_among(LINE.c.customer, wanted.customers),
        *_among(LINE.c.formula, wanted.formulas),
        *_among(DEVICE.c.platform, wanted.platforms),
    ]
    if wanted.olts:
        found.append(
            exists().where(
                _ONT.c.line_id == LINE.c.id,
                _ONT.c.kind == "ont",
                _ONT.c.until.is_(None),
                _ONT.c.olt.in_(wanted.olts),
            )
        )
    if wanted.backed_up:
        ordered = LINE.c.form["options"]["mobile_backup"].as_boolean()
        found.append(or_(LINE.c.formula.in_(_WITH_MOBILE), ordered.is_(True)))
    if wanted.states:
        found.append(or_(*(stands(each) for each in wanted.states)))
    return found


def _among(column: "Column[int] | Column[str]", values: Sequence[int] | Sequence[str]) -> list[ColumnElement[bool]]:
    return [column.in_(values)] if values else []


def _device(row: Row[tuple[object, ...]]) -> SelectedDevice:
    return SelectedDevice(
        serial=row.serial,
        kind=row.kind,
        platform=row.platform,
        olt=row.olt,
        port=row.port,
        line=line_id(row.line_id),
        state=state_of(row.state, activated=row.activated, adopted=row.adopted),
        formula=row.formula,
        customer=row.customer,
        site=row.site,
        management=_management(row.management, row.answered_at),
        host_key=row.host_key,
    )
