"""Finding out what an order would change on its router, changing nothing."""

from provisioning.errors import ProvisoError
from provisioning.model.device import Running
from provisioning.rendering.render import why_nothing
from provisioning.workflows.accept_order import Acceptance
from provisioning.workflows.plan_line import Planned, plan_line, plan_without_router
from provisioning.workflows.reaching import Reach
from provisioning.workflows.router import Router
from provisioning.workflows.surroundings import Surroundings


def rehearse_change(acceptance: Acceptance, around: Surroundings) -> Planned | str:
    """Return what would happen to the router of an accepted order, or why there is nothing.

    A router that does not answer is taken for factory-new; the change says so.

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
    running = _running(acceptance, around) if acceptance.known else None
    if running is None:
        return plan_without_router(addressed, around)
    return plan_line(product, addressed, running, around, rehearsal=True)


def _running(acceptance: Acceptance, around: Surroundings) -> Running | None:
    """Return what is in force on the router; None when it does not answer, or is not ours yet."""
    addressed = acceptance.addressed
    cpe = addressed.intent.cpe if addressed else None
    if addressed is None or cpe is None:
        return None
    router = Router(cpe.serial, cpe.platform, addressed.management, Reach(around, prepare=False))
    try:
        return router.running()
    except ProvisoError:
        return None
    finally:
        router.close()
