"""Another router or ONT in the place of a defective one: the commonest job of a technician.

The line stays what it is, with its addresses and what the customer set on the router (facts: I-8.1, I-8.4). The store
names the new device once the line is proven with it.
"""

from threading import Event
from typing import Literal

from provisioning.addressing.address import address
from provisioning.clock import contract_date
from provisioning.errors import Refused
from provisioning.intent import intend
from provisioning.model.finding import Severity
from provisioning.model.line import LineState
from provisioning.model.run import RunKind, RunStage, Snapshot
from provisioning.orders.amend import stored, with_serial
from provisioning.orders.check import check_whole
from provisioning.orders.serials import need_serial
from provisioning.store import assignments, lines, runs
from provisioning.workflows.attempt import Tell
from provisioning.workflows.begin_run import Ended, line_to_itself, run_line
from provisioning.workflows.executor import Executor
from provisioning.workflows.resume_runs import finish_left
from provisioning.workflows.surroundings import Surroundings


def replace_cpe(line: str, serial: str, executor: Executor, tell: Tell, stop: Event | None = None) -> Ended:
    """Put another router in the place of a line's, and prove the line with it.

    Args:
        serial: of the new router, which is factory-new and connected in the place of the old one.

    Raises:
        BadInput: when that is no serial number.
        UnknownName: when there is no such line.
        Refused: when the line has no router of ours, or the new one serves another line.
        ProvisoError: whatever else stands in the way; the run tells what became of the devices.
    """
    return _replace(line, serial, RunKind.REPLACE_CPE, executor, tell, stop or Event())


def replace_ont(line: str, serial: str, executor: Executor, tell: Tell, stop: Event | None = None) -> Ended:
    """Put another ONT in the place of a line's, on the same port, and prove the line with it.

    Raises:
        BadInput: when that is no serial number.
        UnknownName: when there is no such line.
        Refused: when the line has no ONT, or the new one serves another line.
        ProvisoError: whatever else stands in the way; the run tells what became of the devices.
    """
    return _replace(line, serial, RunKind.REPLACE_ONT, executor, tell, stop or Event())


def _replace(line: str, serial: str, kind: RunKind, executor: Executor, tell: Tell, stop: Event) -> Ended:
    around = executor.around
    serial = need_serial("cpe" if kind is RunKind.REPLACE_CPE else "ont", serial)
    with around.store.read() as connection:
        # Before its lock is asked for: what is no line has none.
        lines.need_line(connection, line)
    with line_to_itself(executor, line, f"device {serial}"):
        with around.store.read() as connection:
            left = runs.unfinished_runs(connection, line=line)
        for run in left:
            finish_left(run, executor, tell, stop)
        tell(RunStage.ACCEPT, f"looks whether {serial} can serve {line}")
        target, order = _target(line, serial, kind, around)
        return run_line(executor, line=line, order=order, kind=kind, target=target, tell=tell, stop=stop)


def _target(line: str, serial: str, kind: RunKind, around: Surroundings) -> tuple[Snapshot, str]:
    """Return the line with the new device, and the order that made the line what it is."""
    with around.store.read() as connection:
        found = lines.need_line(connection, line)
        user = lines.line_using(connection, "cpe" if kind is RunKind.REPLACE_CPE else "ont", serial)
        held = {each.role: each.block for each in assignments.held_by(connection, line)}
        order = lines.orders_of(connection, line)[-1].number
    if found.state is not LineState.ACTIVE:
        raise Refused(
            f"the line is {found.state.value}, not active", where=line, remedy="Activate its order with the device."
        )
    if user is not None and user != line:
        raise Refused(f"it serves line {user}", where=serial, remedy="Check the label on the device.")
    device: Literal["cpe", "ont"] = "cpe" if kind is RunKind.REPLACE_CPE else "ont"
    if not isinstance(found.form.get(device), dict):
        what = "router of ours" if device == "cpe" else "ONT"
        raise Refused(f"the line has no {what}", where=line, remedy="`proviso line show` tells what it has.")
    form = with_serial(found.form, device, serial)
    judgement = check_whole(stored(form, line), contract_date(around.clock), sold=found.formula)
    if judgement.product is None:
        first = next(each for each in judgement.findings if each.severity is Severity.REFUSAL)
        raise Refused(first.reason.rstrip("."), where=f"{line}, {first.where}", remedy=first.remedy)
    return Snapshot(judgement.product, address(intend(judgement.product, line), held)), order
