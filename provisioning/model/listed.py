"""Rows of lists: what one sees of many things at once, without what only one of them needs."""

from dataclasses import dataclass
from datetime import datetime

from provisioning.model.line import LineState


@dataclass(frozen=True, slots=True)
class LineListed:
    """A line in a list."""

    id: str
    state: LineState
    formula: str
    customer: str
    site: str
    created_at: datetime
    activated_at: datetime | None
    adopted_at: datetime | None
    ceased_at: datetime | None


@dataclass(frozen=True, slots=True)
class RunListed:
    """A run in a list.

    Attributes:
        state: the value of a RunState.
        stage: the value of a RunStage.
        kind: the value of a RunKind.
        trouble: what made it turn back, in plain data; None when nothing did.
        request: the id of the change request that it carries out; empty when it carries out none.
    """

    id: str
    line: str
    order: str
    kind: str
    scope: str
    stage: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    message: str
    trouble: object
    request: str = ""


@dataclass(frozen=True, slots=True)
class RunListedWhole:
    """A run in a list for another program.

    Attributes:
        proven: whether its verdict allowed to confirm; None before the proof.
        checks: what was observed, in plain data.
    """

    run: RunListed
    proven: bool | None
    checks: object


@dataclass(frozen=True, slots=True)
class RequestListed:
    """A change request in a list.

    Attributes:
        action: the value of a ChangeAction.
        state: the value of a RequestState.
        wanted_at: not before; None for as soon as possible.
        parent: id of the request that it follows from; empty for one of its own.
        free: whether it costs nothing; None where nobody has judged that.
    """

    id: str
    reference: str
    line: str
    action: str
    state: str
    requester: str
    submitted_at: datetime
    wanted_at: datetime | None
    parent: str
    reason: str
    free: bool | None
