"""How the daemons of a simulated router check their documents: each by a grammar of its own, in the daemon's words."""

from collections.abc import Callable, Mapping

from provisioning.stands.simulator.linux_cpe import settings_files
from provisioning.stands.simulator.linux_cpe.frr import FrrError, read_frr
from provisioning.stands.simulator.linux_cpe.nft_parser import read_ruleset
from provisioning.stands.simulator.linux_cpe.nft_words import NftError
from provisioning.stands.simulator.linux_cpe.shell_parser import parse
from provisioning.stands.simulator.linux_cpe.shell_syntax import ShellSyntaxError

STAGED = "/var/lib/proviso/staged"
SCRATCH = "/run/proviso/check.sIm0Qa"


def _nft(text: str, path: str) -> str:
    try:
        read_ruleset(text)
    except NftError as error:
        return error.shown(path, text)
    return ""


def _sh(text: str, path: str) -> str:
    try:
        parse(text)
    except ShellSyntaxError as error:
        return f"{path}: {error}"
    return ""


def _frr(text: str, _path: str) -> str:
    try:
        read_frr(text)
    except FrrError as error:
        return str(error)
    return ""


CHECKERS: Mapping[str, Callable[[str, str], str]] = {
    "nftables.conf": _nft,
    "sysctl.conf": settings_files.check_sysctl,
    "network.sh": _sh,
    "dhcpcd.conf": settings_files.check_dhcpcd,
    "daemons": _sh,
    "frr.conf": _frr,
    "failover.conf": _sh,
    "dnsmasq.conf": settings_files.check_dnsmasq,
    "hostapd.conf": settings_files.check_hostapd,
    "snmpd.conf": settings_files.check_snmpd,
    "sshd_config": settings_files.check_sshd,
}


def check(name: str, content: bytes) -> str:
    """Return what a daemon complains of its document; empty when it takes it."""
    text = content.decode("utf-8", "surrogateescape")
    if "\0" in text:
        return f"{STAGED}/{name}: binary data"
    folder = SCRATCH if name in ("hostapd.conf", "snmpd.conf", "dhcpcd.conf") else STAGED
    return CHECKERS[name](text, f"{folder}/{name}")
