"""What comes of a call from outside once a customer's router has seen its first packet: who takes it, who answers."""

from provisioning.stands.simulator.customer_router import CustomerRouter, address_on
from provisioning.stands.simulator.hosts_behind import behind, has, serves
from provisioning.stands.simulator.lines import Line
from provisioning.stands.simulator.outcomes import OPEN, REFUSED, TIMEOUT, UNREACHABLE, Arrival, Outcome
from provisioning.stands.simulator.packets import (
    BLACKHOLE,
    DROPPED,
    LAN,
    LOCAL,
    REJECTED,
    UNROUTED,
    Passage,
    address_text,
)


def delivered(
    line: Line | None, router: CustomerRouter, passage: Passage, side: str, protocol: str, caller: str
) -> Outcome:
    """Return what comes of a call.

    Args:
        line: of the router; None where it serves none.
        passage: what became of the first packet at the router.
        side: by which it came in.
        protocol: `tcp` or `udp`.
        caller: address and port, as those who see it arrive write it down.
    """
    packet = passage.packet
    own = str(address_on(router, packet.version))
    if passage.where == REJECTED:
        return Outcome(REFUSED) if passage.answer == "reset" else Outcome(UNREACHABLE, passage.answer, own)
    if passage.where == UNROUTED:
        return Outcome(UNREACHABLE, "network", own)
    target = address_text(packet.version, packet.target)
    host = behind(line, router, target, passage.gateway) if passage.where == LAN else ""
    seen = (Arrival(host, protocol, caller, target, packet.target_port),) if host else ()
    if passage.where in (DROPPED, BLACKHOLE) or not router.answers(passage):
        return Outcome(TIMEOUT, arrivals=seen)
    if passage.where == LOCAL:
        if router.listens(protocol, target, packet.target_port, side):
            return Outcome(OPEN)
        return Outcome(REFUSED) if protocol == "tcp" else Outcome(UNREACHABLE, "port", target)
    if not host:
        return Outcome(UNREACHABLE, "host", own)
    if not has(line, host, target):
        return Outcome(TIMEOUT, arrivals=seen)
    if serves(line, host, protocol, target, packet.target_port):
        return Outcome(OPEN, arrivals=seen)
    return Outcome(REFUSED, arrivals=seen) if protocol == "tcp" else Outcome(UNREACHABLE, "port", target, seen)
