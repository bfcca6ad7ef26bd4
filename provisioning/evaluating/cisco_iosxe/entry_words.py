"""Reads one entry of an extended access list.

Grammar: Cisco IOS Security Command Reference, "permit (IP)" and "deny (IP)"; IPv6 Command Reference, "permit (IPv6)".
What is not understood of an entry makes it one that may speak of less than it seems to; an entry of which nothing can
be read may say anything.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network

from provisioning.evaluating.cisco_iosxe import icmp_types, protocols
from provisioning.evaluating.cisco_iosxe.addresses import ANY, Pattern, host, network, wildcard
from provisioning.evaluating.cisco_iosxe.entry import TCP, UDP, Entry, Service
from provisioning.evaluating.cisco_iosxe.object_groups import ObjectGroups
from provisioning.evaluating.cisco_iosxe.ports import take_ports

LOGGED = ("log", "log-input")


class _Words:
    """The words of an entry, read from the left."""

    def __init__(self, words: tuple[str, ...], family: int, groups: ObjectGroups) -> None:
        self.left, self.family, self.groups = words, family, groups
        self.sure = True

    def next(self) -> str:
        if not self.left:
            raise ValueError("it ends too early")
        first, *rest = self.left
        self.left = tuple(rest)
        return first

    def services(self) -> tuple[Service, ...]:
        word = self.next()
        if word != "object-group":
            return (Service(protocols.protocol(word, self.family)),)
        name = self.next()
        self.sure = self.sure and name in self.groups.services and name not in self.groups.unread
        return self.groups.services[name] if self.sure else (Service(None),)

    def patterns(self) -> tuple[Pattern, ...]:
        word = self.next()
        if word == "any":
            return ANY
        if word == "host":
            one = self.next()
            return (host(IPv4Address(one) if self.family == 4 else IPv6Address(one)),)
        if word == "object-group":
            name = self.next()
            known = name in self.groups.networks and name not in self.groups.unread
            self.sure = self.sure and known
            return self.groups.networks[name] if known else ANY
        return (wildcard(word, self.next()) if self.family == 4 else network(IPv6Network(word)),)


def read_entry(words: tuple[str, ...], family: int, groups: ObjectGroups, written: str) -> Entry:
    """Return the entry that these words are, from `permit` or `deny` on.

    Args:
        written: what is shown of it.
    """
    unreadable = Entry(None, (Service(None),), ANY, ANY, False, False, written)
    if words[:1] not in (("permit",), ("deny",)):
        return unreadable
    try:
        return _entry(_Words(words, family, groups), written)
    except ValueError:
        return unreadable


def _entry(words: _Words, written: str) -> Entry:
    permits = words.next() == "permit"
    grouped = words.left[:1] == ("object-group",)
    services = words.services()
    # A group of services holds their ports itself.
    single = None if grouped else services[0].protocol
    sources = words.patterns()
    source_ports, destination_ports = None, None
    if single in (TCP, UDP):
        source_ports, words.left = take_ports(words.left, single)
    destinations = words.patterns()
    if single in (TCP, UDP):
        destination_ports, words.left = take_ports(words.left, single)
        services = (Service(single, source_ports, destination_ports),)
    elif single == protocols.ICMP[words.family]:
        services = (Service(single, icmp=_take_icmp(words)),)
    established = _options(words)
    if "fragments" in words.left:
        # It speaks of fragments but the first, which no session begins with.
        services = ()
    return Entry(permits, services, sources, destinations, established, words.sure, written)


def _options(words: _Words) -> bool:
    """Read what stands behind the addresses; return whether it is `established`."""
    established, left = False, list(words.left)
    while left:
        word = left.pop(0)
        if word == "established":
            established = True
        elif word == "sequence" and left:
            left.pop(0)
        elif word in LOGGED:
            if left and left[0] not in ("established", "sequence"):
                left.pop(0)  # a cookie that is written into the log
        elif word != "fragments":
            words.sure = False
    return established


def _take_icmp(words: _Words) -> tuple[int, int | None] | None:
    if not words.left:
        return None
    known = (icmp_types.IPV4 if words.family == 4 else icmp_types.IPV6).get(words.left[0])
    if known is not None:
        words.next()
        return known
    if not words.left[0].isdigit():
        return None
    kind = int(words.next())
    code = int(words.next()) if words.left and words.left[0].isdigit() else None
    return kind, code
