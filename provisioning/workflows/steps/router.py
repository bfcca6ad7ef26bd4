"""The router's part of a line: planned, put in force under its own revert timer, confirmed once the line is proven."""

import time

from provisioning.errors import (
    AuthenticationRefused,
    DeviceMoved,
    DeviceRefused,
    DeviceUnreachable,
    OutcomeUnknown,
    ProxyTrouble,
    Refused,
    ScopeBusy,
)
from provisioning.model.device import DeviceStatus, Running
from provisioning.model.run import ChangeState, RunChange, RunKind, RunStage, Snapshot
from provisioning.store import lines, run_changes, runs
from provisioning.workflows.attempt import Attempt
from provisioning.workflows.open_backup import backup_store
from provisioning.workflows.plan_line import Planned, customer_settings, plan_bootstrap, plan_line
from provisioning.workflows.plan_restore import plan_restore, plan_restored
from provisioning.workflows.router import Router
from provisioning.workflows.steps.change import need_as_approved
from tasks.confirm_change import confirm_change

SETTLE_SECONDS = 60.0
"""How long a router may take to put a change in force, or to go back, and to answer afterwards."""

LAST_TRY_SECONDS = 5.0
MARGIN_SECONDS = 20.0


def plan_router(attempt: Attempt) -> None:
    """Reach the router and plan its change; a change of ours that waits there already is left to `apply_router`.

    Raises:
        DeviceUnreachable: when it does not answer.
        ScopeBusy: when a change that is not ours waits there to be confirmed.
    """
    if attempt.product.cpe is None:
        return
    router = attempt.router
    attempt.enter(RunStage.REACH, f"looks for {router.serial}")
    _reach(attempt)
    kept = attempt.router_change()
    status = router.status()
    if status.pending and (kept is None or kept.wanted != status.pending):
        _clear_pending(attempt, router, status)
    elif kept is not None and kept.wanted in (status.pending, status.confirmed):
        return
    where = "its staging address" if router.staged else "its management address"
    attempt.enter(RunStage.PLAN, f"{router.serial} answers at {where}")
    planned = _plan(attempt)
    if attempt.run.kind is RunKind.CHANGE:
        need_as_approved(attempt, planned)
    with attempt.around.store.write() as connection:
        snapshot = Snapshot(attempt.product, planned.addressed)
        runs.keep_snapshot(connection, attempt.id, snapshot, planned.ordered_wifi)
        run_changes.keep_router_change(connection, attempt.id, planned.change)


def need_planned(attempt: Attempt) -> Planned:
    """Return what this process has planned for the router, or plan again from what is in force."""
    return attempt.planned or _plan(attempt)


def apply_router(attempt: Attempt) -> None:
    """Put the change in force under the router's revert timer, unless it is so already.

    Raises:
        DeviceMoved: when the router has not what the change was computed from.
        DeviceRefused: when it does not take it, or went back.
        DeviceUnreachable: when it does not answer.
    """
    kept = attempt.router_change()
    if kept is None or kept.empty:
        return
    router = attempt.router
    status = router.status()
    if status.confirmed == status.live == kept.wanted and not status.pending:
        return
    attempt.deadline = 0.0
    if status.pending != kept.wanted:
        status = _apply(attempt, _need_unmoved(attempt, kept), kept)
    else:
        attempt.mark(kept, ChangeState.BEGUN)
        status = router.wait_until(lambda found: found.settled, seconds=SETTLE_SECONDS)
        if status.pending and status.live != kept.wanted:
            # Somebody was cut off in the middle of it: what is there in part is taken back, and done again.
            router.go_back(seconds=SETTLE_SECONDS)
            status = _apply(attempt, _need_unmoved(attempt, kept), kept)
    if status.live != kept.wanted:
        raise DeviceRefused(
            f"it was not put in force: {status.outcome or 'the router went back'}",
            where=router.serial,
            remedy="Look at what the daemon says; the router is as before.",
        )
    if status.deadline is not None and not attempt.deadline:
        # Whoever has just begun it has counted from there, and needs no two clocks that agree.
        attempt.begin_waiting((status.deadline - attempt.around.clock.now()).total_seconds())


def _need_unmoved(attempt: Attempt, kept: RunChange) -> Planned:
    planned = need_planned(attempt)
    if planned.change.base != kept.base or planned.change.wanted != kept.wanted:
        raise DeviceMoved(
            "it changed between plan and apply", where=attempt.router.serial, remedy="Activate the order again."
        )
    return planned


def confirm_router(attempt: Attempt) -> None:
    """Tell the router to keep what was proven.

    Raises:
        DeviceRefused: when it went back in the meantime.
        DeviceUnreachable: when it does not answer.
    """
    kept = attempt.router_change()
    if kept is None or kept.state is ChangeState.KEPT:
        return
    router = attempt.router
    if not kept.empty:
        attempt.enter(RunStage.CONFIRM, f"{router.serial} keeps it")
        try:
            router.do(confirm_change, digest=kept.wanted)
        except DeviceUnreachable:
            # The answer may have been lost, and not the confirmation: asked again, the router says so.
            router.connect()
            router.do(confirm_change, digest=kept.wanted)
    attempt.deadline = 0.0
    attempt.mark(kept, ChangeState.KEPT)


def take_router_back(attempt: Attempt) -> bool:
    """Take the router back to what it was before; return whether it keeps what was wanted nevertheless.

    It does where it had confirmed, and only its answer was lost.

    Raises:
        DeviceUnreachable: when it does not answer; its own timer takes it back, and the run waits to see that.
        OutcomeUnknown: when it has neither what was before nor what was wanted.
    """
    kept = attempt.router_change()
    if kept is None or kept.state is not ChangeState.BEGUN:
        return kept is not None and kept.state is ChangeState.KEPT
    attempt.say(RunStage.TAKE_BACK, f"takes {attempt.router.serial} back")
    # Whom nobody has reached for a minute, nobody need wait for: its timer does it as well, only later.
    unreachable = isinstance(attempt.error, DeviceUnreachable)
    status = attempt.router.go_back(seconds=SETTLE_SECONDS, silent=LAST_TRY_SECONDS if unreachable else None)
    if status.confirmed == kept.wanted == status.live:
        attempt.mark(kept, ChangeState.KEPT)
        return True
    if status.live != kept.base:
        raise OutcomeUnknown(
            "it has neither what was before nor what was wanted",
            where=attempt.router.serial,
            remedy="`proviso device diff` compares it with its line's order.",
        )
    attempt.mark(kept, ChangeState.TAKEN_BACK)
    return False


def _plan(attempt: Attempt) -> Planned:
    running = attempt.router.running()
    if attempt.run.kind is RunKind.CEASE:
        planned = plan_bootstrap(attempt.addressed, running, attempt.around)
    elif attempt.run.kind is RunKind.RESTORE:
        planned = _plan_restore(attempt, running)
    else:
        # A router that came factory-new into the place of another has nothing of the customer's.
        bare = customer_settings(attempt.addressed, running) is None
        successor = attempt.run.kind is RunKind.REPLACE_CPE and bare
        planned = plan_line(attempt.product, attempt.addressed, running, attempt.around, successor=successor)
    attempt.planned = planned
    attempt.notes = tuple(dict.fromkeys((*attempt.notes, *planned.notes)))
    return planned


def _plan_restore(attempt: Attempt, running: Running) -> Planned:
    """Plan what brings a backup back; once that is in force the router itself says all there is to know."""
    goal, kept = attempt.subject, attempt.router_change()
    if kept is not None and kept.wanted == running.digest:
        return plan_restored(goal, running, attempt.around)
    version = backup_store(attempt.around).find(attempt.line, attempt.run.backup)
    with attempt.around.store.read() as connection:
        successor = lines.line_using(connection, "cpe", attempt.router.serial) != attempt.line
    return plan_restore(goal, version, running, attempt.around, successor=successor)


def _reach(attempt: Attempt) -> None:
    """Reach the router; behind an ONT that was put in force just now, wait for it."""
    begun = any(each.ont is not None and each.state is ChangeState.BEGUN for each in attempt.now().changes)
    deadline = time.monotonic() + (attempt.around.access.router_up_seconds if begun else 0)
    while True:
        try:
            attempt.router.connect()
            break
        except (AuthenticationRefused, ProxyTrouble):
            raise  # which no wait mends
        except DeviceUnreachable:
            if time.monotonic() > deadline:
                raise
        attempt.say(RunStage.REACH, f"waits for {attempt.router.serial}, whose ONT has just come up")
        # Nothing tells when a router answers: it has to be tried again.
        time.sleep(1)
    for each in attempt.router.prepared:
        attempt.say(RunStage.REACH, f"made ready: {each}")


def _apply(attempt: Attempt, planned: Planned, kept: RunChange) -> DeviceStatus:
    seconds, router = attempt.around.access.revert_seconds, attempt.router
    count = len(planned.change.differences)
    attempt.enter(
        RunStage.APPLY, f"{count} document{'s' if count != 1 else ''}, goes back by itself after {seconds} s"
    )
    attempt.mark(kept, ChangeState.BEGUN)
    begun = time.monotonic()
    try:
        router.begin(planned.change, seconds=seconds)
    except Refused:
        # Nothing of ours is pending there, and what somebody else has there is his to take back.
        attempt.mark(kept, ChangeState.PLANNED)
        raise
    attempt.begin_waiting(begun + seconds - time.monotonic())
    return router.wait_until(lambda found: found.settled, seconds=min(SETTLE_SECONDS, seconds + MARGIN_SECONDS))


def _clear_pending(attempt: Attempt, router: Router, status: DeviceStatus) -> None:
    """Take back what a run of ours left pending; whether it was any good, nobody has seen."""
    with attempt.around.store.read() as connection:
        ours = run_changes.who_wanted(connection, router.serial, status.pending)
    if ours is None:
        until = f" at {status.deadline:%H:%M:%S} UTC" if status.deadline else ""
        raise ScopeBusy(
            f"a change that is not in this store waits on {router.serial} to be confirmed",
            where=router.serial,
            remedy=f"It goes back by itself{until}; try again then.",
        )
    router.go_back(seconds=SETTLE_SECONDS)
