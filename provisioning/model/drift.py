"""Drift: how a line's router differs from what the line is meant to be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from provisioning.model.change import Difference


class DriftOutcome(StrEnum):
    """What a look at a line's router found; `missed` where nobody has ever managed to look."""

    NONE = "none"
    DRIFT = "drift"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class DriftState:
    """Where the drift of a line stands.

    A look that fails takes nothing back of what was seen before: outcome, differences and plan are those of the latest
    look that succeeded, and `cause` and `message` tell why the latest one did not.

    Attributes:
        serial: of the router.
        since: when the outcome began to be this one.
        looked_at: the latest look that succeeded; of a line that nobody has managed to look at, the latest try.
        differences: by document, secrets masked; empty when there is no drift.
        commands: what would bring the router back, in order, secrets masked.
        rollback: what would take that back.
        adopted: what the customer changed and may change (facts: I-8.1), for people; no value stands in it.
        cause: why the latest look failed, of which kind; empty when it did not.
        message: likewise, one line for people.
    """

    line: str
    serial: str
    outcome: DriftOutcome
    since: datetime
    looked_at: datetime
    differences: tuple[Difference, ...] = ()
    commands: tuple[str, ...] = ()
    rollback: tuple[str, ...] = ()
    adopted: tuple[str, ...] = ()
    cause: str = ""
    message: str = ""

    @property
    def drifts(self) -> bool:
        """Whether the router differed when it was looked at last."""
        return self.outcome is DriftOutcome.DRIFT

    @property
    def where(self) -> str:
        """The documents that differ, for people."""
        return ", ".join(each.document for each in self.differences)


@dataclass(frozen=True, slots=True)
class DriftRun:
    """What a look at many lines found.

    Attributes:
        states: of every line that was to be looked at, in the order of the lines.
        missed: lines at which this look failed.
        causes: how many lines were missed, by cause.
        seconds: from begin to end.
        stopped: whether somebody stopped it before every line was looked at.
    """

    states: tuple[DriftState, ...]
    missed: tuple[str, ...]
    causes: Mapping[str, int]
    seconds: float
    stopped: bool = False

    @property
    def drifting(self) -> tuple[DriftState, ...]:
        """The lines that this look found to differ."""
        left = frozenset(self.missed)
        return tuple(each for each in self.states if each.drifts and each.line not in left)

    @property
    def counts(self) -> dict[str, int]:
        """How many lines were as intended, differed, and were not seen."""
        drifting = len(self.drifting)
        return {
            "as intended": len(self.states) - drifting - len(self.missed),
            "drifting": drifting,
            "not seen": len(self.missed),
        }
