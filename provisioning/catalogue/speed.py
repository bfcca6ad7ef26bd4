"""Line speeds and the speed upgrades of fibre formulas (facts: I-1.3, X-12, X-13)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Rate:
    """A line's speed, in Mbit/s."""

    down: int
    up: int

    def __str__(self) -> str:
        return f"{self.down}/{self.up}"


@dataclass(frozen=True, slots=True)
class SpeedUpgrade:
    """A speed that can be ordered in place of the formula's own.

    Attributes:
        identifier: as in facts I-1.6.
        rate: the resulting speed (facts: X-12), not an addition.
        fair_use_gb: the monthly volume where it differs from the formula's (facts: I-1.2).
        wifi: false where the contract offers no Wi-Fi with this speed (facts: I-1.2).
        needs_xgs_pon: whether a GPON port is too slow for it (facts: X-13).
        facts: where the cell comes from.
    """

    identifier: str
    name: str
    rate: Rate
    fair_use_gb: int | None = None
    wifi: bool = True
    needs_xgs_pon: bool = False
    facts: tuple[str, ...] = ("I-1.3",)


_ALL = (
    SpeedUpgrade("fullfiber-boost-pro", "FullFiber Boost Pro", Rate(1000, 200)),
    SpeedUpgrade("extended-boost", "Extended Boost", Rate(500, 100)),
    SpeedUpgrade("extended-boost-pro", "Extended Boost Pro", Rate(1000, 200)),
    SpeedUpgrade("fiber-up", "Fiber Up", Rate(1000, 500)),
    SpeedUpgrade(
        "fiber-fast",
        "Fiber Fast",
        Rate(2500, 1000),
        wifi=False,
        needs_xgs_pon=True,
        facts=("I-1.3", "I-1.2", "X-13"),
    ),
    SpeedUpgrade(
        "fiber-express",
        "Fiber Express",
        Rate(8500, 1500),
        wifi=False,
        needs_xgs_pon=True,
        facts=("I-1.3", "I-1.2", "X-13"),
    ),
    SpeedUpgrade("business-fiber-500", "Business Fiber 500/500", Rate(500, 500)),
    SpeedUpgrade(
        "business-fiber-2.5-1",
        "Business Fiber 2.5/1 Gbps",
        Rate(2500, 1000),
        fair_use_gb=6000,
        needs_xgs_pon=True,
        facts=("I-1.3", "I-1.2", "X-13"),
    ),
    SpeedUpgrade(
        "business-fiber-8.5-1.5",
        "Business Fiber 8.5/1.5 Gbps",
        Rate(8500, 1500),
        fair_use_gb=6000,
        needs_xgs_pon=True,
        facts=("I-1.3", "I-1.2", "X-13"),
    ),
)

SPEED_UPGRADES: Mapping[str, SpeedUpgrade] = MappingProxyType({each.identifier: each for each in _ALL})
