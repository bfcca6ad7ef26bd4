"""Names that IOS writes in place of numbers in access lists.

Cisco IOS Security Command Reference, `permit (IP)`, `permit (IPv6)`, `access-list (IP extended)`.
"""

from collections.abc import Mapping

from provisioning.stands.simulator.packets import ICMP, ICMPV6, TCP, UDP

PROTOCOLS: Mapping[str, int] = {
    "ahp": 51,
    "eigrp": 88,
    "esp": 50,
    "gre": 47,
    "igmp": 2,
    "ipinip": 4,
    "nos": 94,
    "ospf": 89,
    "pcp": 108,
    "pim": 103,
    "sctp": 132,
    "tcp": TCP,
    "udp": UDP,
}

TCP_PORTS: Mapping[str, int] = {
    "bgp": 179,
    "chargen": 19,
    "cmd": 514,
    "daytime": 13,
    "discard": 9,
    "domain": 53,
    "echo": 7,
    "exec": 512,
    "finger": 79,
    "ftp": 21,
    "ftp-data": 20,
    "gopher": 70,
    "hostname": 101,
    "ident": 113,
    "irc": 194,
    "klogin": 543,
    "kshell": 544,
    "login": 513,
    "lpd": 515,
    "msrpc": 135,
    "nntp": 119,
    "onep-plain": 15001,
    "onep-tls": 15002,
    "pim-auto-rp": 496,
    "pop2": 109,
    "pop3": 110,
    "smtp": 25,
    "sunrpc": 111,
    "syslog": 514,
    "tacacs": 49,
    "talk": 517,
    "telnet": 23,
    "time": 37,
    "uucp": 540,
    "whois": 43,
    "www": 80,
}

UDP_PORTS: Mapping[str, int] = {
    "biff": 512,
    "bootpc": 68,
    "bootps": 67,
    "discard": 9,
    "dnsix": 195,
    "domain": 53,
    "echo": 7,
    "isakmp": 500,
    "mobile-ip": 434,
    "nameserver": 42,
    "netbios-dgm": 138,
    "netbios-ns": 137,
    "netbios-ss": 139,
    "non500-isakmp": 4500,
    "ntp": 123,
    "pim-auto-rp": 496,
    "rip": 520,
    "snmp": 161,
    "snmptrap": 162,
    "sunrpc": 111,
    "syslog": 514,
    "tacacs": 49,
    "talk": 517,
    "tftp": 69,
    "time": 37,
    "who": 513,
    "xdmcp": 177,
}

PORTS: Mapping[int, Mapping[str, int]] = {TCP: TCP_PORTS, UDP: UDP_PORTS}

ICMP_TYPES: Mapping[str, int] = {
    "administratively-prohibited": 3,
    "echo": 8,
    "echo-reply": 0,
    "host-redirect": 5,
    "host-unreachable": 3,
    "mask-reply": 18,
    "mask-request": 17,
    "net-unreachable": 3,
    "packet-too-big": 3,
    "parameter-problem": 12,
    "port-unreachable": 3,
    "protocol-unreachable": 3,
    "redirect": 5,
    "router-advertisement": 9,
    "router-solicitation": 10,
    "source-quench": 4,
    "time-exceeded": 11,
    "timestamp-reply": 14,
    "timestamp-request": 13,
    "traceroute": 30,
    "ttl-exceeded": 11,
    "unreachable": 3,
}
"""Types only: which code it is, of those that share a type, no packet here says."""

ICMPV6_TYPES: Mapping[str, int] = {
    "destination-unreachable": 1,
    "echo-reply": 129,
    "echo-request": 128,
    "hop-limit": 3,
    "mld-query": 130,
    "mld-reduction": 132,
    "mld-report": 131,
    "mldv2-report": 143,
    "nd-na": 136,
    "nd-ns": 135,
    "no-admin": 1,
    "no-route": 1,
    "packet-too-big": 2,
    "parameter-problem": 4,
    "port-unreachable": 1,
    "redirect": 137,
    "router-advertisement": 134,
    "router-renumbering": 138,
    "router-solicitation": 133,
    "time-exceeded": 3,
    "unreachable": 1,
}

TYPES: Mapping[int, Mapping[str, int]] = {ICMP: ICMP_TYPES, ICMPV6: ICMPV6_TYPES}

INSPECTED: Mapping[str, tuple[int, tuple[int, ...]]] = {
    "bootpc": (UDP, (68,)),
    "bootps": (UDP, (67,)),
    "ftp": (TCP, (21,)),
    "http": (TCP, (80,)),
    "https": (TCP, (443,)),
    "imap": (TCP, (143,)),
    "imap3": (TCP, (220,)),
    "imaps": (TCP, (993,)),
    "nntp": (TCP, (119,)),
    "ntp": (UDP, (123,)),
    "pop3": (TCP, (110,)),
    "pop3s": (TCP, (995,)),
    "smtp": (TCP, (25,)),
    "snmp": (UDP, (161,)),
    "ssh": (TCP, (22,)),
    "syslog": (UDP, (514,)),
    "telnet": (TCP, (23,)),
    "tftp": (UDP, (69,)),
}
"""Of `match protocol` in a class map of the firewall: protocol and ports (port-to-application mapping's defaults).

`dns` and `sip` go by TCP and by UDP and are read apart.
"""
