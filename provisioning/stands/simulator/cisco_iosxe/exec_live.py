"""Sessions that run through the router, shown and ended.

IOS XE 17, IP Addressing Command Reference and Security Command Reference, under the names of the commands.
"""

from provisioning.stands.simulator.cisco_iosxe.forwarding.sections import read_sections
from provisioning.stands.simulator.cisco_iosxe.forwarding.translation import NUMBERS, read_translations
from provisioning.stands.simulator.cisco_iosxe.session import Call
from provisioning.stands.simulator.live_calls import LiveCall
from provisioning.stands.simulator.packets import PROTOCOLS, address_text

HEAD = "Pro  Inside global         Inside local          Outside local         Outside global\n"
INWARDS = "OUTSIDE-INSIDE"
LEGEND = (
    "[s=session  i=imprecise channel c=control channel  d=data channel u=utd inspect A/D=appfw action allow/deny]\n"
)
NAMES = {number: name for name, number in NUMBERS.items()}


def show_translations(call: Call) -> str:
    """`show ip nat translations`."""
    rows = []
    static = read_translations(read_sections(call.device.text)).ports
    for (protocol, outside, port), (host, inside) in static.items():
        ends = f"{address_text(4, outside)}:{port}", f"{address_text(4, host)}:{inside}"
        rows.append((NAMES[protocol], *ends, "---", "---"))
    for each in call.device.live:
        if each.translated:
            source = f"{each.source}:{each.source_port}"
            ends = f"{each.target}:{each.target_port}", f"{each.host}:{each.host_port}"
            rows.append((each.protocol, *ends, source, source))
    shown = "".join(f"{row[0]:<5}{row[1]:<22}{row[2]:<22}{row[3]:<22}{row[4]}\n" for row in rows)
    return f"{HEAD}{shown}Total number of translations: {len(rows)}\n\n"


def show_sessions(call: Call) -> str:
    """`show policy-firewall sessions platform`: each by the address that the firewall sees, after translation."""
    rows = [
        f"Session ID:0x{number:08X} {each.source} {each.source_port} {each.host} {each.host_port} "
        f"proto {PROTOCOLS[each.protocol]} (-global-:0:-global-:0) (0x2:{each.protocol}) [sd]\n"
        for number, each in enumerate(call.device.live, 1)
    ]
    platform = "--show platform hardware qfp active feature firewall datapath scb any any any any any all any --\n"
    return f"{platform}{LEGEND}{''.join(rows)}"


def clear_translation(call: Call) -> str:
    """`clear ip nat translation PROTOCOL inside GLOBAL PORT LOCAL PORT outside LOCAL PORT GLOBAL PORT`."""
    get = call.values
    wanted = (get["protocol"], get["global"], get["global_port"], get["local"], get["local_port"])
    source = f"{get['outside_global']}:{get['outside_global_port']}"
    found = [each for each in call.device.live if each.translated and _ends(each) == (*wanted, source)]
    if not found:
        return "% Translation not found\n"
    call.device.live[:] = [each for each in call.device.live if each not in found]
    return ""


def _ends(each: LiveCall) -> tuple[str, ...]:
    source = f"{each.source}:{each.source_port}"
    return each.protocol, str(each.target), str(each.target_port), each.host, str(each.host_port), source


def clear_zone_pair(call: Call) -> str:
    """`clear zone-pair NAME inspect session`: all of a pair; what comes from outside is of one of them."""
    if call.values["name"] == INWARDS:
        call.device.live.clear()
    return ""


ROWS = (
    ("show ip nat translations", show_translations, 1),
    ("show policy-firewall sessions platform", show_sessions, 15),
    (
        "clear ip nat translation {protocol} inside {global} {global_port} {local} {local_port} outside "
        "{outside_local} {outside_local_port} {outside_global} {outside_global_port}",
        clear_translation,
        15,
    ),
    ("clear zone-pair {name} inspect session", clear_zone_pair, 15),
)
