"""Ports as entries of access lists name them.

Names: Cisco IOS Security Command Reference, "permit (IP)" and "permit (IPv6)", tables of TCP and UDP port names; the
device shows the name where it has one, the number elsewhere.
"""

from collections.abc import Iterable

Ports = tuple[tuple[int, int], ...]
"""Ranges, both ends included, ascending, apart from each other."""

LAST = 65535
MOST_LISTED = 10
"""So many ports may follow `eq` or `neq` (ACL — Named ACL Support for Noncontiguous Ports)."""

_BOTH = {"discard": 9, "domain": 53, "drip": 3949, "echo": 7, "pim-auto-rp": 496, "sunrpc": 111, "syslog": 514}
_BOTH |= {"tacacs": 49, "talk": 517, "time": 37}
_TCP = {"bgp": 179, "chargen": 19, "cmd": 514, "connectedapps-plain": 15001, "connectedapps-tls": 15002}
_TCP |= {"daytime": 13, "exec": 512, "finger": 79, "ftp": 21, "ftp-data": 20, "gopher": 70, "hostname": 101}
_TCP |= {"ident": 113, "irc": 194, "klogin": 543, "kshell": 544, "login": 513, "lpd": 515, "msrpc": 135, "nntp": 119}
_TCP |= {"onep-plain": 15001, "onep-tls": 15002, "pop2": 109, "pop3": 110, "smtp": 25, "telnet": 23, "uucp": 540}
_TCP |= {"whois": 43, "www": 80}
_UDP = {"biff": 512, "bootpc": 68, "bootps": 67, "dnsix": 195, "isakmp": 500, "mobile-ip": 434, "nameserver": 42}
_UDP |= {"netbios-dgm": 138, "netbios-ns": 137, "netbios-ss": 139, "non500-isakmp": 4500, "ntp": 123, "rip": 520}
_UDP |= {"ripv6": 521, "snmp": 161, "snmptrap": 162, "tftp": 69, "who": 513, "xdmcp": 177}

NAMES: dict[int, dict[str, int]] = {6: {**_BOTH, **_TCP}, 17: {**_BOTH, **_UDP}}
"""By number of the protocol."""


def port(word: str, protocol: int) -> int:
    """Return the number of a port that is named or numbered.

    Raises:
        ValueError: when it is neither.
    """
    known = NAMES.get(protocol, {}).get(word)
    if known is not None:
        return known
    number = int(word) if word.isascii() and word.isdigit() else -1
    if not 0 <= number <= LAST:
        raise ValueError(f"{word} is no port")
    return number


def take_ports(words: tuple[str, ...], protocol: int) -> tuple[Ports | None, tuple[str, ...]]:
    """Return the ports that an operator at the beginning names, and the words after them; None without an operator.

    Raises:
        ValueError: when a port is missing or none.
    """
    if not words or words[0] not in ("eq", "neq", "lt", "gt", "range"):
        return None, words
    operator, *rest = words
    if operator == "range":
        if len(rest) < 2:
            raise ValueError("a range has two ports")
        first, last = sorted((port(rest[0], protocol), port(rest[1], protocol)))
        return ((first, last),), tuple(rest[2:])
    if not rest:
        raise ValueError(f"{operator} needs a port")
    one = port(rest[0], protocol)
    if operator == "lt":
        return _only((0, one - 1)), tuple(rest[1:])
    if operator == "gt":
        return _only((one + 1, LAST)), tuple(rest[1:])
    listed = [one]
    for word in rest[1:MOST_LISTED]:
        try:
            listed.append(port(word, protocol))
        except ValueError:
            break
    exactly = union((each, each) for each in listed)
    return exactly if operator == "eq" else without(exactly), tuple(rest[len(listed) :])


def union(ranges: Iterable[tuple[int, int]]) -> Ports:
    """Return the ports of all ranges."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def without(ports: Ports) -> Ports:
    """Return all other ports."""
    found, begin = [], 0
    for first, last in ports:
        if begin < first:
            found.append((begin, first - 1))
        begin = last + 1
    if begin <= LAST:
        found.append((begin, LAST))
    return tuple(found)


def _only(one: tuple[int, int]) -> Ports:
    return (one,) if one[0] <= one[1] else ()


def holds(ports: Ports | None, one: int) -> bool:
    """Return whether a port is one of them; `None` is every port."""
    return ports is None or any(first <= one <= last for first, last in ports)
