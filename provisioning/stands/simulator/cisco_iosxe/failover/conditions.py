"""How things are around a router at a moment, and what it is configured to watch of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from provisioning.stands.simulator.cisco_iosxe.forwarding.interfaces import INTERFACE_OF
from provisioning.stands.simulator.cisco_iosxe.forwarding.plane import Plane
from provisioning.stands.simulator.cisco_iosxe.forwarding.routes import Probe, Track
from provisioning.stands.simulator.lines import Address
from provisioning.stands.simulator.operator_side import NEIGHBOURS
from provisioning.stands.simulator.packets import BEARERS

VERSIONS = (4, 6)


@dataclass(frozen=True, slots=True)
class Conditions:
    """How things are at a moment.

    Attributes:
        speaks: neighbours with which BGP can be spoken, if it takes its time.
        answered: probes that get their answer, by number.
        routing: names of the interfaces that route IPv4.
        lines: sides whose interface has a line.
        shut: sides whose interface is shut down.
        shaky: sides that lose packets by chance.
        turns_at: when they change by themselves; None when they do not.
    """

    speaks: frozenset[Address]
    answered: frozenset[str]
    routing: frozenset[str]
    lines: frozenset[str]
    shut: frozenset[str] = frozenset()
    shaky: frozenset[str] = frozenset()
    turns_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Peer:
    """A neighbour that is watched.

    Attributes:
        side: the bearer that it is on.
        detects: seconds after which BFD knows that it is gone; None where BGP has to notice by itself.
        hold: seconds after which BGP does.
        asks_bfd: whether BFD is wanted, which has no timers where `detects` is None, and is down.
    """

    address: Address
    side: str
    detects: float | None
    hold: float
    as_number: int = 0
    description: str = ""
    asks_bfd: bool = False

    @property
    def patience(self) -> float:
        """Seconds without a word after which it is taken for gone."""
        return self.hold if self.detects is None else self.detects


@dataclass(frozen=True, slots=True)
class Watched:
    """What a router watches.

    Attributes:
        probes: by number, and `tracks` likewise.
    """

    peers: tuple[Peer, ...]
    probes: Mapping[str, Probe]
    tracks: Mapping[str, Track]


def watched_by(plane: Plane) -> Watched:
    """Return what a configuration has a router watch."""
    peers = []
    for side in BEARERS:
        interface = plane.interfaces.get(INTERFACE_OF[side])
        for version in VERSIONS:
            neighbour = plane.bgp.neighbours.get(NEIGHBOURS[side][version])
            if neighbour is None or interface is None:
                continue
            detects = interface.detects if neighbour.bfd else None
            told = neighbour.hold, neighbour.as_number, neighbour.description, neighbour.bfd
            peers.append(Peer(NEIGHBOURS[side][version], side, detects, *told))
    probes = {number: each for number, each in plane.routing.probes.items() if each.is_scheduled}
    return Watched(tuple(peers), probes, plane.routing.tracks)
