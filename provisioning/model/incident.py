"""Incidents that a mobile back-up makes or suffers (facts: I-6.5, I-9.1, I-9.2)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from provisioning.model.numbered import number_of

PREFIX = "F-"


def incident_id(number: int) -> str:
    """Return the id of the incident with that number."""
    return f"{PREFIX}{number}"


def incident_number(identifier: str) -> int:
    """Return the number of an incident.

    Raises:
        ValueError: when it is no id of one.
    """
    return number_of(identifier, PREFIX, "incident")


class Condition(StrEnum):
    """How a line's bearers stand, as `failover watch` sees it.

    `silent`: its router does not answer over either bearer; nobody can tell whether the line is down.
    """

    ON_FIXED = "on-fixed"
    ON_MOBILE = "on-mobile"
    MOBILE_FAILED = "mobile-failed"
    DOWN = "down"
    SILENT = "silent"


class IncidentKind(StrEnum):
    """What happened."""

    BACK_UP_ACTIVE = "back-up-active"
    BACK_UP_FAILED = "back-up-failed"
    LINE_DOWN = "line-down"


class Priority(StrEnum):
    """How urgent it is (facts: I-9.1)."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


@dataclass(frozen=True, slots=True)
class ClockStop:
    """A time that does not count, and why (facts: I-9.2).

    Attributes:
        resumed_at: None while the clock stands still.
    """

    stopped_at: datetime
    resumed_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as the store has it.

    Attributes:
        level: name of the line's service level when it opened.
        window: when it is worked on, as the contract writes it.
        restoration: target as the contract writes it; empty for best effort.
        due_at: None for best effort, and while the clock stands still.
        reason: what was seen.
        closing: what was seen when it closed.
        told: whether the alert went out.
    """

    number: int
    line: str
    kind: IncidentKind
    priority: Priority
    level: str
    window: str
    restoration: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    reason: str
    closing: str
    told: bool
    stops: tuple[ClockStop, ...] = ()

    @property
    def identifier(self) -> str:
        """Its id, as people see it."""
        return incident_id(self.number)


@dataclass(frozen=True, slots=True)
class BearerState:
    """How the bearers of a line stood when they were last looked at.

    Attributes:
        since: when they were first seen so, without anything else in between.
        seen_at: when they were last seen so, to the hour: nothing is written while nothing happens.
        reason: for people, what was seen.
    """

    line: str
    serial: str
    condition: Condition
    since: datetime
    seen_at: datetime
    reason: str
