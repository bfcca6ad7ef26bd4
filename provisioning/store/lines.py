"""Lines, orders and devices in the store."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, select, update

from provisioning.model.line import Device, Line, LineState, ServiceOrder
from provisioning.model.line_id import line_id, line_number, no_line
from provisioning.model.listed import LineListed
from provisioning.store.tables import DEVICE, LINE, SERVICE_ORDER


def find_line(connection: Connection, identifier: str) -> Line | None:
    """Return a line by its id; None when there is none."""
    row = connection.execute(select(LINE).where(LINE.c.id == line_number(identifier))).first()
    return _line(row) if row is not None else None


def need_line(connection: Connection, identifier: str) -> Line:
    """Return a line that somebody named.

    Raises:
        UnknownName: when it is no line id, or there is no such line.
    """
    try:
        line = find_line(connection, identifier)
    except ValueError:
        line = None
    if line is None:
        raise no_line(identifier)
    return line


def list_lines(
    connection: Connection, *, state: LineState | None = None, after: str | None = None, limit: int | None = None
) -> list[LineListed]:
    """Return lines by number, optionally of one state, after a line, at most so many; their forms are not read."""
    query = select(*_LISTED).order_by(LINE.c.id).limit(limit)
    if state is not None:
        query = query.where(stands(state))
    if after is not None:
        query = query.where(LINE.c.id > line_number(after))
    return [_listed(row) for row in connection.execute(query)]


def count_lines(connection: Connection) -> int:
    """Return how many lines there are."""
    return connection.execute(select(func.count()).select_from(LINE)).scalar_one()


def add_line(
    connection: Connection,
    *,
    formula: str,
    customer: str,
    site: str,
    form: Mapping[str, object],
    now: datetime,
    adopted: bool = False,
) -> str:
    """Add a line; return its id.

    Args:
        adopted: whether it is in service already, and is taken in.
    """
    number = connection.execute(
        insert(LINE)
        .values(
            state=LineState.ACCEPTED,
            formula=formula,
            customer=customer,
            site=site,
            form=form,
            created_at=now,
            **({"adopted_at": now} if adopted else {}),
        )
        .returning(LINE.c.id)
    ).scalar_one()
    return line_id(number)


def change_line(
    connection: Connection,
    identifier: str,
    *,
    formula: str,
    customer: str,
    site: str,
    form: Mapping[str, object],
) -> None:
    """Write down what a line has become."""
    connection.execute(
        update(LINE)
        .where(LINE.c.id == line_number(identifier))
        .values(formula=formula, customer=customer, site=site, form=form)
    )


def cease_line(connection: Connection, identifier: str, now: datetime) -> None:
    """End a line."""
    connection.execute(
        update(LINE).where(LINE.c.id == line_number(identifier)).values(state=LineState.CEASED, ceased_at=now)
    )


def activate_line(connection: Connection, identifier: str, now: datetime) -> None:
    """Write down that a line is in service; the first time stays."""
    connection.execute(
        update(LINE)
        .where(LINE.c.id == line_number(identifier), LINE.c.activated_at.is_(None))
        .values(activated_at=now)
    )


def find_order(connection: Connection, number: str) -> ServiceOrder | None:
    """Return an accepted order by its number; None when there is none."""
    row = connection.execute(select(SERVICE_ORDER).where(SERVICE_ORDER.c.number == number)).first()
    return _order(row) if row is not None else None


def orders_of(connection: Connection, identifier: str) -> list[ServiceOrder]:
    """Return the orders of a line, the oldest first."""
    query = (
        select(SERVICE_ORDER)
        .where(SERVICE_ORDER.c.line_id == line_number(identifier))
        .order_by(SERVICE_ORDER.c.sequence)
    )
    return [_order(row) for row in connection.execute(query)]


def add_order(
    connection: Connection,
    *,
    number: str,
    line: str,
    kind: str,
    digest: str,
    form: Mapping[str, object],
    warnings: tuple[str, ...],
    now: datetime,
) -> None:
    """Register an order on its line."""
    latest = connection.execute(select(func.max(SERVICE_ORDER.c.sequence))).scalar_one()
    connection.execute(
        insert(SERVICE_ORDER).values(
            number=number,
            sequence=(latest or 0) + 1,
            line_id=line_number(line),
            kind=kind,
            digest=digest,
            form=form,
            warnings=list(warnings),
            accepted_at=now,
        )
    )


def devices_of(connection: Connection, identifier: str) -> list[Device]:
    """Return the devices that a line has or had, the latest last."""
    query = select(DEVICE).where(DEVICE.c.line_id == line_number(identifier)).order_by(DEVICE.c.id)
    return [_device(row) for row in connection.execute(query)]


def line_using(connection: Connection, kind: str, serial: str) -> str | None:
    """Return the line that a device serves now."""
    number = connection.execute(
        select(DEVICE.c.line_id).where(DEVICE.c.kind == kind, DEVICE.c.serial == serial, DEVICE.c.until.is_(None))
    ).scalar_one_or_none()
    return line_id(number) if number is not None else None


def set_devices(connection: Connection, identifier: str, wanted: list[Device], now: datetime) -> None:
    """Make the devices of a line be these: what stands stays, what is gone ends, what is new begins."""
    keep = {(each.kind, each.serial, each.platform, each.olt, each.port) for each in wanted}
    present = connection.execute(
        select(DEVICE).where(DEVICE.c.line_id == line_number(identifier), DEVICE.c.until.is_(None))
    ).all()
    for row in present:
        key = (row.kind, row.serial, row.platform, row.olt, row.port)
        if key in keep:
            keep.discard(key)
        else:
            connection.execute(update(DEVICE).where(DEVICE.c.id == row.id).values(until=now))
    for kind, serial, platform, olt, port in sorted(keep, key=lambda key: key[0]):
        connection.execute(
            insert(DEVICE).values(
                line_id=line_number(identifier),
                kind=kind,
                serial=serial,
                platform=platform,
                olt=olt,
                port=port,
                since=now,
            )
        )


_LISTED = tuple(column for column in LINE.c if column is not LINE.c.form)


def _listed(row: Row[tuple[object, ...]]) -> LineListed:
    return LineListed(
        id=line_id(row.id),
        state=_state(row),
        formula=row.formula,
        customer=row.customer,
        site=row.site,
        created_at=row.created_at,
        activated_at=row.activated_at,
        ceased_at=row.ceased_at,
        adopted_at=row.adopted_at,
    )


def stands(state: LineState) -> ColumnElement[bool]:
    """Return the condition under which a line is in a state.

    In the table an active line is an accepted one that has been activated, and an adopted line one that never was.
    """
    if state is LineState.CEASED:
        return LINE.c.state == LineState.CEASED
    conditions = [LINE.c.state == LineState.ACCEPTED]
    activated, adopted = LINE.c.activated_at.is_not(None), LINE.c.adopted_at.is_not(None)
    conditions.append(activated if state is LineState.ACTIVE else ~activated)
    if state is not LineState.ACTIVE:
        conditions.append(adopted if state is LineState.ADOPTED else ~adopted)
    return and_(*conditions)


def state_of(stored: str, *, activated: bool, adopted: bool) -> LineState:
    """Return the state of a line from what the table says of it."""
    state = LineState(stored)
    if state is not LineState.ACCEPTED:
        return state
    if activated:
        return LineState.ACTIVE
    return LineState.ADOPTED if adopted else LineState.ACCEPTED


def _state(row: Row[tuple[object, ...]]) -> LineState:
    return state_of(row.state, activated=row.activated_at is not None, adopted=row.adopted_at is not None)


def _line(row: Row[tuple[object, ...]]) -> Line:
    return Line(
        id=line_id(row.id),
        state=_state(row),
        formula=row.formula,
        customer=row.customer,
        site=row.site,
        form=row.form,
        created_at=row.created_at,
        ceased_at=row.ceased_at,
        activated_at=row.activated_at,
        adopted_at=row.adopted_at,
    )


def _order(row: Row[tuple[object, ...]]) -> ServiceOrder:
    return ServiceOrder(
        number=row.number,
        sequence=row.sequence,
        line=line_id(row.line_id),
        kind=row.kind,
        digest=row.digest,
        form=row.form,
        warnings=tuple(row.warnings),
        accepted_at=row.accepted_at,
    )


def _device(row: Row[tuple[object, ...]]) -> Device:
    return Device(
        kind=row.kind,
        serial=row.serial,
        platform=row.platform,
        olt=row.olt,
        port=row.port,
        since=row.since,
        until=row.until,
    )
