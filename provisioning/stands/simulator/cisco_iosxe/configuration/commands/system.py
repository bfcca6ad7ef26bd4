"""The router itself: name, services, accounts, keys, archive, lines.

Sources: Cisco IOS Configuration Fundamentals Command Reference (`hostname`, `service …`, `archive`, `file prompt`,
`banner`, `boot`, `line`); Cisco IOS Security Command Reference (`aaa …`, `username`, `enable secret`, `ip ssh …`,
`ip ssh pubkey-chain`, `key chain`, `crypto pki …`, `login …`); Cisco IOS-XE 17 Secure Shell Configuration Guide
(public keys; algorithms); Configuration Replace and Configuration Rollback.
"""

from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Lines, Negative, Rule

FIRST = (
    Rule("version {version:WORD}"),
    Rule("service config", no=Negative.REMOVES),
    Rule("service password-encryption", no=Negative.REMOVES),
    Rule("service password-recovery", no=Negative.IS_SHOWN),
    Rule("service tcp-keepalives-in"),
    Rule("service tcp-keepalives-out"),
    Rule("service sequence-numbers"),
    Rule("service dhcp", no=Negative.IS_SHOWN),
    Rule("service pad", no=Negative.REMOVES),
    Rule("service internal"),
    Rule("service call-home"),
    Rule("service unsupported-transceiver"),
    Rule("service compress-config"),
    Rule("service linenumber"),
    Rule("service finger"),
    Rule("service nagle"),
    Rule("service udp-small-servers"),
    Rule("service tcp-small-servers"),
    Rule(
        "service timestamps debug [datetime [msec] [localtime] [show-timezone] [year]|uptime]",
        no=Negative.BOTH,
        no_at=3,
    ),
    Rule(
        "service timestamps log [datetime [msec] [localtime] [show-timezone] [year]|uptime]", no=Negative.BOTH, no_at=3
    ),
)
PLATFORM = (
    Rule("platform qfp utilization monitor load {percent:U1-100}"),
    Rule("platform punt-keepalive disable-kernel-core", no=Negative.BOTH),
    Rule("platform hardware throughput level {level:LINE1-40}"),
    Rule("platform console (serial|virtual|auto)"),
    Rule("platform sudi cmca3", no=Negative.BOTH),
    Rule("platform bypass {rest:LINE1-60}", key=None),
)
HOSTNAME = (Rule("hostname {name:WORD1-63}", refuses=("hostname",)),)
BOOT = (
    Rule("boot-start-marker"),
    Rule("boot system {path:LINE1-200}", key=None),
    Rule("boot-end-marker"),
)
VRF = (Rule("vrf definition {name:WORD1-32}", key=("name",), opens="vrf", apart=True),)
VRF_DEFINITION = (
    Rule("description {description:LINE1-244}"),
    Rule("rd {distinguisher:WORD}"),
    Rule("route-target (import|export|both) {target:WORD}", key=None),
    Rule("address-family ipv4", opens="vrf-family"),
    Rule("address-family ipv6", opens="vrf-family"),
)
VRF_FAMILY = (
    Rule("route-target (import|export|both) {target:WORD}", key=None),
    Rule("exit-address-family", does="exit", no=Negative.NONE),
)
ENABLE = (
    Rule("enable secret [{type:U0-9}] {secret:LINE1-120}", does="secret"),
    Rule("enable password [{type:U0-7}] {password:LINE1-120}", does="password"),
    Rule("security passwords min-length {length:U0-16}"),
    Rule("security authentication failure rate {times:U1-1024} log"),
)
AAA = (
    Rule("aaa new-model", no=Negative.BOTH, does="aaa"),
    Rule("aaa group server {protocol:WORD} {name:WORD}", key=None, opens="opaque"),
    Rule("aaa authentication login ({list:WORD}) {methods:LINE1-120}", key=("list",)),
    Rule("aaa authentication enable default {methods:LINE1-120}"),
    Rule("aaa authentication dot1x {list:WORD} {methods:LINE1-120}", key=("list",)),
    Rule("aaa authentication ppp {list:WORD} {methods:LINE1-120}", key=("list",)),
    Rule("aaa authorization exec {list:WORD} {methods:LINE1-120}", key=("list",)),
    Rule("aaa authorization network {list:WORD} {methods:LINE1-120}", key=("list",)),
    Rule("aaa authorization commands {level:U0-15} {list:WORD} {methods:LINE1-120}", key=("level", "list")),
    Rule("aaa authorization console"),
    Rule("aaa authorization config-commands"),
    Rule("aaa accounting {rest:LINE1-160}", key=None),
    Rule("aaa session-id (common|unique)"),
    Rule("aaa common-criteria policy {name:WORD}", key=("name",), opens="opaque"),
)
CLOCK = (
    Rule("clock timezone {zone:WORD} {hours:OFFSET} [{minutes:U0-59}]", does="clock"),
    Rule("clock summer-time {zone:WORD} (recurring|date) [{rest:LINE1-80}]"),
    Rule("clock calendar-valid"),
)
LOGIN = (
    Rule("login block-for {seconds:U1-65535} attempts {attempts:U1-65535} within {within:U1-65535}"),
    Rule("login delay {seconds:U1-10}"),
    Rule("login quiet-mode access-class {list:WORD}"),
    Rule("login on-failure log [every {times:U1-65535}]"),
    Rule("login on-success log [every {times:U1-65535}]", no=Negative.REMOVES),
)
STANDING = (
    Rule(
        "configuration mode exclusive (auto|manual)",
        slot="configuration mode",
        source="System Management Configuration Guide, Exclusive Configuration Change Access",
    ),
    Rule("subscriber templating"),
    Rule("multilink bundle-name authenticated", no=Negative.REMOVES),
    Rule("call-home", opens="call-home"),
    Rule("mpls label protocol ldp"),
    Rule("ipv6 unicast-routing"),
    Rule("ipv6 cef", no=Negative.REMOVES),
    Rule("ip cef", no=Negative.IS_SHOWN),
    Rule("ipv6 source-route", no=Negative.IS_SHOWN),
    Rule("ip source-route", no=Negative.IS_SHOWN),
    Rule("ip gratuitous-arps"),
    Rule("ip icmp rate-limit unreachable {milliseconds:U1-4294967295}"),
    Rule("ip bootp server", no=Negative.IS_SHOWN),
    Rule("ip finger"),
)
LICENSE = (
    Rule("license udi pid {product:WORD} sn {serial:WORD}", no=Negative.NONE),
    Rule("license accept end user agreement"),
    Rule("license boot level {level:LINE1-60}", key=None),
    Rule("license boot suite {suite:WORD}", key=None),
    Rule("license smart enable", no=Negative.BOTH),
    Rule("license smart url {rest:LINE1-200}", key=None),
    Rule("license smart transport (smart|cslu|off|callhome)"),
    Rule("license feature {rest:LINE1-60}", key=None),
    Rule("memory free low-watermark processor {kilobytes:U1-4294967295}"),
    Rule("diagnostic bootup level (minimal|complete)"),
    Rule("spanning-tree mode (pvst|rapid-pvst|mst)"),
    Rule("spanning-tree extend system-id"),
    Rule("file prompt (quiet|alert|noisy)", hidden="file prompt alert"),
    Rule("vlan internal allocation policy (ascending|descending)"),
    Rule("lldp run"),
    Rule("cdp run", no=Negative.IS_SHOWN),
)
ARCHIVE = (Rule("archive", opens="archive", apart=True, bare=False),)
ARCHIVE_MODE = (
    Rule("log config", opens="archive-log", bare=False),
    Rule("path {path:WORD1-250}", refuses=("archive_path",)),
    Rule("write-memory"),
    Rule("time-period {minutes:U1-525600}"),
    Rule("maximum {copies:U1-14}", hidden="maximum 10"),
    Rule("rollback filter adaptive"),
    Rule("rollback retry timeout {seconds:U0-300}"),
)
ARCHIVE_LOG = (
    Rule("logging enable"),
    Rule("logging size {entries:U1-1000}", hidden="logging size 100"),
    Rule("notify syslog [contenttype (plaintext|xml)]"),
    Rule("hidekeys"),
    Rule("record rc"),
    Rule("logging persistent [auto|reload]"),
)
USERS = (
    Rule(
        "username {name:WORD1-64} [privilege {privilege:U0-15}] [nopassword|secret [{type:U0-9}] {secret:LINE1-120}]",
        key=("name",),
        does="username",
    ),
    Rule(
        "username {name:WORD1-64} [privilege {privilege:U0-15}] password [{password_type:U0-7}] {password:LINE1-120}",
        key=("name",),
        does="username",
    ),
    Rule("username {name:WORD1-64} autocommand {command:LINE1-120}", key=("name",), slot="username autocommand"),
    Rule("username {name:WORD1-64} access-class {list:WORD}", key=("name",), slot="username access-class"),
    Rule("username {name:WORD1-64} view {view:WORD}", key=("name",), slot="username view"),
)
REDUNDANCY = (Rule("redundancy", opens="redundancy", apart=True),)
REDUNDANCY_MODE = (Rule("mode (none|sso|rpr)"),)
KEY_CHAINS = (Rule("key chain {name:WORD1-80}", key=("name",), opens="key-chain", apart=True),)
KEY_CHAIN = (
    Rule("description {description:LINE1-240}"),
    Rule("key {number:U0-2147483647}", key=("number",), opens="key", sorts=("number",)),
)
KEY = (
    Rule("key-string [{type:U0-7}] {password:LINE1-120}", does="password"),
    Rule("cryptographic-algorithm {algorithm:WORD}"),
    Rule("accept-lifetime {rest:LINE1-120}"),
    Rule("send-lifetime {rest:LINE1-120}"),
)
SSH = (
    Rule("ip ssh time-out {seconds:U1-120}", hidden="ip ssh time-out 120"),
    Rule("ip ssh authentication-retries {times:U0-5}", hidden="ip ssh authentication-retries 3"),
    Rule("ip ssh maxstartups {sessions:U2-128}"),
    Rule("ip ssh source-interface {interface:IFACE}"),
    Rule("ip ssh logging events"),
    Rule("ip ssh dh min size (1024|2048|4096)", hidden="ip ssh dh min size 2048"),
    Rule("ip ssh rsa keypair-name {name:WORD}"),
    Rule("ip ssh version (1|2)"),
    Rule("ip ssh bulk-mode [{window:U131072-1073741824}]", no=Negative.BOTH),
    Rule(
        "ip ssh server algorithm (mac|encryption|kex|hostkey|authentication|publickey) {names:WORD+}",
        does="ssh_algorithms",
        key=None,
    ),
    Rule("ip ssh client algorithm (mac|encryption|kex|hostkey) {names:WORD+}", does="ssh_algorithms", key=None),
    Rule("ip ssh server authenticate user (publickey|password|keyboard)", key=None, no=Negative.BOTH),
    Rule("ip ssh server peruser session limit {sessions:U1-128}"),
    Rule("ip scp server enable"),
    Rule("ip ssh pubkey-chain", opens="pubkey-chain", bare=False),
)
PUBKEY_CHAIN = (
    Rule("username {name:WORD1-64}", key=("name",), opens="pubkey-user", indent=2),
    Rule("server {name:WORD1-64}", key=("name",), opens="pubkey-user", indent=2),
)
PUBKEY_USER = (
    Rule("key-string", does="key_string", lines=Lines.KEY, no=Negative.NONE),
    Rule(
        "key-hash ({type:SSHKEY}) {hash:HEX} [{comment:LINE1-120}]",
        key=("type", "hash"),
        slot="key-hash",
        indent=1,
        no_at=1,
    ),
)
CRYPTO = (
    Rule("crypto pki trustpoint {name:WORD}", key=("name",), opens="trustpoint", apart=True),
    Rule("crypto pki certificate chain {name:WORD}", key=("name",), opens="certificates"),
    Rule("crypto key (generate|zeroize|import|export) {rest:LINE1-120}", does="nothing", no=Negative.NONE),
)
TRUSTPOINT = (
    Rule("enrollment {rest:LINE1-160}"),
    Rule("subject-name {name:LINE1-200}"),
    Rule("revocation-check {methods:LINE1-60}"),
    Rule("rsakeypair {name:WORD} [{size:U360-4096}]"),
    Rule("hash (md5|sha1|sha256|sha384|sha512)"),
    Rule("fingerprint {fingerprint:LINE1-120}"),
    Rule("usage {rest:LINE1-60}"),
)
CERTIFICATES = (
    Rule(
        "certificate [ca|self-signed|rollover] {serial:HEX} [{file:WORD}]",
        key=("serial",),
        does="certificate",
        lines=Lines.CERTIFICATE,
    ),
)
HTTP = (
    Rule("ip http server", no=Negative.BOTH),
    Rule("ip http authentication (local|aaa|enable)"),
    Rule("ip http secure-server", no=Negative.BOTH),
    Rule("ip http secure-trustpoint {name:WORD}"),
    Rule("ip http access-class {list:WORD}"),
    Rule("ip http access-class ipv4 {list:WORD}"),
    Rule("ip http access-class ipv6 {list:WORD}"),
    Rule("ip http client source-interface {interface:IFACE}"),
    Rule("ip http max-connections {connections:U1-50}"),
    Rule("ip http timeout-policy {rest:LINE1-80}"),
    Rule("ip http path {path:WORD}"),
    Rule("ip http tls-version {version:WORD}"),
)
FORWARD = (
    Rule("ip forward-protocol nd", no=Negative.BOTH),
    Rule("ip forward-protocol udp [{port:WORD}]", key=None, no=Negative.BOTH),
    Rule("ip default-gateway {address:IPV4}"),
    Rule("ip bgp-community new-format"),
    Rule("ip classless"),
    Rule("ip ftp {rest:LINE1-120}", key=None),
    Rule("ip tftp source-interface {interface:IFACE}"),
    Rule("ip tftp blocksize {octets:U512-8192}"),
    Rule("ip radius source-interface {interface:IFACE}"),
    Rule("ip tacacs source-interface {interface:IFACE}"),
    Rule("ip local policy route-map {map:WORD}"),
    Rule("ipv6 local policy route-map {map:WORD}"),
    Rule("ip tcp {rest:LINE1-80}", key=None),
    Rule("ip multicast-routing [distributed]"),
)
BANNERS = (
    Rule("banner (motd|login|exec|incoming) {text:LINE1-254}", key=None, does="banner", lines=Lines.BANNER, no_at=1),
)
LINES = (
    Rule("line con {first:U0-0}", opens="line", slot="line con"),
    Rule("line aux {first:U0-0}", opens="line", slot="line aux"),
    Rule("line vty {first:U0-530} [{last:U1-530}]", key=("first", "last"), opens="line", slot="line vty"),
    Rule(
        "line {first:WORD} [{last:WORD}]",
        key=("first", "last"),
        opens="line",
        slot="line other",
        refuses=("line_number",),
    ),
)
LINE = (
    Rule("session-timeout {minutes:U0-35791}"),
    Rule("location {location:LINE1-200}"),
    Rule("access-class {list:WORD} in [vrf-also]", slot="access-class in", no_at=1),
    Rule("access-class {list:WORD} out", slot="access-class out", no_at=1),
    Rule("exec-timeout {minutes:U0-35791} [{seconds:U0-2147483}]", does="exec_timeout"),
    Rule("privilege level {level:U0-15}", hidden="privilege level 1"),
    Rule("password [{type:U0-7}] {password:LINE1-120}", does="password"),
    Rule("login [local|authentication {list:WORD}]", no=Negative.BOTH, refuses=("login_model",), does="login"),
    Rule("authorization exec {list:WORD}"),
    Rule("ipv6 access-class {list:WORD} (in|out)"),
    Rule("length {lines:U0-512}", hidden="length 24"),
    Rule("width {columns:U0-512}", hidden="width 80"),
    Rule("logging synchronous"),
    Rule("history size {lines:U0-256}", hidden="history size 20"),
    Rule("exec", no=Negative.IS_SHOWN),
    Rule("exec-banner", no=Negative.IS_SHOWN),
    Rule("motd-banner", no=Negative.IS_SHOWN),
    Rule("transport preferred (none|ssh|telnet|all)"),
    Rule("transport input (none|all|[telnet] [ssh])"),
    Rule("transport output (none|all|[telnet] [ssh])"),
    Rule("escape-character {character:WORD}"),
    Rule("rotary {group:U0-127}"),
    Rule("speed {bits:U0-4294967295}"),
    Rule("stopbits (1|1.5|2)"),
    Rule("notify"),
    Rule("modem {rest:LINE1-40}", key=None),
    Rule("script {rest:LINE1-40}", key=None),
)
