"""What a router knows of its bearers at a moment: what routes and packets go by."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from provisioning.stands.simulator.lines import Address


@dataclass(frozen=True, slots=True)
class Ways:
    """What is known at a moment.

    Attributes:
        bearers: that pass packets both ways, by side, the best one first.
        tracks: which objects are up, by number; None to have each as its bearer is at the moment.
        neighbours: with whom BGP stands; None for whoever is reached at the moment.
    """

    bearers: tuple[str, ...]
    tracks: Mapping[str, bool] | None = None
    neighbours: Collection[Address] | None = None
