"""Route maps, as far as address translation asks them: which lists, and by which interface.

IP Addressing: NAT Configuration Guide, IOS XE 17, "Configuring NAT for IP Address Conservation", route maps.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from provisioning.evaluating.cisco_iosxe.sections import Section


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered part of a route map; all that it names must hold.

    Attributes:
        lists: of which any must permit; empty where it names none.
        interfaces: by one of which the packet must leave; empty where it names none.
        sure: whether all of it is understood.
    """

    permits: bool
    lists: tuple[str, ...]
    interfaces: tuple[str, ...]
    sure: bool
    written: str


def read_route_maps(configuration: Iterable[Section]) -> Mapping[str, tuple[Clause, ...]]:
    """Return the route maps of a configuration, their clauses in order."""
    found: dict[str, list[tuple[int, Clause]]] = {}
    for section in configuration:
        match section.words:
            case ("route-map", name, ("permit" | "deny") as action, number):
                found.setdefault(name, []).append((int(number), _clause(section, action == "permit")))
    return {name: tuple(each for _, each in sorted(some, key=lambda pair: pair[0])) for name, some in found.items()}


def _clause(section: Section, permits: bool) -> Clause:
    lists: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()
    sure = True
    for each in section.below:
        match each.words:
            case ("match", "ip", "address", *names) if names and names[0] != "prefix-list":
                lists += tuple(names)
            case ("match", "interface", *names):
                interfaces += tuple(names)
            case ("description" | "set", *_):
                pass
            case _:
                sure = False
    return Clause(permits, lists, interfaces, sure, section.line)
