"""Reads the sessions that a router knows, as `conntrack -L` lists them (conntrack(8))."""

import re
from collections.abc import Iterator
from ipaddress import ip_address

from provisioning.model.live_session import LiveSession
from provisioning.model.port_range import Protocol

_TUPLE = r"src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)"
_ENTRY = re.compile(rf"(tcp|udp) .*?{_TUPLE} .*?{_TUPLE}.*")


def shown_sessions(text: str) -> Iterator[LiveSession]:
    """Yield the sessions of a list, as whoever began them called; what is neither TCP nor UDP is left out."""
    for line in text.splitlines():
        found = _ENTRY.match(line)
        if found is None:
            continue
        protocol: Protocol = "tcp" if found[1] == "tcp" else "udp"
        try:
            # The second tuple is how the answer comes: from whom the session really goes to.
            source, target, host = (ip_address(found[each]) for each in (2, 3, 6))
        except ValueError:
            continue
        yield LiveSession(protocol, source, int(found[4]), target, int(found[5]), host, int(found[8]))
