"""What snmpd.conf has an agent tell, and whom."""

import shlex
from collections.abc import Mapping

from provisioning.stands.simulator.linux_cpe.interfaces import Link
from provisioning.stands.simulator.snmp_agent import Managed


def engine_of(name: str) -> bytes:
    """Return the id of the engine of a router, which comes from its name (RFC 3411, 5)."""
    return b"\x80\x00\x1f\x88\x04" + name.encode()


def managed_by(text: str, links: Mapping[str, Link]) -> Managed:
    """Return what an agent tells, and whom.

    Args:
        text: snmpd.conf in force.
        links: interfaces of the router.
    """
    told = {key.lower(): value.strip() for key, _, value in (line.partition(" ") for line in text.splitlines())}
    system = {1: "Linux", 4: "", 5: told.get("sysname", ""), 6: told.get("syslocation", "")}
    return Managed(lambda user: _phrases(text, user), system, {name: link.up for name, link in links.items()})


def _phrases(text: str, user: str) -> tuple[str, str] | None:
    readers = set()
    found: tuple[str, str] | None = None
    for line in text.splitlines():
        try:
            words = shlex.split(line, comments=True)
        except ValueError:
            continue
        match words:
            case ["createUser", name, "SHA", authentication, "AES", privacy] if name == user:
                found = authentication, privacy
            case ["rouser" | "rwuser", name, *_]:
                readers.add(name)
    return found if user in readers else None
