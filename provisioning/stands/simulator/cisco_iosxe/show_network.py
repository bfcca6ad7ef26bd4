"""What the router tells of its interfaces."""

from ipaddress import IPv6Interface

from provisioning.stands.simulator.cisco_iosxe.interfaces import Interface, link_local, mac_of, shown6
from provisioning.stands.simulator.cisco_iosxe.session import Call

BRIEF_HEAD = "Interface              IP-Address      OK? Method Status                Protocol\n"


def _status(interface: Interface) -> tuple[str, str]:
    if interface.shutdown:
        return "administratively down", "down"
    return ("up", "up") if interface.up else ("down", "down")


def show_ip_interface_brief(call: Call) -> str:
    """`show ip interface brief`."""
    rows = []
    for each in call.device.interfaces():
        status, protocol = _status(each)
        address = str(each.ipv4[0].ip) if each.ipv4 else "unassigned"
        rows.append(f"{each.name:<22} {address:<15} YES {each.method:<6} {status:<21} {protocol:<8}\n")
    return BRIEF_HEAD + "".join(rows)


def show_ip_interface(call: Call) -> str:
    """`show ip interface [NAME]`."""
    parts = []
    for each in _wanted(call):
        status, protocol = _status(each)
        lines = [f"{each.name} is {status}, line protocol is {protocol}"]
        if each.ipv4:
            lines.append(f"  Internet address is {each.ipv4[0]}")
            lines.append("  Broadcast address is 255.255.255.255")
            lines.append(f"  Address determined by {'DHCP' if each.method == 'DHCP' else 'non-volatile memory'}")
            lines.append("  MTU is 1500 bytes")
            lines += [f"  Secondary address {one}" for one in each.ipv4[1:]]
        else:
            lines.append("  Internet protocol processing disabled")
        parts.append("\n".join(lines) + "\n")
    return "".join(parts)


def show_ipv6_interface_brief(call: Call) -> str:
    """`show ipv6 interface brief`."""
    rows = []
    for each in call.device.interfaces():
        status, protocol = _status(each)
        rows.append(f"{each.name:<22} [{status}/{protocol}]\n")
        own = [shown6(link_local(each.name, call.device.number))] if each.speaks_ipv6 else []
        addresses = [*own, *(shown6(one.ip) for one in each.ipv6)] or ["unassigned"]
        rows += [f"    {one}\n" for one in addresses]
    return "".join(rows)


def show_ipv6_interface(call: Call) -> str:
    """`show ipv6 interface [NAME]`."""
    parts = []
    for each in _wanted(call):
        if not each.speaks_ipv6:
            continue
        status, protocol = _status(each)
        lines = [
            f"{each.name} is {status}, line protocol is {protocol}",
            f"  IPv6 is enabled, link-local address is {shown6(link_local(each.name, call.device.number))} ",
            "  No Virtual link-local address(es):",
            "  Global unicast address(es):" if each.ipv6 else "  No global unicast address is configured",
            *(f"    {shown6(one.ip)}, subnet is {_subnet(one)} " for one in each.ipv6),
            "  MTU is 1500 bytes",
        ]
        parts.append("\n".join(lines) + "\n")
    return "".join(parts)


def _subnet(address: IPv6Interface) -> str:
    return f"{shown6(address.network.network_address)}/{address.network.prefixlen}"


def show_interfaces(call: Call) -> str:
    """`show interfaces [NAME]`."""
    return "".join(_whole(each, call) for each in _wanted(call))


def _whole(interface: Interface, call: Call) -> str:
    status, protocol = _status(interface)
    number, network = call.device.number, call.device.network
    (packets_in, packets_out), (came, went) = network.counted(interface.name), network.bytes_of(interface.name)
    mac = mac_of(interface.name, number)
    kind = interface.name.rstrip("0123456789/")
    hardware = {
        "GigabitEthernet": f"C1111-2x1GE, address is {mac} (bia {mac})",
        "Vlan": f"Ethernet SVI, address is {mac} (bia {mac})",
        "Cellular": "LTE Adv CAT6 - Multimode LTE/DC-HSPA+/HSPA+/HSPA/UMTS/EDGE/GPRS",
    }.get(kind, kind)
    lines = [f"{interface.name} is {status}, line protocol is {protocol} ", f"  Hardware is {hardware}"]
    if interface.description:
        lines.append(f"  Description: {interface.description}")
    if interface.ipv4:
        lines.append(f"  Internet address is {interface.ipv4[0]}")
    lines += [
        f"  MTU 1500 bytes, BW {8_000_000 if kind == 'Loopback' else 1_000_000} Kbit/sec, DLY 10 usec, ",
        "     reliability 255/255, txload 1/255, rxload 1/255",
        "  Encapsulation ARPA, loopback not set",
        "  Keepalive not supported ",
        *(["  Full Duplex, 1000Mbps, link type is auto, media type is RJ45"] if kind == "GigabitEthernet" else []),
        "  ARP type: ARPA, ARP Timeout 04:00:00",
        "  Last input 00:00:00, output 00:00:00, output hang never",
        '  Last clearing of "show interface" counters never',
        "  Input queue: 0/375/0/0 (size/max/drops/flushes); Total output drops: 0",
        "  Queueing strategy: fifo",
        "  Output queue: 0/40 (size/max)",
        "  5 minute input rate 0 bits/sec, 0 packets/sec",
        "  5 minute output rate 0 bits/sec, 0 packets/sec",
        f"     {packets_in} packets input, {came} bytes, 0 no buffer",
        "     Received 0 broadcasts (0 IP multicasts)",
        "     0 runts, 0 giants, 0 throttles ",
        "     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored",
        "     0 watchdog, 0 multicast, 0 pause input",
        f"     {packets_out} packets output, {went} bytes, 0 underruns",
        "     0 output errors, 0 collisions, 0 interface resets",
        "     0 unknown protocol drops",
        "     0 babbles, 0 late collision, 0 deferred",
        "     0 lost carrier, 0 no carrier, 0 pause output",
        "     0 output buffer failures, 0 output buffers swapped out",
    ]
    return "\n".join(lines) + "\n"


def show_description(call: Call) -> str:
    """`show interfaces description`."""
    rows = [f"{'Interface':<31}{'Status':<15}{'Protocol':<9}Description"]
    for each in call.device.interfaces():
        status = "admin down" if each.shutdown else _status(each)[0]
        rows.append(f"{each.short:<31}{status:<15}{_status(each)[1]:<9}{each.description}")
    return "\n".join([*rows, ""])


def _wanted(call: Call) -> list[Interface]:
    every = call.device.interfaces()
    if "name" not in call.values:
        return every
    name = call.device.interface_named(" ".join((call.values["name"], call.values.get("number", ""))))
    return [each for each in every if each.name == name]


ROWS = (
    ("show ip interface brief", show_ip_interface_brief, 1),
    ("show ip interface [{name} [{number}]]", show_ip_interface, 1),
    ("show ipv6 interface brief", show_ipv6_interface_brief, 1),
    ("show ipv6 interface [{name} [{number}]]", show_ipv6_interface, 1),
    ("show interfaces [{name} [{number}]]", show_interfaces, 1),
    ("show interfaces description", show_description, 1),
)
