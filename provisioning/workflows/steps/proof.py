"""Looking at the line from outside, before the change and after it."""

from functools import partial

from provisioning.errors import DeviceRefused
from provisioning.model.customer_settings import CustomerSettings
from provisioning.model.intent import AddressedIntent
from provisioning.model.observation import Observation
from provisioning.model.opening import Opening
from provisioning.model.run import ChangeState, RunChange, RunKind, RunStage, Snapshot
from provisioning.store import runs
from provisioning.store.change_plans import need_plan
from provisioning.vantages.points import Points
from provisioning.workflows.attempt import Attempt
from provisioning.workflows.line_secrets import keep_delivered_key, keep_router_wifi
from provisioning.workflows.plan_line import Planned
from provisioning.workflows.prove_line import Proof, look_before, look_from_outside, prove_line
from provisioning.workflows.steps.router import SETTLE_SECONDS, need_planned


def look_before_change(attempt: Attempt) -> None:
    """Write down what answers on the line's addresses before the change, unless that is known already."""
    kept = attempt.router_change()
    if kept is None or kept.state is not ChangeState.PLANNED or attempt.run.kind is RunKind.CEASE:
        return
    with attempt.around.store.read() as connection:
        if runs.seen_before(connection, attempt.id) is not None:
            return
    attempt.say(RunStage.PLAN, "scans what answers before the change")
    seen = look_before(need_planned(attempt), attempt.points, attempt.around, *_before(attempt))
    with attempt.around.store.write() as connection:
        runs.keep_before(connection, attempt.id, seen)


def prove(attempt: Attempt) -> str:
    """Look whether the line does what was ordered; return what is in the way, empty when it is proven.

    Raises:
        DeviceRefused: when the router went back while it was looked at.
        DeviceUnreachable: when the router does not answer.
    """
    kept = attempt.router_change()
    if kept is not None and kept.state is ChangeState.KEPT:
        return ""  # it was proven before it was confirmed
    if attempt.product.cpe is None:
        return _prove_without_router(attempt)
    attempt.enter(RunStage.PROVE, "looks at the line from outside")
    planned = need_planned(attempt)
    with attempt.around.store.read() as connection:
        before = runs.seen_before(connection, attempt.id) or ()
    points = attempt.points.until(attempt.deadline) if attempt.deadline else attempt.points
    proof = _look(attempt, planned, points, before)
    _keep(attempt, planned, proof)
    if proof.verdict.proven:
        return ""
    return proof.verdict.summary


def prove_idle(attempt: Attempt) -> str:
    """Look whether a router that serves no line any more answers where a factory-new one does."""
    kept = attempt.router_change()
    if kept is None or kept.empty or kept.state is ChangeState.KEPT:
        return ""
    attempt.enter(RunStage.PROVE, f"looks for {attempt.router.serial} at its staging address")
    attempt.router.close()
    status = attempt.router.wait_until(lambda found: found.settled, seconds=SETTLE_SECONDS)
    if status.live != kept.wanted or kept.wanted not in (status.pending, status.confirmed):
        raise _went_back(attempt, kept)
    return "" if attempt.router.staged else "it still answers at its management address"


def _look(attempt: Attempt, planned: Planned, points: Points, before: tuple[Observation, ...]) -> Proof:
    tell = partial(attempt.say, RunStage.PROVE)
    return prove_line(planned, attempt.router, points, before, attempt.around, tell, *_before(attempt))


def _before(attempt: Attempt) -> tuple[tuple[Opening, ...] | None, AddressedIntent | None]:
    """Return what is open before a change on request, and the line then; None where it is not changed on request."""
    if attempt.run.kind is not RunKind.CHANGE:
        return None, None
    with attempt.around.store.read() as connection:
        plan = need_plan(connection, attempt.run.request)
    return plan.openings_before, attempt.previous.addressed if attempt.previous is not None else None


def _keep(attempt: Attempt, planned: Planned, proof: Proof) -> None:
    with attempt.around.store.write() as connection:
        runs.keep_verdict(connection, attempt.id, proof.verdict, proof.open_before)
        if proof.verdict.proven and planned.ordered_key is not None:
            keep_delivered_key(connection, attempt.line, planned.ordered_key, attempt.around)
        on_router = _router_wifi(planned)
        if proof.verdict.proven and on_router is not None:
            keep_router_wifi(connection, attempt.line, on_router, attempt.around)


def _router_wifi(planned: Planned) -> CustomerSettings | None:
    wifi, key = planned.addressed.intent.wifi, planned.secrets.wifi_key
    return CustomerSettings(wifi.ssid, wifi.channel, key) if wifi is not None and key is not None else None


def _prove_without_router(attempt: Attempt) -> str:
    attempt.enter(RunStage.PROVE, "no router of ours: looks whether the line's address answers")
    verdict = look_from_outside(attempt.addressed, attempt.around)
    with attempt.around.store.write() as connection:
        runs.keep_snapshot(connection, attempt.id, Snapshot(attempt.product, attempt.addressed), None)
        runs.keep_verdict(connection, attempt.id, verdict, None)
    # Without an ONT no check is a gate: then nothing of ours is there to be proven.
    return verdict.summary if verdict.in_the_way else ""


def _went_back(attempt: Attempt, kept: RunChange) -> DeviceRefused:
    return DeviceRefused(
        "it went back before it was confirmed",
        where=attempt.router.serial,
        remedy=f"{kept.scope} is as before; activate the order again.",
    )
