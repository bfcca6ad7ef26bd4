"""The zone-based policy firewall.

Sources: Cisco IOS-XE 17 Security Configuration Guide: Zone-Based Policy Firewall; Cisco IOS Security Command
Reference: `class-map type inspect`, `policy-map type inspect`, `class type inspect`, `inspect`, `parameter-map type
inspect`, `zone security`, `zone-pair security`.
"""

from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Rule

_NAMED = "{name:WORD1-256}"
_MATCH = (
    Rule("description {description:LINE1-230}"),
    Rule("match access-group name {list:WORD1-64}", key=("list",)),
    Rule("match access-group {list:U1-2799}", key=("list",), slot="match access-group number"),
    Rule("match class-map {class:WORD1-256}", key=("class",), refuses=("class_exists",)),
    Rule(
        "match protocol {protocol:WORD} [signature]",
        key=("protocol",),
        source="Zone-Based Policy Firewall: match protocol; names of applications come from the router's own table",
    ),
)
INSPECT_CLASS = _MATCH
CLASS = (
    *_MATCH,
    Rule("match any"),
    Rule("match dscp {values:LINE1-80}", key=None),
    Rule("match ip dscp {values:LINE1-80}", key=None),
    Rule("match ip precedence {values:LINE1-80}", key=None),
    Rule("match precedence {values:LINE1-80}", key=None),
    Rule("match input-interface {interface:IFACE}", key=None),
    Rule("match not {rest:LINE1-120}", key=None),
    Rule("match qos-group {group:U0-99}", key=None),
)
INSPECT_POLICY = (
    Rule("description {description:LINE1-230}"),
    Rule(
        "class type inspect {class:WORD1-256}",
        key=("class",),
        slot="class",
        opens="inspect-policy-class",
        refuses=("inspect_class_exists",),
    ),
    Rule("class class-default", slot="class", key=None, opens="inspect-policy-class"),
)
INSPECT_POLICY_CLASS = (
    Rule("inspect [{parameters:WORD1-256}]", slot="treatment", refuses=("parameters_exist",), no_at=1),
    Rule("pass [log]", slot="treatment"),
    Rule("drop [log]", slot="treatment"),
    Rule("police rate {rate:U8000-2000000000} burst {burst:U1000-512000000}"),
    Rule("service-policy {protocol:WORD} {policy:WORD}", key=None),
)
POLICY = (
    Rule("description {description:LINE1-230}"),
    Rule("class {class:WORD1-256}", key=("class",), opens="policy-class", refuses=("plain_class_exists",)),
)
POLICY_CLASS = (
    Rule("priority [level {level:U1-2}] [percent {percent:U1-100}|{kilobits:U1-2000000000}]"),
    Rule(
        "bandwidth ({kilobits:U1-2000000000}|percent {percent:U1-100}|remaining (percent "
        "{percent:U1-100}|ratio {ratio:U1-65536}))"
    ),
    Rule("shape (average|peak) ({bits:U8000-100000000000}|percent {percent:U1-100}) [{burst:U256-154400000}]"),
    Rule("police {rest:LINE1-200}"),
    Rule("set (dscp|ip dscp|precedence|cos|qos-group) {value:WORD}", key=None),
    Rule("queue-limit {packets:U1-64000} [bytes|packets|us]"),
    Rule("fair-queue [{queues:U16-4096}]"),
    Rule("random-detect [dscp-based|precedence-based]"),
    Rule("drop"),
    Rule("service-policy {policy:WORD}", refuses=("policy_exists",)),
)
PARAMETERS = (
    Rule("audit-trail (on|off)", hidden="audit-trail off"),
    Rule("alert (on|off)", hidden="alert on"),
    Rule("dns-timeout {seconds:U1-2147483}", hidden="dns-timeout 5"),
    Rule("icmp idle-time {seconds:U1-2147483} [ageout-time {ageout:U1-2147483}]", hidden="icmp idle-time 10"),
    Rule("udp idle-time {seconds:U1-2147483} [ageout-time {ageout:U1-2147483}]", hidden="udp idle-time 30"),
    Rule("udp half-open idle-time {milliseconds:U1-2147483647} [ageout-time {ageout:U1-2147483647}]"),
    Rule("tcp idle-time {seconds:U1-2147483} [ageout-time {ageout:U1-2147483}]", hidden="tcp idle-time 3600"),
    Rule("tcp finwait-time {seconds:U1-2147483} [ageout-time {ageout:U1-2147483}]", hidden="tcp finwait-time 1"),
    Rule("tcp synwait-time {seconds:U1-2147483} [ageout-time {ageout:U1-2147483}]", hidden="tcp synwait-time 30"),
    Rule("tcp half-open idle-time {milliseconds:U1-2147483647} [ageout-time {ageout:U1-2147483647}]"),
    Rule(
        "tcp max-incomplete host {sessions:U1-4294967295} [block-time {minutes:U0-35791}]",
        hidden="tcp max-incomplete host 4294967295",
    ),
    Rule("tcp window-scale-enforcement loose"),
    Rule("tcp syn-flood limit {sessions:U1-4294967295}"),
    Rule("max-incomplete low {sessions:U1-4294967295}"),
    Rule("max-incomplete high {sessions:U1-4294967295}"),
    Rule("one-minute low {sessions:U1-4294967295}"),
    Rule("one-minute high {sessions:U1-4294967295}"),
    Rule("sessions maximum {sessions:U1-4294967295}"),
    Rule("session maximum {sessions:U1-4294967295}"),
    Rule("session packet default"),
    Rule("log dropped-packets"),
    Rule("log summary [flows {flows:U2-40960}] [time-interval {seconds:U5-1440}]"),
    Rule("zone-mismatch drop"),
    Rule("gtpv0 request-queue {packets:U1-2147483647}"),
)
GLOBAL_PARAMETERS = (
    *PARAMETERS,
    Rule("per-box aggressive-aging high {sessions:WORD} [low {least:WORD}]"),
    Rule("per-box max-incomplete {sessions:U1-4294967295} [aggressive-aging high {high:WORD} low {low:WORD}]"),
    Rule("log flow-export v9 udp destination {address:IPV4} {port:U1-65535}"),
)
ZONE = (Rule("description {description:LINE1-256}"),)
ZONE_PAIR = (
    Rule("description {description:LINE1-256}"),
    Rule("service-policy type inspect {policy:WORD1-256}", refuses=("inspect_policy_exists",)),
)

PARAMETER_MAPS = (
    Rule("parameter-map type inspect-global", opens="parameters-global"),
    Rule("parameter-map type inspect global", opens="parameters-global"),
    Rule(f"parameter-map type inspect {_NAMED}", key=("name",), opens="parameters", refuses=("parameters_used",)),
)
CLASS_MAPS = (
    Rule(
        f"class-map type inspect [match-all|match-any] {_NAMED}",
        key=("name",),
        opens="inspect-class",
        does="class_map",
        refuses=("class_used",),
    ),
    Rule(
        f"class-map [match-all|match-any] {_NAMED}",
        key=("name",),
        opens="class",
        does="class_map",
        refuses=("class_used",),
    ),
)
POLICY_MAPS = (
    Rule(f"policy-map type inspect {_NAMED}", key=("name",), opens="inspect-policy", refuses=("policy_used",)),
    Rule(f"policy-map {_NAMED}", key=("name",), opens="policy", refuses=("policy_used",)),
)
ZONES = (
    Rule("zone security {name:WORD1-256}", key=("name",), opens="zone", refuses=("zone_used",), does="zone"),
    Rule(
        "zone-pair security {name:WORD1-256} source {source:WORD1-256} destination {destination:WORD1-256}",
        key=("name",),
        opens="zone-pair",
        refuses=("pair_zones",),
    ),
)
