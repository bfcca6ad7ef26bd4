"""Interfaces.

Sources: Cisco IOS Interface and Hardware Component Command Reference; Cisco IOS IP Addressing Services Command
Reference (`ip address`, `ip address dhcp`, `ip nat inside`); Cisco IOS IPv6 Command Reference (`ipv6 address`,
`ipv6 nd …`, `ipv6 dhcp client pd`); Cisco IOS Security Command Reference (`zone-member security`, `ip
access-group`); Cisco 1100 Series ISR Software Configuration Guide (switch ports: Layer 2 interfaces; Cellular
interfaces: `dialer in-band`, `dialer-group`, `ip address negotiated`).
"""

from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Negative, Rule

_FIRST = (
    Rule("description {description:LINE1-240}"),
    Rule("bandwidth {kilobits:U1-200000000}"),
    Rule("bandwidth receive {kilobits:U1-200000000}"),
    Rule("delay {tens_of_microseconds:U1-16777215}"),
)
_ADDRESSES = (
    Rule("vrf forwarding {vrf:WORD1-32}"),
    Rule(
        "ip address {address:IPV4} {mask:MASK} secondary",
        key=("address", "mask"),
        slot="ip address secondary",
        refuses=("address", "overlap"),
    ),
    Rule(
        "ip address ({address:IPV4} {mask:MASK}|dhcp [client-id {client_id:IFACE}] [hostname "
        "{hostname:WORD}]|negotiated)",
        absent="no ip address",
        refuses=("address", "overlap", "secondary_first"),
        does="primary_address",
    ),
    Rule("ip unnumbered {interface:IFACE} [poll]", slot="ip address"),
)
_IP = (
    Rule("ip access-group {list:WORD1-64} in", slot="ip access-group in", no_at=2),
    Rule("ip access-group {list:WORD1-64} out", slot="ip access-group out", no_at=2),
    Rule("ip verify unicast source reachable-via (rx|any) [allow-default] [allow-self-ping] [{list:U1-199}]"),
    Rule("ip helper-address {address:IPV4}", key=("address",)),
    Rule("ip redirects", no=Negative.IS_SHOWN),
    Rule("ip unreachables", no=Negative.IS_SHOWN),
    Rule("ip proxy-arp", no=Negative.IS_SHOWN),
    Rule("ip directed-broadcast"),
    Rule("ip mtu {octets:U68-9216}"),
    Rule("ip nat inside", slot="ip nat"),
    Rule("ip nat outside", slot="ip nat"),
    Rule("ip nbar protocol-discovery [ipv4|ipv6]"),
    Rule("ip policy route-map {map:WORD}"),
    Rule("zone-member security {zone:WORD1-256}", refuses=("zone_exists",)),
    Rule("ip tcp adjust-mss {octets:U500-1460}"),
    Rule("ip dhcp client client-id ({interface:IFACE}|ascii {text:WORD}|hex {hexadecimal:HEX})"),
    Rule("ip dhcp client class-id ({text:WORD}|hex {hexadecimal:HEX})"),
    Rule(
        "ip dhcp client default-router distance {distance:U1-255}", hidden="ip dhcp client default-router distance 254"
    ),
    Rule("ip dhcp client request {option:WORD}", key=None, no=Negative.BOTH),
    Rule("ip dhcp client route track {object:U1-1000}"),
    Rule("ip dhcp client hostname {hostname:WORD}"),
    Rule("ip dhcp client lease {days:U0-365} [{hours:U0-23} [{minutes:U0-59}]]"),
    Rule("ip route-cache", no=Negative.IS_SHOWN),
    Rule("ip igmp version {version:U1-3}", hidden="ip igmp version 2"),
    Rule("ip ospf {process:U1-65535} area {area:WORD}", key=("process",)),
    Rule("ip ospf cost {cost:U1-65535}"),
)
_LAYER2 = (
    Rule("mtu {octets:U64-9216}", hidden="mtu 1500"),
    Rule("load-interval {seconds:U30-600}", hidden="load-interval 300"),
    Rule("arp timeout {seconds:U0-2147483}", hidden="arp timeout 14400"),
    Rule("keepalive [{seconds:U1-32767} [{retries:U1-255}]]", no=Negative.IS_SHOWN),
    Rule("shutdown"),
)
_PORT = (
    Rule("media-type (rj45|sfp|auto-select)"),
    Rule("speed (10|100|1000|2500|auto)", hidden="speed auto"),
    Rule("duplex (full|half|auto)", hidden="duplex auto"),
    Rule("negotiation auto", no=Negative.BOTH),
    Rule("mac-address {address:MAC}"),
    Rule("cdp enable", no=Negative.BOTH),
    Rule("lldp transmit", no=Negative.IS_SHOWN),
    Rule("lldp receive", no=Negative.IS_SHOWN),
    Rule("channel-group {group:U1-64} [mode (active|passive|on)]"),
)
_IPV6 = (
    Rule("ipv6 address {address:HOST6} [eui-64|anycast]", key=("address",)),
    Rule("ipv6 address {address:IPV6} link-local", slot="ipv6 address link-local"),
    Rule("ipv6 address dhcp [rapid-commit]"),
    Rule("ipv6 address autoconfig [default]"),
    Rule(
        "ipv6 address {general:WORD1-40} {address:HOST6} [eui-64|anycast]",
        key=("general", "address"),
        slot="ipv6 address general",
    ),
    Rule("ipv6 unnumbered {interface:IFACE}"),
    Rule("ipv6 enable"),
    Rule("ipv6 mtu {octets:U1280-9216}"),
    Rule("ipv6 unreachables", no=Negative.IS_SHOWN),
    Rule("ipv6 redirects", no=Negative.IS_SHOWN),
    Rule("ipv6 traffic-filter {list:WORD1-64} in", slot="ipv6 traffic-filter in", no_at=2),
    Rule("ipv6 traffic-filter {list:WORD1-64} out", slot="ipv6 traffic-filter out", no_at=2),
    Rule("ipv6 verify unicast source reachable-via (rx|any) [allow-default] [{list:WORD}]"),
    Rule("ipv6 tcp adjust-mss {octets:U40-1940}"),
    Rule("ipv6 nd autoconfig default-route"),
    Rule("ipv6 nd autoconfig prefix"),
    Rule("ipv6 nd managed-config-flag"),
    Rule("ipv6 nd other-config-flag"),
    Rule(
        "ipv6 nd prefix ({prefix:PREFIX6}|default) "
        "[{valid:U0-4294967295} {preferred:U0-4294967295}|infinite {preferred:U0-4294967295}|infinite "
        "infinite|no-advertise] "
        "[off-link] [no-rtr-address] [no-autoconfig] [no-onlink]",
        key=("prefix",),
    ),
    Rule("ipv6 nd ra interval {seconds:U4-1800} [{least:U3-1350}]", hidden="ipv6 nd ra interval 200"),
    Rule("ipv6 nd ra interval msec {milliseconds:U70-1800000}", slot="ipv6 nd ra interval"),
    Rule("ipv6 nd ra lifetime {seconds:U0-9000}", hidden="ipv6 nd ra lifetime 1800"),
    Rule(
        "ipv6 nd ra dns server {address:IPV6} [{lifetime:U0-4294967295}|infinite] [sequence {sequence:U0-7}]",
        key=("address",),
    ),
    Rule("ipv6 nd ra dns search list {domain:WORD} [{lifetime:U0-4294967295}|infinite]", key=("domain",)),
    Rule("ipv6 nd ra suppress [all]"),
    Rule("ipv6 nd router-preference (high|medium|low)", hidden="ipv6 nd router-preference medium"),
    Rule("ipv6 nd reachable-time {milliseconds:U0-3600000}"),
    Rule("ipv6 dhcp server ({pool:WORD1-40}|automatic) [rapid-commit] [preference {preference:U0-255}] [allow-hint]"),
    Rule("ipv6 dhcp relay destination {address:IPV6} [{interface:IFACE}]", key=("address",)),
    Rule("ipv6 dhcp client pd hint {prefix:PREFIX6}"),
    Rule("ipv6 dhcp client pd {name:WORD1-40} [rapid-commit]"),
    Rule("ipv6 policy route-map {map:WORD}"),
)
_POLICY = (
    Rule("bfd template {template:WORD1-31}"),
    Rule("bfd interval {interval:U50-9999} min_rx {receive:U50-9999} multiplier {multiplier:U3-50}"),
    Rule("bfd echo", no=Negative.IS_SHOWN),
    Rule("service-policy input {policy:WORD}", refuses=("policy_exists",)),
    Rule("service-policy output {policy:WORD}", refuses=("policy_exists",)),
    Rule("crypto map {map:WORD}"),
    Rule("hold-queue {packets:U0-240000} (in|out)"),
    Rule("encapsulation dot1Q {vlan:U1-4094} [native]"),
    Rule("pppoe enable [group (global|{group:WORD})]"),
    Rule("pppoe-client dial-pool-number {pool:U1-255}"),
    Rule("standby version {version:U1-2}"),
    Rule("arp timeout {seconds:U0-2147483}", hidden="arp timeout 14400"),
)
_DIALER = (
    Rule("dialer in-band"),
    Rule("dialer idle-timeout {seconds:U0-2147483} [inbound|either]", hidden="dialer idle-timeout 120"),
    Rule("dialer string {string:WORD}"),
    Rule("dialer watch-group {group:U1-255}"),
    Rule("dialer-group {group:U1-128}"),
    Rule("pulse-time {seconds:U0-60}"),
    Rule("async mode interactive", no=Negative.BOTH),
)
_SWITCHED = (
    Rule("ip address {address:IPV4} {mask:MASK} [secondary]", refuses=("layer2",), no_at=9),
    Rule("switchport access vlan {vlan:U1-4094}", hidden="switchport access vlan 1"),
    Rule("switchport trunk native vlan {vlan:U1-4094}", hidden="switchport trunk native vlan 1"),
    Rule("switchport trunk allowed vlan ({vlans:WORD}|all|none)", hidden="switchport trunk allowed vlan all"),
    Rule("switchport mode (access|trunk)"),
    Rule("switchport voice vlan {vlan:U1-4094}"),
    Rule("switchport nonegotiate"),
    Rule("switchport port-security"),
    Rule("switchport protected"),
    Rule("storm-control (broadcast|multicast|unicast) level {level:WORD}", key=None),
    Rule("spanning-tree portfast [trunk|disable|edge]"),
    Rule("spanning-tree bpduguard (enable|disable)"),
    Rule("spanning-tree cost {cost:U1-200000000}"),
    Rule("power inline (auto|never|static)"),
)

ROUTED = (*_FIRST, *_ADDRESSES, *_IP, *_LAYER2, *_PORT, *_IPV6, *_POLICY)
SUB = (*_FIRST, Rule("encapsulation dot1Q {vlan:U1-4094} [native]"), *_ADDRESSES, *_IP, *_LAYER2, *_IPV6, *_POLICY)
LOOPBACK = (*_FIRST, *_ADDRESSES, *_IP, *_LAYER2, *_IPV6)
VLAN = (*_FIRST, *_ADDRESSES, *_IP, *_LAYER2, *_IPV6, *_POLICY)
CELLULAR = (*_FIRST, *_ADDRESSES, *_IP, *_LAYER2, *_DIALER, *_IPV6, *_POLICY)
TUNNEL = (
    *_FIRST,
    *_ADDRESSES,
    *_IP,
    *_LAYER2,
    *_IPV6,
    Rule("tunnel source ({interface:IFACE}|{address:IPV4}|{address:IPV6})"),
    Rule("tunnel mode (gre (ip|ipv6|multipoint)|ipsec (ipv4|ipv6)|ipip|ipv6ip)", hidden="tunnel mode gre ip"),
    Rule("tunnel destination ({address:IPV4}|{address:IPV6}|dynamic)"),
    Rule("tunnel protection ipsec profile {profile:WORD}"),
    *_POLICY,
)
SWITCHED = (*_FIRST, *_SWITCHED, *_LAYER2, *_PORT, *_POLICY)
NULL = (Rule("ip unreachables", no=Negative.IS_SHOWN), Rule("ipv6 unreachables", no=Negative.IS_SHOWN))
CONTROLLER = (
    Rule("lte sim data-profile {profile:U1-16} attach-profile {attach:U1-16} [slot {slot:U0-1}]", key=("slot",)),
    Rule("lte sim primary {slot:U0-1}"),
    Rule("lte sim max-retry {times:U0-65535}", hidden="lte sim max-retry 10"),
    Rule("lte sim authenticate {type:U0-7} {pin:WORD} [slot {slot:U0-1}]"),
    Rule("lte failovertimer {minutes:U0-7}"),
    Rule(
        "lte modem link-recovery (disable|rssi onset-threshold {threshold:WORD}|monitor-timer "
        "{seconds:U20-60}|wait-timer {times:U1-60}|debounce-count {times:U1-20})",
        key=None,
        no=Negative.REMOVES,
    ),
    Rule("lte modem dm-log (enable|rotation|filesize {megabytes:U1-64}|size {megabytes:U1-1024})", key=None),
    Rule("lte gps (enable|mode standalone|nmea)", key=None),
    Rule("lte firmware auto-sim", no=Negative.IS_SHOWN),
    Rule("description {description:LINE1-240}"),
    Rule("shutdown"),
)
