"""A run: one attempt to bring a line to what is ordered, stage by stage, over all its devices."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from provisioning.model.change import Difference
from provisioning.model.intent import AddressedIntent
from provisioning.model.ont import OntScope, OntService
from provisioning.model.product import Product
from provisioning.model.verdict import Verdict


class RunKind(StrEnum):
    """What a run is for."""

    ACTIVATE = "activate"
    CEASE = "cease"
    REPLACE_CPE = "replace-cpe"
    REPLACE_ONT = "replace-ont"
    RESTORE = "restore"
    CHANGE = "change"


class RunStage(StrEnum):
    """Where a run is."""

    ACCEPT = "accept"
    ACCESS = "access"
    REACH = "reach"
    PLAN = "plan"
    APPLY = "apply"
    PROVE = "prove"
    CONFIRM = "confirm"
    RECORD = "record"
    TAKE_BACK = "take back"


class RunState(StrEnum):
    """How a run stands.

    `running` until it has ended, also when its process was killed: then it is carried on by `proviso run resume`;
    `interrupted` when it waits for a device that does not answer, and is carried on likewise; `proven` when the change
    was confirmed after the proof; `recorded` when the line has no device of ours; `ceased` when the line's devices
    were taken out of service; `went back` when every device is as before; `failed` when nothing was changed;
    `unknown` when a person must look.
    """

    RUNNING = "running"
    INTERRUPTED = "interrupted"
    PROVEN = "proven"
    RECORDED = "recorded"
    CEASED = "ceased"
    WENT_BACK = "went back"
    FAILED = "failed"
    UNKNOWN = "unknown"


UNFINISHED = (RunState.RUNNING, RunState.INTERRUPTED)
DELIVERED = (RunState.PROVEN, RunState.RECORDED, RunState.CEASED)
"""The line is what the run set out for."""


class ChangeState(StrEnum):
    """How far the change of one device has come.

    `begun` from before its first command goes out: whoever finds it so asks the device what became of it.
    """

    PLANNED = "planned"
    BEGUN = "begun"
    KEPT = "kept"
    TAKEN_BACK = "taken back"


@dataclass(frozen=True, slots=True)
class StageBegun:
    """When a run came to a stage."""

    stage: RunStage
    at: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A line as a run has it: set out for, or delivered."""

    product: Product
    addressed: AddressedIntent


@dataclass(frozen=True, slots=True)
class OntPlace:
    """The ONT of a change: where it hangs, and what it had when that was planned, from which it can be undone."""

    scope: OntScope
    before: OntService | None
    after: OntService | None


@dataclass(frozen=True, slots=True)
class RunChange:
    """What a run does to one device.

    Attributes:
        device: serial of a router; name of an OLT.
        scope: what of the device it may touch, for people.
        base: digest of what was in force in that scope before.
        wanted: digest of what it puts in force.
        differences: secrets masked.
        commands: in order.
        rollback: what takes the device back.
        ont: where the device is an OLT.
    """

    device: str
    platform: str
    scope: str
    base: str
    wanted: str
    state: ChangeState
    differences: tuple[Difference, ...]
    commands: tuple[str, ...]
    rollback: tuple[str, ...]
    ont: OntPlace | None = None

    @property
    def empty(self) -> bool:
        """Whether the device had already what is wanted."""
        return self.base == self.wanted


@dataclass(frozen=True, slots=True)
class Trouble:
    """What made a run turn back.

    Attributes:
        cause: of which kind: `unreachable`, `rejected`, `not proven`; `provisioning.errors.cause_of` has them all.
        message: one line for people.
    """

    cause: str
    message: str


@dataclass(frozen=True, slots=True)
class Run:
    """A run as the store has it.

    Attributes:
        id: `R-` and digits.
        scope: the device that it is about: the line's router, else its ONT, else the line.
        executor: the process that carries it out, or did.
        message: one line for people on how it ended.
        target: what it sets out for; None when the line ceases.
        changes: of devices, in the order in which they are made.
        trouble: what made it turn back; it never turns round again.
        delivered: what the customer may change on the router (facts: I-8.1), as it was put in force.
        verdict: what was observed; None before the proof.
        snapshot: the target with what the customer changed on the router taken over; None until planned.
        open_before: what answered from outside before the change; None where nobody looked.
        stages: when each began.
        backup: the id of the version that it restores; empty when it restores none.
        request: the id of the change request that it carries out; empty when it carries out none.
    """

    id: str
    line: str
    order: str
    kind: RunKind
    scope: str
    executor: str
    stage: RunStage
    state: RunState
    started_at: datetime
    ended_at: datetime | None
    message: str
    target: Snapshot | None
    changes: tuple[RunChange, ...]
    trouble: Trouble | None
    delivered: Mapping[str, object] | None
    verdict: Verdict | None
    snapshot: Snapshot | None = None
    open_before: tuple[str, ...] | None = None
    stages: tuple[StageBegun, ...] = ()
    backup: str = ""
    request: str = ""

    @property
    def router_change(self) -> RunChange | None:
        """What it does to the line's router; None until that is planned, and where there is none."""
        return next((each for each in self.changes if each.ont is None), None)
