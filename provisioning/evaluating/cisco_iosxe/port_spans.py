"""What becomes of a packet by its port, without asking for each: ports that no line tells apart are asked for once."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from provisioning.evaluating.cisco_iosxe.evaluate import passage
from provisioning.evaluating.cisco_iosxe.router import Router
from provisioning.evaluating.packet import Packet
from provisioning.evaluating.passage import Passage
from provisioning.model.port_range import HIGHEST_PORT

CALLER_PORT = 49152
"""A source port of callers: the first of the dynamic ones (RFC 6335)."""


def passages(
    router: Router, packet: Packet, bounds: Sequence[int], among: tuple[int, int] = (1, HIGHEST_PORT)
) -> Iterator[tuple[int, int, Passage]]:
    """Yield what becomes of a packet by its destination port: first, last and passage.

    Args:
        bounds: as `port_bounds` has them.
        among: the first and the last port that are asked for.
    """
    start, end = among
    firsts = [start, *bounds[bisect_right(bounds, start) : bisect_right(bounds, end)]]
    for place, first in enumerate(firsts):
        last = firsts[place + 1] - 1 if place + 1 < len(firsts) else end
        yield first, last, passage(router, replace(packet, destination_port=first))


def port_bounds(router: Router) -> list[int]:
    """Return the ports at which something may change, ascending."""
    bounds = {1}
    for each in router.lists.values():
        for entry in each.entries:
            for service in entry.services:
                for first, last in service.destination_ports or ():
                    bounds |= {first, last + 1}
    for _, port in router.translation.static:
        bounds |= {port, port + 1} if port else set()
    ascending = sorted(bounds)
    return ascending[bisect_right(ascending, 0) : bisect_right(ascending, HIGHEST_PORT)]
