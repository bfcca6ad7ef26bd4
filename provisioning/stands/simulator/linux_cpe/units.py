"""What a simulated router says of its programs and services: systemctl, uname, versions (those of Debian 12)."""

from collections.abc import Mapping
from typing import Protocol

from provisioning.stands.simulator.linux_cpe.shell_types import Command, Shell, Streams
from provisioning.stands.simulator.linux_cpe.tree import Tree

UNITS = "/etc/systemd/system"
WANTS = f"{UNITS}/multi-user.target.wants"
KERNEL = "6.1.0-37-simulated"

SAID: Mapping[str, str] = {
    "zebra": "zebra version 8.4.4",
    "nft": "nftables v1.0.6 (Lester Gooch #5)",
    "dnsmasq": "Dnsmasq version 2.90  Copyright (c) 2000-2024 Simon Kelley",
    "dhcpcd": "dhcpcd 9.4.1",
    "hostapd": "hostapd v2.10",
    "snmpd": "\nNET-SNMP version:  5.9.3",
    "ssh": "OpenSSH_9.2p1 Debian-2+deb12u7, OpenSSL 3.0.17 1 Jul 2025",
}
"""What each program says when it is asked for its version."""

KNOWN = (
    "frr",
    "dnsmasq",
    "hostapd",
    "snmpd",
    "ssh",
    "dhcpcd",
    "nftables",
    "proviso",
    "proviso-shut",
    "proviso-failover",
)


class Machine(Protocol):
    """The router that services run on."""

    tree: Tree
    active: set[str]


def systemctl(machine: Machine) -> Command:
    """Return the program `systemctl` of a router."""

    def command(_shell: Shell, arguments: list[str], streams: Streams) -> int:
        words = [each for each in arguments if not each.startswith("-")]
        verb, units = (words[0] if words else ""), [each.removesuffix(".service") for each in words[1:]]
        if verb == "daemon-reload":
            return 0
        for unit in units:
            if unit not in KNOWN and f"{UNITS}/{unit}.service" not in machine.tree.files:
                streams.complain(f"Failed to {verb} unit: Unit file {unit}.service does not exist.")
                return 5 if verb in ("start", "restart", "reload") else 1
            code = _drive(machine, verb, unit, streams)
            if code:
                return code
        return 0

    return command


def _drive(machine: Machine, verb: str, unit: str, streams: Streams) -> int:
    wanted = f"{WANTS}/{unit}.service"
    match verb:
        case "enable":
            machine.tree.make_folder(WANTS)
            machine.tree.write(wanted, b"")
        case "disable":
            machine.tree.remove(wanted)
        case "is-active":
            return 0 if unit in machine.active else 3
        case "is-enabled":
            return 0 if wanted in machine.tree.files else 1
        case "start" | "restart" | "reload" | "reload-or-restart":
            machine.active.add(unit)
        case "try-restart":
            pass
        case "stop":
            machine.active.discard(unit)
        case _:
            streams.complain(f"Unknown command verb {verb}.")
            return 1
    return 0


def programs(name: str) -> dict[str, Command]:
    """Return the programs that say their version, and `uname` and `id`.

    Args:
        name: of the router.
    """

    def say(text: str) -> Command:
        def command(_shell: Shell, _arguments: list[str], streams: Streams) -> int:
            streams.say(text)
            return 0

        return command

    def uname(_shell: Shell, arguments: list[str], streams: Streams) -> int:
        streams.say(KERNEL if arguments == ["-r"] else name if arguments == ["-n"] else "Linux")
        return 0

    found = {program: say(text) for program, text in SAID.items()}
    return {**found, "uname": uname, "hostname": say(name), "id": say("uid=0(root) gid=0(root) groups=0(root)")}
