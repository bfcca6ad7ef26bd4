"""The configuration modes, and the order of their commands in `show running-config`."""

from collections.abc import Mapping
from typing import Final

from provisioning.stands.simulator.cisco_iosxe.configuration.commands import (
    access_lists,
    firewall,
    interfaces,
    management,
    mobile_and_wireless,
    routing,
    services,
    system,
)
from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Mode, Negative, Rule

_LEAVING = (
    Rule("exit", does="exit", no=Negative.NONE),
    Rule("end", does="end", no=Negative.NONE),
)
INTERFACES = (
    Rule(
        "interface {name:IFACE}", key=("name",), does="interface", sorts=("name",), apart=True, refuses=("interface",)
    ),
)
GROUPS: Final[tuple[tuple[Rule, ...], ...]] = (
    (*system.FIRST, *system.PLATFORM),
    system.HOSTNAME,
    system.BOOT,
    system.VRF,
    management.LOGGING_FIRST,
    system.ENABLE,
    system.AAA,
    system.CLOCK,
    services.NAMES,
    services.DHCP,
    system.LOGIN,
    services.DHCP6,
    system.STANDING,
    firewall.PARAMETER_MAPS,
    system.KEY_CHAINS,
    system.CRYPTO,
    system.LICENSE,
    system.ARCHIVE,
    system.USERS,
    system.REDUNDANCY,
    routing.BFD,
    mobile_and_wireless.CONTROLLERS,
    mobile_and_wireless.VLANS,
    services.TRACK,
    firewall.CLASS_MAPS,
    firewall.POLICY_MAPS,
    firewall.ZONES,
    INTERFACES,
    routing.PROTOCOLS,
    system.FORWARD,
    system.HTTP,
    services.DNS_SERVER,
    services.NAT,
    (*routing.STATIC_IPV4, *system.SSH),
    access_lists.LISTS,
    access_lists.ACCESS_LISTS,
    services.SLA,
    management.LOGGING,
    mobile_and_wireless.DIALERS,
    routing.STATIC_IPV6,
    routing.ROUTE_MAPS,
    management.SNMP,
    management.RADIUS,
    (Rule("control-plane", opens="control-plane", apart=True),),
    system.BANNERS,
    system.LINES,
    management.NTP,
    mobile_and_wireless.WLANS,
    services.EVENTS,
)
"""The commands of the global mode, in the order shown; `!` stands between two groups."""

_MODES: tuple[Mode, ...] = (
    Mode("config", "(config)#", tuple(rule for group in GROUPS for rule in group)),
    Mode("if-routed", "(config-if)#", interfaces.ROUTED),
    Mode("if-switch", "(config-if)#", interfaces.SWITCHED),
    Mode("if-vlan", "(config-if)#", interfaces.VLAN),
    Mode("if-loopback", "(config-if)#", interfaces.LOOPBACK),
    Mode("if-cellular", "(config-if)#", interfaces.CELLULAR),
    Mode("if-tunnel", "(config-if)#", interfaces.TUNNEL),
    Mode("if-sub", "(config-subif)#", interfaces.SUB),
    Mode("if-null", "(config-if)#", interfaces.NULL),
    Mode("controller", "(config-controller)#", interfaces.CONTROLLER),
    Mode("standard-list", "(config-std-nacl)#", access_lists.STANDARD),
    Mode("extended-list", "(config-ext-nacl)#", access_lists.EXTENDED),
    Mode("ipv6-list", "(config-ipv6-acl)#", access_lists.IPV6),
    Mode("inspect-class", "(config-cmap)#", firewall.INSPECT_CLASS),
    Mode("class", "(config-cmap)#", firewall.CLASS),
    Mode("inspect-policy", "(config-pmap)#", firewall.INSPECT_POLICY),
    Mode("inspect-policy-class", "(config-pmap-c)#", firewall.INSPECT_POLICY_CLASS, parent="inspect-policy"),
    Mode("policy", "(config-pmap)#", firewall.POLICY),
    Mode("policy-class", "(config-pmap-c)#", firewall.POLICY_CLASS, parent="policy"),
    Mode("parameters", "(config-profile)#", firewall.PARAMETERS),
    Mode("parameters-global", "(config-profile)#", firewall.GLOBAL_PARAMETERS),
    Mode("zone", "(config-sec-zone)#", firewall.ZONE),
    Mode("zone-pair", "(config-sec-zone-pair)#", firewall.ZONE_PAIR),
    Mode("bgp", "(config-router)#", routing.BGP),
    Mode("bgp-ipv4", "(config-router-af)#", routing.FAMILY_IPV4, closing="exit-address-family", opening="!"),
    Mode("bgp-ipv6", "(config-router-af)#", routing.FAMILY_IPV6, closing="exit-address-family", opening="!"),
    Mode("bgp-other", "(config-router-af)#", routing.BGP_OTHER, closing="exit-address-family", opening="!"),
    Mode("bgp-session", "(config-router-stmp)#", routing.BGP_TEMPLATE, closing="exit-peer-session", opening="!"),
    Mode("bgp-policy", "(config-router-ptmp)#", routing.BGP_TEMPLATE, closing="exit-peer-policy", opening="!"),
    Mode("ospf", "(config-router)#", routing.OSPF),
    Mode("bfd-template", "(config-bfd)#", routing.BFD_TEMPLATE),
    Mode("route-map", "(config-route-map)#", routing.ROUTE_MAP),
    Mode("dhcp-pool", "(dhcp-config)#", services.DHCP_POOL),
    Mode("dhcp-class", "(config-dhcp-pool-class)#", services.DHCP_CLASS, parent="dhcp-pool"),
    Mode("dhcp6-pool", "(config-dhcpv6)#", services.DHCP6_POOL),
    Mode("dns-view", "(cfg-dns-view)#", services.DNS_VIEW),
    Mode("sla", "(config-ip-sla)#", services.SLA_TYPES),
    Mode("sla-echo", "(config-ip-sla-echo)#", services.SLA_ECHO),
    Mode("track", "(config-track)#", services.TRACK_OBJECT),
    Mode("applet", "(config-applet)#", services.APPLET),
    Mode("archive", "(config-archive)#", system.ARCHIVE_MODE),
    Mode("archive-log", "(config-archive-log-cfg)#", system.ARCHIVE_LOG, parent="archive"),
    Mode("redundancy", "(config-red)#", system.REDUNDANCY_MODE),
    Mode("key-chain", "(config-keychain)#", system.KEY_CHAIN),
    Mode("key", "(config-keychain-key)#", system.KEY, parent="key-chain"),
    Mode("pubkey-chain", "(conf-ssh-pubkey)#", system.PUBKEY_CHAIN),
    Mode("pubkey-user", "(conf-ssh-pubkey-user)#", system.PUBKEY_USER, parent="pubkey-chain"),
    Mode("trustpoint", "(ca-trustpoint)#", system.TRUSTPOINT),
    Mode("certificates", "(config-cert-chain)#", system.CERTIFICATES),
    Mode("line", "(config-line)#", system.LINE),
    Mode("vrf", "(config-vrf)#", system.VRF_DEFINITION),
    Mode(
        "vrf-family", "(config-vrf-af)#", system.VRF_FAMILY, closing="exit-address-family", opening="!", parent="vrf"
    ),
    Mode("control-plane", "(config-cp)#", (Rule("service-policy input {policy:WORD}", refuses=("policy_exists",)),)),
    Mode("call-home", "(cfg-call-home)#", ()),
    Mode("vlan", "(config-vlan)#", mobile_and_wireless.VLAN),
    Mode("wlan", "(config-wlan)#", mobile_and_wireless.WLAN),
    Mode("policy-profile", "(config-wireless-policy)#", mobile_and_wireless.POLICY_PROFILE),
    Mode("policy-tag", "(config-policy-tag)#", mobile_and_wireless.POLICY_TAG),
    Mode("ap", "(config-ap-tag)#", mobile_and_wireless.AP),
    Mode("opaque", "(config-other)#", ()),
)
MODES: Final[Mapping[str, Mode]] = {
    each.name: Mode(each.name, each.suffix, (*each.rules, *_LEAVING), each.parent, each.closing, each.opening)
    for each in _MODES
}
"""The modes, by name; each has `exit` and `end`."""


def parents(mode: str) -> tuple[str, ...]:
    """Return the modes whose commands a mode takes too, nearest first; the global mode is the last."""
    found: list[str] = []
    while mode != "config":
        mode = MODES[mode].parent
        found.append(mode)
    return tuple(found)
