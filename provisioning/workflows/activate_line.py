"""Bringing a line into service: nothing is confirmed before the customer's service is proven.

accept, reach, plan, apply under the router's revert timer, prove from outside, confirm, record. A process that is
killed at any point leaves the router as before or as ordered, and a run that tells which (`settle_runs`).
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from provisioning.errors import DeviceRefused, DeviceUnreachable, OutcomeUnknown, ProvisoError, Refused, ScopeBusy
from provisioning.model.run import Run, RunStage, RunState, Snapshot
from provisioning.orders.form import OrderForm
from provisioning.store import lines, runs
from provisioning.workflows.accept_order import Acceptance, accept_order
from provisioning.workflows.line_secrets import keep_delivered_key
from provisioning.workflows.plan_line import Planned, plan_line
from provisioning.workflows.prove_line import Proof, look_before, look_from_outside, prove_line, vantages
from provisioning.workflows.reaching import Reach
from provisioning.workflows.router import Router
from provisioning.workflows.scope_lock import scope_lock
from provisioning.workflows.settle_run import settle_runs
from provisioning.workflows.surroundings import Surroundings
from tasks.apply_change import apply_change
from tasks.confirm_change import confirm_change

if TYPE_CHECKING:
    from provisioning.model.intent import AddressedIntent
    from provisioning.model.observation import Observation
    from provisioning.model.product import Product
    from provisioning.vantages.points import Points

SETTLE_SECONDS = 60.0
"""How long a router may take to put a change in force, or to go back, and to answer afterwards."""

LAST_TRY_SECONDS = 5.0
MARGIN_SECONDS = 20.0

PLATFORM = "linux_cpe"

Tell = Callable[[RunStage, str], None]
"""Told what is being done, stage by stage."""


@dataclass(frozen=True, slots=True)
class Activation:
    """What became of an activation.

    Attributes:
        acceptance: of the order.
        run: as it ended; None when none was begun.
        obstacle: why none was begun; empty otherwise.
        notes: what else people should know.
    """

    acceptance: Acceptance
    run: Run | None = None
    obstacle: str = ""
    notes: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """Whether the line is in service as ordered."""
        return self.run is not None and self.run.state in (RunState.PROVEN, RunState.RECORDED)


@dataclass
class _Attempt:
    """One run under way.

    Attributes:
        touched: whether the router has been told to change and has neither confirmed nor gone back.
        went_back: whether it has gone back.
        confirmed: whether it keeps what was proven, whatever happens afterwards.
        deadline: of the monotonic clock, when the router goes back by itself.
    """

    run: str
    order: str
    product: "Product"
    addressed: "AddressedIntent"
    around: Surroundings
    tell: Tell
    touched: bool = False
    went_back: bool = False
    confirmed: bool = False
    deadline: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        return self.addressed.intent.line

    def enter(self, stage: RunStage, text: str) -> None:
        with self.around.store.write() as connection:
            runs.enter_stage(connection, self.run, stage, self.around.clock.now())
        self.tell(stage, text)

    def end(self, state: RunState, message: str) -> None:
        with self.around.store.write() as connection:
            runs.end_run(connection, self.run, state, message, self.around.clock.now())
            if state in (RunState.PROVEN, RunState.RECORDED):
                lines.activate_line(connection, self.line, self.around.clock.now())


def activate_order(form: OrderForm, around: Surroundings, tell: Tell) -> Activation:
    """Accept an order and bring its line into service; asked again, look whether it still is, and prove it again.

    Raises:
        ScopeBusy: when another run is changing the same router.
        DeviceUnreachable: when the router does not answer.
        DeviceRefused: when the router does not take its configuration.
        ProvisoError: whatever else stands in the way; the run tells what became of the router.
    """
    tell(RunStage.ACCEPT, "judges the order, assigns addresses")
    acceptance = accept_order(form, around)
    obstacle = _obstacle(acceptance)
    product, addressed = acceptance.product, acceptance.addressed
    if obstacle or product is None or addressed is None:
        return Activation(acceptance, obstacle=obstacle)
    scope = product.cpe.serial if product.cpe else addressed.intent.line
    with scope_lock(around.state, scope):
        with around.store.write() as connection:
            line, now = addressed.intent.line, around.clock.now()
            runs.interrupt_runs(connection, scope, now)
            run = runs.begin_run(connection, line=line, order=acceptance.order, scope=scope, now=now)
        attempt = _Attempt(run, acceptance.order, product, addressed, around, tell)
        _carry_out(attempt)
    with around.store.read() as connection:
        return Activation(acceptance, runs.need_run(connection, run), notes=attempt.notes)


def _obstacle(acceptance: Acceptance) -> str:
    """Return why an accepted order cannot be activated by this version; empty when it can."""
    product = acceptance.product
    if not acceptance.accepted:
        return ""
    if product is None:
        return "the line has ceased: there is nothing to activate"
    if product.ont is not None:
        return (
            f"it needs its OLT: the ONT {product.ont.serial} must be authorised on {product.ont.olt} port "
            f"{product.ont.port}, and this version does not configure OLTs yet"
        )
    if product.cpe is not None and product.cpe.platform != PLATFORM:
        return f"this version does not configure routers of the platform {product.cpe.platform} yet"
    return ""


def _carry_out(attempt: _Attempt) -> None:
    """Run the stages, and write down how it ended, whatever ends it."""
    try:
        state, message = _deliver(attempt)
    except BaseException as error:
        attempt.end(*_after_trouble(attempt, error))
        raise
    attempt.end(state, message)


def _after_trouble(attempt: _Attempt, error: BaseException) -> tuple[RunState, str]:
    """Return how a run ended that something stopped: by what the router was told, and not by what stopped it."""
    reason = str(error) if isinstance(error, ProvisoError) else type(error).__name__
    if attempt.confirmed:
        return RunState.PROVEN, f"confirmed after the proof; then: {reason}"
    if attempt.touched:
        return RunState.INTERRUPTED, f"{reason}; what was not confirmed, the router takes back by itself"
    if attempt.went_back:
        return RunState.WENT_BACK, f"{reason}; the router is as before"
    return RunState.FAILED, f"{reason}; the router is as before"


def _deliver(attempt: _Attempt) -> tuple[RunState, str]:
    cpe = attempt.product.cpe
    if cpe is None:
        return _record_only(attempt)
    router = Router(cpe.serial, cpe.platform, attempt.addressed.management, Reach(attempt.around, prepare=True))
    try:
        attempt.enter(RunStage.REACH, f"looks for {cpe.serial}")
        _clear_pending(attempt, router)
        where = "its staging address" if router.staged else "its management address"
        attempt.enter(RunStage.PLAN, f"{cpe.serial} answers at {where}")
        planned = plan_line(attempt.product, attempt.addressed, router.running(), attempt.around)
        attempt.notes = planned.notes
        with attempt.around.store.write() as connection:
            snapshot = Snapshot(attempt.product, planned.addressed)
            runs.keep_plan(connection, attempt.run, planned.change, snapshot, planned.ordered_wifi)
        with vantages(cpe.serial, attempt.around) as points:
            attempt.tell(RunStage.PLAN, "scans what answers before the change")
            before = look_before(planned, points, attempt.around)
            return _change_and_prove(attempt, router, planned, points, before)
    finally:
        router.close()


def _change_and_prove(
    attempt: _Attempt, router: Router, planned: Planned, points: "Points", before: "tuple[Observation, ...]"
) -> tuple[RunState, str]:
    try:
        if not planned.change.empty:
            _apply(attempt, router, planned)
        attempt.enter(RunStage.PROVE, "looks at the line from outside")
        tell = partial(attempt.tell, RunStage.PROVE)
        if attempt.touched:
            points = points.until(attempt.deadline)
        proof = prove_line(planned, router, points, before, attempt.around, tell)
        with attempt.around.store.write() as connection:
            runs.keep_verdict(connection, attempt.run, proof.verdict, proof.open_before)
            if proof.verdict.proven and planned.ordered_key is not None:
                keep_delivered_key(connection, attempt.line, planned.ordered_key, attempt.around)
        if not proof.verdict.proven:
            return _give_up(attempt, router, planned, proof)
        attempt.enter(RunStage.CONFIRM, "keeps it")
        _confirm(router, planned)
        attempt.touched, attempt.confirmed = False, True
    except (ProvisoError, KeyboardInterrupt) as error:
        if attempt.touched:
            # The timer would do it as well, only later; whom nobody has reached for a minute, nobody need wait for.
            seconds = LAST_TRY_SECONDS if isinstance(error, DeviceUnreachable) else SETTLE_SECONDS
            with suppress(DeviceUnreachable, OutcomeUnknown):
                _take_back(attempt, router, planned, seconds)
        raise
    attempt.enter(RunStage.RECORD, "puts it on record")
    what = "nothing to change, and proven again" if planned.change.empty else "confirmed after the proof"
    return RunState.PROVEN, f"{what}: {proof.summary}"


def _apply(attempt: _Attempt, router: Router, planned: Planned) -> None:
    seconds = attempt.around.access.revert_seconds
    count = len(planned.change.differences)
    attempt.enter(RunStage.APPLY, f"{count} documents, goes back by itself after {seconds} s")
    attempt.touched, attempt.deadline = True, time.monotonic() + seconds
    try:
        router.do(apply_change, change=planned.change, seconds=seconds)
    except Refused:
        # Nothing of ours is pending there, and what somebody else has there is his to take back.
        attempt.touched = False
        raise
    router.close()
    # Once its timer is over, the router is back, and answers where it did before.
    patience = min(SETTLE_SECONDS, seconds + MARGIN_SECONDS)
    status = router.wait_until(lambda found: found.settled, seconds=patience)
    if status.live != planned.change.wanted:
        attempt.touched, attempt.went_back = False, True
        raise DeviceRefused(
            f"it was not put in force: {status.outcome or 'the router went back'}",
            where=router.serial,
            remedy="Look at what the daemon says; the router is as before.",
        )


def _confirm(router: Router, planned: Planned) -> None:
    if planned.change.empty:
        return
    try:
        router.do(confirm_change, digest=planned.change.wanted)
    except DeviceUnreachable:
        # The answer may have been lost, and not the confirmation: asked again, the router says so.
        router.connect()
        router.do(confirm_change, digest=planned.change.wanted)


def _give_up(attempt: _Attempt, router: Router, planned: Planned, proof: Proof) -> tuple[RunState, str]:
    if not attempt.touched:
        return RunState.FAILED, f"nothing was changed, and not proven: {proof.summary}"
    attempt.tell(RunStage.PROVE, f"not proven: {proof.summary}; takes the router back")
    _take_back(attempt, router, planned, SETTLE_SECONDS)
    return RunState.WENT_BACK, f"not proven: {proof.summary}"


def _take_back(attempt: _Attempt, router: Router, planned: Planned, seconds: float) -> None:
    status = router.go_back(seconds=seconds)
    # It may have confirmed, and only its answer was lost: then it stays so.
    attempt.confirmed = status.confirmed == planned.change.wanted
    attempt.touched, attempt.went_back = False, not attempt.confirmed


def _clear_pending(attempt: _Attempt, router: Router) -> None:
    """Take back what a run of ours left pending that was killed; whether it was any good, nobody has seen.

    Raises:
        ScopeBusy: when what is pending was put there by somebody who shares no store with us.
    """
    status = router.status()
    if status.pending:
        with attempt.around.store.read() as connection:
            ours = runs.has_wanted(connection, router.serial, status.pending)
        if not ours:
            until = f" at {status.deadline:%H:%M:%S} UTC" if status.deadline else ""
            raise ScopeBusy(
                f"a change that is not in this store waits on {router.serial} to be confirmed",
                where=router.serial,
                remedy=f"It goes back by itself{until}; try again then.",
            )
        status = router.go_back(seconds=SETTLE_SECONDS)
    settle_runs(router.serial, status, attempt.around, but=attempt.run)


def _record_only(attempt: _Attempt) -> tuple[RunState, str]:
    attempt.enter(RunStage.PROVE, "no router of ours: looks whether the line's address answers")
    verdict = look_from_outside(attempt.addressed, attempt.around)
    with attempt.around.store.write() as connection:
        runs.keep_verdict(connection, attempt.run, verdict, None)
    attempt.enter(RunStage.RECORD, "puts it on record")
    return RunState.RECORDED, "the router is the customer's own: the line is on record, its service not proven"
