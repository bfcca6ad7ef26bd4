"""Who holds a block, since when, by which order."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from provisioning.model.block import Block
from provisioning.model.intent import Role


class AssignmentState(StrEnum):
    """Held, resting after its release, or history."""

    ASSIGNED = "assigned"
    QUARANTINED = "quarantined"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Assignment:
    """One time that a line held a block.

    Attributes:
        space: where blocks must not overlap: `ipv4`, `ipv6`, or `ont-id` with the OLT's port.
        address: the block as people write it.
        quarantine_until: when it may be given to another line; None while it is held.
    """

    id: int
    pool: str
    pool_id: int
    space: str
    line: str
    role: Role
    block: Block
    address: str
    state: AssignmentState
    assigned_at: datetime
    assigned_by: str
    released_at: datetime | None
    release_reason: str | None
    quarantine_until: datetime | None
