"""Finding out what an order would change on OLTs, changing nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from provisioning.errors import DeviceRefused, EnvironmentTrouble, UnreadableProject
from provisioning.model.ont import AccessRunning, OntChange, OntScope
from provisioning.model.run import Snapshot
from provisioning.planning.access import AccessStep, access_steps
from provisioning.platforms.huawei_smartax.differ import plan_ont
from provisioning.platforms.huawei_smartax.digest import service_digest
from provisioning.platforms.huawei_smartax.wanted import wanted_service
from provisioning.store import runs
from provisioning.workflows.accept_order import Acceptance
from provisioning.workflows.olt import reached_olt
from provisioning.workflows.open_olt import need_olt
from provisioning.workflows.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class AccessRehearsal:
    """What would happen to one ONT.

    Attributes:
        change: None when the OLT would refuse it.
        refused: why; empty when it would not.
        assumed: why the OLT was not asked, and is taken for one without that ONT; empty when it was.
    """

    scope: OntScope
    change: OntChange | None
    refused: str = ""
    assumed: str = ""


def rehearse_access(acceptance: Acceptance, around: Surroundings) -> tuple[AccessRehearsal, ...]:
    """Return what would happen to the ONTs of an accepted order's line, in order; nothing for a line without one.

    Raises:
        UnreadableProject: when the inventory cannot be used.
    """
    if acceptance.line is None:
        return ()
    target = None
    if acceptance.product is not None and acceptance.addressed is not None:
        target = Snapshot(acceptance.product, acceptance.addressed)
    return rehearse_access_of(acceptance.line, target, around)


def rehearse_access_of(line: str, target: Snapshot | None, around: Surroundings) -> tuple[AccessRehearsal, ...]:
    """Return what would happen to the ONTs of a line, in order; nothing for a line without one.

    Args:
        target: what a run would set out for; None when the line is to cease.

    Raises:
        UnreadableProject: when the inventory cannot be used.
    """
    with around.store.read() as connection:
        found = runs.latest_proven(connection, line)
    previous = found.snapshot if found is not None else None
    steps = access_steps(previous, target)
    removed = {each.scope for each in steps.first if each.addressed is None}
    return tuple(_rehearsals((*steps.first, *steps.last), removed, line, around))


def _rehearsals(
    steps: tuple[AccessStep, ...], removed: set[OntScope], line: str, around: Surroundings
) -> Iterator[AccessRehearsal]:
    for step in steps:
        olt = need_olt(step.scope.olt, around)
        wanted = wanted_service(step.addressed, olt) if step.addressed is not None else None
        assumed = ""
        try:
            with reached_olt(step.scope.olt, around) as node:
                running = node.fetch(step.scope, wanted)
        except (EnvironmentTrouble, UnreadableProject) as error:
            running, assumed = _without_ont(step.scope), str(error)
        elsewhere = tuple(each for each in running.elsewhere if each not in removed)
        try:
            change = plan_ont(replace(running, elsewhere=elsewhere), wanted, line=line)
        except DeviceRefused as error:
            yield AccessRehearsal(step.scope, None, str(error), assumed)
        else:
            yield AccessRehearsal(step.scope, change, "", assumed)


def _without_ont(scope: OntScope) -> AccessRunning:
    return AccessRunning(scope, service=None, shared={}, elsewhere=(), online=None, digest=service_digest(None))
