"""Writing down since when, by whom and until when what is open is open, once a run has proven it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from provisioning.changes.ends import ends_of
from provisioning.changes.openings import openings_of
from provisioning.model.change_request import ChangeRequest
from provisioning.model.line import Line, LineState
from provisioning.model.opening import Opening
from provisioning.store import lines, openings
from provisioning.store.openings import Reconciled
from provisioning.workflows.auditing import Audit
from provisioning.workflows.settle_ends import settle_ends


def record_openings(
    connection: Connection,
    line: str,
    *,
    by: str,
    at: datetime,
    request: ChangeRequest | None = None,
    before: Iterable[Opening] = (),
) -> Reconciled:
    """Make the records of a line equal what its form, as the store has it now, opens; done twice, it changes nothing.

    Args:
        by: id of the change request, or number of the order, that was proven.
        at: when it was.
        request: the same change request; it says until when. None for an order.
        before: what was open before, for a line of which nothing was written down yet: it is open since the line was
            activated.

    Raises:
        UnknownName: when there is no such line.
    """
    found = lines.need_line(connection, line)
    if not openings.records_of(connection, line, closed=True):
        begin_records(connection, found, before)
    now_open = openings_of(found.form)
    ends = ends_of(request.content, now_open) if request is not None else {}
    return openings.reconcile(connection, line, now_open, by=by, at=at, until=ends)


def record_order(audit: Audit, line: str, *, order: str, before: Iterable[Opening] = ()) -> None:
    """Make the records of a line equal what its order opens, once that is proven; nothing is open on a ceased line.

    An order that was accepted since is recorded when it is proven itself.

    Args:
        order: number of the order that was proven.
        before: as for `record_openings`.

    Raises:
        UnknownName: when there is no such line.
    """
    found, orders = lines.need_line(audit.connection, line), lines.orders_of(audit.connection, line)
    if found.state is LineState.CEASED:
        openings.reconcile(audit.connection, line, (), by=order, at=audit.at)
    elif not orders or orders[-1].number == order:
        record_openings(audit.connection, line, by=order, at=audit.at, before=before)
    settle_ends(audit, line)


def begin_records(connection: Connection, line: Line, before: Iterable[Opening]) -> None:
    """Write down what was open on a line before anything was: since its activation, by the order that brought it."""
    orders = lines.orders_of(connection, line.id)
    since = line.activated_at or line.adopted_at
    if orders and since is not None:
        openings.reconcile(connection, line.id, before, by=orders[0].number, at=since)
