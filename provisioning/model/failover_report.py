"""What the drills and incidents of mobile back-ups came to, over a month or a line: what their report tells."""

from dataclasses import dataclass
from datetime import date, datetime

from provisioning.model.drill import Drill
from provisioning.model.incident import Incident


@dataclass(frozen=True, slots=True)
class BackedUpLine:
    """A line with a mobile back-up, and its latest drill of all times.

    Attributes:
        drill: None when it was never drilled.
    """

    line: str
    customer: str
    serial: str
    drill: Drill | None


@dataclass(frozen=True, slots=True)
class FailoverReport:
    """What is told.

    Attributes:
        at: when it was made.
        line: that it is about; None for all.
        month: first day of the month that it is about; None for all times.
        every_days: after which a back-up is to be drilled again.
        lines: those with a mobile back-up; whatever the month, as they are now.
        drills: of the month, latest first.
        incidents: that were open in the month, latest first.
    """

    at: datetime
    line: str | None
    month: date | None
    every_days: int
    lines: tuple[BackedUpLine, ...]
    drills: tuple[Drill, ...]
    incidents: tuple[Incident, ...]
