"""Protocols and ports that IOS-XE writes by name: a number that has a name is shown by the name.

Source: Cisco IOS Security Command Reference, `permit (IP)`, tables of TCP and UDP port names and of IP protocols;
IOS-XE 17 Security Configuration Guide: Access Control Lists.
"""

from typing import Final

TCP_PORTS: Final = {
    7: "echo",
    9: "discard",
    13: "daytime",
    19: "chargen",
    20: "ftp-data",
    21: "ftp",
    22: "22",
    23: "telnet",
    25: "smtp",
    37: "time",
    43: "whois",
    49: "tacacs",
    53: "domain",
    70: "gopher",
    79: "finger",
    80: "www",
    101: "hostname",
    109: "pop2",
    110: "pop3",
    111: "sunrpc",
    113: "ident",
    119: "nntp",
    135: "msrpc",
    179: "bgp",
    194: "irc",
    496: "pim-auto-rp",
    512: "exec",
    513: "login",
    514: "cmd",
    515: "lpd",
    517: "talk",
    540: "uucp",
    543: "klogin",
    544: "kshell",
    3949: "drip",
}
"""Names of TCP ports; 22 stands for itself and is here so that nobody adds `ssh`, which the references do not have."""

UDP_PORTS: Final = {
    7: "echo",
    9: "discard",
    37: "time",
    42: "nameserver",
    49: "tacacs",
    53: "domain",
    67: "bootps",
    68: "bootpc",
    69: "tftp",
    111: "sunrpc",
    123: "ntp",
    137: "netbios-ns",
    138: "netbios-dgm",
    139: "netbios-ss",
    161: "snmp",
    162: "snmptrap",
    177: "xdmcp",
    195: "dnsix",
    434: "mobile-ip",
    496: "pim-auto-rp",
    500: "isakmp",
    512: "biff",
    513: "who",
    514: "syslog",
    517: "talk",
    520: "rip",
    521: "ripv6",
    4500: "non500-isakmp",
}
"""Names of UDP ports."""

PROTOCOLS: Final = {
    1: "icmp",
    2: "igmp",
    4: "ipinip",
    6: "tcp",
    17: "udp",
    47: "gre",
    50: "esp",
    51: "ahp",
    88: "eigrp",
    89: "ospf",
    94: "nos",
    103: "pim",
    108: "pcp",
    132: "sctp",
}
"""Names of IP protocols in an extended access list."""

PROTOCOLS6: Final = {6: "tcp", 17: "udp", 50: "esp", 51: "ahp", 58: "icmp", 108: "pcp", 132: "sctp"}
"""Names of protocols in an IPv6 access list."""
