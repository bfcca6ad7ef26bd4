"""The documents of a simulated router: where each stands, and the digest of a set (docs/helper.md)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from provisioning.stands.simulator.linux_cpe.tree import Tree


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands, and the unit that takes it."""

    path: str
    mode: int
    unit: str = ""


PLACES: Mapping[str, Place] = {
    "nftables.conf": Place("/etc/nftables.conf", 0o600),
    "sysctl.conf": Place("/etc/sysctl.d/90-proviso.conf", 0o644),
    "network.sh": Place("/etc/proviso/network.sh", 0o700),
    "dhcpcd.conf": Place("/etc/dhcpcd.conf", 0o644, "dhcpcd"),
    "daemons": Place("/etc/frr/daemons", 0o640, "frr"),
    "frr.conf": Place("/etc/frr/frr.conf", 0o640, "frr"),
    "failover.conf": Place("/etc/proviso/failover.conf", 0o644, "proviso-failover"),
    "dnsmasq.conf": Place("/etc/dnsmasq.conf", 0o644, "dnsmasq"),
    "hostapd.conf": Place("/etc/hostapd/hostapd.conf", 0o600, "hostapd"),
    "snmpd.conf": Place("/etc/snmp/snmpd.conf", 0o600, "snmpd"),
    "sshd_config": Place("/etc/ssh/sshd_config", 0o600, "ssh"),
}
"""In the order of application."""

FACTORY: Mapping[str, bytes] = {
    "dhcpcd.conf": b"# factory\nduid\npersistent\nnoipv4ll\nslaac hwaddr\nallowinterfaces wan0\n",
    "frr.conf": b"",
    "sshd_config": b"# factory\nPort 22\nPermitRootLogin prohibit-password\nPasswordAuthentication no\nUsePAM no\n",
}
"""What a factory-new router has: it asks for an address on wan0, and takes SSH there."""


def digest_of(documents: Mapping[str, bytes]) -> str:
    """Return the digest of a set."""
    lines = (f"{hashlib.sha256(documents[name]).hexdigest()}  {name}\n" for name in PLACES if name in documents)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def in_place(tree: Tree) -> dict[str, bytes]:
    """Return the documents that stand in their places."""
    return {name: tree.read(place.path) for name, place in PLACES.items() if place.path in tree.files}
