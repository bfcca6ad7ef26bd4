"""What commands open, name, replace and refuse, for the model of configuration mode (Cisco's command references)."""

# What opens a mode, by the mode in which it stands.
TOP_MODES = (
    "interface ",
    "router bgp ",
    "route-map ",
    "class-map ",
    "policy-map ",
    "parameter-map ",
    "zone security ",
    "zone-pair security ",
    "track ",
    "ip access-list standard ",
    "ip access-list extended ",
    "ipv6 access-list ",
    "ip dhcp pool ",
    "ipv6 dhcp pool ",
    "line ",
    "archive",
    "wlan ",
    "controller ",
    "object-group ",
)
INNER_MODES = {
    "router bgp": ("address-family ",),
    "policy-map": ("class ",),
    "ip sla": ("icmp-echo ",),
    "archive": ("log config",),
}

# What names an object of a kind, as the words before its name; a name is a word.
NAMES = {
    "access list": (
        r"match access-group name {}",
        r"ip access-group {} (?:in|out)",
        r"ipv6 traffic-filter {} (?:in|out)",
        r"(?:ipv6 )?access-class {} in",
        r"ip nat inside source list {} .*",
        r"snmp-server group .* access {}",
    ),
    "class map": (r"class type inspect {}",),
    "policy map": (r"service-policy type inspect {}",),
    "parameter map": (r"inspect {}",),
    "zone": (r"zone-member security {}", r"zone-pair .* source {} .*", r"zone-pair .* destination {}"),
    "prefix list": (r"match ip address prefix-list (?:.* )?{}(?: .*)?",),
    "IPv6 prefix list": (r"match ipv6 address prefix-list (?:.* )?{}(?: .*)?",),
    "route map": (r"neighbor .* route-map {} (?:in|out)", r"neighbor .* advertise-map {} .*", r"neighbor .*-map {}"),
    "probe": (r"ip sla schedule {} .*",),
    "track": (r"ip route .* track {}", r"ipv6 route .* track {}", r"object {}(?: not)?"),
    "SNMP view": (r"snmp-server group .* read {}(?: .*)?",),
    "SNMP group": (r"snmp-server user \S+ {} .*",),
    "interface": (r"ip nat inside source list \S+ interface {} .*", r"(?:ntp|ip domain lookup|logging) .*source.* {}"),
}
MAKES = {
    "access list": r"(?:ip access-list (?:standard|extended)|ipv6 access-list) (\S+)",
    "class map": r"class-map .* (\S+)",
    "policy map": r"policy-map .* (\S+)",
    "parameter map": r"parameter-map type inspect (\S+)",
    "zone": r"zone security (\S+)",
    "prefix list": r"ip prefix-list (\S+) .*",
    "IPv6 prefix list": r"ipv6 prefix-list (\S+) .*",
    "route map": r"route-map (\S+) .*",
    "probe": r"ip sla (\d+)",
    "track": r"track (\d+) .*",
    "SNMP view": r"snmp-server view (\S+) .*",
    "SNMP group": r"snmp-server group (\S+) .*",
    "interface": r"interface (Loopback\d+)",
}

# One value at a time: a later command takes the earlier one's place. The first group, if any, is part of what it sets.
REPLACES = (
    r"hostname",
    r"description",
    r"(exec-timeout|transport input)",
    r"snmp-server (location|group \S+)",
    r"ip (domain lookup source-interface)",
    r"ntp (source)",
    r"ip nat (translation \S+)",
    r"()ip address(?! \S+ \S+ secondary)",
    r"(ip access-group|ipv6 traffic-filter) \S+ (in|out)",
    r"(access-class|ipv6 access-class)",
    r"(network|default-router|dns-server|lease|option \d+)(?! \S+ mask)(?! \S+/)",
    r"(tcp|udp|icmp) (\S+)",
    r"bfd (interval)",
    r"ipv6 nd (ra interval)",
    r"set (local-preference|community)",
    r"neighbor (\S+) (description|timers|remote-as|advertise-map)",
    r"neighbor (\S+) route-map \S+ (in|out)",
    r"bgp (router-id)",
    r"delay",
    r"(path|maximum)",
    r"ip ssh (time-out|version|server algorithm authentication)",
    r"service timestamps (debug|log)",
    r"wireless (country)",
)

# Only one can stand, and the earlier one must be gone.
CONFLICTS = (
    r"ip nat inside source static (tcp|udp) \S+ \d+ (\S+ \d+)",
    r"ip nat inside source list (\S+)",
    r"zone-member security",
    r"service-policy type inspect",
    r"()(?:inspect|pass|drop)\b",
    r"ipv6 address (autoconfig)",
    r"ip nat (inside|outside)$",
    r"(track \d+)",
    r"(wlan \S+)",
    r"zone-pair security (\S+)",
    r"(route-map \S+) (?:permit|deny) (\d+)",
    r"(ip prefix-list \S+ seq \d+|ipv6 prefix-list \S+ seq \d+)",
    r"ip name-server",
    r"class-map .* (\S+)$",
    r"policy-map .* (\S+)$",
)

# On unless `no` says otherwise, so that their `no` form is what is shown.
ON = (
    r"ip (?:redirects|proxy-arp|source-route|http server|http secure-server|address)",
    r"ipv6 redirects|bfd echo",
    r"cdp run",
    r"bgp default ipv4-unicast",
    r"bfd echo",
    r"security .*",
)

# Shown either way.
SHOWN = (r"ip http (?:server|secure-server)",)

# `no` and these words take back the whole command, whatever follows in it.
SHORT = (
    r"description",
    r"hostname",
    r"banner \S+",
    r"snmp-server location",
    r"snmp-server community \S+",
    r"snmp-server user \S+ \S+ v3",
    r"ip sla schedule \d+",
    r"track \d+",
    r"wlan \S+",
    r"ntp server \S+",
    r"(?:sequence )?\d+",
)
