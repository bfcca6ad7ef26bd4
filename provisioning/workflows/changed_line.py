"""What a change request makes of its line: the line's form with the request worked in, judged as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from provisioning.addressing.address import address
from provisioning.changes.amend_form import amend_form
from provisioning.clock import contract_date
from provisioning.errors import Refused
from provisioning.intent import intend
from provisioning.model.block import Block
from provisioning.model.change_request import ChangeRequest
from provisioning.model.finding import refused
from provisioning.model.intent import AddressedIntent, Role
from provisioning.model.line import Line, LineState
from provisioning.model.product import Product
from provisioning.model.run import Snapshot
from provisioning.orders.amend import stored
from provisioning.orders.check import check_whole
from provisioning.store import lines, runs
from provisioning.workflows.claim_blocks import needs_known
from provisioning.workflows.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line as it would be.

    Attributes:
        form: that it keeps then, in plain data.
        order: number of the order that it was delivered with; empty when there was none.
    """

    form: Mapping[str, object]
    product: Product
    addressed: AddressedIntent
    order: str

    @property
    def target(self) -> Snapshot:
        """What a run sets out for."""
        return Snapshot(self.product, self.addressed)


def need_in_service(connection: Connection, identifier: str, around: Surroundings) -> tuple[Line, str]:
    """Return a line that is in service, and the order that it was delivered with; empty when there was none.

    Raises:
        UnknownName: when there is no such line.
        Refused: when it is not in service, or an order waits to be put in force.
    """
    line = lines.need_line(connection, identifier)
    if line.state not in (LineState.ACTIVE, LineState.ADOPTED):
        raise Refused(f"the line is {line.state.value}, not in service", where=line.id, remedy="Activate its order.")
    proven = runs.latest_proven(connection, identifier)
    orders = lines.orders_of(connection, identifier)
    latest = orders[-1].number if orders else ""
    if proven is None or proven.target is None:
        return line, latest
    # The latest order may be in force by a run of an earlier one: what an order makes of its line is what counts.
    if latest != proven.order and not _is_same(line, proven.target.product, around):
        raise Refused(
            f"order {latest} is accepted, and not in force: a change of the line as it stands would carry it along",
            where=line.id,
            remedy="Activate that order first: `proviso order activate`.",
        )
    return line, proven.order


def _is_same(line: Line, delivered: Product, around: Surroundings) -> bool:
    now = check_whole(stored(line.form, line.id), contract_date(around.clock), sold=line.formula).product
    return now is not None and replace(now, order=delivered.order, rush=delivered.rush) == delivered


def amended(form: Mapping[str, object], request: ChangeRequest) -> Mapping[str, object]:
    """Return a line's form with a request worked in; worked into a form that has it already, it changes nothing."""
    return amend_form(form, request.content)


def changed_line(
    connection: Connection,
    request: ChangeRequest,
    form: Mapping[str, object],
    held: Mapping[Role, Block],
    around: Surroundings,
) -> ChangedLine:
    """Return what a form and blocks make of the line of a request.

    Args:
        form: of the line, with the request worked in.
        held: the block of each role, likewise.

    Raises:
        Refused: when the whole is not what the contract allows, or the line has no router of ours.
    """
    line, order = need_in_service(connection, request.line, around)
    judgement = check_whole(stored(form, line.id), contract_date(around.clock), sold=line.formula)
    if judgement.product is None or judgement.product.cpe is None:
        reasons = "; ".join(each.reason for each in judgement.findings if refused((each,)))
        raise Refused(
            f"the line would not be accepted as it would be: {reasons or 'it has no router of ours'}",
            where=f"{request.id}, line {line.id}",
            remedy=f"Refuse the request, or cancel it: `proviso change show {request.id}`.",
        )
    intent = intend(judgement.product, line.id)
    if line.adopted_at is not None:
        intent, lacking = needs_known(intent, held)
        if lacking:
            raise Refused(
                f"line {line.id} was adopted, and its router shows no {', no '.join(lacking)}, which its order needs",
                where=line.id,
                remedy="`proviso line show` tells what was read; `proviso line adopt` reads the router again.",
            )
    return ChangedLine(form, judgement.product, address(intent, held), order)
