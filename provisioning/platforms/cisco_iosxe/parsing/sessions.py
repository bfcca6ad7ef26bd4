"""Reads translations and sessions of the firewall as a router shows them, and the commands that end them.

IP Addressing Command Reference, "show ip nat translations", "clear ip nat translation"; Security Command Reference,
"show policy-firewall sessions platform", "clear zone-pair".
"""

import re
from collections.abc import Iterator
from ipaddress import ip_address

from provisioning.model.live_session import LiveSession
from provisioning.model.port_range import Protocol

TRANSLATIONS = "show ip nat translations"
SESSIONS = "show policy-firewall sessions platform"

_END = r"([0-9.]+):(\d+)"
_TRANSLATION = re.compile(rf"(tcp|udp)\s+{_END}\s+{_END}\s+{_END}\s+{_END}\s*", re.IGNORECASE)
_SESSION = re.compile(r"Session ID:\S+ ([0-9A-Fa-f.:]+) (\d+) ([0-9A-Fa-f.:]+) (\d+) proto (6|17)\b.*")

_PROTOCOLS: dict[str, Protocol] = {"6": "tcp", "17": "udp"}


def shown_translations(text: str) -> tuple[LiveSession, ...]:
    """Return the sessions that are translated; the static entries that they come from are none."""
    return tuple(_translations(text))


def _translations(text: str) -> Iterator[LiveSession]:
    for line in text.splitlines():
        found = _TRANSLATION.fullmatch(line.strip())
        if found is None:
            continue
        protocol: Protocol = "tcp" if found[1].lower() == "tcp" else "udp"
        try:
            target, host, source = (ip_address(found[each]) for each in (2, 4, 8))
        except ValueError:
            continue
        yield LiveSession(protocol, source, int(found[9]), target, int(found[3]), host, int(found[5]))


def shown_sessions(text: str) -> tuple[LiveSession, ...]:
    """Return the sessions that the firewall remembers, from whoever began them; channels of a session are left out."""
    return tuple(_sessions(text))


def _sessions(text: str) -> Iterator[LiveSession]:
    for line in text.splitlines():
        found = _SESSION.fullmatch(line.strip())
        if found is None:
            continue
        try:
            source, target = ip_address(found[1]), ip_address(found[3])
        except ValueError:
            continue
        port = int(found[4])
        yield LiveSession(_PROTOCOLS[found[5]], source, int(found[2]), target, port, target, port)


def clear_translation(session: LiveSession) -> str:
    """Return the command that ends one translated session, and no other."""
    source = f"{session.source} {session.source_port}"
    return (
        f"clear ip nat translation {session.protocol} inside {session.target} {session.target_port} "
        f"{session.host} {session.host_port} outside {source} {source}"
    )


def clear_zone_pair(name: str) -> str:
    """Return the command that ends every session of a zone pair: the platform has none for a single one."""
    return f"clear zone-pair {name} inspect session"
