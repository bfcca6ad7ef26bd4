"""DHCP, DNS, address translation, tracking.

Sources: Cisco IOS IP Addressing Services Command Reference (DHCP: `ip dhcp pool`, `network`, `lease`, …; DNS: `ip
dns server`, `ip name-server`; NAT: `ip nat inside source`, `ip nat translation`, `ip nat pool`); Cisco IOS IPv6
Command Reference (`ipv6 dhcp pool`); Cisco IOS IP SLAs Command Reference; Cisco IOS IP Application Services Command
Reference (`track`); Cisco IOS Embedded Event Manager Command Reference.
"""

from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Negative, Rule

NAMES = (
    Rule("ip host {host:WORD} {addresses:IPV4+}", key=("host",)),
    Rule("ipv6 host {host:WORD} {addresses:IPV6+}", key=("host",)),
    Rule("ip name-server {servers:IPV4+}", does="name_servers", no_at=2),
    Rule("ip name-server {servers:IPV6+}", does="name_servers", no_at=2),
    Rule("ip domain name {domain:WORD1-254}"),
    Rule("ip domain lookup source-interface {interface:IFACE}"),
    Rule("ip domain lookup", no=Negative.IS_SHOWN),
    Rule("ip domain timeout {seconds:U1-3600}"),
    Rule("ip domain retry {times:U0-100}"),
    Rule("ip domain list {domain:WORD}", key=("domain",)),
)
DHCP = (
    Rule("ip dhcp excluded-address {first:IPV4} [{last:IPV4}]", key=None),
    Rule("ip dhcp bootp ignore"),
    Rule("ip dhcp relay information trust-all"),
    Rule("ip dhcp use vrf connected"),
    Rule("ip dhcp ping packets {packets:U0-10}", hidden="ip dhcp ping packets 2"),
    Rule("ip dhcp ping timeout {milliseconds:U100-10000}", hidden="ip dhcp ping timeout 500"),
    Rule("ip dhcp conflict logging", no=Negative.IS_SHOWN),
    Rule("ip dhcp class {name:WORD}", key=("name",)),
    Rule("ip dhcp snooping"),
    Rule("ip dhcp pool {name:WORD1-80}", key=("name",), opens="dhcp-pool", apart=True),
)
DHCP_POOL = (
    Rule("vrf {vrf:WORD1-32}"),
    Rule("network {network:IPV4} [{mask:MASK}|{length:SLASH}] [secondary]", does="dhcp_network"),
    Rule("host {address:IPV4} [{mask:MASK}]"),
    Rule("client-identifier {identifier:WORD}"),
    Rule("hardware-address {address:WORD} [ethernet|{type:U0-255}]"),
    Rule("client-name {name:WORD}"),
    Rule("default-router {addresses:IPV4+}"),
    Rule("dns-server {addresses:IPV4+}"),
    Rule("domain-name {domain:WORD}"),
    Rule("bootfile {file:WORD}"),
    Rule("next-server {addresses:IPV4+}"),
    Rule("netbios-name-server {addresses:IPV4+}"),
    Rule("netbios-node-type {type:WORD}"),
    Rule("import all"),
    Rule("option {option:U0-254} (ascii {text:TEXT}|hex {hexadecimal:WORD}|ip {addresses:IPV4+})", key=("option",)),
    Rule("lease ({days:U0-365} [{hours:U0-23} [{minutes:U0-59}]]|infinite)", hidden="lease 1"),
    Rule("update arp"),
    Rule("utilization mark high {percent:U1-100} [log]"),
    Rule("class {name:WORD}", key=("name",), opens="dhcp-class"),
)
DHCP_CLASS = (Rule("address range {first:IPV4} {last:IPV4}", key=None),)
DHCP6 = (Rule("ipv6 dhcp pool {name:WORD1-80}", key=("name",), opens="dhcp6-pool", apart=True),)
DHCP6_POOL = (
    Rule("prefix-delegation pool {pool:WORD} [lifetime {valid:WORD} {preferred:WORD}]"),
    Rule("prefix-delegation {prefix:PREFIX6} {client:HEX} [iaid {iaid:WORD}]", key=("prefix",)),
    Rule(
        "address prefix {prefix:PREFIX6} [lifetime ({valid:U60-4294967295}|infinite) "
        "({preferred:U60-4294967295}|infinite)]"
    ),
    Rule("link-address {prefix:PREFIX6}", key=("prefix",)),
    Rule("dns-server {address:IPV6}", key=("address",)),
    Rule("import dns-server"),
    Rule("import domain-name"),
    Rule("domain-name {domain:WORD}", key=("domain",)),
    Rule("sntp address {address:IPV6}", key=("address",)),
    Rule("information refresh {days:U0-365} [{hours:U0-23} [{minutes:U0-59}]]"),
)
DNS_SERVER = (
    Rule("ip dns server"),
    Rule("ip dns view {name:WORD}", key=("name",), opens="dns-view", apart=True),
    Rule("ip dns spoofing [{address:IPV4}]"),
)
DNS_VIEW = (
    Rule("domain name-server {addresses:IPV4+}", key=None),
    Rule("dns forwarder {address:IPV4}", key=("address",)),
    Rule("dns forwarding", no=Negative.IS_SHOWN),
    Rule("logging"),
)
_EXTENDABLE = (
    "[vrf {vrf:WORD}] [route-map {map:WORD}] [redundancy {group:U1-2}] [extendable] [forced] [no-alias] [no-payload]"
)
NAT = (
    Rule("ip nat settings mode (cgn|default)", slot="ip nat settings mode", hidden="ip nat settings mode default"),
    Rule("ip nat settings pap", key=None),
    Rule("ip nat service {service:LINE1-60}", key=("service",), no=Negative.BOTH),
    Rule("ip nat log translations {rest:LINE1-120}", key=None),
    Rule("ip nat translation timeout ({seconds:U0-536870}|never)", hidden="ip nat translation timeout 86400"),
    Rule("ip nat translation tcp-timeout ({seconds:U0-536870}|never)", hidden="ip nat translation tcp-timeout 86400"),
    Rule("ip nat translation udp-timeout ({seconds:U0-536870}|never)", hidden="ip nat translation udp-timeout 300"),
    Rule("ip nat translation dns-timeout ({seconds:U0-536870}|never)", hidden="ip nat translation dns-timeout 60"),
    Rule("ip nat translation icmp-timeout ({seconds:U0-536870}|never)", hidden="ip nat translation icmp-timeout 60"),
    Rule(
        "ip nat translation finrst-timeout ({seconds:U0-536870}|never)", hidden="ip nat translation finrst-timeout 60"
    ),
    Rule("ip nat translation syn-timeout ({seconds:U0-536870}|never)", hidden="ip nat translation syn-timeout 60"),
    Rule("ip nat translation port-timeout (tcp|udp) {port:U1-65535} ({seconds:U0-536870}|never)", key=("port",)),
    Rule("ip nat translation max-entries {entries:U1-2147483647}"),
    Rule("ip nat translation max-entries all-host {entries:U1-2147483647}"),
    Rule(
        "ip nat pool {name:WORD} {first:IPV4} {last:IPV4} (netmask {mask:MASK}|prefix-length "
        "{length:U1-32}) [type (match-host|rotary)] [add-route]",
        key=("name",),
    ),
    Rule(
        "ip nat inside source list {list:WORD} (interface {interface:IFACE}|pool {pool:WORD}) [vrf "
        "{vrf:WORD}] [overload] [forced]",
        key=("list", "interface", "pool"),
        does="dynamic_nat",
    ),
    Rule(
        "ip nat inside source route-map {map:WORD} (interface {interface:IFACE}|pool {pool:WORD}) [vrf "
        "{vrf:WORD}] [overload] [forced]",
        key=("map", "interface", "pool"),
        does="dynamic_nat",
    ),
    Rule(
        "ip nat inside source static {protocol:TCPUDP} {local:IPV4} {local_port:U1-65535} "
        "{outside:IPV4} {outside_port:U1-65535} " + _EXTENDABLE,
        key=("protocol", "local", "local_port", "outside", "outside_port", "map"),
        refuses=("static_nat",),
        does="static_nat",
    ),
    Rule(
        "ip nat inside source static {protocol:TCPUDP} {local:IPV4} {local_port:U1-65535} interface "
        "{interface:IFACE} {outside_port:U1-65535} "
        "[vrf {vrf:WORD}] [route-map {map:WORD}] [no-payload]",
        key=("protocol", "local", "local_port", "interface", "outside_port", "map"),
        refuses=("static_nat",),
    ),
    Rule(
        "ip nat inside source static network {local:IPV4} {outside:IPV4} ({length:SLASH}|{mask:MASK}) " + _EXTENDABLE,
        key=("local", "outside"),
        refuses=("static_nat",),
    ),
    Rule(
        "ip nat inside source static {local:IPV4} {outside:IPV4} " + _EXTENDABLE,
        key=("local", "outside", "map"),
        refuses=("static_nat",),
    ),
    Rule(
        "ip nat inside source static {local:IPV4} interface {interface:IFACE} [vrf {vrf:WORD}] [no-payload]",
        key=("local", "interface"),
        refuses=("static_nat",),
    ),
    Rule(
        "ip nat outside source static {outside:IPV4} {local:IPV4} [add-route] [extendable] [no-alias]",
        key=("outside", "local"),
    ),
    Rule("ip nat inside destination list {list:WORD} pool {pool:WORD}", key=("list",)),
)
_LIFE = "life (forever|{life:U0-2147483647})"
_START = "start-time (now|pending|after {after:TIME}|{time:TIME})"
SLA = (
    Rule("ip sla {number:U1-2147483647}", key=("number",), opens="sla", sorts=("number",), refuses=("sla_started",)),
    Rule(
        f"ip sla schedule {{number:U1-2147483647}} [{_LIFE} [{_START}]|{_START} [{_LIFE}]] "
        "[ageout {ageout:U0-2073600}] [recurring]",
        key=("number",),
        sorts=("number",),
        refuses=("sla_exists",),
        does="sla_schedule",
    ),
    Rule("ip sla enable reaction-alerts"),
    Rule("ip sla responder"),
    Rule("ip sla logging traps"),
    Rule("ip sla reaction-configuration {number:U1-2147483647} react {rest:LINE1-160}", key=None, sorts=("number",)),
)
SLA_TYPES = (
    Rule(
        "icmp-echo ({destination:IPV4}|{destination:IPV6}|{destination:WORD}) "
        "[source-ip ({source:IPV4}|{source:IPV6})|source-interface {interface:IFACE}]",
        opens="sla-echo",
        slot="operation",
        refuses=("one_operation",),
    ),
    Rule(
        "udp-jitter {destination:WORD} {port:U1-65535} [source-ip {source:WORD}] [source-port "
        "{source_port:U1-65535}] [codec {codec:WORD}]",
        opens="sla-echo",
        slot="operation",
        refuses=("one_operation",),
    ),
    Rule(
        "tcp-connect {destination:WORD} {port:U1-65535} [source-ip {source:WORD}] [control (enable|disable)]",
        opens="sla-echo",
        slot="operation",
        refuses=("one_operation",),
    ),
)
SLA_ECHO = (
    Rule("vrf {vrf:WORD}"),
    Rule("tag {tag:LINE1-128}"),
    Rule("owner {owner:LINE1-128}"),
    Rule("request-data-size {octets:U0-16384}", hidden="request-data-size 28"),
    Rule("tos {tos:U0-255}", hidden="tos 0"),
    Rule("verify-data"),
    Rule("threshold {milliseconds:U0-60000}", hidden="threshold 5000", refuses=("sla_times",)),
    Rule("timeout {milliseconds:U0-604800000}", hidden="timeout 5000", refuses=("sla_times",)),
    Rule("frequency {seconds:U1-604800}", hidden="frequency 60", refuses=("sla_times",)),
    Rule("history {rest:LINE1-80}", key=None),
)
TRACK = (
    Rule(
        "track {number:U1-1000} ip sla {operation:U1-2147483647} [reachability|state]",
        key=("number",),
        opens="track",
        does="track",
        sorts=("number",),
        slot="track",
        apart=True,
    ),
    Rule(
        "track {number:U1-1000} interface {interface:IFACE} (line-protocol|ip routing|ipv6 routing)",
        key=("number",),
        opens="track",
        sorts=("number",),
        slot="track",
        apart=True,
    ),
    Rule(
        "track {number:U1-1000} (ip|ipv6) route {prefix:WORD} [{mask:MASK}] (reachability|metric threshold)",
        key=("number",),
        opens="track",
        sorts=("number",),
        slot="track",
        apart=True,
    ),
    Rule(
        "track {number:U1-1000} list (boolean (and|or)|threshold (weight|percentage))",
        key=("number",),
        opens="track",
        sorts=("number",),
        slot="track",
        apart=True,
    ),
    Rule(
        "track {number:U1-1000} stub-object",
        key=("number",),
        opens="track",
        sorts=("number",),
        slot="track",
        apart=True,
    ),
    Rule("track {number:U1-1000}", key=("number",), opens="track", slot="track", does="track_again"),
    Rule("track timer {rest:LINE1-80}", key=None),
)
TRACK_OBJECT = (
    Rule("delay down {seconds:U1-180} [up {up:U1-180}]", slot="delay", does="track_delay", no_at=1),
    Rule("delay up {up:U1-180} [down {seconds:U1-180}]", slot="delay", does="track_delay", no_at=1),
    Rule("object {number:U1-1000} [not] [weight {weight:U1-255}]", key=("number",)),
    Rule("default-state (up|down)"),
    Rule("threshold {rest:LINE1-80}"),
    Rule("ip vrf {vrf:WORD}"),
)
EVENTS = (
    Rule(
        "event manager applet {name:WORD1-80} [authorization bypass] [class {class:WORD}] [trap]",
        key=("name",),
        opens="applet",
    ),
    Rule("event manager environment {name:WORD} {value:LINE1-250}", key=("name",)),
    Rule("event manager directory user policy {path:WORD}"),
    Rule("event manager policy {name:WORD} {rest:LINE1-120}", key=("name",)),
    Rule("event manager session cli username {name:WORD}"),
)
APPLET = (
    Rule("description {description:LINE1-240}"),
    Rule("event tag {tag:WORD} {rest:LINE1-200}", key=("tag",)),
    Rule("event none [sync (yes|no)] [maxrun {seconds:WORD}]", slot="event"),
    Rule(
        "event syslog pattern {pattern:TEXT} [occurs {times:U1-32}] [period {seconds:WORD}] [maxrun "
        "{most:WORD}] [ratelimit {limit:WORD}]",
        slot="event",
    ),
    Rule(
        "event track {object:U1-1000} [state (up|down|any)] [maxrun {seconds:WORD}] [ratelimit {limit:WORD}]",
        slot="event",
    ),
    Rule("event timer (watchdog|countdown|absolute|cron) {rest:LINE1-200}", slot="event"),
    Rule("event cli pattern {pattern:TEXT} {rest:LINE1-160}", slot="event"),
    Rule("event (interface|snmp|oir|routing|ipsla|none) {rest:LINE1-200}", slot="event"),
    Rule("trigger [occurs {times:U1-32}] [period {seconds:WORD}] [delay {delay:WORD}]"),
    Rule("action {label:LABEL} {do:LINE1-250}", key=("label",), sorts=("label",), refuses=("applet_action",)),
)
