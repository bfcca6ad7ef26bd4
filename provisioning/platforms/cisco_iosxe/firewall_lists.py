"""All extended access lists of a line, each once."""

from collections.abc import Iterator

from provisioning.platforms.cisco_iosxe.access_list import AccessList
from provisioning.platforms.cisco_iosxe.firewall import bearer_lists, lan_guards, voice_lists
from provisioning.platforms.cisco_iosxe.zones import zone_pairs
from provisioning.platforms.router_line import RouterLine
from provisioning.platforms.template import Values


def access_lists(line: RouterLine) -> list[Values]:
    """Return what the template says of access lists: IPv4 first, then IPv6, each by name."""
    unique = {str(each.name): each for each in _all(line)}
    ordered = sorted(unique.values(), key=lambda each: (each.version, str(each.name)))
    return [{"ipv4": each.version == 4, "name": each.name, "lines": each.lines} for each in ordered]


def _all(line: RouterLine) -> Iterator[AccessList]:
    for bearer in line.bearers:
        yield from bearer_lists(line, bearer)
    yield from lan_guards(line)
    if line.backed_up:
        yield from voice_lists(line)
    for pair in zone_pairs(line):
        for treatment in pair.treatments:
            yield from treatment.lists
