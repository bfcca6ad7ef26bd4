"""Routes, route maps, BGP, BFD.

Sources: Cisco IOS IP Routing: Protocol-Independent Command Reference (`ip route`, `route-map`, `set …`, `match …`);
Cisco IOS IPv6 Command Reference (`ipv6 route`, `ipv6 unicast-routing`); Cisco IOS IP Routing: BGP Command
Reference; Cisco IOS IP Routing: BFD Command Reference (`bfd-template single-hop`, `interval`); Cisco IOS-XE 17 IP
Routing Configuration Guide.
"""

from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Negative, Rule

STATIC_IPV4 = (
    Rule(
        "ip route [vrf {vrf:WORD1-32}] {prefix:IPV4} {mask:MASK} "
        "({interface:IFACE} [{next_hop:IPV4}|dhcp]|{next_hop:IPV4}|dhcp) "
        "[{distance:U1-255}] [multicast] [name {name:WORD}] [permanent|track {object:U1-1000}] [tag "
        "{tag:U1-4294967295}]",
        key=("vrf", "prefix", "mask", "interface", "next_hop"),
        does="static_route",
        sorts=("prefix", "mask"),
    ),
)
STATIC_IPV6 = (
    Rule(
        "ipv6 route [vrf {vrf:WORD1-32}] {prefix:PREFIX6} ({interface:IFACE} [{next_hop:IPV6}]|{next_hop:IPV6}) "
        "[{distance:U1-254}] [multicast|unicast] [tag {tag:U1-4294967295}] [name {name:WORD}] [track "
        "{object:U1-1000}]",
        key=("vrf", "prefix", "interface", "next_hop"),
        does="static_route6",
    ),
)
PROTOCOLS = (
    Rule("router bgp {as_number:ASN}", opens="bgp", refuses=("one_bgp",), apart=True),
    Rule("router ospf {process:U1-65535}", key=("process",), opens="ospf", apart=True),
)
BFD = (
    Rule("bfd-template single-hop {name:WORD1-31}", key=("name",), opens="bfd-template", apart=True),
    Rule("bfd-template multi-hop {name:WORD1-31}", key=("name",), opens="bfd-template", apart=True),
)
BFD_TEMPLATE = (
    Rule(
        "interval (min-tx {transmit:U50-9999} min-rx {receive:U50-9999}|both {both:U50-9999}) "
        "[multiplier {multiplier:U3-50}]"
    ),
    Rule(
        "interval microseconds (min-tx {transmit:U50000-999000} min-rx {receive:U50000-999000}|both "
        "{both:U50000-999000}) [multiplier {multiplier:U3-50}]",
        slot="interval",
    ),
    Rule("echo"),
    Rule("dampening {half_life:U1-30} [{reuse:U1-20000} {suppress:U1-20000} {longest:U1-255}]"),
)
_NEIGHBOR = "neighbor ({neighbor:IPV4}|{neighbor:IPV6}|{neighbor:WORD1-64})"


def _neighbor(rest: str, slot: str, extra: tuple[str, ...] = (), **more: object) -> Rule:
    # What is handed on is Rule's own fields, which mypy cannot see in `object`.
    return Rule(f"{_NEIGHBOR} {rest}", key=("neighbor", *extra), slot=f"neighbor {slot}", no_at=1, **more)  # type: ignore[arg-type]


_ANY_FAMILY = (
    _neighbor("inherit peer-session {session:WORD}", "inherit peer-session"),
    _neighbor("inherit peer-policy {policy:WORD}", "inherit peer-policy"),
)
_PER_FAMILY = (
    _neighbor("activate", "activate", no=Negative.BOTH, refuses=("neighbor_known",)),
    _neighbor("send-community [both|standard|extended]", "send-community", refuses=("neighbor_known",)),
    _neighbor("next-hop-self [all]", "next-hop-self", refuses=("neighbor_known",)),
    _neighbor("soft-reconfiguration inbound", "soft-reconfiguration", refuses=("neighbor_known",)),
    _neighbor("route-map {map:WORD} in", "route-map in", refuses=("neighbor_known",)),
    _neighbor("route-map {map:WORD} out", "route-map out", refuses=("neighbor_known",)),
    _neighbor("prefix-list {list:WORD} in", "prefix-list in", refuses=("neighbor_known",)),
    _neighbor("prefix-list {list:WORD} out", "prefix-list out", refuses=("neighbor_known",)),
    _neighbor("filter-list {list:U1-500} in", "filter-list in", refuses=("neighbor_known",)),
    _neighbor("filter-list {list:U1-500} out", "filter-list out", refuses=("neighbor_known",)),
    _neighbor("distribute-list {list:WORD} in", "distribute-list in", refuses=("neighbor_known",)),
    _neighbor("distribute-list {list:WORD} out", "distribute-list out", refuses=("neighbor_known",)),
    _neighbor(
        "maximum-prefix {prefixes:U1-2147483647} [{threshold:U1-100}] [restart {minutes:U1-65535}|warning-only]",
        "maximum-prefix",
        refuses=("neighbor_known",),
    ),
    _neighbor("weight {weight:U0-65535}", "weight", refuses=("neighbor_known",)),
    _neighbor("default-originate [route-map {map:WORD}]", "default-originate", refuses=("neighbor_known",)),
    _neighbor(
        "advertise-map {map:WORD} (exist-map|non-exist-map) {condition:WORD} [check-all-paths]",
        "advertise-map",
        refuses=("neighbor_known",),
    ),
    _neighbor("allowas-in [{times:U1-10}]", "allowas-in", refuses=("neighbor_known",)),
    _neighbor("remove-private-as [all] [replace-as]", "remove-private-as", refuses=("neighbor_known",)),
    _neighbor("advertisement-interval {seconds:U0-600}", "advertisement-interval", refuses=("neighbor_known",)),
    _neighbor("route-reflector-client", "route-reflector-client", refuses=("neighbor_known",)),
    _neighbor("as-override", "as-override", refuses=("neighbor_known",)),
)
_FAMILY_COMMON = (
    Rule("redistribute (connected|static|rip) [metric {metric:U0-4294967295}] [route-map {map:WORD}]", key=None),
    Rule("redistribute ospf {process:U1-65535} [match {match:LINE1-60}] [route-map {map:WORD}]", key=("process",)),
    Rule("maximum-paths {paths:U1-32}"),
    Rule("maximum-paths ibgp {paths:U1-32}"),
    Rule("distance bgp {external:U1-255} {internal:U1-255} {local:U1-255}", hidden="distance bgp 20 200 200"),
    Rule("table-map {map:WORD} [filter]"),
    Rule("default-information originate"),
    Rule("bgp dampening"),
    Rule("bgp additional-paths {rest:LINE1-60}", key=None),
)
FAMILY_IPV4 = (
    Rule(
        "network {prefix:IPV4} [mask {mask:MASK}] [route-map {map:WORD}] [backdoor]",
        key=("prefix", "mask"),
        does="network",
    ),
    Rule("aggregate-address {prefix:IPV4} {mask:MASK} [as-set] [summary-only]", key=("prefix", "mask")),
    *_FAMILY_COMMON,
    *_PER_FAMILY,
    Rule("auto-summary"),
    Rule("synchronization"),
    Rule("exit-address-family", does="exit", no=Negative.NONE),
)
FAMILY_IPV6 = (
    Rule("network {prefix:PREFIX6} [route-map {map:WORD}] [backdoor]", key=("prefix",)),
    Rule("aggregate-address {prefix:PREFIX6} [as-set] [summary-only]", key=("prefix",)),
    *_FAMILY_COMMON,
    *_PER_FAMILY,
    Rule("exit-address-family", does="exit", no=Negative.NONE),
)
BGP = (
    Rule("bgp router-id ({router_id:IPV4}|interface {interface:IFACE})"),
    Rule("bgp log-neighbor-changes", no=Negative.BOTH),
    Rule("bgp default ipv4-unicast", no=Negative.IS_SHOWN),
    Rule("bgp default local-preference {preference:U0-4294967295}"),
    Rule("bgp bestpath {rest:LINE1-60}", key=None),
    Rule("bgp always-compare-med"),
    Rule("bgp deterministic-med"),
    Rule("bgp graceful-restart [restart-time {seconds:U1-3600}|stalepath-time {seconds:U1-3600}]", key=None),
    Rule("bgp update-delay {seconds:U1-3600}"),
    Rule("bgp fast-external-fallover", no=Negative.IS_SHOWN),
    Rule("bgp enforce-first-as", no=Negative.IS_SHOWN),
    Rule("bgp nexthop trigger delay {seconds:U0-100}"),
    Rule("bgp cluster-id {identifier:WORD}"),
    Rule("bgp listen range {prefix:CIDR} peer-group {group:WORD}", key=("prefix",)),
    Rule("bgp listen limit {peers:U1-5000}"),
    Rule("timers bgp {keepalive:U0-65535} {hold:U0-65535} [{least:U0-65535}]", hidden="timers bgp 60 180"),
    Rule("template peer-session {name:WORD}", key=("name",), opens="bgp-session"),
    Rule("template peer-policy {name:WORD}", key=("name",), opens="bgp-policy"),
    _neighbor("peer-group {group:WORD1-64}", "member", refuses=("group_known",)),
    _neighbor("peer-group", "group"),
    _neighbor("remote-as {as_number:ASN}", "remote-as", does="remote_as"),
    _neighbor("local-as {as_number:ASN} [no-prepend] [replace-as]", "local-as", refuses=("neighbor_known",)),
    _neighbor("description {description:LINE1-80}", "description", refuses=("neighbor_known",)),
    _neighbor("shutdown [graceful {seconds:U1-65535}]", "shutdown", refuses=("neighbor_known",)),
    _neighbor("password [{type:U0-7}] {password:WORD}", "password", does="password", refuses=("neighbor_known",)),
    _neighbor("ebgp-multihop [{hops:U1-255}]", "ebgp-multihop", refuses=("neighbor_known",)),
    _neighbor("ttl-security hops {hops:U1-254}", "ttl-security", refuses=("neighbor_known",)),
    _neighbor("disable-connected-check", "disable-connected-check", refuses=("neighbor_known",)),
    _neighbor("update-source {interface:IFACE}", "update-source", refuses=("neighbor_known",)),
    _neighbor("version {version:U4-4}", "version", refuses=("neighbor_known",)),
    _neighbor(
        "transport (path-mtu-discovery|connection-mode (active|passive)) [disable]",
        "transport",
        refuses=("neighbor_known",),
    ),
    _neighbor("timers {keepalive:U0-65535} {hold:U0-65535} [{least:U0-65535}]", "timers", refuses=("neighbor_known",)),
    _neighbor(
        "fall-over bfd [single-hop|multi-hop] [check-control-plane-failure] [strict-mode]",
        "fall-over bfd",
        refuses=("neighbor_known",),
    ),
    _neighbor("fall-over [route-map {map:WORD}]", "fall-over", refuses=("neighbor_known",)),
    _neighbor("log-neighbor-changes [disable]", "log-neighbor-changes", refuses=("neighbor_known",)),
    *_ANY_FAMILY,
    Rule(
        "network {prefix:IPV4} [mask {mask:MASK}] [route-map {map:WORD}] [backdoor]",
        key=("prefix", "mask"),
        does="network",
    ),
    *_FAMILY_COMMON,
    *_PER_FAMILY,
    Rule("address-family ipv4 [unicast]", opens="bgp-ipv4", shown="address-family ipv4"),
    Rule("address-family ipv4 vrf {vrf:WORD1-32}", key=("vrf",), slot="address-family ipv4 vrf", opens="bgp-ipv4"),
    Rule("address-family ipv6 [unicast]", opens="bgp-ipv6", shown="address-family ipv6"),
    Rule("address-family ipv6 vrf {vrf:WORD1-32}", key=("vrf",), slot="address-family ipv6 vrf", opens="bgp-ipv6"),
    Rule("address-family (vpnv4|vpnv6|l2vpn evpn) [unicast]", key=None, opens="bgp-other"),
)
BGP_TEMPLATE = (
    Rule("{rest:LINE1-200}", key=None, slot="peer template"),
    Rule("exit-peer-session", does="exit", no=Negative.NONE),
    Rule("exit-peer-policy", does="exit", no=Negative.NONE),
)
BGP_OTHER = (*_PER_FAMILY, *_FAMILY_COMMON, Rule("exit-address-family", does="exit", no=Negative.NONE))
OSPF = (
    Rule("router-id {router_id:IPV4}"),
    Rule("log-adjacency-changes [detail]", no=Negative.IS_SHOWN),
    Rule("passive-interface default"),
    Rule("passive-interface {interface:IFACE}", key=("interface",), no=Negative.BOTH, slot="passive-interface"),
    Rule("network {prefix:IPV4} {wildcard:WILD} area {area:WORD}", key=None),
    Rule(
        "redistribute (connected|static|bgp {as_number:ASN}) [metric {metric:U0-16777214}] [metric-type "
        "{type:U1-2}] [subnets] [route-map {map:WORD}]",
        key=None,
    ),
    Rule("area {area:WORD} {rest:LINE1-120}", key=None),
    Rule("auto-cost reference-bandwidth {megabits:U1-4294967}"),
    Rule(
        "default-information originate [always] [metric {metric:U0-16777214}] [metric-type {type:U1-2}] "
        "[route-map {map:WORD}]"
    ),
    Rule("bfd all-interfaces"),
)
ROUTE_MAPS = (
    Rule(
        "route-map {name:WORD1-80} [{action:ACTION} [{sequence:U0-65535}]]",
        key=("name", "sequence"),
        opens="route-map",
        does="route_map",
        sorts=("name", "sequence"),
        apart=True,
    ),
)
ROUTE_MAP = (
    Rule("description {description:LINE1-200}"),
    Rule("match as-path {lists:U1-500+}"),
    Rule("match community {lists:WORD+} [exact-match]", source="BGP Command Reference: match community"),
    Rule("match interface {interface:IFACE+}"),
    Rule("match ip address prefix-list {lists:WORD+}"),
    Rule("match ip address {lists:WORD+}", slot="match ip address"),
    Rule("match ip next-hop {lists:WORD+}"),
    Rule("match ip next-hop prefix-list {lists:WORD+}"),
    Rule("match ipv6 address prefix-list {list:WORD}"),
    Rule("match ipv6 address {list:WORD}", slot="match ipv6 address"),
    Rule("match length {least:U0-2147483647} {most:U0-2147483647}"),
    Rule("match local-preference {preference:U0-4294967295+}"),
    Rule("match metric {metric:U0-4294967295+}"),
    Rule("match route-type (internal|external|local)", key=None),
    Rule("match source-protocol {protocol:LINE1-60}"),
    Rule("match tag {tags:U0-4294967295+}"),
    Rule("match track {object:U1-1000}"),
    Rule("set as-path prepend {as_numbers:ASN+}", slot="set as-path"),
    Rule("set as-path prepend last-as {times:U1-10}", slot="set as-path"),
    Rule("set comm-list {list:WORD} delete"),
    Rule("set community none", slot="set community"),
    Rule(
        "set community {communities:COMMUNITY+} [internet] [local-AS] [no-advertise] [no-export] [additive]",
        slot="set community",
        no_at=2,
    ),
    Rule("set community (no-export|no-advertise|local-AS|internet) [additive]", slot="set community"),
    Rule("set default interface {interface:IFACE+}"),
    Rule("set interface {interface:IFACE+}"),
    Rule("set ip default next-hop {addresses:IPV4+}"),
    Rule("set ip dscp {value:WORD}"),
    Rule("set ip next-hop {addresses:IPV4+}", slot="set ip next-hop"),
    Rule("set ip next-hop (self|peer-address|unchanged)", slot="set ip next-hop"),
    Rule("set ip next-hop dynamic dhcp", slot="set ip next-hop"),
    Rule("set ip next-hop recursive {address:IPV4}"),
    Rule(
        "set ip next-hop verify-availability [{address:IPV4} {sequence:U1-65535} track {object:U1-1000}]",
        key=("sequence",),
        no_at=4,
    ),
    Rule("set ip vrf {vrf:WORD} next-hop {addresses:IPV4+}"),
    Rule("set global"),
    Rule("set vrf {vrf:WORD}"),
    Rule("set ipv6 next-hop {address:IPV6+}"),
    Rule("set ipv6 default next-hop {address:IPV6+}"),
    Rule("set local-preference {preference:U0-4294967295}"),
    Rule("set metric {metric:WORD}"),
    Rule("set origin (igp|incomplete|egp {as_number:ASN})"),
    Rule("set tag {tag:U0-4294967295}"),
    Rule("set weight {weight:U0-65535}"),
    Rule("continue [{sequence:U1-65535}]"),
)
