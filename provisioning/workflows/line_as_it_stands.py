"""A line as its form and its addresses make it now."""

from provisioning.addressing.address import address
from provisioning.clock import contract_date
from provisioning.errors import Refused
from provisioning.intent import intend
from provisioning.model.intent import AddressedIntent
from provisioning.model.line import Line
from provisioning.model.product import Product
from provisioning.orders.amend import stored
from provisioning.orders.check import check_whole
from provisioning.store import assignments
from provisioning.workflows.surroundings import Surroundings


def line_as_it_stands(line: Line, around: Surroundings) -> tuple[Product, AddressedIntent]:
    """Return what a line's form subscribes to, with the addresses that it holds.

    Raises:
        Refused: when its order cannot be judged any more.
    """
    with around.store.read() as connection:
        held = {each.role: each.block for each in assignments.held_by(connection, line.id)}
    judgement = check_whole(stored(line.form, line.id), contract_date(around.clock), sold=line.formula)
    if judgement.product is None:
        raise Refused(
            f"the order of line {line.id} is not accepted any more",
            where=line.id,
            remedy="Look at it with `proviso order check`.",
        )
    return judgement.product, address(intend(judgement.product, line.id), held)
