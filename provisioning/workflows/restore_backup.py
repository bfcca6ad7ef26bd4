"""Bringing a backup back to a line's router, and proving the line with it (facts: I-8.4).

A durable run like any other: planned, put in force under the router's revert timer, proven, confirmed, recorded. What
the backup holds is never written down: a run that was killed opens it anew, with the identity that is named to whoever
carries it on; without one it turns back, unless the router has the backup in force already.
"""

from dataclasses import dataclass, replace
from threading import Event

from provisioning.backup_store.store import BackupStore
from provisioning.errors import DeviceUnreachable, Refused
from provisioning.model.backup import BackupVersion
from provisioning.model.change_request import ChangeRequest, RequestState
from provisioning.model.device import Running
from provisioning.model.line import LineState, ServiceOrder
from provisioning.model.run import Run, RunKind, RunStage, Snapshot
from provisioning.platforms.backup_readers import ONT
from provisioning.platforms.routers import ROUTERS
from provisioning.store import change_requests, lines, runs
from provisioning.workflows.attempt import Tell
from provisioning.workflows.begin_run import Ended, line_to_itself, run_line
from provisioning.workflows.executor import Executor
from provisioning.workflows.intended_line import intended_line
from provisioning.workflows.need_platform import need_platform
from provisioning.workflows.open_backup import backup_store, open_backup
from provisioning.workflows.plan_line import Planned, need_cpe
from provisioning.workflows.plan_restore import plan_restore
from provisioning.workflows.reaching import Reach
from provisioning.workflows.rehearse_access import AccessRehearsal, rehearse_access_of
from provisioning.workflows.restore_as_it_was import AsItWas, as_it_was
from provisioning.workflows.resume_runs import finish_left
from provisioning.workflows.router import Router
from provisioning.workflows.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Restore:
    """A version that is to be brought back.

    Attributes:
        goal: the line as it is to be proven, with the router that the version comes to.
        order: that made the line what it is.
        successor: whether that router takes the place of the one that serves the line.
        warnings: what people should know before they say yes, a line each.
    """

    version: BackupVersion
    goal: Snapshot
    order: str
    successor: bool
    warnings: tuple[str, ...]

    @property
    def line(self) -> str:
        """That it is of."""
        return self.version.line

    @property
    def serial(self) -> str:
        """Of the router that it comes to."""
        return need_cpe(self.goal.addressed).serial


def need_restore(line: str, at: str | None, serial: str | None, around: Surroundings) -> Restore | AsItWas:
    """Return what is to be brought back, and where; nothing is opened yet, and no device is asked.

    An adopted line of which nobody knows wholly what it does gets back what it had, without a proof of the line.

    Args:
        at: id or date of the version; None for the latest.
        serial: of a router that takes the place of the line's own; None for the line's own.

    Raises:
        UnknownName: when there is no such line, or no such version.
        Refused: when the line has no router of ours, or that router serves another line, or is of another platform.
    """
    with around.store.read() as connection:
        found = lines.need_line(connection, line)
        before = runs.latest_proven(connection, line)
        orders = lines.orders_of(connection, line)
        done = change_requests.list_requests(connection, line=line, states=[RequestState.DONE])
        user = lines.line_using(connection, "cpe", serial) if serial else line
    if found.state not in (LineState.ACTIVE, LineState.ADOPTED):
        raise Refused(f"the line is {found.state.value}, not in service", where=line, remedy="Activate its order.")
    if user not in (None, line):
        raise Refused(f"it serves line {user}", where=serial or line, remedy="Check the label on the device.")
    store = backup_store(around)
    version = store.find(line, at)
    try:
        goal, order = _as_delivered(line, before, orders, around)
    except Refused as error:
        if found.state is not LineState.ADOPTED:
            raise
        return as_it_was(version, serial, error, around)
    own = need_cpe(goal.addressed)
    if version.platform != own.platform:
        raise Refused(
            f"the backup is of a router of the platform {version.platform}, and the line has one of {own.platform}",
            where=f"{line}, version {version.id}",
            remedy="Name a later version with --at, or activate the line's order again.",
        )
    target = _with_router(goal, serial) if serial else goal
    warnings = (*_warnings(version, orders, done), *_ont_warnings(version, store))
    return Restore(version, target, order, bool(serial) and serial != own.serial, warnings)


def check_successor(restore: Restore, around: Surroundings) -> None:
    """Find out that a router which takes the place of another is of the same platform; of the line's own it is known.

    Raises:
        Refused: when it answers as a router of another platform.
    """
    if restore.successor:
        cpe = need_cpe(restore.goal.addressed)
        need_platform(cpe.serial, cpe.platform, around)


def preview_restore(restore: Restore, around: Surroundings) -> Planned:
    """Return what a restore would change on the router; nothing is changed or kept.

    A router that does not answer is taken for factory-new; the change says so.

    Raises:
        ProvisoError: when the backup cannot be opened, or the router cannot be asked.
    """
    cpe = need_cpe(restore.goal.addressed)
    router = Router(cpe.serial, cpe.platform, restore.goal.addressed.management, Reach(around, prepare=False))
    assumed = False
    try:
        running = router.running()
    except DeviceUnreachable:
        assumed, running = True, Running(ROUTERS[cpe.platform].digest({}), {})
    finally:
        router.close()
    return plan_restore(
        restore.goal,
        restore.version,
        running,
        around,
        successor=restore.successor,
        rehearsal=True,
        assumed=assumed,
    )


def preview_access(restore: Restore, around: Surroundings) -> tuple[AccessRehearsal, ...]:
    """Return what a restore would change on the line's OLT: its ONT gets what was delivered last, if it has not.

    Raises:
        UnreadableProject: when the inventory cannot be used.
    """
    return rehearse_access_of(restore.line, restore.goal, around)


def restore_backup(restore: Restore, executor: Executor, tell: Tell, stop: Event | None = None) -> Ended:
    """Bring a version back to a router, and prove the line with it.

    Raises:
        ScopeBusy: when another process changes the line or the router.
        ProvisoError: when the backup cannot be opened; whatever stands in the way later, the run tells.
    """
    stop = stop or Event()
    with line_to_itself(executor, restore.line, f"device {restore.serial}"):
        with executor.around.store.read() as connection:
            left = runs.unfinished_runs(connection, line=restore.line)
        for run in left:
            finish_left(run, executor, tell, stop)
        tell(RunStage.ACCEPT, f"opens version {restore.version.id}")
        open_backup(restore.version, executor.around)
        return run_line(
            executor,
            line=restore.line,
            order=restore.order,
            kind=RunKind.RESTORE,
            target=restore.goal,
            tell=tell,
            stop=stop,
            backup=restore.version.id,
        )


def _as_delivered(
    line: str, before: Run | None, orders: list[ServiceOrder], around: Surroundings
) -> tuple[Snapshot, str]:
    """Return the line as it was proven last: what was accepted since is for an activation to put in force."""
    if before is not None and before.target is not None:
        return before.target, before.order
    # It was taken in as it stood, and no run of ours has made it so.
    intended = intended_line(line, around)
    return Snapshot(intended.product, intended.addressed), orders[-1].number if orders else ""


def _with_router(goal: Snapshot, serial: str) -> Snapshot:
    cpe = replace(need_cpe(goal.addressed), serial=serial)
    addressed = replace(goal.addressed, intent=replace(goal.addressed.intent, cpe=cpe))
    return Snapshot(replace(goal.product, cpe=cpe), addressed)


def _warnings(version: BackupVersion, orders: list[ServiceOrder], done: list[ChangeRequest]) -> list[str]:
    ordered = [(each.accepted_at, each.number) for each in orders]
    changed = [(each.ended_at, each.id) for each in done if each.ended_at is not None]
    later = [name for at, name in sorted([*ordered, *changed]) if at > version.taken_at]
    if not later:
        return []
    return [
        f"The backup is older than {', '.join(later)}: it is proven against the line as it was delivered last, "
        "so its proof may fail, and then the router goes back to what it has now. What of that nobody can see from "
        "outside is told afterwards by `proviso drift run`."
    ]


def _ont_warnings(version: BackupVersion, store: BackupStore) -> list[str]:
    """Return what people should know where the OLT had something else for the line then."""
    latest = store.find(version.line, None)
    if version.id == latest.id or not (ONT in version.documents and ONT in latest.documents):
        return []
    if store.masked(version)[ONT] == store.masked(latest)[ONT]:
        return []
    return [
        f"The OLT had something else for the line then (`proviso backup diff {version.line} {version.id}`): that does "
        "not come back, since the ONT gets what was delivered last."
    ]
