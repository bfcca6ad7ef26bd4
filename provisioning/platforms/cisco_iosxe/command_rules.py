"""What IOS XE's commands do to each other, as data with the reason beside each: one row for what is not the rule."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Negation:
    """A command whose `no` form is not `no` before all of it.

    Attributes:
        section: pattern of the line of the section in which it stands; empty at the top.
        line: pattern of the command.
        form: what takes it back, with the pattern's groups.
    """

    section: str
    line: str
    form: str
    reason: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A command of which one can stand: a later one takes the place of the earlier one.

    Attributes:
        section: pattern of the line of the section in which it stands; empty at the top.
        line: pattern of the command's beginning; its groups tell one setting from another.
    """

    section: str
    line: str
    reason: str = "the later one counts"


@dataclass(frozen=True, slots=True)
class Exclusive:
    """A command of which one can stand, and the earlier one must be gone before a later one is taken.

    Attributes:
        section: pattern of the line of the section in which it stands; empty at the top.
        line: pattern of the command's beginning; its groups tell one place from another.
    """

    section: str
    line: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A section that is not changed in place: it is removed and made anew, with the commands that go with it.

    Attributes:
        line: pattern of the section's line.
        before: pattern, with the first one's groups, of top-level commands that are taken back first and given last.
    """

    line: str
    before: str
    reason: str


@dataclass(frozen=True, slots=True)
class Cascade:
    """A command whose `no` form takes others with it.

    Attributes:
        section: pattern of the line of the section in which it stands; empty at the top.
        line: pattern of the command.
        taken: pattern, with the first one's groups, of the commands in that section, and under it, that go with it.
    """

    section: str
    line: str
    taken: str
    reason: str


@dataclass(frozen=True, slots=True)
class Barred:
    """A command that a top-level one takes away, and that is refused as long as that one stands.

    Attributes:
        section: pattern of the line of the section in which it stands.
        line: pattern of the command.
        by: the top-level command.
    """

    section: str
    line: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Early:
    """A command that is taken back before anything else is done in its section."""

    section: str
    line: str
    reason: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """A section that cannot be removed: what is in it is taken back line by line."""

    line: str
    reason: str


NEGATIONS: tuple[Negation, ...] = (
    Negation(r"", r"(hostname|ip domain[ -]name|banner \S+).*", r"no \1", "the value is no part of it"),
    Negation(r"", r"(snmp-server (?:location|contact|chassis-id)) .*", r"no \1", "the value is no part of it"),
    Negation(
        r"",
        r"(snmp-server user \S+ \S+ v3).*",
        r"no \1",
        "neither keys nor access list are asked for (snmp-server user)",
    ),
    Negation(r"", r"(snmp-server community \S+).*", r"no \1", "the rest is refused on some releases"),
    Negation(
        r"", r"(access-list \d+) .*", r"no \1", "an entry's `no` form removes the list all the same (access-list)"
    ),
    Negation(r"", r"(ip sla schedule \d+) .*", r"no \1", "the number says it (ip sla schedule)"),
    Negation(r"", r"(track \d+) .*", r"no \1", "the number says it (track)"),
    Negation(
        r"",
        r"(ip nat (?:inside|outside) source (?:list|route-map|static) .*)",
        r"no \1 forced",
        "with translations in use it asks, or refuses; `forced` ends them (ip nat inside source)",
    ),
    Negation(r"", r"(logging (?:buffered|trap|console|monitor|facility|origin-id)) .*", r"no \1", "not asked for"),
    Negation(r"", r"(ip ssh (?:time-out|authentication-retries|version|dh min size)) .*", r"no \1", "not asked for"),
    Negation(r"", r"(ntp (?:server|peer) (?:vrf \S+ )?\S+)(?: .*)?", r"no \1", "the address says it (ntp server)"),
    Negation(r"", r"(wlan \S+) .*", r"no \1", "the profile's name says it (wlan)"),
    Negation(r".*", r"(description) .*", r"no \1", "the text is no part of it"),
    Negation(r"key \d+|key chain .+", r"(key-string) .*", r"no \1", "the key is no part of it"),
    Negation(r"ip access-list .+", r"(\d+ remark .*)", r"no \1", "its number is the next entry's too"),
    Negation(r"ip(?:v6)? access-list .+", r"(\d+) .*", r"no \1", "the number says it (no sequence-number)"),
    Negation(r"ipv6 access-list .+", r"(sequence \d+) .*", r"no \1", "the number says it"),
    Negation(r"ipv6 access-list .+", r".* (sequence \d+)", r"no \1", "the number says it"),
)

SETTINGS: tuple[Setting, ...] = (
    Setting(r"", r"hostname|ip domain[ -]name|ip default-gateway|clock timezone|clock summer-time"),
    Setting(r"", r"banner (\S+)"),
    Setting(r"", r"snmp-server (location|contact|chassis-id|engineID local|trap-source|source-interface \S+)"),
    Setting(r"", r"snmp-server view (\S+ \S+)|snmp-server group (\S+ v3)"),
    Setting(r"", r"logging (buffered|trap|console|monitor|facility|origin-id|source-interface)"),
    Setting(
        r"", r"ip ssh (version|time-out|authentication-retries|source-interface|dh min size|server algorithm \S+)"
    ),
    Setting(
        r"", r"ip (?:tftp|ftp|radius|tacacs|http client) source-interface|ip tcp (?:mss|synwait-time|window-size)"
    ),
    Setting(r"", r"ip domain lookup source-interface|ntp source|ntp (?:server|peer) (\S+)"),
    Setting(r"", r"service timestamps (debug|log)|ip nat translation (port-timeout \S+ \d+|max-entries \S+ \S+|\S+)"),
    Setting(r"", r"ip(?:v6)? local policy route-map|aaa (authentication|authorization|accounting) (\S+ \S+)"),
    Setting(r"interface .+", r"()(?:ip address(?! \S+ \S+ secondary)|ip unnumbered)"),
    Setting(
        r"interface .+", r"description|mtu|ip mtu|ipv6 mtu|bandwidth|delay|load-interval|speed|duplex|negotiation"
    ),
    Setting(r"interface .+", r"ip tcp adjust-mss|ipv6 tcp adjust-mss|encapsulation|media-type|keepalive|arp timeout"),
    Setting(r"interface .+", r"switchport (mode|access vlan|voice vlan|trunk native vlan|trunk allowed vlan)"),
    Setting(r"interface .+", r"ip access-group \S+ (in|out)|ipv6 traffic-filter \S+ (in|out)"),
    Setting(r"interface .+", r"ip(?:v6)? policy route-map|ip(?:v6)? verify unicast source"),
    Setting(
        r"interface .+", r"ipv6 nd (ra interval|ra lifetime|router-preference|reachable-time|ns-interval|dad attempts)"
    ),
    Setting(r"interface .+", r"ipv6 nd prefix (\S+)|ipv6 dhcp (server|relay|client pd)|ip dhcp client (\S+)"),
    Setting(
        r"interface .+", r"bfd (interval|template)|dialer-group|dialer (idle-timeout|watch-group|string)|pulse-time"
    ),
    Setting(r"controller Cellular .+", r"profile id (\d+)|lte (\S+ \S+)"),
    Setting(r"router bgp .+|address-family .+", r"bgp router-id|timers bgp|maximum-paths(?: (\S+bgp))?|distance bgp"),
    Setting(
        r"router bgp .+|address-family .+", r"neighbor (\S+) (remote-as|description|timers|update-source|password)"
    ),
    Setting(
        r"router bgp .+|address-family .+",
        r"neighbor (\S+) (ttl-security|ebgp-multihop|weight|maximum-prefix|advertise-map)",
    ),
    Setting(r"router bgp .+|address-family .+", r"neighbor (\S+) (route-map|prefix-list|filter-list) \S+ (in|out)"),
    Setting(r"router bgp .+|address-family .+", r"network (\S+(?: mask \S+)?)|redistribute (\S+)"),
    Setting(r"route-map .+", r"description|set (local-preference|metric|weight|community|origin|tag|as-path prepend)"),
    Setting(r"ip dhcp pool .+", r"(network|default-router|dns-server|lease|domain-name|host|client-\S+|option \d+)"),
    Setting(r"track .+", r"delay|default-state"),
    Setting(
        r"parameter-map .+", r"((?:tcp|udp|icmp|dns-timeout|sessions|max-incomplete|one-minute|alert|audit-trail) \S+)"
    ),
    Setting(r"class .+", r"police|priority|bandwidth|shape|set \S+|queue-limit|service-policy"),
    Setting(r"class-map .+|policy-map .+|zone.* security .+", r"description"),
    Setting(
        r"line .+", r"(exec-timeout|transport \S+|login|length|width|privilege level|session-timeout|stopbits|logging)"
    ),
    Setting(r"line .+", r"(authorization exec)|access-class \S+ (in|out)|ipv6 access-class \S+ (in|out)"),
    Setting(r"archive", r"(path|maximum|time-period)"),
    Setting(r"bfd-template .+", r"interval"),
    Setting(r"event manager applet .+", r"(event|description|action \S+)"),
    Setting(r"wlan .+", r"security wpa (psk set-key)|(radio policy|client vlan)"),
)

EXCLUSIVES: tuple[Exclusive, ...] = (
    Exclusive(r"", r"track (\d+)", "`Cannot change tracked object - delete old config first` (track)"),
    Exclusive(
        r"",
        r"ip nat inside source static (tcp|udp) \S+ \d+ (\S+ \d+)",
        "a global port leads to one host (ip nat inside source)",
    ),
    Exclusive(r"", r"ip nat inside source static (?!tcp |udp |network )\S+ (\S+)", "a global address is one host's"),
    Exclusive(r"", r"(ip nat (?:inside|outside) source (?:list|route-map) \S+)", "one rule a list"),
    Exclusive(r"", r"ip nat pool (\S+)", "a pool is not changed (ip nat pool)"),
    Exclusive(r"", r"route-map (\S+) (?:permit|deny) (\d+)", "a number is one entry's"),
    Exclusive(r"", r"zone-pair security (\S+)", "source and destination of a pair stay (zone-pair security)"),
    Exclusive(r"", r"class-map (?:type (\S+) )?(?:match-\S+ )?(\S+)", "how a class matches stays (class-map)"),
    Exclusive(r"", r"policy-map (?:type (\S+) )?(\S+)", "the type of a policy stays (policy-map)"),
    Exclusive(r"", r"ip access-list \S+ (\S+)", "standard and extended lists share their names (ip access-list)"),
    Exclusive(r"", r"wlan (\S+)", "one WLAN a profile (wlan)"),
    Exclusive(r"", r"(ip|ipv6) name-server", "further servers are added to those that stand (ip name-server)"),
    Exclusive(
        r"",
        r"(ip route \S+ \S+ (?:[A-Z][a-z]\S* )?(?:[\d.]{7,}|dhcp|[A-Z][a-z]\S*))",
        "one entry a next hop (ip route)",
    ),
    Exclusive(
        r"",
        r"(ipv6 route \S+ (?:[A-Z][a-z]\S* )?(?:[0-9A-F:]*:[0-9A-F:]*|[A-Z][a-z]\S*))",
        "one entry a next hop (ipv6 route)",
    ),
    Exclusive(r"", r"snmp-server user (\S+)", "a user is in one group (snmp-server user)"),
    Exclusive(r"", r"router bgp", "one AS a router (router bgp)"),
    Exclusive(
        r"interface .+", r"ipv6 address autoconfig", "the route that it brings goes with it (ipv6 address autoconfig)"
    ),
    Exclusive(r"interface .+", r"zone-member security", "an interface is in one zone (zone-member security)"),
    Exclusive(r"interface .+", r"service-policy (input|output)", "one policy a direction (service-policy)"),
    Exclusive(r"interface .+", r"()ip nat (?:inside|outside)", "an interface is on one side (ip nat)"),
    Exclusive(
        r"zone-pair security .+", r"service-policy type inspect", "one policy a pair (service-policy type inspect)"
    ),
    Exclusive(r"class type inspect .+|class class-default", r"()(?:inspect|pass|drop)", "one action a class"),
)

CASCADES: tuple[Cascade, ...] = (
    Cascade(
        r"router bgp .+",
        r"neighbor (\S+) remote-as .+",
        r"neighbor \1 .+",
        "the neighbour goes at once: without its filters it would be told too much",
    ),
    Cascade(r"", r"aaa new-model", r"aaa session-id .+", "it comes and goes with the new model (aaa session-id)"),
)

BARRED: tuple[Barred, ...] = (
    Barred(r"line .+", r"login(?: local)?", "aaa new-model", "terminals ask by method lists from then on (login)"),
)

REBUILT: tuple[Rebuilt, ...] = (
    Rebuilt(r"ip sla (\d+)", r"ip sla schedule \1 .+", "a scheduled operation is not changed (ip sla schedule)"),
    Rebuilt(r"wlan (\S+) .+", r"", "a WLAN that is up is not changed (wlan)"),
)

EARLY: tuple[Early, ...] = (
    Early(
        r"interface .+",
        r"ip address \S+ \S+ secondary",
        "an interface keeps its primary address while it has others, and loses all of them with it (ip address)",
    ),
)

FIXED: tuple[Fixed, ...] = (
    Fixed(r"interface (?!Loopback|Tunnel|Dialer|BDI|Port-channel|Virtual|Vlan(?!1$)).*", "made of hardware"),
    Fixed(r"controller .+", "made of hardware"),
    Fixed(r"line .+", "terminals that the software makes"),
    Fixed(r"archive|control-plane.*|redundancy|call-home", "parts of the software"),
)
