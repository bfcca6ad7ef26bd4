"""The contract's formulas as typed data, each cell with the fact that it comes from."""

from provisioning.catalogue.formula import Access, Availability, Cell, Formula, Router, Volume
from provisioning.catalogue.formulas import FORMULAS
from provisioning.catalogue.incident_hours import DayHours, IncidentHours, Restoration
from provisioning.catalogue.level import ALL_LEVELS, LEVEL_IDENTIFIERS, Level, level_named
from provisioning.catalogue.speed import SPEED_UPGRADES, Rate, SpeedUpgrade

__all__ = [
    "ALL_LEVELS",
    "FORMULAS",
    "LEVEL_IDENTIFIERS",
    "SPEED_UPGRADES",
    "Access",
    "Availability",
    "Cell",
    "DayHours",
    "Formula",
    "IncidentHours",
    "Level",
    "Rate",
    "Restoration",
    "Router",
    "SpeedUpgrade",
    "Volume",
    "level_named",
]
