"""The contract's formulas as typed data, each cell with the fact that it comes from."""

from provisioning.catalogue.formula import Access, Availability, Cell, Formula, Router, Volume
from provisioning.catalogue.formulas import FORMULAS
from provisioning.catalogue.level import LEVEL_IDENTIFIERS, Level
from provisioning.catalogue.speed import SPEED_UPGRADES, Rate, SpeedUpgrade

__all__ = [
    "FORMULAS",
    "LEVEL_IDENTIFIERS",
    "SPEED_UPGRADES",
    "Access",
    "Availability",
    "Cell",
    "Formula",
    "Level",
    "Rate",
    "Router",
    "SpeedUpgrade",
    "Volume",
]
