"""Comparing a router with what its line's order renders now, changing nothing."""

from provisioning.errors import UnknownName
from provisioning.model.change import Change
from provisioning.store import lines
from provisioning.workflows.intended_line import intended_line
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
    meant = intended_line(line, around)
    router = Router(serial, meant.cpe.platform, meant.management, Reach(around, prepare=False))
    try:
        return plan_line(meant.product, meant.addressed, router.running(), around, rehearsal=True).change
    finally:
        router.close()
