"""What the router tells of routes, of neighbours, and of how its bearers do.

Layouts as in Cisco IOS IP Routing and BGP Command References, IP SLAs Command Reference, and Cisco 4G LTE and LTE
Advanced Network Interface Module Installation Guide (`show cellular`).
"""

from collections.abc import Iterator
from ipaddress import IPv4Network

from provisioning.stands.simulator.cisco_iosxe import reading
from provisioning.stands.simulator.cisco_iosxe.archive import clock
from provisioning.stands.simulator.cisco_iosxe.interfaces import Interface
from provisioning.stands.simulator.cisco_iosxe.session import Call

_CODES = """\
Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP
       D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area
       i - IS-IS, * - candidate default, U - per-user static route

"""


def show_ip_route(call: Call) -> str:
    """`show ip route`."""
    device = call.device
    every = [each for each in device.interfaces() if each.up and each.ipv4]
    rows = sorted([*_connected(every), *_static(device.text)])
    gateway, line = _default(call, every)
    told = (
        f"Gateway of last resort is {gateway} to network 0.0.0.0" if gateway else "Gateway of last resort is not set"
    )
    routes = "".join(f"{each}\n" for each in (*([line] if line else []), *(text for _, text in rows)))
    return f"{_CODES}{told}\n\n{routes}"


def _connected(interfaces: list[Interface]) -> Iterator[tuple[tuple[int, int, str], str]]:
    for each in interfaces:
        for address in each.ipv4:
            network = address.network
            yield (*_order(network), "C"), f"C        {network} is directly connected, {each.name}"
            if network.prefixlen < 32:
                local = IPv4Network(address.ip)
                yield (*_order(local), "L"), f"L        {local} is directly connected, {each.name}"


def _static(text: str) -> Iterator[tuple[tuple[int, int, str], str]]:
    for each in reading.values(text, "ip route"):
        words = each.split()
        try:
            network = IPv4Network("/".join(words[:2]))
        except ValueError:
            continue  # of another table
        if network.prefixlen and len(words) > 2:
            how = "is directly connected," if words[2][0].isalpha() else "[1/0] via"
            yield (*_order(network), "S"), f"S        {network} {how} {words[2]}"


def _order(network: IPv4Network) -> tuple[int, int]:
    return int(network.network_address), network.prefixlen


def _default(call: Call, interfaces: list[Interface]) -> tuple[str, str]:
    """Return the gateway of last resort and its line: learned by BGP, configured, or told by DHCP."""
    for neighbour, _ in _neighbours(call.device.text, ""):
        if "." in neighbour and call.device.network.is_up(neighbour):
            return neighbour, f"B*    0.0.0.0/0 [20/0] via {neighbour}, 00:10:00"
    for each in reading.values(call.device.text, "ip route 0.0.0.0 0.0.0.0"):
        return each.split()[0], f"S*    0.0.0.0/0 [1/0] via {each.split()[0]}"
    lent = next((each for each in interfaces if each.method == "DHCP"), None)
    if lent is None:
        return "", ""
    gateway = str(lent.ipv4[0].network.network_address + 1)
    return gateway, f"S*    0.0.0.0/0 [254/0] via {gateway}"


def _neighbours(text: str, words: str) -> Iterator[tuple[str, str]]:
    """Yield address and AS number of the BGP neighbours whose lines hold some words."""
    for _, lines in reading.blocks(text, "router bgp"):
        for each in lines:
            match each.split():
                case ["neighbor", address, "remote-as", number] if not words or f"neighbor {address} {words}" in lines:
                    yield address, number
                case _:
                    pass


def show_bgp_summary(call: Call) -> str:
    """`show ip bgp summary`, `show bgp ipv6 unicast summary`."""
    text = call.device.text
    own = next((name for name, _ in reading.blocks(text, "router bgp")), "")
    if not own:
        return "% BGP not active\n\n"
    router = next((each for each in reading.lines_below(text, f"router bgp {own}") if "router-id" in each), "")
    name = router.split()[-1] if router else _highest(call.device.interfaces())
    separator = ":" if "ipv6" in call.words else "."
    head = "Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd"
    rows = [
        _neighbour_row(address, number, up=call.device.network.is_up(address))
        for address, number in _neighbours(text, "")
        if separator in address
    ]
    return "\n".join(
        [
            f"BGP router identifier {name}, local AS number {own}",
            "BGP table version is 5, main routing table version 5",
            "",
            head,
            *rows,
            "",
        ]
    )


def _neighbour_row(address: str, number: str, *, up: bool) -> str:
    counts = f"{'12':>7} {'14':>7} {'5':>8}" if up else f"{'0':>7} {'0':>7} {'1':>8}"
    state = "00:10:00        1" if up else "never    Idle"
    return f"{address:<15} 4 {number:>12} {counts}    0    0 {state}"


def _highest(interfaces: list[Interface]) -> str:
    loopbacks = [each.ipv4[0].ip for each in interfaces if each.name.startswith("Loopback") and each.ipv4]
    every = loopbacks or [each.ipv4[0].ip for each in interfaces if each.ipv4]
    return str(max(every)) if every else "0.0.0.0"  # noqa: S104 - it has none


def show_bfd(call: Call) -> str:
    """`show bfd neighbors`."""
    parts = []
    for version, mark in ((4, "."), (6, ":")):
        found = [each for each, _ in _neighbours(call.device.text, "fall-over bfd") if mark in each]
        if not found:
            continue
        rows = [
            f"\nIPv{version} Sessions",
            "NeighAddr                              LD/RD         RH/RS     State     Int",
        ]
        for number, each in enumerate(found, 1):
            state = "Up" if call.device.network.is_up(each) else "Down"
            rows.append(
                f"{each:<36} {4096 + number:>4}/{number if state == 'Up' else 0:<12} {state:<9} {state:<9} Gi0/0/0"
            )
        parts.append("\n".join([*rows, ""]))
    return "".join(parts)


def show_track(call: Call) -> str:
    """`show track [NUMBER]`."""
    parts = []
    for head, lines in reading.blocks(call.device.text, "track"):
        number, _, what = head.partition(" ")
        if call.values.get("number", number) != number:
            continue
        state = "Up" if call.device.network.passes_fixed() else "Down"
        delay = next((each for each in lines if each.startswith("delay ")), "")
        parts.append(
            f"Track {number}\n  {what.replace('ip sla', 'IP SLA')}\n  Reachability is {state}\n"
            f"    1 change, last change 00:10:00\n" + (f"  D{delay[1:]}\n" if delay else "")
        )
    return "".join(parts)


def show_ip_sla(call: Call) -> str:
    """`show ip sla statistics [NUMBER]`."""
    parts = ["IPSLAs Latest Operation Statistics\n\n"]
    for number, _ in reading.blocks(call.device.text, "ip sla"):
        if not number.isdecimal() or call.values.get("number", number) != number:
            continue
        good = call.device.network.passes_fixed()
        rtt = "3 milliseconds" if good else "NoConnection/Busy/Timeout"
        parts.append(
            f"IPSLA operation id: {number}\n        Latest RTT: {rtt}\n"
            f"Latest operation start time: {clock(call.device.now())}\n"
            f"Latest operation return code: {'OK' if good else 'Timeout'}\n"
            f"Number of successes: {10 if good else 0}\nNumber of failures: {0 if good else 10}\n"
            "Operation time to live: Forever\n\n"
        )
    return "".join(parts)


RADIO = """\
Radio power mode = Online
LTE Rx Channel Number(PCC) =  1300
LTE Tx Channel Number(PCC) =  19300
LTE Band =  3
LTE Bandwidth = 20 MHz
Current RSSI = -58 dBm
Current RSRP = -87 dBm
Current RSRQ = -10 dB
Current SNR = 14.2 dB
Physical Cell Id = 211
Number of nearby cells = 1
Radio Access Technology(RAT) Preference = AUTO
Radio Access Technology(RAT) Selected = LTE
"""

NETWORK = """\
Current System Time = {now}
Current Service Status = Normal
Current Service = Packet switched
Current Roaming Status = Home
Network Selection Mode = Automatic
Network = Mobile
Mobile Country Code (MCC) = 206
Mobile Network Code (MNC) = 1
Packet switch domain(PS) state = Attached
LTE Carrier Aggregation state = Deconfigured
Registration state(EMM) = Registered
EMM Sub State = Normal Service
Tracking Area Code (TAC) = 1004
Cell ID = 1313793
"""

HARDWARE = """\
Modem Firmware Version = SWI9X30C_02.33.03.00
Device Model ID = EM7455
International Mobile Equipment Identity (IMEI) = 35907206{number:07}
Modem Status = Modem Online
Current Modem Temperature = 38 deg C
PRI SKU ID = 1103520, PRI version = 002.062
"""


def show_cellular(call: Call) -> str:
    """`show cellular 0/2/0 (radio | network | hardware | all)`."""
    if call.values["unit"] != "0/2/0":
        return "% Invalid input detected at '^' marker.\n\n"
    network = NETWORK.format(now=clock(call.device.now()))
    hardware = HARDWARE.format(number=call.device.number)
    match call.words[3]:
        case "radio":
            return RADIO
        case "network":
            return network
        case "hardware":
            return hardware
        case _:
            heads = ("Hardware Information", "Network Information", "Radio Information")
            parts = zip(heads, (hardware, network, RADIO), strict=True)
            return "\n".join(f"{head}\n{'=' * len(head)}\n{text}" for head, text in parts)


def ping(call: Call) -> str:
    """`ping ADDRESS`."""
    target = call.values["target"]
    good = call.device.network.pings(target)
    if good is None:
        return "% Unrecognized host or address, or protocol not running.\n\n"
    source = call.values.get("source", "")
    told = f"Packet sent with a source address of {source} \n" if source else ""
    rate = "!!!!!\nSuccess rate is 100 percent (5/5), round-trip min/avg/max = 3/3/4 ms\n"
    return (
        "Type escape sequence to abort.\n"
        f"Sending 5, 100-byte ICMP Echos to {target}, timeout is 2 seconds:\n{told}"
        + (rate if good else ".....\nSuccess rate is 0 percent (0/5)\n")
    )


ROWS = (
    ("show ip route", show_ip_route, 1),
    ("show ip bgp summary", show_bgp_summary, 1),
    ("show ip bgp (ipv4|ipv6) unicast summary", show_bgp_summary, 1),
    ("show bgp (ipv4|ipv6) unicast summary", show_bgp_summary, 1),
    ("show bfd neighbors", show_bfd, 1),
    ("show track [{number:1-1000}]", show_track, 1),
    ("show ip sla statistics [{number:1-2147483647}]", show_ip_sla, 1),
    ("show cellular {unit} (radio|network|hardware|all)", show_cellular, 1),
    ("ping [ip|ipv6] {target} [source {source}]", ping, 1),
)
