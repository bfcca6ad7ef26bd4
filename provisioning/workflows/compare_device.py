"""Comparing a router with what its line's order renders now, changing nothing."""

from provisioning.addressing.address import address
from provisioning.clock import contract_date
from provisioning.errors import Refused, UnknownName
from provisioning.intent import intend
from provisioning.model.change import Change
from provisioning.orders.amend import stored
from provisioning.orders.check import check_whole
from provisioning.store import assignments, lines
from provisioning.workflows.plan_line import plan_line
from provisioning.workflows.reaching import Reach
from provisioning.workflows.router import Router
from provisioning.workflows.surroundings import Surroundings


def compare_device(serial: str, around: Surroundings) -> Change:
    """Return the change that would make a router what its line's order renders; it is empty when there is none.

    Raises:
        UnknownName: when the router serves no line.
        DeviceUnreachable: when it does not answer.
        Refused: when its line's order cannot be judged any more.
    """
    with around.store.read() as connection:
        line = lines.line_using(connection, "cpe", serial)
        if line is None:
            raise UnknownName(
                f"no line uses a router {serial}", where=serial, remedy="`proviso line list` shows the lines."
            )
        found = lines.need_line(connection, line)
        held = {each.role: each.block for each in assignments.held_by(connection, line)}
        management = assignments.management_of(connection, line)
    judgement = check_whole(stored(found.form, line), contract_date(around.clock), sold=found.formula)
    if judgement.product is None or judgement.product.cpe is None:
        raise Refused(
            f"the order of line {line} is not accepted any more", where=line, remedy="Look at it with `order check`."
        )
    addressed = address(intend(judgement.product, line), held)
    router = Router(serial, judgement.product.cpe.platform, management, Reach(around, prepare=False))
    try:
        return plan_line(judgement.product, addressed, router.running(), around, rehearsal=True).change
    finally:
        router.close()
