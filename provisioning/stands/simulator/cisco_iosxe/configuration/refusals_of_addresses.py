"""What the device refuses about addresses and their translation.

Sources: Cisco IOS IP Addressing Services Command Reference (`ip address`, `ip nat inside source`); the device's
words from public transcripts (`% 10.0.0.0 overlaps with GigabitEthernet0/0`, `Bad mask /24 for address …`, `%
similar static entry (… -> …) already exists`).
"""

import ipaddress
from collections.abc import Iterator, Mapping

from provisioning.stands.simulator.cisco_iosxe.configuration.entry import Answer, Entry
from provisioning.stands.simulator.cisco_iosxe.configuration.statement import Statement


def _network(address: str, mask: str) -> ipaddress.IPv4Network:
    return ipaddress.IPv4Network((address, mask), strict=False)


def address_fits(entry: Entry) -> Answer:
    """Refuse the address of a network itself, and its broadcast address."""
    if entry.negative or "address" not in entry.values:
        return ""
    network = _network(entry.values["address"], entry.values["mask"])
    address = ipaddress.IPv4Address(entry.values["address"])
    bad = network.prefixlen < 31 and address in (network.network_address, network.broadcast_address)
    if bad or address.is_multicast or int(address) == 0:
        return f"Bad mask /{network.prefixlen} for address {address}\n"
    return ""


def _addresses(root: Statement) -> Iterator[tuple[Statement, Statement, ipaddress.IPv4Network]]:
    for interface in root.named("interface"):
        for each in (*interface.named("ip address"), *interface.named("ip address secondary")):
            if "mask" in each.values:
                yield interface, each, _network(each.values["address"], each.values["mask"])


def no_overlap(entry: Entry) -> Answer:
    """Refuse a subnet that another interface has, or another address of the same one."""
    if entry.negative or "address" not in entry.values or entry.lenient:
        return ""
    wanted = _network(entry.values["address"], entry.values["mask"])
    vrf = entry.place.first("vrf forwarding")
    for interface, each, network in _addresses(entry.root):
        replaced = interface is entry.place and each.name == entry.rule.name == "ip address"
        itself = (
            interface is entry.place
            and each.values["address"] == entry.values["address"]
            and each.name == entry.rule.name
        )
        other = interface.first("vrf forwarding")
        apart = (vrf.text if vrf else "") != (other.text if other else "")
        if replaced or itself or apart or not network.overlaps(wanted):
            continue
        if interface is entry.place and network == wanted:
            continue
        where = f"secondary address on {interface.values['name']}" if each.name.endswith("secondary") else ""
        return f"% {wanted.network_address} overlaps with {where or interface.values['name']}\n"
    return ""


def no_secondary_left(entry: Entry) -> Answer:
    """Refuse to take the first address away, by name, while there are others."""
    if entry.reading.negative != "no" or "address" not in entry.values:
        return ""
    present = entry.place.first("ip address")
    if present is None or present.values.get("address") != entry.values["address"]:
        return "% Invalid address\n" if present is not None else ""
    left = entry.place.first("ip address secondary") is not None
    return "Must delete secondary before deleting primary\n" if left else ""


def layer_2(entry: Entry) -> Answer:
    """Refuse an address on a port that switches."""
    return "% IP addresses may not be configured on L2 links.\n"


def one_static_mapping(entry: Entry) -> Answer:
    """Refuse a mapping of what is mapped already."""
    if entry.negative:
        if any(each.rule is entry.rule and _same(entry, each) for each in entry.root.named(entry.rule.name)):
            return ""
        return "%Static entry not found\n"
    for each in entry.root.named("ip nat inside source static"):
        if each.values.get("map") != entry.values.get("map"):
            continue
        if _outside(each.values) == _outside(entry.values) and not _same(entry, each):
            local = each.values.get("local", "")
            return f"% similar static entry ({local} -> {_named(each.values)}) already exists\n"
    return ""


def _outside(values: Mapping[str, str]) -> tuple[str | None, ...]:
    get = values.get
    return (get("protocol"), get("outside"), get("interface"), get("outside_port"))


def _named(values: Mapping[str, str]) -> str:
    get = values.get
    return get("outside") or get("interface") or ""


def _same(entry: Entry, statement: Statement) -> bool:
    key = entry.rule.key or ()
    return all(statement.values.get(name, "") == entry.values.get(name, "") for name in key)
