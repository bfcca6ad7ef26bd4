"""The files of a node: a small /etc of its own, and empty /var, /root, /home, /opt, /tmp and /usr/local/sbin.

They live on a tmpfs in the keeper's mount namespace: they survive a restart of the node, and vanish with the keeper.
Nothing of the machine's own secrets is copied.
"""

import os
import pwd
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

from provisioning.errors import LabUnable
from provisioning.stands.lab.access import DNS, RESOLVER, delegation_configuration, dhcp_configuration
from provisioning.stands.lab.boot import FRR_KINDS, boot_script
from provisioning.stands.lab.routing import frr_configuration
from provisioning.stands.lab.topology import Kind, Node, Topology

CPE_DISK = "32m"
"""What a CPE can hold before its disk is full."""

COPIED = (
    *("passwd", "group", "nsswitch.conf", "host.conf", "gai.conf", "localtime", "login.defs", "pam.conf", "pam.d"),
    *("security", "shells", "profile", "bash.bashrc", "inputrc", "alternatives", "ld.so.cache", "ld.so.conf"),
    *("ld.so.conf.d", "services", "protocols", "ethertypes", "iproute2", "sysctl.conf", "dnsmasq.conf", "dnsmasq.d"),
    "hostapd",
)
"""What programs look for in /etc; what the machine has not got is left out."""

EMPTY = (
    *("etc/ssh", "etc/frr", "etc/snmp", "etc/systemd/system", "root/.ssh"),
    *("var/lib/misc", "var/lib/dhcpcd", "var/log/frr", "var/cache", "var/spool", "var/tmp"),
)

SSHD = """\
HostKey /etc/ssh/ssh_host_ed25519_key
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
PrintMotd no
PidFile /run/sshd.pid
Subsystem sftp internal-sftp
"""


def is_private(node: Node) -> bool:
    """Return whether the node has files of its own; in the NOC Proviso runs on those of its user."""
    return node.kind is not Kind.NOC


def prepare(node: Node, topology: Topology, folder: Path, public_key: str) -> None:
    """Write a node's files into a folder.

    Args:
        node: whose files.
        topology: names every node for /etc/hosts.
        folder: made here; a small tmpfs where the node is a CPE.
        public_key: may log in as root.

    Raises:
        LabUnable: when a program that it takes fails.
    """
    folder.mkdir(parents=True)
    if node.kind is Kind.CPE:
        mount_tmpfs(folder, f"mode=755,size={CPE_DISK}")
    etc = folder / "etc"
    etc.mkdir()
    write_hosts(topology, folder)
    (etc / "resolv.conf").write_text(f"nameserver {RESOLVER}\n")
    boot = etc / "lab" / "boot.sh"
    boot.parent.mkdir()
    boot.write_text(boot_script(node, topology.cpes))
    if not is_private(node):
        return
    for name in ("var", "root", "home", "opt", "sbin-local", "tmp", *EMPTY):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "tmp").chmod(0o1777)
    (folder / "root").chmod(0o700)
    (folder / "var" / "run").symlink_to("/run")
    (folder / "var" / "lock").symlink_to("/run/lock")
    _copy_etc(etc)
    (etc / "hostname").write_text(f"{node.name}\n")
    # Unlike `!`, `*` only rules out a password: sshd takes the account for open.
    (etc / "shadow").write_text("root:*:20000:0:99999:7:::\n")
    (etc / "shadow").chmod(0o600)
    (etc / "sysctl.d").mkdir(exist_ok=True)
    if node.serial:
        (etc / "device-serial").write_text(f"{node.serial}\n")
    if node.reached_at is not None:
        (folder / "root" / ".ssh").chmod(0o700)
        (folder / "root" / ".ssh" / "authorized_keys").write_text(public_key)
        (etc / "ssh" / "sshd_config").write_text(SSHD)
        make_key(etc / "ssh" / "ssh_host_ed25519_key")
    if node.kind is Kind.CPE:
        _prepare_init(folder)
    if node.kind in FRR_KINDS:
        (etc / "lab" / "dhcp.conf").write_text(dhcp_configuration(node.kind, topology.cpes))
    if node.kind is Kind.INTERNET:
        (etc / "lab" / "dns.conf").write_text(DNS)
    if node.kind is Kind.BNG:
        (etc / "kea").mkdir()
        (etc / "kea" / "kea-dhcp6.conf").write_text(delegation_configuration(topology.cpes))
    configuration = frr_configuration(node.kind, topology.cpes) if node.kind in FRR_KINDS else ""
    _prepare_frr(configuration, etc / "frr", folder / "var" / "log" / "frr")


def write_hosts(topology: Topology, folder: Path) -> None:
    """Write /etc/hosts of a node, in place: it may be mounted in the node."""
    (folder / "etc" / "hosts").write_text(hosts(topology))


def discard(folder: Path) -> None:
    """Throw away the disk of a CPE that has no power.

    Raises:
        LabUnable: when it cannot be.
    """
    _run("umount", str(folder))
    folder.rmdir()


def hosts(topology: Topology) -> str:
    """Return /etc/hosts: the OLTs, and every node by the address at which the NOC reaches it, or else its first."""
    lines = ["127.0.0.1 localhost", "::1 localhost ip6-localhost"]
    for node in topology.nodes:
        first = str(node.addresses[0].ip) if node.addresses else None
        if address := node.reached_at or first:
            lines.append(f"{address} {node.name} {node.serial}".rstrip())
    lines += [f"{each.address} {each.hostname} {each.name}" for each in topology.olts]
    return "\n".join(lines) + "\n"


def _copy_etc(etc: Path) -> None:
    for name in COPIED:
        source, target = Path("/etc") / name, etc / name
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True, ignore_dangling_symlinks=True, copy_function=_copy)
        elif source.exists():
            _copy(str(source), str(target))


def _copy(source: str, target: str) -> None:
    # Whoever runs the lab may not read everything, and a node needs none of what is kept from him.
    if os.access(source, os.R_OK):
        shutil.copy(source, target)


def _prepare_init(folder: Path) -> None:
    """Give a CPE what a router with systemd has: its services can be started and stopped, and start at boot."""
    source = files("provisioning.stands.lab") / "cpe_init"
    (folder / "etc" / "dhcpcd.conf").write_text((source / "dhcpcd.conf").read_text("utf-8"))
    systemctl = folder / "sbin-local" / "systemctl"
    systemctl.write_text((source / "systemctl").read_text("utf-8"))
    systemctl.chmod(0o755)


def make_key(path: Path) -> str:
    """Make an Ed25519 key pair without a passphrase; return its public half as a line."""
    _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "proviso-lab", "-f", str(path))
    return path.with_name(path.name + ".pub").read_text()


def _prepare_frr(configuration: str, folder: Path, log: Path) -> None:
    (folder / "vtysh.conf").write_text("service integrated-vtysh-config\n")
    (folder / "frr.conf").write_text(configuration)
    try:
        owner = pwd.getpwnam("frr")
    except KeyError:
        return
    for path in (folder, *folder.iterdir(), log):
        os.chown(path, owner.pw_uid, owner.pw_gid)


def _run(*command: str) -> None:
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise LabUnable(
            f"{command[0]} failed: {result.stderr.strip()}",
            where=command[-1],
            remedy="`proviso lab check` tells what this machine can do.",
        )


def mount_tmpfs(folder: Path, options: str) -> None:
    """Mount a tmpfs on a folder.

    Raises:
        LabUnable: when the kernel refuses.
    """
    _run("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder))
