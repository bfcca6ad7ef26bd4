"""Messages for customers: one file a request, for the operator's own mail to take up."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from provisioning.changes.due import when_due
from provisioning.model.change_request import ChangeRequest, RequestState
from provisioning.model.verdict import Verdict
from provisioning.reports.customer_message import CustomerMessage, NewAddresses, customer_message, own_reference
from provisioning.reports.words import Language
from provisioning.store import change_requests, lines, runs
from provisioning.workflows.change_blocks import block_taken
from provisioning.workflows.message_file import write_message_file
from provisioning.workflows.surroundings import Surroundings


def write_message(
    request: ChangeRequest,
    state: Path,
    *,
    due: datetime | None = None,
    verdict: Verdict | None = None,
    parent: ChangeRequest | None = None,
) -> Path:
    """Write the message for the customer of a request as it stands, whole or not at all; return the file.

    Args:
        state: the state directory.
        due: when an approved request is carried out; None where that is not known.
        verdict: what its run has proven; None before.
        parent: that it follows from; None for one of its own.
    """
    written = customer_message(request, due=due, verdict=verdict, parent=parent)
    return _write(written, request, own_reference(request, parent), state)


def _write(written: CustomerMessage, request: ChangeRequest, reference: str, state: Path) -> Path:
    return write_message_file(request.id, {"request": request.id, "reference": reference}, written, state)


def tell_customer_of(connection: Connection, request: str, around: Surroundings) -> Path:
    """Write the message for the customer of a request as it stands, with all that is known of it; return the file.

    Args:
        connection: which may be that of the transaction that has brought the request where it stands.
        request: its id.

    Raises:
        UnknownName: when there is no such request.
    """
    found = change_requests.need_request(connection, request)
    written = message_of(connection, found, around)
    return _write(written, found, own_reference(found, parent_of(connection, found)), around.state)


def message_of(
    connection: Connection, request: ChangeRequest, around: Surroundings, *, language: Language | None = None
) -> CustomerMessage:
    """Return the message for the customer of a request as it stands, with all that is known of it.

    Args:
        language: None for that of the request.
    """
    run = runs.find_run(connection, request.run) if request.run else None
    return customer_message(
        request,
        language=language,
        due=due_of(connection, request, around) if request.state is RequestState.APPROVED else None,
        verdict=run.verdict if run is not None else None,
        addresses=_addresses_of(connection, request) if request.state is RequestState.DONE else None,
        parent=parent_of(connection, request),
    )


def parent_of(connection: Connection, request: ChangeRequest) -> ChangeRequest | None:
    """Return the request that one follows from; None for one of its own."""
    return change_requests.need_request(connection, request.parent) if request.parent else None


def _addresses_of(connection: Connection, request: ChangeRequest) -> NewAddresses | None:
    address = block_taken(connection, request)
    if not address:
        return None
    follows = change_requests.list_requests(connection, parent=request.id)
    return NewAddresses(address, next((each.wanted_at for each in follows), None))


def due_of(connection: Connection, request: ChangeRequest, around: Surroundings) -> datetime:
    """Return when a request is carried out, as far as can be said now (facts: I-8.5, X-17).

    Raises:
        UnknownName: when its line is not there.
    """
    line = lines.need_line(connection, request.line)
    options = line.form.get("options")
    return when_due(
        request.wanted_at,
        standard_changes=isinstance(options, dict) and options.get("standard_changes") is True,
        now=around.clock.now(),
        revert_seconds=around.access.revert_seconds,
    )
