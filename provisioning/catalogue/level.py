"""Service levels: incident window and restoration times (facts: I-9.2, X-3, X-4)."""

from dataclasses import dataclass, replace

LEVEL_IDENTIFIERS = ("basic", "medium", "premium")
"""What an order form may name (facts: I-1.6)."""


@dataclass(frozen=True, slots=True)
class Level:
    """One row of the service-level table.

    Attributes:
        identifier: what the order form names it by; empty where a formula has only this one and names none.
        name: as the contract writes it.
        included: true for the formula's own level, false for one that is ordered.
        window: when incidents are worked on, contract time.
        restoration: the targets for P1, P2, P3 and P4; empty for best effort.
        facts: where the row comes from.
    """

    identifier: str
    name: str
    included: bool
    window: str
    restoration: tuple[str, ...]
    facts: tuple[str, ...] = ("I-9.2",)


_MON_FRI_18 = "Mon-Fri 8:00-18:00, Sat 8:00-16:30"
_MON_FRI_20 = "Mon-Fri 8:00-20:00"
_MON_SAT_20 = "Mon-Fri 8:00-20:00, Sat 8:00-16:30"
_MON_SAT_22 = "Mon-Fri 8:00-22:00, Sat 8:00-16:30"
_FIVE_HOURS = ("5 h", "next WD", "3 WD", "10 WD")

INTERNET_ESSENTIAL = (Level("", "Best effort", True, _MON_FRI_20, ()),)
MAXI = (Level("", "Standard", True, _MON_SAT_20, ("same day", "3 WD", "3 WD", "10 WD")),)
INTERNET_PRO = (Level("", "Standard", True, _MON_SAT_22, _FIVE_HOURS),)
INTERNET_PRO_PLUS = (
    Level("basic", "Basic", True, _MON_FRI_20, ("end of next WD", "3 WD", "5 WD", "10 WD")),
    Level("medium", "Medium", False, _MON_SAT_20, ("same day", "3 WD", "5 WD", "10 WD")),
    Level("premium", "Premium", False, _MON_SAT_22, _FIVE_HOURS),
)
FULLFIBER = (
    Level(
        "basic",
        "Basic (Standard)",
        True,
        _MON_FRI_18,
        ("end of next WD", "3 WD", "3 WD", "10 WD"),
        ("I-9.2", "X-3"),
    ),
    Level("premium", "Premium", False, _MON_SAT_22, _FIVE_HOURS),
)
FULLFIBER_EXTENDED = (
    Level("basic", "Basic", True, _MON_FRI_20, ("end of next WD", "3 WD", "5 WD", "10 WD")),
    Level("medium", "Medium", False, _MON_FRI_18, ("same day", "3 WD", "5 WD", "10 WD"), ("I-9.2", "X-3")),
    Level("premium", "Premium", False, _MON_SAT_22, _FIVE_HOURS),
)
FULLFIBER_EXTENDED_ESSENTIAL = tuple(replace(level, facts=(*level.facts, "X-4")) for level in FULLFIBER_EXTENDED)
BUSINESS_INTERNET = (Level("", "Best effort (not specified)", True, "not specified", (), ("X-4",)),)
