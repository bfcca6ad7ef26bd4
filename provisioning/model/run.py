"""A run: one attempt to bring a line into service, stage by stage."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from provisioning.model.change import Difference
from provisioning.model.intent import AddressedIntent
from provisioning.model.product import Product
from provisioning.model.verdict import Verdict


class RunStage(StrEnum):
    """Where a run is; in this order."""

    ACCEPT = "accept"
    REACH = "reach"
    PLAN = "plan"
    APPLY = "apply"
    PROVE = "prove"
    CONFIRM = "confirm"
    RECORD = "record"


class RunState(StrEnum):
    """How a run stands.

    `running` while its process lives; `interrupted` when that ended without a word; `proven` when the change was
    confirmed after the proof; `recorded` when the line has no router of ours; `went back` when the device is as
    before; `failed` when nothing was changed; `unknown` when a person must look.
    """

    RUNNING = "running"
    INTERRUPTED = "interrupted"
    PROVEN = "proven"
    RECORDED = "recorded"
    WENT_BACK = "went back"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class StageBegun:
    """When a run came to a stage."""

    stage: RunStage
    at: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a run set out to deliver."""

    product: Product
    addressed: AddressedIntent


@dataclass(frozen=True, slots=True)
class Run:
    """A run as the store has it.

    Attributes:
        id: `R-` and digits.
        scope: what it changes, of which only one may be changed at a time: a router's serial.
        base: digest of what was in force before; empty until planned.
        wanted: digest of what it puts in force; empty until planned.
        message: one line for people on how it ended.
        differences: what it changes, secrets masked.
        delivered: what the customer may change on the router (facts: I-8.1), as it was put in force.
        verdict: what was observed; None before the proof.
        snapshot: what it set out to deliver; None until planned.
        open_before: what answered from outside before the change; None where nobody looked.
        stages: when each began.
    """

    id: str
    line: str
    order: str
    scope: str
    stage: RunStage
    state: RunState
    base: str
    wanted: str
    started_at: datetime
    ended_at: datetime | None
    message: str
    differences: tuple[Difference, ...]
    delivered: Mapping[str, object] | None
    verdict: Verdict | None
    snapshot: Snapshot | None = None
    open_before: tuple[str, ...] | None = None
    stages: tuple[StageBegun, ...] = ()
