"""What the router tells of access lists, zones and translations: it goes by what is configured.

Layouts as in Cisco IOS Security Command Reference (`show access-lists`, `show zone-pair security`) and IP Addressing
Services Command Reference (`show ip nat translations`, `show ip dhcp binding`); nobody counts packets here.
"""

from collections.abc import Iterator

from provisioning.stands.simulator.cisco_iosxe import reading
from provisioning.stands.simulator.cisco_iosxe.session import Call

_KINDS = {"standard": "Standard IP", "extended": "Extended IP", "": "IPv6"}

_TRANSLATIONS = "Pro  Inside global         Inside local          Outside local         Outside global\n"


def _lists(text: str, version: int) -> Iterator[tuple[str, str, list[str]]]:
    """Yield kind, name and entries of the access lists of a version."""
    words = "ip access-list" if version == 4 else "ipv6 access-list"
    for head, lines in reading.blocks(text, words):
        kind, _, name = head.rpartition(" ")
        yield kind, name, [each for each in lines if not each.split(maxsplit=1)[-1].startswith("remark ")]


def _shown(kind: str, name: str, lines: list[str]) -> str:
    entries = [_numbered_last(each) for each in lines] if not kind else lines
    return "".join(f"{each}\n" for each in (f"{_KINDS[kind]} access list {name}", *(f"    {one}" for one in entries)))


def _numbered_last(line: str) -> str:
    """Return an entry of an IPv6 list as it is told: with its number behind it."""
    words = line.split()
    return " ".join([*words[2:], "sequence", words[1]]) if words[0] == "sequence" else line


def show_access_lists(call: Call) -> str:
    """`show access-lists [NAME]`, `show ip access-lists [NAME]`, `show ipv6 access-list [NAME]`."""
    versions = {"ip": (4,), "ipv6": (6,)}.get(call.words[1], (4, 6))
    wanted = call.values.get("name")
    return "".join(
        _shown(kind, name, lines)
        for version in versions
        for kind, name, lines in _lists(call.device.text, version)
        if wanted in (None, name)
    )


def show_zone_pairs(call: Call) -> str:
    """`show zone-pair security`."""
    parts = []
    for number, (head, lines) in enumerate(reading.blocks(call.device.text, "zone-pair security"), 1):
        words = head.split()
        if len(words) < 5:
            continue
        policies = [each.rpartition(" ")[2] for each in lines if each.startswith("service-policy ")]
        policy = policies[0] if policies else "not configured"
        parts.append(
            f"Zone-pair name {words[0]} {number}\n"
            f"    Source-Zone {words[2]}  Destination-Zone {words[4]} \n    service-policy {policy}\n"
        )
    return "".join(parts)


def show_zones(call: Call) -> str:
    """`show zone security`."""
    interfaces = call.device.interfaces()
    parts = ["zone self\n  Description: System Defined Zone\n\n"]
    for name, _ in reading.blocks(call.device.text, "zone security"):
        members = "".join(f"    {each.name}\n" for each in interfaces if each.zone == name)
        parts.append(f"zone {name}\n  Member Interfaces:\n{members}\n")
    return "".join(parts)


def show_translations(call: Call) -> str:
    """`show ip nat translations`: the static ones, for no packets are remembered."""
    rows = []
    for each in reading.values(call.device.text, "ip nat inside source static"):
        words = each.split()
        if words[0] in ("tcp", "udp") and len(words) >= 5:
            rows.append(_row(words[0], f"{words[3]}:{words[4]}", f"{words[1]}:{words[2]}"))
        elif words[0] not in ("tcp", "udp", "network") and len(words) >= 2:
            rows.append(_row("---", words[1], words[0]))
    return f"{_TRANSLATIONS}{''.join(rows)}Total number of translations: {len(rows)}\n\n"


def _row(protocol: str, outside: str, inside: str) -> str:
    return f"{protocol:<4} {outside:<21} {inside:<21} {'---':<21} ---\n"


def show_bindings(_call: Call) -> str:
    """`show ip dhcp binding`: the simulated host on the LAN keeps no lease."""
    return (
        "Bindings from all pools not associated with VRF:\n"
        "IP address      Client-ID/ \t\tLease expiration \tType       State      Interface\n"
        "\t\tHardware address/\n\t\tUser name\n"
    )


ROWS = (
    ("show access-lists [{name}]", show_access_lists, 1),
    ("show ip access-lists [{name}]", show_access_lists, 1),
    ("show ipv6 access-list [{name}]", show_access_lists, 1),
    ("show zone-pair security", show_zone_pairs, 1),
    ("show zone security", show_zones, 1),
    ("show ip nat translations [verbose]", show_translations, 1),
    ("show ip dhcp binding", show_bindings, 1),
)
