"""SNMP, NTP, logging.

Sources: Cisco IOS SNMP Support Command Reference (`snmp-server group`, `snmp-server user`, `snmp-server host`, …:
"the snmp-server user command is not shown in the running configuration"); Cisco IOS Basic System Management Command
Reference (`ntp …`); Cisco IOS Troubleshooting and Fault Management Command Reference (`logging …`).
"""

from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Negative, Rule

_LEVELS = "(alerts|critical|debugging|emergencies|errors|informational|notifications|warnings|{level:U0-7})"
_ACCESS = "[access [ipv6 {list6:WORD}] [{list:WORD}]]"
LOGGING_FIRST = (
    Rule("logging userinfo"),
    Rule("logging discriminator {name:WORD1-8} {rest:LINE1-120}", key=("name",)),
    Rule("logging queue-limit {rest:LINE1-60}", key=None),
    Rule(
        "logging buffered [{octets:U4096-2147483647}] [" + _LEVELS + "]",
        no=Negative.BOTH,
        does="logging_level",
        hidden="logging buffered 4096 debugging",
    ),
    Rule("logging persistent {rest:LINE1-120}"),
    Rule("logging rate-limit {rest:LINE1-60}"),
    Rule(
        "logging console [" + _LEVELS + "]", no=Negative.BOTH, does="logging_level", hidden="logging console debugging"
    ),
    Rule(
        "logging monitor [" + _LEVELS + "]", no=Negative.BOTH, does="logging_level", hidden="logging monitor debugging"
    ),
)
LOGGING = (
    Rule("logging history [size {size:U0-500}|" + _LEVELS + "]", key=None),
    Rule("logging alarm {rest:WORD}"),
    Rule(
        "logging trap [" + _LEVELS + "]", no=Negative.BOTH, does="logging_level", hidden="logging trap informational"
    ),
    Rule("logging facility {facility:WORD}", hidden="logging facility local7"),
    Rule("logging origin-id (hostname|ip|ipv6|string {text:LINE1-60})"),
    Rule("logging source-interface {interface:IFACE}"),
    Rule(
        "logging host ({host:IPV4}|{host:WORD}) [vrf {vrf:WORD}] [transport (udp|tcp) port "
        "{port:U1-65535}|transport (udp|tcp)]",
        key=("host",),
    ),
    Rule(
        "logging host ipv6 {host:IPV6} [transport (udp|tcp) port {port:U1-65535}]",
        key=("host",),
        slot="logging host ipv6",
    ),
    Rule("logging {host:IPV4}", key=("host",), slot="logging host", shown="logging host {host}"),
    Rule("logging on", no=Negative.IS_SHOWN),
    Rule("logging esm config"),
    Rule("logging dmvpn"),
    Rule("logging count"),
)
_ENGINE = "[remote {engine_host:WORD} [udp-port {engine_port:U1-65535}]]"
SNMP = (
    Rule("snmp-server engineID local {engine:HEX}"),
    Rule(
        f"snmp-server user {{name:WORD1-32}} {{group:WORD1-32}} {_ENGINE} v3 "
        "[encrypted] [auth (md5|sha|sha-2 (256|384|512)) {auth:WORD} "
        f"[priv (des|3des|aes (128|192|256)) {{priv:WORD}}]] {_ACCESS}",
        key=("name",),
        refuses=("snmp_keys",),
        kept=True,
        no_at=2,
    ),
    Rule(
        f"snmp-server user {{name:WORD1-32}} {{group:WORD1-32}} {_ENGINE} (v1|v2c) {_ACCESS}", key=("name",), kept=True
    ),
    Rule(
        "snmp-server group {name:WORD1-32} v3 (noauth|auth|priv) [context {context:WORD}] [match "
        "(exact|prefix)] [read {read:WORD}] "
        f"[write {{write:WORD}}] [notify {{notify:WORD}}] {_ACCESS}",
        key=None,
        no_at=2,
    ),
    Rule(
        f"snmp-server group {{name:WORD1-32}} (v1|v2c) [read {{read:WORD}}] [write {{write:WORD}}] "
        f"[notify {{notify:WORD}}] {_ACCESS}",
        key=None,
    ),
    Rule("snmp-server view {name:WORD1-32} {tree:WORD} (included|excluded)", key=("name", "tree")),
    Rule(
        "snmp-server community [{type:U0-7}] {community:WORD1-32} [view {view:WORD}] [ro|rw] [ipv6 "
        "{list6:WORD}] [{list:WORD}]",
        key=("community",),
        does="community",
    ),
    Rule("snmp-server trap-source {interface:IFACE}"),
    Rule("snmp-server source-interface (traps|informs) {interface:IFACE}", key=None),
    Rule("snmp-server ifindex persist"),
    Rule("snmp-server packetsize {octets:U484-17892}", hidden="snmp-server packetsize 1500"),
    Rule("snmp-server queue-length {length:U1-5000}"),
    Rule("snmp-server location {location:LINE1-254}"),
    Rule("snmp-server contact {contact:LINE1-254}"),
    Rule("snmp-server chassis-id {text:LINE1-60}"),
    Rule("snmp-server system-shutdown"),
    Rule("snmp-server enable traps [{kind:LINE1-120}]", key=("kind",)),
    Rule(
        "snmp-server host ({host:IPV4}|{host:WORD}) [vrf {vrf:WORD}] [traps|informs] [version (1|2c|3 "
        "(noauth|auth|priv))] {user:WORD} "
        "[udp-port {port:U0-65535}] [{kinds:LINE1-120}]",
        key=("host", "user"),
        does="snmp_host",
    ),
)
NTP = (
    Rule("ntp logging"),
    Rule(
        "ntp authentication-key {number:U1-65535} (md5|hmac-sha1|hmac-sha2-256|cmac-aes-128) {key:WORD} [{type:U0-7}]",
        key=("number",),
    ),
    Rule("ntp authenticate"),
    Rule("ntp trusted-key {number:WORD}", key=("number",)),
    Rule("ntp source {interface:IFACE}"),
    Rule("ntp access-group (ipv4|ipv6) (peer|serve|serve-only|query-only) {list:WORD} [kod]", key=None),
    Rule("ntp access-group (peer|serve|serve-only|query-only) {list:WORD} [kod]", key=None),
    Rule("ntp master [{stratum:U1-15}]"),
    Rule("ntp update-calendar"),
    Rule("ntp passive"),
    Rule("ntp max-associations {number:U1-4294967295}"),
    Rule(
        "ntp (server|peer) [vrf {vrf:WORD}] [ip|ipv6] ({server:IPV4}|{server:IPV6}|{server:WORD}) "
        "[version {version:U2-4}] [key {key:U1-65535}] "
        "[source {interface:IFACE}] [minpoll {least:U4-17}] [maxpoll {most:U4-17}] [prefer] [iburst] [burst]",
        key=("vrf", "server"),
        slot="ntp server",
    ),
)
RADIUS = (
    Rule("radius server {name:WORD}", key=("name",), opens="opaque", apart=True),
    Rule("tacacs server {name:WORD}", key=("name",), opens="opaque", apart=True),
    Rule("radius-server {rest:LINE1-200}", key=None),
    Rule("tacacs-server {rest:LINE1-200}", key=None),
)
