"""Access lists, prefix lists, community lists.

Sources: Cisco IOS-XE 17 Security Configuration Guide: Access Control Lists (IP Access List Entry Sequence
Numbering; Named Access Lists; IPv6 Access Control Lists); Cisco IOS Security Command Reference: `permit (IP)`,
`deny (IP)`, `remark`, `ip access-list resequence`; Cisco IOS IPv6 Command Reference: `permit (IPv6)`, `ipv6
access-list`; Cisco IOS IP Routing: BGP Command Reference: `ip prefix-list`, `ip community-list`. IOS-XE 17 shows
the sequence numbers of entries, remarks included, in the running configuration.
"""

from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Negative, Rule

SEQUENCE = "U1-2147483647"
_ICMP = (
    "administratively-prohibited|alternate-address|conversion-error|dod-host-prohibited|dod-net-prohibited|echo|echo-reply|"
    "general-parameter-problem|host-isolated|host-precedence-unreachable|host-redirect|host-tos-redirect|host-tos-unreachable|"
    "host-unknown|host-unreachable|information-reply|information-request|mask-reply|mask-request|mobile-redirect|net-redirect|"
    "net-tos-redirect|net-tos-unreachable|net-unreachable|network-unknown|no-room-for-option|option-missing|packet-too-big|"
    "parameter-problem|port-unreachable|precedence-unreachable|protocol-unreachable|reassembly-timeout|redirect|"
    "router-advertisement|router-solicitation|source-quench|source-route-failed|time-exceeded|timestamp-reply|"
    "timestamp-request|traceroute|ttl-exceeded|unreachable"
)
_ICMP6 = (
    "beyond-scope|destination-unreachable|dhaad-reply|dhaad-request|echo-reply|echo-request|header|hop-limit|mld-query|mld-reduction|"
    "mld-report|mpd-advertisement|mpd-solicitation|nd-na|nd-ns|next-header|no-admin|no-route|packet-too-big|parameter-option|"
    "parameter-problem|port-unreachable|reassembly-timeout|redirect|renum-command|renum-result|renum-seq-number|"
    "router-advertisement|router-renumbering|router-solicitation|time-exceeded|unreachable"
)
_DSCP = (
    "af11|af12|af13|af21|af22|af23|af31|af32|af33|af41|af42|af43|cs1|cs2|cs3|cs4|cs5|cs6|cs7|default|ef|{dscp:U0-63}"
)
_FLAGS = "[established] [ack] [fin] [psh] [rst] [syn] [urg] [(match-all|match-any) {flags:FLAG+}]"


def _ports(kind: str, side: str) -> str:
    """Return the pattern of a condition on ports; `eq` and `neq` take up to ten."""
    single = f"{{{side}_port:{kind}}}"
    several = f"{{{side}_ports:{kind}+}}"
    return f"[eq {several}|neq {several}|gt {single}|lt {single}|range {single} {{{side}_last:{kind}}}]"


def _side4(side: str) -> str:
    return (
        f"(any|host {{{side}:IPV4}}|{{{side}:IPV4}} {{{side}_wildcard:WILD}}|object-group {{{side}_group:WORD1-64}})"
    )


def _side6(side: str) -> str:
    return f"(any|host {{{side}:IPV6}}|{{{side}:HOST6}})"


_LOGGED = "[log|log-input] [time-range {time_range:WORD}]"
_TAIL4 = f"[dscp ({_DSCP})] [precedence {{precedence:U0-7}}] [tos {{tos:U0-15}}] [fragments] {_LOGGED}"
_TAIL6 = f"[dscp ({_DSCP})] [flow-label {{flow_label:U0-1048575}}] [fragments] [routing] {_LOGGED}"
_START4 = f"[{{sequence:{SEQUENCE}}}] {{action:ACTION}}"
_START6 = "[sequence {sequence:U1-4294967294}] {action:ACTION}"
_END6 = "[sequence {sequence:U1-4294967294}]"


def _entry(start: str, rest: str) -> Rule:
    return Rule(f"{start} {rest}", key=("sequence",), slot="entry", does="access_entry", sorts=("sequence",))


_ENTRIES4 = (
    _entry(_START4, f"{{protocol:PROTO}} {_side4('source')} {_side4('destination')} {_TAIL4}"),
    _entry(_START4, f"ip {_side4('source')} {_side4('destination')} {_TAIL4}"),
    _entry(
        _START4,
        f"tcp {_side4('source')} {_ports('TCP', 'source')} {_side4('destination')} "
        f"{_ports('TCP', 'destination')} {_FLAGS} {_TAIL4}",
    ),
    _entry(
        _START4,
        f"udp {_side4('source')} {_ports('UDP', 'source')} {_side4('destination')} "
        f"{_ports('UDP', 'destination')} {_TAIL4}",
    ),
    _entry(
        _START4,
        f"icmp {_side4('source')} {_side4('destination')} [{_ICMP}|{{icmp_type:U0-255}} "
        f"[{{icmp_code:U0-255}}]] {_TAIL4}",
    ),
)
_ENTRIES6 = (
    _entry(_START6, f"{{protocol:PROTO6}} {_side6('source')} {_side6('destination')} {_TAIL6} {_END6}"),
    _entry(_START6, f"ipv6 {_side6('source')} {_side6('destination')} {_TAIL6} {_END6}"),
    _entry(
        _START6,
        f"tcp {_side6('source')} {_ports('TCP', 'source')} {_side6('destination')} "
        f"{_ports('TCP', 'destination')} {_FLAGS} {_TAIL6} {_END6}",
    ),
    _entry(
        _START6,
        f"udp {_side6('source')} {_ports('UDP', 'source')} {_side6('destination')} "
        f"{_ports('UDP', 'destination')} {_TAIL6} {_END6}",
    ),
    _entry(
        _START6,
        f"icmp {_side6('source')} {_side6('destination')} [{_ICMP6}|{{icmp_type:U0-255}} "
        f"[{{icmp_code:U0-255}}]] {_TAIL6} {_END6}",
    ),
)
_REMARK4 = _entry(f"[{{sequence:{SEQUENCE}}}]", "remark {remark:LINE1-100}")
_REMARK6 = _entry("[sequence {sequence:U1-4294967294}]", "remark {remark:LINE1-100}")

EXTENDED = (
    *_ENTRIES4,
    _REMARK4,
    Rule(f"{{sequence:{SEQUENCE}}}", key=("sequence",), slot="entry", does="access_number", no_at=0),
)
STANDARD = (
    _entry(
        _START4,
        "(any|host {source:IPV4}|{source:IPV4} [{source_wildcard:WILD}]|object-group {source_group:WORD1-64}) [log]",
    ),
    _REMARK4,
    Rule(f"{{sequence:{SEQUENCE}}}", key=("sequence",), slot="entry", does="access_number", no_at=0),
)
IPV6 = (
    *_ENTRIES6,
    _REMARK6,
    Rule("sequence {sequence:U1-4294967294}", key=("sequence",), slot="entry", does="access_number"),
)

LISTS = (
    Rule(
        "ip community-list standard {name:WORD} {action:ACTION} [{communities:COMMUNITY+}] "
        "[internet|local-AS|no-advertise|no-export]",
        key=None,
    ),
    Rule("ip community-list expanded {name:WORD} {action:ACTION} {expression:LINE1-200}", key=None),
    Rule("ip as-path access-list {name:U1-500} {action:ACTION} {expression:LINE1-200}", key=None),
    Rule(
        "ip prefix-list {name:WORD1-80} description {description:LINE1-80}",
        key=("name",),
        slot="ip prefix-list description",
    ),
    Rule(
        "ip prefix-list {name:WORD1-80} [seq {sequence:U1-4294967294}] {action:ACTION} {prefix:CIDR} "
        "[ge {ge:U1-32}] [le {le:U1-32}]",
        key=("name", "sequence"),
        sorts=("name", "sequence"),
        does="prefix_entry",
        refuses=("prefix_bounds",),
    ),
    Rule(
        "ipv6 prefix-list {name:WORD1-80} description {description:LINE1-80}",
        key=("name",),
        slot="ipv6 prefix-list description",
    ),
    Rule(
        "ipv6 prefix-list {name:WORD1-80} [seq {sequence:U1-4294967294}] {action:ACTION} "
        "{prefix:PREFIX6} [ge {ge:U1-128}] [le {le:U1-128}]",
        key=("name", "sequence"),
        sorts=("name", "sequence"),
        does="prefix_entry",
        refuses=("prefix_bounds",),
    ),
)
ACCESS_LISTS = (
    Rule(
        "ip access-list standard {name:WORD1-64}",
        key=("name",),
        opens="standard-list",
        apart=True,
        refuses=("list_type",),
        slot="ip access-list",
    ),
    Rule(
        "ip access-list extended {name:WORD1-64}",
        key=("name",),
        opens="extended-list",
        apart=True,
        refuses=("list_type",),
        slot="ip access-list",
    ),
    Rule("ipv6 access-list {name:WORD1-64}", key=("name",), opens="ipv6-list", apart=True),
    Rule(
        f"ip access-list resequence {{name:WORD1-64}} {{start:{SEQUENCE}}} {{step:{SEQUENCE}}}",
        does="resequence",
        no=Negative.NONE,
    ),
    Rule(
        "access-list {name:U1-2699} {entry:LINE1-200}",
        key=None,
        does="numbered_list",
        source="Cisco IOS Security Command Reference: access-list (IP standard), access-list (IP extended)",
    ),
)
