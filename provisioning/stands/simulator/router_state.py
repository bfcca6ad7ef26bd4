"""What a simulated router has at the moment, as the network around it asks."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from provisioning.stands.simulator.lines import Address
from provisioning.stands.simulator.linux_cpe.forwarding import BEARERS
from provisioning.stands.simulator.linux_cpe.router import Router


def has_taken(router: Router, address: Address) -> bool:
    """Return whether an address is of a prefix that was delegated to a router, and that it uses."""
    links = (link for name, link in router.links.links.items() if name not in BEARERS)
    return any(address in each.network for link in links for each in link.given)


def bearer_of(router: Router, version: int, bearer: str = BEARERS[0]) -> Address:
    """Return a router's address on a bearer, the fixed one unless said; the unspecified one when it has none."""
    found = (each.ip for name, each in router.links.every() if name == bearer and each.version == version)
    return next(found, ip_address("0.0.0.0" if version == 4 else "::"))  # noqa: S104 - it has none


def is_port(router: Router, name: str) -> bool:
    """Return whether an interface is a port of a bridge, and both are up."""
    link = router.links.links.get(name)
    bridge = router.links.links.get(link.master) if link is not None else None
    return link is not None and bridge is not None and link.up and bridge.up


def address_text(version: int, address: int) -> str:
    """Return an address as it is written."""
    return str(IPv4Address(address) if version == 4 else IPv6Address(address))


def listens(router: Router, protocol: str, address: str, port: int, interface: str) -> bool:
    """Return whether a daemon of a router listens there."""
    if protocol == "tcp" and "ssh" in router.active:
        found = router.settings("sshd_config", " ", lower=True)
        where = [value for key, value in found if key == "listenaddress"]
        if port == int(dict(found).get("port", "22")) and (not where or address in where):
            return True
    if protocol == "udp" and port == 161 and "snmpd" in router.active:
        where = [value for key, value in router.settings("snmpd.conf", " ", lower=True) if key == "agentaddress"]
        return f"udp:{address}:161" in where
    if port == 53 and "dnsmasq" in router.active:
        return ("interface", interface) in router.settings("dnsmasq.conf", "=")
    return protocol == "tcp" and port == 179 and router.speaks_bgp()
