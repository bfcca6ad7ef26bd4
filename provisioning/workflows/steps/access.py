"""The OLT's part of a line: its ONT put in force, saved once it is proven, and taken back when it is not.

An OLT has no revert timer, so the run writes down what an ONT had before the first command goes out, and orders its
commands so that a crash leaves the customer cut off cleanly or as before.
"""

import time
from collections.abc import Iterable

from provisioning.errors import DeviceMoved, DeviceUnreachable, OutcomeUnknown
from provisioning.model.ont import AccessRunning, OntChange, OntService
from provisioning.model.run import ChangeState, RunChange, RunStage
from provisioning.planning.access import AccessStep, access_steps
from provisioning.platforms.huawei_smartax.differ import plan_ont
from provisioning.platforms.huawei_smartax.wanted import wanted_service
from provisioning.store import run_changes
from provisioning.workflows.attempt import Attempt
from provisioning.workflows.olt import ReachedOlt, reached_olt
from provisioning.workflows.open_olt import need_olt

TRIES = 3
"""Plans for one ONT: somebody else may change it between a plan and its first command."""

POLL_SECONDS = 0.25


def put_access_in_force(attempt: Attempt) -> None:
    """Authorise the line's ONT, before anything behind it can be reached.

    Raises:
        DeviceRefused: when the OLT refuses a line, or the ONT is somebody else's.
        DeviceMoved: when somebody keeps changing it between plan and write.
        DeviceUnreachable: when the OLT does not answer, or the ONT does not come up.
    """
    steps = access_steps(attempt.previous, attempt.goal).first
    if steps:
        scopes = ", ".join(str(each.scope) for each in steps)
        attempt.enter(RunStage.ACCESS, f"authorises the ONT at {scopes}")
    for step in steps:
        _make_so(attempt, step)


def clear_access(attempt: Attempt) -> None:
    """Clear what the line has left behind on OLTs, now that its new place is proven, or that it ceases."""
    for step in access_steps(attempt.previous, attempt.goal).last:
        attempt.say(RunStage.CONFIRM, f"clears {step.scope}")
        _make_so(attempt, step)


def save_access(attempt: Attempt) -> None:
    """Make every OLT of the run keep what was written."""
    for olt, changes in _by_olt(attempt.now().changes).items():
        begun = [each for each in changes if each.state is ChangeState.BEGUN]
        if begun:
            attempt.say(RunStage.CONFIRM, f"{olt} saves")
            with reached_olt(olt, attempt.around) as node:
                node.save()
        for change in begun:
            attempt.mark(change, ChangeState.KEPT)


def take_access_back(attempt: Attempt) -> None:
    """Make every ONT of the run what it was before, from whatever the OLT has now.

    Raises:
        DeviceUnreachable: when an OLT does not answer; the run waits for it.
        OutcomeUnknown: when an ONT is not as before, whatever was done.
    """
    for olt, changes in _by_olt(attempt.now().changes).items():
        begun = [each for each in reversed(changes) if each.state is ChangeState.BEGUN]
        if not begun:
            continue
        with reached_olt(olt, attempt.around) as node:
            for change in begun:
                attempt.say(RunStage.TAKE_BACK, f"takes {olt} {change.scope} back")
                _take_back(node, change, attempt.line)
            node.save()
        for change in begun:
            attempt.mark(change, ChangeState.TAKEN_BACK)


def _make_so(attempt: Attempt, step: AccessStep) -> None:
    olt = need_olt(step.scope.olt, attempt.around)
    wanted = wanted_service(step.addressed, olt) if step.addressed is not None else None
    with reached_olt(step.scope.olt, attempt.around) as node:
        for _ in range(TRIES):
            if _write(attempt, node, step, wanted):
                break
        else:
            raise DeviceMoved(
                "somebody keeps changing it between plan and write",
                where=str(step.scope),
                remedy="Find out who is working on it, and try again.",
            )
        if wanted is not None:
            _await_ont(attempt, node, step, wanted)


def _write(attempt: Attempt, node: ReachedOlt, step: AccessStep, wanted: OntService | None) -> bool:
    """Plan and write; return False when what is in force moved in between."""
    running = node.fetch(step.scope, wanted)
    change = plan_ont(running, wanted, line=attempt.line)
    _keep(attempt, step, change)
    if change.empty:
        return True
    with node.alone():
        now = node.fetch(step.scope, wanted)
        if now.digest != running.digest:
            return False
        if now.shared != running.shared:
            # Another run has made in the meantime what ONTs share.
            change = plan_ont(now, wanted, line=attempt.line)
        attempt.mark(_keep(attempt, step, change), ChangeState.BEGUN)
        node.write(change)
    return True


def _keep(attempt: Attempt, step: AccessStep, change: OntChange) -> RunChange:
    """Have the run hold the way back; the one that it began with stays."""
    kept = _kept_change(attempt, step)
    if kept is not None and kept.state is not ChangeState.PLANNED:
        return kept
    with attempt.around.store.write() as connection:
        return run_changes.keep_ont_change(connection, attempt.id, change)


def _kept_change(attempt: Attempt, step: AccessStep) -> RunChange | None:
    scope = run_changes.ont_scope(step.scope.port, step.scope.ont_id)
    with attempt.around.store.read() as connection:
        return run_changes.find_ont_change(connection, attempt.id, step.scope.olt, scope)


def _await_ont(attempt: Attempt, node: ReachedOlt, step: AccessStep, wanted: OntService) -> AccessRunning:
    seconds = attempt.around.access.ont_up_seconds
    deadline = time.monotonic() + seconds
    while True:
        running = node.fetch(step.scope, wanted)
        if running.online:
            return running
        if time.monotonic() > deadline:
            raise DeviceUnreachable(
                f"the ONT {wanted.serial} does not come up within {seconds} s",
                where=str(step.scope),
                remedy="Has it power, and is its fibre in this port? `display ont autofind all` tells where it is.",
            )
        attempt.say(RunStage.ACCESS, f"waits for the ONT {wanted.serial} to come up")
        # Nothing tells when it is up: the OLT has to be asked again.
        time.sleep(POLL_SECONDS)


def _take_back(node: ReachedOlt, change: RunChange, line: str) -> None:
    place = change.ont
    if place is None:
        raise ValueError(f"{change.device} is no OLT")
    for _ in range(TRIES):
        with node.alone():
            # Whatever part of the change is there: what leads back is planned from what the OLT has now.
            back: OntChange = plan_ont(node.fetch(place.scope, place.before), place.before, line=line)
            if back.empty:
                return
            node.write(back)
    raise OutcomeUnknown(
        "it is not as it was before", where=str(place.scope), remedy="`proviso run show --diff` says what it was."
    )


def _by_olt(changes: Iterable[RunChange]) -> dict[str, list[RunChange]]:
    found: dict[str, list[RunChange]] = {}
    for each in changes:
        if each.ont is not None:
            found.setdefault(each.device, []).append(each)
    return found
