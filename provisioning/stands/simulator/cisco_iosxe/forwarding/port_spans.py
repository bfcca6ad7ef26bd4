"""Ports as access lists and object groups write them: `eq 80`, `range 1 1023`, `neq telnet`."""

from collections.abc import Sequence

from provisioning.stands.simulator.cisco_iosxe.forwarding import names
from provisioning.stands.simulator.cisco_iosxe.forwarding.access_lists import HIGHEST_PORT, Span


def port_span(how: str, values: Sequence[str], protocol: int) -> tuple[Span, ...]:
    """Return the ports that are meant.

    Args:
        how: eq, gt, lt, neq, range.
        values: one port, or two for a range; numbers or names.
        protocol: TCP or UDP, whose names they are.

    Raises:
        KeyError: when a name is none, or `how`.
    """
    ports = [int(each) if each.isdecimal() else names.PORTS[protocol][each] for each in values]
    low, high = ports[0], ports[-1]
    spans: dict[str, tuple[Span, ...]] = {
        "eq": ((low, low),),
        "gt": ((low + 1, HIGHEST_PORT),),
        "lt": ((0, low - 1),),
        "neq": ((0, low - 1), (low + 1, HIGHEST_PORT)),
        "range": ((min(low, high), max(low, high)),),
    }
    return spans[how]
