"""Where a line stands around its router."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a line stands around its router.

    Attributes:
        bearers: interfaces towards the internet, by each of which packets come.
        lan: the interface that the customer's hosts stand behind.
        learned: addresses in CIDR notation by interface, as the router itself says them.
    """

    bearers: tuple[str, ...]
    lan: str
    learned: Mapping[str, tuple[str, ...]]
