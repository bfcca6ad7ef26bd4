"""The Debian packages that the lab needs, what each is for, and how they are installed."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from provisioning.errors import LabUnable

SEARCHED = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/lib/frr")
"""Where programs lie; an ordinary user has only half of it on his PATH."""

POLICY = Path("/usr/sbin/policy-rc.d")
"""What Debian asks before it starts a service that it has just installed."""


@dataclass(frozen=True, slots=True)
class Package:
    """A Debian package.

    Attributes:
        programs: what we run of it.
        purpose: for people.
        needed: whether the lab cannot come up without it; the others serve what runs on it.
        service: the service that it would start on this machine; empty when it has none.
    """

    name: str
    programs: tuple[str, ...]
    purpose: str
    needed: bool = True
    service: str = ""


PACKAGES = (
    Package("util-linux", ("unshare", "nsenter"), "nodes"),
    Package("iproute2", ("ip",), "links and addresses"),
    Package("nftables", ("nft",), "silent cuts, firewall of a CPE", service="nftables"),
    Package("openssh-server", ("sshd",), "logging in to nodes", service="ssh"),
    Package("openssh-client", ("ssh-keygen", "ssh"), "keys, going to nodes"),
    Package("frr", ("zebra", "bgpd", "bfdd", "vtysh"), "routing", service="frr"),
    Package("dnsmasq-base", ("dnsmasq",), "addresses of CPEs; DHCP and DNS of a CPE"),
    Package("dhcpcd-base", ("dhcpcd",), "how a CPE gets its address"),
    Package("iputils-ping", ("ping",), "looking whether packets pass", needed=False),
    Package("tcpdump", ("tcpdump",), "proviso lab capture", needed=False),
    Package("frr-pythontools", ("frr-reload.py",), "changing a CPE's routing", needed=False),
    Package("snmpd", ("snmpd",), "SNMP of a CPE", needed=False, service="snmpd"),
    Package("conntrack", ("conntrack",), "looking at the sessions through a CPE, and ending them", needed=False),
    Package("nmap", ("nmap",), "scanning from outside", needed=False),
    Package("hostapd", ("hostapd",), "Wi-Fi of a CPE", needed=False, service="hostapd"),
    Package(
        "kea-dhcp6-server",
        ("kea-dhcp6",),
        "prefixes of lines without an IPv6 block",
        needed=False,
        service="kea-dhcp6-server",
    ),
    Package("iperf3", ("iperf3",), "measuring speeds by hand, against the node `internet`", needed=False),
    Package("uidmap", ("newuidmap", "newgidmap"), "the lab of an ordinary user", needed=False),
)


def find_program(name: str) -> str | None:
    """Return the path of a program, or None where there is none."""
    return shutil.which(name, path=full_path())


def full_path() -> str:
    """Return the PATH of this process with all the places where programs lie."""
    present = [each for each in os.environ.get("PATH", "").split(os.pathsep) if each]
    return os.pathsep.join((*present, *(each for each in SEARCHED if each not in present)))


def missing() -> tuple[Package, ...]:
    """Return the packages of which a program is missing."""
    return tuple(each for each in PACKAGES if not all(map(find_program, each.programs)))


def install_commands(packages: Sequence[Package]) -> tuple[tuple[str, ...], ...]:
    """Return the commands that install packages."""
    return (
        ("apt-get", "update", "-qq"),
        ("apt-get", "install", "--yes", "--no-install-recommends", *(each.name for each in packages)),
    )


def install(packages: Sequence[Package]) -> None:
    """Install packages, without starting their services; what apt says goes to standard error.

    Raises:
        LabUnable: when that is not possible here, or fails.
    """
    by_hand = " && ".join("sudo " + " ".join(each) for each in install_commands(packages))
    if find_program("apt-get") is None:
        names = " ".join(each.name for each in packages)
        raise LabUnable(
            "this machine has no apt-get: only on Debian and its kin does this install packages",
            where="proviso lab setup",
            remedy=f"Install what your system calls: {names}",
        )
    if os.geteuid() != 0:
        raise LabUnable("only root can install packages", where="proviso lab setup", remedy=f"Run: {by_hand}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with _services_left_alone():
        for command in install_commands(packages):
            # Descriptor 2: standard output is for the answer.
            if subprocess.run(command, env=environment, stdout=2, check=False).returncode:
                raise LabUnable(
                    f"{' '.join(command[:2])} failed: see above",
                    where="proviso lab setup",
                    remedy=f"See what it says to: {by_hand}",
                )


@contextmanager
def _services_left_alone() -> Iterator[None]:
    """Keep Debian from starting the services of what it installs: the lab starts its own, in its nodes."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)
