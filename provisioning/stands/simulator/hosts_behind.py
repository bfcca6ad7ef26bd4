"""Who is behind a customer's router: a server on LAN port 1, the customer's firewall on LAN port 2."""

from ipaddress import ip_address

from provisioning.stands.simulator.customer_router import CustomerRouter
from provisioning.stands.simulator.lines import USUAL_PORTS, Line

SERVERS, FIREWALL = "lan", "firewall"
PORTS = {SERVERS: 1, FIREWALL: 2}


def behind(line: Line | None, router: CustomerRouter, target: str, gateway: str = "") -> str:
    """Return which host behind a router takes what goes to an address: `lan`, `firewall`, or nobody."""
    next_hop = ip_address(gateway if gateway and gateway != "default" else target)
    if line is None:
        return ""
    if next_hop in line.firewall and router.has_port(PORTS[FIREWALL]):
        return FIREWALL
    return SERVERS if str(next_hop) in line.servers and router.has_port(PORTS[SERVERS]) else ""


def has(line: Line | None, host: str, target: str) -> bool:
    """Return whether a host that takes a packet has the address that it goes to."""
    return line is not None and (host == SERVERS or ip_address(target) in line.firewall)


def serves(line: Line | None, host: str, protocol: str, target: str, port: int) -> bool:
    """Return whether a host listens on a port."""
    if line is None:
        return False
    if host == SERVERS:
        return any(each.protocol == protocol and port in each for each in line.servers.get(target, ()))
    if (protocol, port) in USUAL_PORTS:
        return True
    return any(each.protocol == protocol and port in each for each in line.firewall_ports)
