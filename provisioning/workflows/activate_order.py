"""Bringing a line to what an order says: nothing is confirmed before the customer's service is proven."""

from dataclasses import dataclass, replace
from threading import Event

from provisioning.errors import DeviceUnreachable
from provisioning.model.run import DELIVERED, Run, RunKind, RunStage, Snapshot
from provisioning.orders.form import OrderForm
from provisioning.rendering.render import why_nothing
from provisioning.store import lines, runs
from provisioning.workflows.accept_order import Acceptance, accept_order
from provisioning.workflows.attempt import Tell
from provisioning.workflows.begin_run import Ended, line_to_itself, run_line
from provisioning.workflows.executor import Executor
from provisioning.workflows.network_records import forget_network
from provisioning.workflows.resume_runs import finish_left
from provisioning.workflows.surroundings import Surroundings


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
        """Whether the line is what the order says."""
        if self.run is None:
            return self.acceptance.accepted and not self.obstacle
        return self.run.state in DELIVERED


def activate_order(
    form: OrderForm, executor: Executor, tell: Tell, stop: Event | None = None, *, without_router: bool = False
) -> Activation:
    """Accept an order and bring its line to what it says; asked again, look whether it still is, and prove it again.

    A run of that line which somebody has left is carried on first.

    Args:
        executor: this process.
        stop: set to make the run turn back.
        without_router: of a line that ceases, leave the router as it is: nobody can reach it any more.

    Raises:
        ScopeBusy: when another run is changing the same line.
        DeviceUnreachable: when a device does not answer.
        DeviceRefused: when a device does not take its configuration.
        ProvisoError: whatever else stands in the way; the run tells what became of the devices.
    """
    stop = stop or Event()
    around = executor.around
    left = _left(form, around)
    if left is not None:
        with line_to_itself(executor, left.line):
            finish_left(left, executor, tell, stop)
    tell(RunStage.ACCEPT, "judges the order, assigns addresses")
    acceptance = accept_order(form, around)
    if not acceptance.accepted or acceptance.line is None:
        return Activation(acceptance)
    if acceptance.product is None:
        return _cease(acceptance, acceptance.line, executor, tell, stop, without_router=without_router)
    obstacle = "" if acceptance.product.cpe is None else why_nothing(_need(acceptance).addressed.intent)
    if obstacle:
        return Activation(acceptance, obstacle=obstacle)
    with line_to_itself(executor, acceptance.line):
        ended = run_line(
            executor,
            line=acceptance.line,
            order=acceptance.order,
            kind=RunKind.ACTIVATE,
            target=_need(acceptance),
            tell=tell,
            stop=stop,
        )
    return _activation(acceptance, ended)


def _left(form: OrderForm, around: Surroundings) -> Run | None:
    """Return the run of the order's line that has not ended."""
    with around.store.read() as connection:
        known = lines.find_order(connection, form.order)
        line = known.line if known is not None else form.line
        if line is None or lines.find_line(connection, line) is None:
            return None
        left = runs.unfinished_runs(connection, line=line)
    return left[0] if left else None


def _cease(
    acceptance: Acceptance, line: str, executor: Executor, tell: Tell, stop: Event, *, without_router: bool
) -> Activation:
    """Take the devices of a ceased line out of service; asked again, there is nothing left to do."""
    with line_to_itself(executor, line):
        with executor.around.store.read() as connection:
            found = runs.list_runs(connection, line=line, states=DELIVERED, limit=1)
        if not found or found[0].snapshot is None:
            forget_network(executor.around.state, line)
            with executor.around.store.write() as connection:
                lines.set_devices(connection, line, [], executor.around.clock.now())
            return Activation(acceptance)
        if found[0].kind is RunKind.CEASE:
            return Activation(acceptance, found[0])
        target = found[0].snapshot
        if without_router:
            target = replace(target, product=replace(target.product, cpe=None))
        ended = run_line(
            executor,
            line=line,
            order=acceptance.order,
            kind=RunKind.CEASE,
            target=target,
            tell=tell,
            stop=stop,
        )
    if target.product.cpe is not None and _has_no_way_to_its_router(ended):
        assert ended.error is not None  # noqa: S101 - it is why
        ended.error.remedy += " If nobody can reach this router any more: `order activate --without-router`."
    return _activation(acceptance, ended)


def _has_no_way_to_its_router(ended: Ended) -> bool:
    return isinstance(ended.error, DeviceUnreachable) and ended.run.stage is RunStage.REACH


def _activation(acceptance: Acceptance, ended: Ended) -> Activation:
    if ended.error is not None and ended.run.state not in DELIVERED:
        raise ended.error
    return Activation(acceptance, ended.run, notes=ended.notes)


def _need(acceptance: Acceptance) -> Snapshot:
    if acceptance.product is None or acceptance.addressed is None:
        raise ValueError(f"{acceptance.order} has no product")
    return Snapshot(acceptance.product, acceptance.addressed)
