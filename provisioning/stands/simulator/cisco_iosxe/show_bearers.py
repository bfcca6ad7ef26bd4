"""What the router tells of how its bearers do: BGP, BFD, tracked objects, probes, and the mobile modem.

Layouts as in Cisco IOS XE 17's command references (IP Routing: BGP, Protocol-Independent; IP Application Services; IP
SLAs), in Cisco 1000 Series ISR Software Configuration Guide ("Cellular Wireless"), and of routers in public
repositories.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from provisioning.stands.simulator.cisco_iosxe import reading
from provisioning.stands.simulator.cisco_iosxe.archive import clock
from provisioning.stands.simulator.cisco_iosxe.failover.log_lines import LOCAL_DISCRIMINATOR, shown
from provisioning.stands.simulator.cisco_iosxe.failover.timers import ProbeState, Session, TrackState
from provisioning.stands.simulator.cisco_iosxe.interfaces import Interface
from provisioning.stands.simulator.cisco_iosxe.session import Call

INVALID = "% Invalid input detected at '^' marker.\n\n"


def since(then: datetime, now: datetime) -> str:
    """Return for how long something has been so, as IOS tells it: `00:10:04`, `2d03h`, `5w1d`."""
    seconds = max(0, int((now - then).total_seconds()))
    days, rest = divmod(seconds, 86400)
    if days >= 7:
        return f"{days // 7}w{days % 7}d"
    if days:
        return f"{days}d{rest // 3600:02}h"
    return f"{rest // 3600:02}:{rest % 3600 // 60:02}:{rest % 60:02}"


def _sessions(call: Call, version: int | None = None) -> list[tuple[int, Session]]:
    every = enumerate(call.device.network.machine.sessions.values())
    return [(number, each) for number, each in every if version in (None, each.peer.address.version)]


def _own_as(call: Call) -> str:
    return next((name for name, _ in reading.blocks(call.device.text, "router bgp")), "")


def show_bgp_summary(call: Call) -> str:
    """`show ip bgp summary`, `show bgp ipv4 unicast summary`."""
    own = _own_as(call)
    if not own:
        return "% BGP not active\n\n"
    now = call.device.now()
    rows = [_summary_row(each, now) for _, each in _sessions(call, 6 if "ipv6" in call.words else 4)]
    return "\n".join(
        [
            f"BGP router identifier {router_id(call)}, local AS number {own}",
            "BGP table version is 5, main routing table version 5",
            "",
            "Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd",
            *(line for row in rows for line in row),
            "",
        ]
    )


def _summary_row(session: Session, now: datetime) -> list[str]:
    address = shown(session.peer.address)
    counts = f"{'12':>7} {'14':>7} {'5':>8}" if session.here else f"{'0':>7} {'0':>7} {'1':>8}"
    told = "never" if session.is_new else since(session.since, now)
    rest = f"4 {session.peer.as_number:>12} {counts}    0    0 {told:<8} {'       1' if session.here else 'Idle'}"
    # What is longer than its column has a line of its own.
    return [f"{address:<15} {rest}"] if len(address) <= 15 else [address, f"{'':<15} {rest}"]


def router_id(call: Call) -> str:
    """Return by which address the router goes in BGP."""
    text = call.device.text
    lines = reading.lines_below(text, f"router bgp {_own_as(call)}")
    router = next((each for each in lines if "router-id" in each), "")
    return router.split()[-1] if router else _highest(call.device.interfaces())


def _highest(interfaces: list[Interface]) -> str:
    loopbacks = [each.ipv4[0].ip for each in interfaces if each.name.startswith("Loopback") and each.ipv4]
    every = loopbacks or [each.ipv4[0].ip for each in interfaces if each.ipv4]
    return str(max(every)) if every else "0.0.0.0"  # noqa: S104 - it has none


def show_bgp_neighbors(call: Call) -> str:
    """`show bgp all neighbors`, of both families."""
    if not _own_as(call):
        return "% BGP not active\n\n"
    parts = []
    for version in (4, 6):
        parts.append(f"For address family: IPv{version} Unicast\n")
        parts += [_neighbour(call, each) for _, each in _sessions(call, version)]
    return "".join(parts)


def _neighbour(call: Call, session: Session) -> str:
    peer, now = session.peer, call.device.now()
    lines = [f"BGP neighbor is {shown(peer.address)},  remote AS {peer.as_number}, external link"]
    if peer.description:
        lines.append(f" Description: {peer.description}")
    if peer.detects is not None:
        lines.append(" Fall over configured for session\n BFD is configured. Using BFD to detect fast fallover")
    lines.append("  BGP version 4, remote router ID 10.0.0.1")
    up = f"Established, up for {since(session.since, now)}"
    lines.append(f"  BGP state = {up if session.here else 'Idle'}")
    timers = f"hold time is {peer.hold:.0f}, keepalive interval is {peer.hold // 3:.0f} seconds"
    lines.append(f"  Last read 00:00:03, last write 00:00:02, {timers}")
    return "\n".join([*lines, "", ""])


def show_bfd(call: Call) -> str:
    """`show bfd neighbors`."""
    parts = []
    for version in (4, 6):
        found = [(number, each) for number, each in _sessions(call, version) if each.peer.asks_bfd]
        if found:
            head = "NeighAddr                              LD/RD         RH/RS     State     Int"
            parts.append("\n".join([f"\nIPv{version} Sessions", head, *(_bfd_row(*each) for each in found), ""]))
    return "".join(parts)


def _bfd_row(number: int, session: Session) -> str:
    up = session.here and session.peer.detects is not None
    state, ids = "Up" if up else "Down", f"{LOCAL_DISCRIMINATOR + number}/{number + 1 if up else 0}"
    return f"{shown(session.peer.address):<39}{ids:<14}{state:<10}{state:<10}Gi0/0/0"


def show_track(call: Call) -> str:
    """`show track [NUMBER]`."""
    device = call.device
    return "".join(
        _tracked(number, each, call)
        for number, each in device.network.machine.tracks.items()
        if call.values.get("number", number) == number
    )


def _tracked(number: str, state: TrackState, call: Call) -> str:
    track, now = state.track, call.device.now()
    word = {"sla": "Reachability", "interface": "IP routing"}.get(track.kind, f"Boolean {track.argument.upper()}")
    word = "Line protocol" if track.what.endswith("line-protocol") else word
    told = f"{word} is {'Up' if state.up else 'Down'}"
    if state.turns_at is not None:
        left = max(1, -(-(state.turns_at - now) // timedelta(seconds=1)))
        told += f", delayed {'Down' if state.up else 'Up'} ({left} sec{'s' if left != 1 else ''} remaining)"
    head = track.what.replace("ip sla", "IP SLA").replace("interface", "Interface").replace("list", "List")
    changes = f"{state.changes} change{'s' if state.changes != 1 else ''}"
    lines = [f"Track {number}", f"  {head}", f"  {told}", f"    {changes}, last change {since(state.since, now)}"]
    delays = [f"{way} {seconds:.0f} secs" for way, seconds in _delays(state) if seconds]
    lines += [f"  Delay {', '.join(delays)}"] if delays else []
    if track.kind == "sla":
        probe = call.device.network.machine.probes.get(track.argument)
        lines.append(f"  Latest operation return code: {'OK' if probe is not None and probe.good else 'Timeout'}")
    for object_number, turned in track.objects:
        its_state = "Up" if call.device.network.machine.up.get(object_number) else "Down"
        lines.append(f"    object {object_number}{' not' if turned else ''} {its_state}")
    return "\n".join([*lines, ""])


def _delays(state: TrackState) -> Iterator[tuple[str, float]]:
    yield "up", state.track.delay_up
    yield "down", state.track.delay_down


def show_ip_sla(call: Call) -> str:
    """`show ip sla statistics [NUMBER]`."""
    probes = call.device.network.machine.probes.items()
    rows = [_statistics(*each, call) for each in probes if call.values.get("number", each[0]) == each[0]]
    return "IPSLAs Latest Operation Statistics\n\n" + "".join(rows)


def _statistics(number: str, state: ProbeState, call: Call) -> str:
    begun = min(call.device.now(), state.next_at - timedelta(seconds=state.probe.frequency))
    return (
        f"IPSLA operation id: {number}\n"
        f"        Latest RTT: {'3 milliseconds' if state.good else 'NoConnection/Busy/Timeout'}\n"
        f"Latest operation start time: {clock(begun)}\n"
        f"Latest operation return code: {'OK' if state.good else 'Timeout'}\n"
        f"Number of successes: {state.successes}\nNumber of failures: {state.failures}\n"
        "Operation time to live: Forever\n\n"
    )


RADIO = """\
Radio power mode = Online
LTE Rx Channel Number(PCC) =  1300
LTE Tx Channel Number(PCC) =  19300
LTE Band =  3
LTE Bandwidth = 20 MHz
Current RSSI = {rssi} dBm
Current RSRP = {rsrp} dBm
Current RSRQ = -10 dB
Current SNR = 14.2 dB
Physical Cell Id = 211
Number of nearby cells = 1
Radio Access Technology(RAT) Preference = AUTO
Radio Access Technology(RAT) Selected = LTE
"""

NO_RADIO = """\
Radio power mode = Online
Current RSSI = -128 dBm
Radio Access Technology(RAT) Preference = AUTO
Radio Access Technology(RAT) Selected = No Service
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
Cell ID = {cell}
"""

NO_NETWORK = """\
Current System Time = {now}
Current Service Status = No service
Current Service = Invalid
Current Roaming Status = Roaming
Network Selection Mode = Automatic
Mobile Country Code (MCC) = 0
Mobile Network Code (MNC) = 0
Packet switch domain(PS) state = Not attached
Registration state(EMM) = Not Registered
EMM Sub State = No IMSI
"""

HARDWARE = """\
Modem Firmware Version = SWI9X30C_02.33.03.00
Device Model ID = EM7455
International Mobile Equipment Identity (IMEI) = 35907206{number:07}
Modem Status = Modem Online
Current Modem Temperature = 38 deg C
PRI SKU ID = 1103520, PRI version = 002.062
"""

SECURITY = """\
Active SIM = 0
SIM switchover attempts = 0
Card Holder Verification (CHV1) = Disabled
SIM Status = {sim}
SIM User Operation Required = None
Number of CHV1 Retries remaining = 3
"""

NO_SIM_SECURITY = """\
Active SIM = 0
SIM switchover attempts = 0
SIM Status = Not Present
"""


def show_cellular(call: Call) -> str:
    """`show cellular 0/2/0 (radio | network | hardware | security | all)`."""
    if call.values["unit"] != "0/2/0":
        return INVALID
    device, state = call.device, call.device.network.radio()
    now = clock(device.now())
    told = {
        "hardware": HARDWARE.format(number=device.number),
        "network": NETWORK.format(now=now, cell=state.cell) if state.attached else NO_NETWORK.format(now=now),
        "radio": RADIO.format(rsrp=state.rsrp, rssi=state.rsrp + 29) if state.attached else NO_RADIO,
        "security": SECURITY.format(sim="OK") if state.has_sim else NO_SIM_SECURITY,
    }
    if call.words[3] in told:
        return told[call.words[3]]
    titles = {"security": "Modem Security"}
    heads = {name: f"{titles.get(name, name.capitalize())} Information" for name in told}
    return "\n".join(f"{heads[name]}\n{'=' * len(heads[name])}\n{text}" for name, text in told.items())


ROWS = (
    ("show ip bgp summary", show_bgp_summary, 1),
    ("show ip bgp (ipv4|ipv6) unicast summary", show_bgp_summary, 1),
    ("show bgp (ipv4|ipv6) unicast summary", show_bgp_summary, 1),
    ("show bgp all neighbors", show_bgp_neighbors, 1),
    ("show bfd neighbors", show_bfd, 1),
    ("show track [{number:1-1000}]", show_track, 1),
    ("show ip sla statistics [{number:1-2147483647}]", show_ip_sla, 1),
    ("show cellular {unit} (radio|network|hardware|security|all)", show_cellular, 1),
)
