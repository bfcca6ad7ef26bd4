"""The documents of a router, in the order in which they are applied: the firewall first, SSH last."""

from provisioning.platforms.linux_cpe.failover import failover_conf
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
from provisioning.platforms.router_line import RouterLine
from provisioning.platforms.template import DocumentTemplate

PLATFORM = "linux_cpe"

# Names and paths stand on the router too (`proviso-documents`, function `table`); a test holds the two together.
DOCUMENTS: tuple[DocumentTemplate[RouterLine], ...] = (
    DocumentTemplate("nftables.conf", "/etc/nftables.conf", 0o600, "nft", nftables_conf),
    DocumentTemplate("sysctl.conf", "/etc/sysctl.d/90-proviso.conf", 0o644, "plain", sysctl_conf),
    DocumentTemplate("network.sh", "/etc/proviso/network.sh", 0o700, "shell", network_sh),
    DocumentTemplate("dhcpcd.conf", "/etc/dhcpcd.conf", 0o644, "plain", dhcpcd_conf),
    DocumentTemplate("daemons", "/etc/frr/daemons", 0o640, "plain", frr_daemons),
    DocumentTemplate("frr.conf", "/etc/frr/frr.conf", 0o640, "frr", frr_conf),
    DocumentTemplate("failover.conf", "/etc/proviso/failover.conf", 0o644, "shell", failover_conf),
    DocumentTemplate("dnsmasq.conf", "/etc/dnsmasq.conf", 0o644, "plain", dnsmasq_conf),
    DocumentTemplate("hostapd.conf", "/etc/hostapd/hostapd.conf", 0o600, "hostapd", hostapd_conf),
    DocumentTemplate("snmpd.conf", "/etc/snmp/snmpd.conf", 0o600, "snmpd", snmpd_conf),
    DocumentTemplate("sshd_config", "/etc/ssh/sshd_config", 0o600, "plain", sshd_config),
)
