"""A router as its configuration describes it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from provisioning.evaluating.cisco_iosxe import protocols
from provisioning.evaluating.cisco_iosxe.access_list import AccessList, read_access_lists
from provisioning.evaluating.cisco_iosxe.class_map import ClassMap, read_class_maps
from provisioning.evaluating.cisco_iosxe.entry import Question
from provisioning.evaluating.cisco_iosxe.harmless import harmless
from provisioning.evaluating.cisco_iosxe.interface import Interface, Learned, read_interfaces
from provisioning.evaluating.cisco_iosxe.ipv6_access_list import read_ipv6_access_lists
from provisioning.evaluating.cisco_iosxe.nat import Translation, read_translation
from provisioning.evaluating.cisco_iosxe.object_groups import read_object_groups
from provisioning.evaluating.cisco_iosxe.policy_map import PolicyClass, read_policy_maps
from provisioning.evaluating.cisco_iosxe.route_map import Clause, read_route_maps
from provisioning.evaluating.cisco_iosxe.routing import Routing, read_routing
from provisioning.evaluating.cisco_iosxe.ruling import Ruling, Rulings
from provisioning.evaluating.cisco_iosxe.sections import Section, sections
from provisioning.evaluating.cisco_iosxe.zone import Zones, read_zones
from provisioning.evaluating.packet import Packet

READ_ELSEWHERE = (("ip", "route"), ("ipv6", "route"), ("ip", "nat"), ("control-plane",), ("router",))


@dataclass(frozen=True, slots=True, eq=False)
class Router:
    """All that decides which packets pass.

    Attributes:
        lists: access lists by family and name.
        guard: lines that may keep packets from the router itself, and nothing else.
        not_understood: lines that may matter to any packet.
    """

    interfaces: Mapping[str, Interface]
    lists: Mapping[tuple[int, str], AccessList]
    classes: Mapping[str, ClassMap]
    policies: Mapping[str, tuple[PolicyClass, ...]]
    zones: Zones
    translation: Translation
    route_maps: Mapping[str, tuple[Clause, ...]]
    routing: Routing
    guard: tuple[str, ...]
    not_understood: tuple[str, ...]
    _known: dict[tuple[int, str, Question], Rulings] = field(default_factory=dict, repr=False)

    def ruling(self, name: str, packet: Packet) -> Ruling | None:
        """Return what a list says of a packet; None when there is no such list, or nothing in it."""
        found = self.lists.get((packet.family, name))
        if found is None or not found.entries:
            return None
        asked = question(packet)
        key = (packet.family, name, asked)
        if key not in self._known:
            end = Ruling(False, (f"{name}: [end of the list]",))
            self._known[key] = Rulings((*found.entries, *found.implied), asked, end)
        return self._known[key].at(packet.destination_port)


def question(packet: Packet) -> Question:
    """Return what lists are asked of a packet."""
    return Question(
        protocol=protocols.ICMP[packet.family] if packet.protocol == "icmp" else protocols.NUMBERS[packet.protocol],
        source=int(packet.source),
        source_port=packet.source_port,
        destination=int(packet.destination),
        icmp=packet.icmp,
        icmp_code=packet.icmp_code,
        established=packet.established,
    )


def read_router(configuration: str, learned: Learned | None = None) -> Router:
    """Return the router that a configuration describes.

    Args:
        configuration: as `show running-config` shows it.
        learned: addresses of the interfaces at the moment; what they learn stands in no configuration.
    """
    top = sections(configuration)
    groups = read_object_groups(top)
    interfaces = read_interfaces(top, learned or {})
    lists = {(4, name): each for name, each in read_access_lists(top, groups).items()}
    lists |= {(6, name): each for name, each in read_ipv6_access_lists(top, groups).items()}
    zones, translation, routing = read_zones(top), read_translation(top), read_routing(top, interfaces)
    unread = (*_unread(top), *zones.not_understood, *translation.not_understood, *routing.not_understood)
    return Router(
        interfaces=interfaces,
        lists=lists,
        classes=read_class_maps(top),
        policies=read_policy_maps(top),
        zones=zones,
        translation=translation,
        route_maps=read_route_maps(top),
        routing=routing,
        guard=tuple(_guard(top)),
        not_understood=unread,
    )


def _unread(top: Iterable[Section]) -> Iterator[str]:
    for section in top:
        words = section.words
        if words[:1] not in READ_ELSEWHERE and words[:2] not in READ_ELSEWHERE and not harmless(words):
            yield " ".join(words[:2]) + (" …" if len(words) > 2 else "")


def _guard(top: tuple[Section, ...]) -> Iterator[str]:
    """Yield what stands before the router's own services; a policy that only limits rates keeps no packet away."""
    drops = {each.words[-1] for each in top if each.words[:1] == ("policy-map",) and _drops(each)}
    for section in top:
        if section.words[:1] == ("control-plane",):
            for each in section.below:
                if each.words[:2] != ("service-policy", "input") or each.words[-1] in drops:
                    yield f"{section.line}: {each.line}"


def _drops(section: Section) -> bool:
    return section.words[0] == "drop" or any(_drops(each) for each in section.below)
