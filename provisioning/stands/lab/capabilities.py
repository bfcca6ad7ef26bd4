"""What this machine can do for a lab and what it cannot, each with the reason and the remedy.

The kernel is asked by doing: every feature is tried in namespaces that are thrown away.
"""

import os
import pwd
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from provisioning.errors import LabUnable
from provisioning.stands.lab.packages import PACKAGES, Package, find_program
from provisioning.stands.lab.privileges import ISOLATE, PROBE_SECONDS, Mode, mode_of_caller


@dataclass(frozen=True, slots=True)
class Capability:
    """One thing that a machine can do or not.

    Attributes:
        group: machine, program or kernel.
        needed: whether the lab cannot come up without it.
        able: None when it could not be found out.
        purpose: what it is for.
        reason: what was found; why not, where it is not able.
        remedy: what to do about it, an exact command where there is one.
    """

    group: str
    name: str
    needed: bool
    able: bool | None
    purpose: str
    reason: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature of the kernel, and the commands that try it out."""

    name: str
    purpose: str
    trial: str
    needed: bool = False


_NFT = "nft add table inet t && nft 'add chain inet t c { type %s; }' && nft add rule inet t c %s"

FEATURES = (
    Feature("veth", "links", "ip link add name va type veth peer name vb", needed=True),
    Feature("bridge", "access bridge", "ip link add name b0 type bridge", needed=True),
    Feature(
        "nftables in bridges",
        "cuts",
        "nft add table bridge t && nft 'add chain bridge t c { type filter hook prerouting priority 0; }' && "
        "nft add rule bridge t c numgen random mod 100 '<' 30 drop",
        needed=True,
    ),
    Feature(
        "nftables, stateful", "firewall of a CPE", _NFT % ("filter hook forward priority 0", "ct state new accept")
    ),
    Feature(
        "NAT", "addresses and ports of a CPE", _NFT % ("nat hook postrouting priority 100", "oifname e masquerade")
    ),
    Feature("policy routing", "two bearers", "ip rule add from 198.51.100.1 lookup 77"),
    Feature("tbf shaping", "speed of a formula", "tc qdisc add dev lo root tbf rate 1mbit burst 10k latency 10ms"),
    Feature(
        "HTB shaping",
        "upstream speed of a formula",
        "tc qdisc add dev lo root handle 1: htb && tc class add dev lo parent 1: classid 1:1 htb rate 1mbit",
    ),
    Feature(
        "nftables, pairs with ranges",
        "source filter",
        "nft add table inet t && nft 'add set inet t s { type ether_addr . ipv4_addr; flags interval; "
        "elements = { 02:00:00:00:00:01 . 192.0.2.0/24 }; }'",
    ),
    Feature("netem", "delay and loss on purpose", "tc qdisc add dev lo root netem delay 1ms"),
    Feature(
        "overlay files",
        "small copies of a disk",
        "mount -t tmpfs t /mnt && cd /mnt && mkdir a b c d && "
        "mount -t overlay -o lowerdir=a,upperdir=b,workdir=c,userxattr o d",
    ),
    Feature("802.1Q", "a VLAN for each line", "ip link add link lo name v7 type vlan id 7"),
    Feature("VRF", "routing tables apart", "ip link add name v0 type vrf table 7"),
    Feature("dummy", "interfaces without a cable", "ip link add name d0 type dummy"),
    Feature(
        "macvlan",
        "more hosts on a LAN",
        "ip link add name va type veth peer name vb && ip link add link va name m0 type macvlan",
    ),
    Feature("VXLAN", "tunnels", "ip link add name x0 type vxlan id 7 dstport 4789"),
    Feature("GRE", "tunnels", "ip link add name g0 type gre local 127.0.0.1"),
    Feature("WireGuard", "tunnels", "ip link add name w0 type wireguard"),
    Feature("PPP", "lines with PPPoE", "test -e /proc/net/pppoe || test -e /sys/class/ppp"),
    Feature("Wi-Fi radio", "Wi-Fi of a CPE on the air", "ls /sys/class/ieee80211 2>/dev/null | grep -q ."),
)


def find_out() -> tuple[Capability, ...]:
    """Return everything that matters, the most needed first."""
    rights = _rights()
    return (_system(), rights, *(_program(each) for each in PACKAGES), *_kernel(able=bool(rights.able)))


def obstacles() -> tuple[Capability, ...]:
    """Return what keeps the lab from coming up on this machine: nothing where it can."""
    return in_the_way(find_out())


def in_the_way(found: Sequence[Capability]) -> tuple[Capability, ...]:
    """Return what is needed and is not there; what could not be tried waits for something else in any case."""
    return tuple(each for each in found if each.needed and each.able is False)


def require() -> Mode:
    """Return by which right the lab runs here. Looks only, and quickly; the kernel's features are found out later.

    Raises:
        LabUnable: when it cannot run, with what to do about the first obstacle.
    """
    quick = (_system(), *(_program(each) for each in PACKAGES if each.needed), _rights())
    for each in quick:
        if not each.able:
            raise LabUnable(
                f"the lab cannot run here: {each.name}: {each.reason}", where="this machine", remedy=each.remedy
            )
    return mode_of_caller()


def _system() -> Capability:
    able = sys.platform == "linux"
    reason = f"{os.uname().sysname} {os.uname().release}"
    return Capability("machine", "Linux", True, able, "namespaces", reason, "" if able else "Use a Linux machine.")


def _rights() -> Capability:
    mode = mode_of_caller()
    name, purpose = "namespaces", "nodes, by right of root or in a user namespace"
    if trouble := mode.try_out():
        reason = " / ".join(trouble.splitlines()[-2:])
        return Capability("machine", name, True, False, purpose, reason, advise(mode, _account()))
    return Capability("machine", name, True, True, purpose, f"as {mode.value}")


@dataclass(frozen=True, slots=True)
class Account:
    """What decides whether a user may make namespaces.

    Attributes:
        mappers: whether newuidmap is installed.
        ids: whether /etc/subuid and /etc/subgid give the user ids to map.
        free_id: from which on 65,536 ids belong to nobody.
        settings: sysctls that may stand in the way, by name, as far as this kernel has them.
    """

    user: str
    mappers: bool
    ids: bool
    free_id: int
    settings: Mapping[str, str]


ID_FILES = (Path("/etc/subuid"), Path("/etc/subgid"))
AS_ROOT = "or run it as root: sudo proviso lab up"

FIRST_ID = 100000
"""From which on distributions give ids to users."""

WANTED_SETTINGS = {
    "kernel.unprivileged_userns_clone": "1",
    "kernel.apparmor_restrict_unprivileged_userns": "0",
    "user.max_user_namespaces": "10000",
}


def advise(mode: Mode, account: Account) -> str:
    """Return what somebody who may not make namespaces should do, as an exact command where there is one."""
    if mode is Mode.ROOT:
        return "This root is not allowed to: start the container with `--privileged`, or use the machine's own root."
    if not account.mappers:
        return f"Run: sudo apt-get install --yes uidmap ({AS_ROOT})"
    if not account.ids:
        ids = f"{account.free_id}-{account.free_id + 65535}"
        return f"Run: sudo usermod --add-subuids {ids} --add-subgids {ids} {account.user} ({AS_ROOT})"
    for setting, wanted in WANTED_SETTINGS.items():
        found = account.settings.get(setting, wanted)
        # Any number of namespaces will do, but for none.
        if found == "0" != wanted or (wanted == "0" != found):
            return f"Run: sudo sysctl -w {setting}={wanted} ({AS_ROOT})"
    return "Run it as root: sudo proviso lab up"


def _account() -> Account:
    uid = os.getuid()
    try:
        user = pwd.getpwuid(uid).pw_name
    except KeyError:
        user = str(uid)
    files = {name: Path("/proc/sys") / name.replace(".", "/") for name in WANTED_SETTINGS}
    return Account(
        user=user,
        mappers=find_program("newuidmap") is not None,
        ids=all(any(name in (user, str(uid)) for name, _ in _given_ids(file)) for file in ID_FILES),
        free_id=max([FIRST_ID, *(end for file in ID_FILES for _, end in _given_ids(file))]),
        settings={name: file.read_text().strip() for name, file in files.items() if file.exists()},
    )


def _given_ids(file: Path) -> list[tuple[str, int]]:
    """Return who was given ids in /etc/subuid or /etc/subgid, and the end of each range."""
    try:
        rows = [line.split(":") for line in file.read_text().splitlines()]
    except OSError:
        return []
    return [(row[0], int(row[1]) + int(row[2])) for row in rows if len(row) == 3 and (row[1] + row[2]).isdigit()]


def _program(package: Package) -> Capability:
    absent = [each for each in package.programs if find_program(each) is None]
    return Capability(
        "program",
        package.name,
        package.needed,
        not absent,
        package.purpose,
        f"no {', '.join(absent)}" if absent else "",
        "Run: proviso lab setup" if absent else "",
    )


def _kernel(*, able: bool) -> tuple[Capability, ...]:
    answers = _try_features() if able else {}
    return tuple(_feature(each, answers.get(each.name)) for each in FEATURES)


def _feature(feature: Feature, answer: str | None) -> Capability:
    if answer is None:
        return Capability(
            "kernel", feature.name, feature.needed, None, feature.purpose, "cannot be tried without namespaces"
        )
    remedy = "Use a kernel that has it." if answer and feature.needed else ""
    return Capability("kernel", feature.name, feature.needed, not answer, feature.purpose, answer, remedy)


def _try_features() -> dict[str, str]:
    """Return for every feature why the kernel does not have it, or nothing where it has."""
    mode = mode_of_caller()
    found = {}
    trials = {each.name: [*mode.unshare, *_fresh(each.trial)] for each in FEATURES}
    running = {
        name: subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for name, command in trials.items()
    }
    for name, process in running.items():
        try:
            _, complaint = process.communicate(timeout=PROBE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            _, complaint = process.communicate()
        told = [line for line in complaint.splitlines() if line.strip()]
        found[name] = (told[0].strip() if told else "the kernel has none") if process.returncode else ""
    return found


def _fresh(trial: str) -> tuple[str, ...]:
    path = 'PATH="$PATH:/usr/sbin:/sbin"; mount -t sysfs sysfs /sys 2>/dev/null; ip link set lo up; '
    return ("unshare", "--uts", "--ipc", *ISOLATE, "sh", "-c", path + trial)
