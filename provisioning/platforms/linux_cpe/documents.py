"""The documents of a router, in the order in which they are applied: the firewall first, SSH last."""

from provisioning.model.intent import AddressedIntent
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.operator import Operator
from provisioning.platforms.linux_cpe.cpe_line import CpeLine
from provisioning.platforms.linux_cpe.frr import frr_conf, frr_daemons
from provisioning.platforms.linux_cpe.lan_services import dnsmasq_conf, hostapd_conf
from provisioning.platforms.linux_cpe.nftables import nftables_conf
from provisioning.platforms.linux_cpe.system import (
    dhcpcd_conf,
    network_sh,
    snmpd_conf,
    sshd_config,
    sysctl_conf,
)
from provisioning.platforms.template import DocumentTemplate

PLATFORM = "linux_cpe"

# Names and paths stand on the router too (`proviso-documents`, function `table`); a test holds the two together.
DOCUMENTS: tuple[DocumentTemplate[CpeLine], ...] = (
    DocumentTemplate("nftables.conf", "/etc/nftables.conf", 0o600, "nft", nftables_conf),
    DocumentTemplate("sysctl.conf", "/etc/sysctl.d/90-proviso.conf", 0o644, "plain", sysctl_conf),
    DocumentTemplate("network.sh", "/etc/proviso/network.sh", 0o700, "shell", network_sh),
    DocumentTemplate("dhcpcd.conf", "/etc/dhcpcd.conf", 0o644, "plain", dhcpcd_conf),
    DocumentTemplate("daemons", "/etc/frr/daemons", 0o640, "plain", frr_daemons),
    DocumentTemplate("frr.conf", "/etc/frr/frr.conf", 0o640, "frr", frr_conf),
    DocumentTemplate("dnsmasq.conf", "/etc/dnsmasq.conf", 0o644, "plain", dnsmasq_conf),
    DocumentTemplate("hostapd.conf", "/etc/hostapd/hostapd.conf", 0o600, "hostapd", hostapd_conf),
    DocumentTemplate("snmpd.conf", "/etc/snmp/snmpd.conf", 0o600, "snmpd", snmpd_conf),
    DocumentTemplate("sshd_config", "/etc/ssh/sshd_config", 0o600, "plain", sshd_config),
)


def cpe_line(addressed: AddressedIntent, operator: Operator, secrets: LineSecrets) -> CpeLine:
    """Return the line as its documents look at it.

    Raises:
        ValueError: when the line has no router of ours, which the caller has asked before.
    """
    lan, cpe, management = addressed.intent.lan, addressed.intent.cpe, addressed.management
    if lan is None or cpe is None or management is None:
        raise ValueError(f"line {addressed.intent.line} has no router of ours")
    return CpeLine(addressed, operator, secrets, lan, management, cpe.serial)
