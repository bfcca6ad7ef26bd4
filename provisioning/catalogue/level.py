"""Service levels: incident window and restoration times (facts: I-9.2, X-3, X-4)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import time

from provisioning.catalogue.incident_hours import DayHours, IncidentHours, Restoration

LEVEL_IDENTIFIERS = ("basic", "medium", "premium")
"""What an order form may name (facts: I-1.6)."""


@dataclass(frozen=True, slots=True)
class Level:
    """One row of the service-level table.

    Attributes:
        identifier: what the order form names it by; empty where a formula has only this one and names none.
        name: as the contract writes it.
        included: true for the formula's own level, false for one that is ordered.
        hours: when incidents are worked on; None where the contract does not say.
        restoration: the targets for P1, P2, P3 and P4; empty for best effort.
        facts: where the row comes from.
    """

    identifier: str
    name: str
    included: bool
    hours: IncidentHours | None = field(metadata={"told": "window"})
    restoration: tuple[Restoration, ...]
    facts: tuple[str, ...] = ("I-9.2",)

    @property
    def window(self) -> str:
        """When incidents are worked on, in contract time, for people."""
        return self.hours.text if self.hours is not None else "not specified"


def _working_week(closes: time) -> DayHours:
    return DayHours(0, 4, time(8), closes)


_SATURDAY = DayHours(5, 5, time(8), time(16, 30))
_MON_SAT_18 = IncidentHours((_working_week(time(18)), _SATURDAY))
_MON_FRI_20 = IncidentHours((_working_week(time(20)),))
_MON_SAT_20 = IncidentHours((_working_week(time(20)), _SATURDAY))
_MON_SAT_22 = IncidentHours((_working_week(time(22)), _SATURDAY))

_NEXT, _END_OF_NEXT = Restoration.NEXT_WORKING_DAY, Restoration.END_OF_NEXT_WORKING_DAY
_THREE, _FIVE, _TEN = (
    Restoration.THREE_WORKING_DAYS,
    Restoration.FIVE_WORKING_DAYS,
    Restoration.TEN_WORKING_DAYS,
)
_FIVE_HOURS = (Restoration.FIVE_HOURS, _NEXT, _THREE, _TEN)
_EXTENDED_BASIC = (_END_OF_NEXT, _THREE, _FIVE, _TEN)
_EXTENDED_MEDIUM = (Restoration.SAME_DAY, _THREE, _FIVE, _TEN)

INTERNET_ESSENTIAL = (Level("", "Best effort", True, replace(_MON_FRI_20, on_holidays=True), ()),)
MAXI = (Level("", "Standard", True, _MON_SAT_20, (Restoration.SAME_DAY, _THREE, _THREE, _TEN)),)
INTERNET_PRO = (Level("", "Standard", True, _MON_SAT_22, _FIVE_HOURS),)
INTERNET_PRO_PLUS = (
    Level("basic", "Basic", True, _MON_FRI_20, _EXTENDED_BASIC),
    Level("medium", "Medium", False, _MON_SAT_20, _EXTENDED_MEDIUM),
    Level("premium", "Premium", False, _MON_SAT_22, _FIVE_HOURS),
)
FULLFIBER = (
    Level(
        "basic",
        "Basic (Standard)",
        True,
        _MON_SAT_18,
        (_END_OF_NEXT, _THREE, _THREE, _TEN),
        ("I-9.2", "X-3"),
    ),
    Level("premium", "Premium", False, _MON_SAT_22, _FIVE_HOURS),
)
FULLFIBER_EXTENDED = (
    Level("basic", "Basic", True, _MON_FRI_20, _EXTENDED_BASIC),
    Level("medium", "Medium", False, _MON_SAT_18, _EXTENDED_MEDIUM, ("I-9.2", "X-3")),
    Level("premium", "Premium", False, _MON_SAT_22, _FIVE_HOURS),
)
FULLFIBER_EXTENDED_ESSENTIAL = tuple(replace(level, facts=(*level.facts, "X-4")) for level in FULLFIBER_EXTENDED)
BUSINESS_INTERNET = (Level("", "Best effort (not specified)", True, None, (), ("X-4",)),)


def level_named(levels: Sequence[Level], identifier: str | None) -> Level:
    """Return the level that an order form names; the included one where it names none of them.

    Args:
        levels: of the line's formula.
    """
    own = next(each for each in levels if each.included)
    return next((each for each in levels if each.identifier == identifier), own)


ALL_LEVELS = (
    *INTERNET_ESSENTIAL,
    *MAXI,
    *INTERNET_PRO,
    *INTERNET_PRO_PLUS,
    *FULLFIBER,
    *FULLFIBER_EXTENDED,
    *FULLFIBER_EXTENDED_ESSENTIAL,
    *BUSINESS_INTERNET,
)
