"""Finding out what an order would change on its router, changing nothing."""

from ipaddress import IPv4Address

from provisioning.errors import ProvisoError
from provisioning.model.device import Running
from provisioning.model.product import CpeDevice
from provisioning.rendering.render import why_nothing
from provisioning.workflows.accept_order import Acceptance
from provisioning.workflows.plan_line import Planned, need_cpe, plan_factory_new, plan_line, plan_staged
from provisioning.workflows.reaching import Reach
from provisioning.workflows.router import Router
from provisioning.workflows.surroundings import Surroundings


def rehearse_change(acceptance: Acceptance, around: Surroundings) -> Planned | str:
    """Return what would happen to the router of an accepted order, or why there is nothing.

    A router that cannot be asked is taken for factory-new; `assumed` says why. That of a new line is asked where it is
    staged: the management address that the line would get may be another's by then.

    Raises:
        UnusableTemplate: when a template cannot be rendered.
        UnreadableProject: when the operator's file cannot be used.
    """
    addressed, product = acceptance.addressed, acceptance.product
    if addressed is None or product is None:
        return "the line ceases: its router serves no line any more, and answers at its staging address"
    why = why_nothing(addressed.intent)
    if why:
        return why
    stands = acceptance.known or acceptance.kind != "new"
    running = _running(need_cpe(addressed), addressed.management if stands else None, around)
    if isinstance(running, str):
        return plan_factory_new(addressed, running, around)
    if not stands:
        return plan_staged(addressed, running, around)
    return plan_line(product, addressed, running, around, rehearsal=True)


def _running(cpe: CpeDevice, management: IPv4Address | None, around: Surroundings) -> Running | str:
    """Return what is in force on the router, or why it cannot be told."""
    router = Router(cpe.serial, cpe.platform, management, Reach(around, prepare=False))
    try:
        return router.running()
    except ProvisoError as error:
        return str(error)
    finally:
        router.close()
