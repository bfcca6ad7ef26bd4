"""The zone-based firewall (IOS XE 17, Security Configuration Guide: Zone-Based Policy Firewall).

- Between two zones nothing passes but what the policy of their pair lets through; what no class takes is dropped.
- Within a zone, and between interfaces that are in none, everything passes; between one that is in a zone and one that
  is in none, nothing.
- To and from the router itself (the zone `self`) everything passes, until a pair of that direction has a policy.
- `inspect` remembers the session, so that its answers pass; `pass` is for one direction only.
- A policy sees addresses as they are inside: after translation of what comes in, before that of what goes out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from provisioning.stands.simulator.cisco_iosxe.forwarding.access_lists import AccessList, selects
from provisioning.stands.simulator.cisco_iosxe.forwarding.names import INSPECTED
from provisioning.stands.simulator.cisco_iosxe.forwarding.sections import Section
from provisioning.stands.simulator.packets import ICMP, ICMPV6, TCP, UDP, Packet

SELF, DEFAULT = "self", "default"
INSPECT, PASS, DROP = "inspect", "pass", "drop"
DNS, SIP = 53, 5060
WITH_SESSIONS = (TCP, UDP, ICMP, ICMPV6)


@dataclass(frozen=True, slots=True)
class ClassMap:
    """Which packets a class means.

    Attributes:
        needs_all: whether every condition must hold, or one.
        conditions: kind (access-group, protocol, class-map), argument, and whether it is turned round.
    """

    needs_all: bool
    conditions: tuple[tuple[str, str, bool], ...]


@dataclass(slots=True)
class Firewall:
    """The zones of a configuration, their pairs, policies and classes.

    Attributes:
        zones: that stand.
        classes: by name.
        policies: class and action, in order, by name of the policy.
        pairs: name of the policy by source and destination; empty while a pair has none.
    """

    zones: set[str] = field(default_factory=set)
    classes: dict[str, ClassMap] = field(default_factory=dict)
    policies: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    pairs: dict[tuple[str, str], str] = field(default_factory=dict)

    def action(self, source: str, target: str, packet: Packet, lists: Mapping[str, AccessList]) -> str:
        """Return what is done with a packet that belongs to no session: inspect, pass or drop.

        Args:
            source: zone that it comes from; empty for none, `self` for the router.
            target: zone that it goes to, likewise.
        """
        source, target = source or self._unzoned, target or self._unzoned
        policy = self.pairs.get((source, target), "")
        if SELF in (source, target):
            return self._by(policy, packet, lists) if policy else PASS
        if source == target:
            return self._by(policy, packet, lists) if policy else PASS
        return self._by(policy, packet, lists) if policy and source and target else DROP

    @property
    def _unzoned(self) -> str:
        """The zone of an interface that is put in none."""
        return DEFAULT if DEFAULT in self.zones else ""

    def _by(self, policy: str, packet: Packet, lists: Mapping[str, AccessList]) -> str:
        for name, action in self.policies.get(policy, ()):
            if name == "class-default" or self._means(name, packet, lists, 0):
                return DROP if action == INSPECT and not _begins_session(packet) else action
        return DROP

    def _means(self, name: str, packet: Packet, lists: Mapping[str, AccessList], depth: int) -> bool:
        found = self.classes.get(name)
        if found is None or not found.conditions or depth > len(self.classes):
            return False
        held = (
            self._holds(kind, argument, packet, lists, depth) != turned for kind, argument, turned in found.conditions
        )
        return all(held) if found.needs_all else any(held)

    def _holds(self, kind: str, argument: str, packet: Packet, lists: Mapping[str, AccessList], depth: int) -> bool:
        if kind == "access-group":
            return selects(lists, argument, packet)
        if kind == "class-map":
            return self._means(argument, packet, lists, depth + 1)
        return _is_protocol(argument, packet)


def _begins_session(packet: Packet) -> bool:
    """Return whether a session can be remembered from a packet on: of TCP only from the very first one."""
    if packet.protocol == TCP and packet.state == "established":
        return False
    return packet.protocol in WITH_SESSIONS


def _is_protocol(name: str, packet: Packet) -> bool:
    simple = {"tcp": (TCP,), "udp": (UDP,), "icmp": (ICMP, ICMPV6), "icmpv6": (ICMPV6,)}
    if name in simple:
        return packet.protocol in simple[name]
    if name in ("dns", "sip"):
        return packet.protocol in (TCP, UDP) and packet.target_port == (DNS if name == "dns" else SIP)
    protocol, ports = INSPECTED.get(name, (-1, ()))
    return packet.protocol == protocol and packet.target_port in ports


def read_firewall(configuration: Section) -> Firewall:
    """Return the firewall of a configuration."""
    found = Firewall()
    for section in configuration.children:
        match section.words:
            case ("zone", "security", name):
                found.zones.add(name)
            case ("class-map", "type", "inspect", "match-any" | "match-all" as how, name):
                found.classes[name] = ClassMap(how == "match-all", tuple(_conditions(section)))
            case ("class-map", "type", "inspect", name):
                found.classes[name] = ClassMap(True, tuple(_conditions(section)))
            case ("policy-map", "type", "inspect", name):
                found.policies[name] = [*_classes(section)]
            case ("zone-pair", "security", _, "source", source, "destination", target):
                policy = section.value("service-policy", "type", "inspect")
                found.pairs[source, target] = policy[0] if policy else ""
            case _:
                pass
    return found


def _conditions(section: Section) -> list[tuple[str, str, bool]]:
    found: list[tuple[str, str, bool]] = []
    for each in section.children:
        turned = each.words[:2] == ("match", "not")
        match each.words[2:] if turned else each.words[1:]:
            case ("access-group", "name", name) | ("access-group", name):
                found.append(("access-group", name, turned))
            case ("protocol", name, *_):
                found.append(("protocol", name, turned))
            case ("class-map", name):
                found.append(("class-map", name, turned))
            case _:
                pass
    return found


def _classes(section: Section) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for each in section.children:
        if each.words[:1] != ("class",):
            continue
        actions = [one.words[0] for one in each.children if one.words[0] in (INSPECT, PASS, DROP)]
        found.append((each.words[-1], actions[-1] if actions else DROP))
    return found
