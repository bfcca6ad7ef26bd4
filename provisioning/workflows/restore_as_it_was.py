"""Bringing a backup back to an adopted line of which nobody knows wholly what it does.

Such a line cannot be proven from outside. What is known is looked at: whether the router takes the backup, has then
what the backup holds, and still answers where it did. Only then it is confirmed. It is no run of the line: until it is
confirmed the router's own timer takes it back, whatever becomes of this process.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from provisioning.errors import ProvisoError, Refused, ScopeBusy, Stopped, UnknownName
from provisioning.model.backup import BackupVersion, ProofOutcome, RestoreProof
from provisioning.model.change import Change
from provisioning.model.config import Config
from provisioning.model.device import Running
from provisioning.planning.plan import plan
from provisioning.planning.restoration import differing, restoration, surviving
from provisioning.platforms.routers import ROUTERS
from provisioning.store import restore_proofs, runs
from provisioning.store.selection import SelectedDevice, Selection, select_devices
from provisioning.workflows.first_look import first_look
from provisioning.workflows.incomplete_form import not_restorable
from provisioning.workflows.line_secrets import delivered_key
from provisioning.workflows.open_backup import open_backup
from provisioning.workflows.plan_line import delivered_last
from provisioning.workflows.reaching import Reach
from provisioning.workflows.router import Router
from provisioning.workflows.scope_lock import scope_lock
from provisioning.workflows.surroundings import Surroundings
from tasks.confirm_change import confirm_change

SETTLE_SECONDS = 60.0
"""How long a router may take to put a change in force, or to go back, and to answer afterwards."""

RESTORE = "restore"

SAID = (
    "What the line does is not proven by it, since nobody has said that wholly: the router is confirmed when it has "
    "what the backup holds, and answers where it did."
)

Tell = Callable[[str, str], None]
"""Told the step, and what is being done in it."""


@dataclass(frozen=True, slots=True)
class AsItWas:
    """A version that is to be brought back to an adopted line whose form is not whole.

    Attributes:
        device: the line's own router.
        lacks: what the form lacks, and what would supply it.
    """

    version: BackupVersion
    device: SelectedDevice
    lacks: Refused

    @property
    def line(self) -> str:
        """That it is of."""
        return self.version.line

    @property
    def serial(self) -> str:
        """Of the router that it comes to."""
        return self.device.serial

    @property
    def warnings(self) -> tuple[str, ...]:
        """What people should know before they say yes."""
        return (f"{SAID} {self.lacks.what[:1].upper()}{self.lacks.what[1:]}. {self.lacks.remedy}",)


@dataclass(frozen=True, slots=True)
class PlannedAsItWas:
    """What a router is going to be told.

    Attributes:
        notes: what the customer set, which stays.
        assumed: empty: the router is always asked.
    """

    change: Change
    notes: tuple[str, ...]
    assumed: str = ""


def as_it_was(version: BackupVersion, serial: str | None, cause: Refused, around: Surroundings) -> AsItWas:
    """Return what is to be brought back.

    Args:
        serial: of the router that it is to come to; None for the line's own.
        cause: why nobody knows wholly what the line does.

    Raises:
        Refused: when it is to come to another router, or is of another platform.
    """
    lacks = not_restorable(version.line, cause, around)
    with around.store.read() as connection:
        devices = select_devices(connection, Selection(lines=(version.line,)))
    if not devices:
        raise UnknownName(
            "the line has no router", where=version.line, remedy="`proviso line show` tells what it has."
        )
    (device,) = devices
    if serial not in (None, device.serial):
        # Whoever puts another router into a line must know what that is to be.
        raise lacks
    if version.platform != device.platform:
        raise Refused(
            f"the backup is of a router of the platform {version.platform}, and the line has one of {device.platform}",
            where=f"{version.line}, version {version.id}",
            remedy="Name a later version with --at.",
        )
    return AsItWas(version, device, lacks)


def preview_as_it_was(wanted: AsItWas, around: Surroundings) -> PlannedAsItWas:
    """Return what would change on the router; nothing is changed.

    Raises:
        ProvisoError: when the backup cannot be opened, or the router cannot be asked.
    """
    device = wanted.device
    host = str(device.management) if device.management is not None else device.serial
    running = first_look(host, device.serial, device.platform, around).running
    planned, _ = _plan(wanted, running, around)
    return planned


def restore_as_it_was(wanted: AsItWas, around: Surroundings, tell: Tell, stop: Event | None = None) -> RestoreProof:
    """Bring a version back to the line's router, and put on record what came of it.

    Args:
        stop: set to end it while nothing was changed yet.

    Raises:
        ScopeBusy: when another process changes the line or the router.
        Stopped: when it was told to stop before anything was changed.
        ProvisoError: when the backup cannot be opened, or the router does not answer: it has what it had.
    """
    began = time.monotonic()
    with scope_lock(around.state, wanted.line), scope_lock(around.state, f"device {wanted.serial}"):
        _need_no_run(wanted.line, around)
        device = wanted.device
        router = Router(device.serial, device.platform, device.management, Reach(around, prepare=True))
        try:
            outcome, message = _restore(wanted, router, around, tell, stop or Event())
        finally:
            router.close()
        proof = RestoreProof(
            line=wanted.line,
            version=wanted.version.id,
            at=around.clock.now(),
            how=RESTORE,
            platform=device.platform,
            outcome=outcome,
            message=message,
            seconds=time.monotonic() - began,
        )
        with around.store.write() as connection:
            restore_proofs.add_proof(connection, proof)
    return proof


def _need_no_run(line: str, around: Surroundings) -> None:
    with around.store.read() as connection:
        left = runs.unfinished_runs(connection, line=line)
    if left:
        raise ScopeBusy(
            f"run {left[0].id} has not ended", where=line, remedy="`proviso run resume` carries it on; then try again."
        )


def _plan(wanted: AsItWas, running: Running, around: Surroundings) -> tuple[PlannedAsItWas, Config]:
    backup = open_backup(wanted.version, around)
    line, platform = wanted.line, ROUTERS[backup.platform]
    with around.store.read() as connection:
        key = delivered_key(connection, line, around)
        delivered = delivered_last(connection, line, runs.latest_proven(connection, line), key)
    settings, notes = surviving(backup.settings, delivered, platform.customer_settings(running.documents))
    # The keys of SNMP users, which no router shows, are nobody's to know: users that are there stay as they are.
    config = restoration(backup, wanted.serial, None, settings, running.documents)
    change = plan(wanted.serial, running, config, seconds=around.access.revert_seconds)
    return PlannedAsItWas(change, notes), config


def _restore(
    wanted: AsItWas, router: Router, around: Surroundings, tell: Tell, stop: Event
) -> tuple[ProofOutcome, str]:
    tell("reach", f"reaches {wanted.serial}")
    router.connect()
    for each in router.prepared:
        tell("reach", f"made ready: {each}")
    if router.status().pending:
        raise ScopeBusy(
            f"a change waits on {wanted.serial} to be confirmed",
            where=wanted.serial,
            remedy="It goes back by itself; try again then.",
        )
    tell("plan", f"opens version {wanted.version.id}")
    planned, config = _plan(wanted, router.running(), around)
    if planned.change.empty:
        return ProofOutcome.RESTORED, "the router has what the backup holds"
    if stop.is_set():
        raise Stopped("it was told to stop", where=wanted.serial, remedy="Nothing was changed.")
    seconds = around.access.revert_seconds
    tell("apply", f"{len(planned.change.differences)} documents, goes back by itself after {seconds} s")
    router.begin(planned.change, seconds=seconds)
    try:
        trouble = _look(planned.change, config, router, tell)
        if not trouble:
            router.do(confirm_change, digest=planned.change.wanted)
            return ProofOutcome.RESTORED, "the router has what the backup holds, and answers where it did"
    except ProvisoError as error:
        trouble = str(error)
    return _taken_back(trouble, router, tell)


def _look(change: Change, config: Config, router: Router, tell: Tell) -> str:
    """Return what is not as in the backup; empty when all is."""
    status = router.wait_until(lambda found: found.settled, seconds=SETTLE_SECONDS)
    tell("compare", "reads it back")
    found = differing(config, router.running().documents)
    if found:
        return f"what came of it differs in {found}"
    if status.live != change.wanted:
        return f"it was not put in force: {status.outcome or 'it went back'}"
    return ""


def _taken_back(trouble: str, router: Router, tell: Tell) -> tuple[ProofOutcome, str]:
    tell("take back", trouble)
    try:
        router.go_back(seconds=SETTLE_SECONDS)
    except ProvisoError as error:
        return ProofOutcome.FAILED, f"{trouble}; it goes back by itself, since nobody could ask it to: {error.what}"
    return ProofOutcome.FAILED, f"{trouble}; the router has again what it had"
