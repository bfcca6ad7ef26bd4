"""What a back-up is held against in a drill: by platform and by kind of cut, each with where it comes from."""

from dataclasses import dataclass

from provisioning.model.bearer import Cut

PASSES_BY_CHANCE = frozenset({Cut.LOSS})
"""Cuts that let packets pass by chance: BFD notices when so many in a row are lost, which takes what it takes."""

BFD_BYTES = 80
"""A BFD packet with its UDP, IP and Ethernet headers (RFC 5880, 4.1; RFC 5881)."""

ROUTING_BYTES_A_SECOND = 3000.0
"""BGP's and what else the bearer itself needs: in the lab 1,500 with BFD at 300 ms, which is many times less than a
stream."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How quick a line's routing is, as inventory/operator.yaml states it.

    Attributes:
        hold_seconds: how long the fixed bearer must work again before it is trusted.
    """

    bfd_interval_ms: int
    bfd_multiplier: int
    hold_seconds: int

    @property
    def detection_seconds(self) -> float:
        """After how long without packets BFD finds a bearer dead (RFC 5880, 6.8.4)."""
        return self.bfd_interval_ms * self.bfd_multiplier / 1000


@dataclass(frozen=True, slots=True)
class Target:
    """How well a platform has to do.

    Attributes:
        detection: seconds from the cut until the router knows.
        gap: seconds in which nothing passes, at most.
        back: seconds that the return may take besides the hold time.
        clock: seconds that two of the router's own times may be wrong by, as it writes them.
        source: where these come from.
    """

    detection: float
    gap: float
    back: float
    clock: float
    source: str


PROBE_SECONDS, PROBE_TIMEOUT = 5.0, 1.0
"""Of `ip sla 1` on Cisco's routers (docs/cisco-iosxe.md)."""


def _by_bfd(timing: Timing) -> Target:
    """Return the targets of a router that goes by BFD alone.

    In the lab the gap is under 1.0 s at 300 ms x 3, and under 0.6 s at 100 ms x 3; traffic is back on fixed within
    the hold time and 3 s, or 5 s. Between the two it is a straight line; slower than both, BFD itself takes most of
    the time, and 0.1 s is left for the routes. The return is no quicker with quicker timers: a session that was down
    sends one packet a second at most until both ends are up (RFC 5880, 6.8.3), and then may bounce the sooner.
    """
    found = timing.detection_seconds
    return Target(
        detection=found + 0.1,
        gap=max(0.4 + found * 2 / 3, found + 0.1),
        back=min(max(6 - found * 10 / 3, 3.0), 5.0),
        clock=0.25,
        source="measured in the lab, docs/failover.md",
    )


def _by_tracking(timing: Timing) -> Target:
    """Return the targets of a router that asks its neighbour every five seconds, and has that tracked.

    What BFD notices moves as quickly as elsewhere; what only the probe notices takes a whole turn of it, and a second
    for the routes. The return waits for an answer to the probe before its delay begins, and BGP then has to stand.
    """
    turn = PROBE_SECONDS + PROBE_TIMEOUT
    slowest = max(turn, timing.detection_seconds)
    return Target(
        detection=slowest,
        gap=slowest + 1.0,
        back=turn + 4.0,
        clock=1.0,
        source="IP SLAs Configuration Guide, frequency and timeout; docs/cisco-iosxe.md",
    )


def target(platform: str, timing: Timing) -> Target:
    """Return the targets of a platform; those of one that is not known are the strictest."""
    return _by_tracking(timing) if platform == "cisco_iosxe" else _by_bfd(timing)


def stranded_bytes_a_second(timing: Timing) -> float:
    """Return what may still go over the mobile bearer once all traffic has left it: BFD and BGP, both families.

    A single stream that stayed behind would be more than that, with timers of 50 ms or slower.
    """
    bfd = 2 * 2 * BFD_BYTES * 1000 / timing.bfd_interval_ms
    return bfd + ROUTING_BYTES_A_SECOND
