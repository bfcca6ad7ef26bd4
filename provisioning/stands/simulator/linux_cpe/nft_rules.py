"""What a firewall of nftables holds, and what it does with a packet (nft(8)).

A packet is the first, an answer, or a later one of a connection; what connection tracking knows of it goes with it.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from provisioning.stands.simulator.packets import ICMP, ICMPV6, TCP, UDP, Packet

Span = tuple[int, int]
"""First and last of what matches; of addresses together with their version: `version << 128 | address`."""

MOST_JUMPS = 16

WIDE = -1
"""Where elements stand whose last span is more than one number."""


@dataclass(frozen=True, slots=True)
class Match:
    """A condition: a field of the packet is, or is not, one of these.

    Attributes:
        name: of the field.
        spans: of numbers, ascending and apart; for names of interfaces and states, `names`.
    """

    name: str
    negated: bool = False
    spans: tuple[Span, ...] = ()
    names: tuple[str, ...] = ()

    def holds(self, packet: Packet) -> bool:
        """Return whether a packet is meant; a field that it has not got is never meant."""
        value = _FIELDS[self.name](packet)
        if value is None:
            return False
        if isinstance(value, int):
            found = _is_in(value, self.spans)
        elif isinstance(value, frozenset):
            found = any(each in value for each in self.names)
        else:
            found = any(value.startswith(each[:-1]) if each.endswith("*") else value == each for each in self.names)
        return found != self.negated


@dataclass(frozen=True, slots=True)
class Concatenation:
    """Several fields looked up together: one of these combinations (nft(8), "CONCATENATIONS").

    Attributes:
        elements: a span for each field.
    """

    names: tuple[str, ...]
    elements: tuple[tuple[Span, ...], ...]
    _by_last: dict[int, list[tuple[Span, ...]]] = field(default_factory=dict, compare=False)

    def holds(self, packet: Packet) -> bool:
        """Return whether a packet is meant; one that lacks a field is never meant."""
        values = [_FIELDS[each](packet) for each in self.names]
        numbers = [each for each in values if isinstance(each, int)]
        if len(numbers) != len(values):
            return False
        if not self._by_last:
            for spans in self.elements:
                one = spans[-1][0] if spans[-1][0] == spans[-1][1] else WIDE
                self._by_last.setdefault(one, []).append(spans)
        some = (*self._by_last.get(numbers[-1], ()), *self._by_last.get(WIDE, ()))
        return any(
            all(first <= number <= last for number, (first, last) in zip(numbers, spans, strict=True))
            for spans in some
        )


def _is_in(value: int, spans: tuple[Span, ...]) -> bool:
    place = bisect_right(spans, value, key=lambda each: each[0]) - 1
    return place >= 0 and value <= spans[place][1]


def _address(packet: Packet, version: int, address: int) -> int | None:
    return address if packet.version == version else None


def _port(packet: Packet, protocols: tuple[int, ...], port: int) -> int | None:
    return port if packet.protocol in protocols else None


_PORTS = (TCP, UDP)

_FIELDS: Mapping[str, Callable[[Packet], int | str | frozenset[str] | None]] = {
    "iifname": lambda p: p.came_in,
    "oifname": lambda p: p.goes_out,
    "meta l4proto": lambda p: p.protocol,
    "meta nfproto": lambda p: p.version,
    "ip saddr": lambda p: _address(p, 4, p.source),
    "ip daddr": lambda p: _address(p, 4, p.target),
    "ip protocol": lambda p: _address(p, 4, p.protocol),
    "ip ttl": lambda p: _address(p, 4, p.ttl),
    "ip6 saddr": lambda p: _address(p, 6, p.source),
    "ip6 daddr": lambda p: _address(p, 6, p.target),
    "ip6 nexthdr": lambda p: _address(p, 6, p.protocol),
    "ip6 hoplimit": lambda p: _address(p, 6, p.ttl),
    "tcp sport": lambda p: _port(p, (TCP,), p.source_port),
    "tcp dport": lambda p: _port(p, (TCP,), p.target_port),
    "udp sport": lambda p: _port(p, (UDP,), p.source_port),
    "udp dport": lambda p: _port(p, (UDP,), p.target_port),
    "th sport": lambda p: _port(p, _PORTS, p.source_port),
    "th dport": lambda p: _port(p, _PORTS, p.target_port),
    "icmp type": lambda p: p.kind if p.protocol == ICMP else None,
    "icmpv6 type": lambda p: p.kind if p.protocol == ICMPV6 else None,
    "ct state": lambda p: p.state,
    "ct status": lambda p: p.status,
    "ct direction": lambda p: "reply" if p.reply else "original",
}
"""How each field is read; None where a packet has not got it."""

FIELDS = frozenset(_FIELDS)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule decides: accept, drop, reject, return, continue, jump, goto.

    Attributes:
        argument: the chain, or what `reject` answers with.
    """

    kind: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """What a rule translates: snat, dnat, masquerade, redirect.

    Attributes:
        address: that is put in place; None where it is the router's own.
        port: that is put in place; 0 where it stays.
    """

    kind: str
    address: int | None = None
    port: int = 0

    def of(self, packet: Packet) -> "Translation":
        """Return what is to be done to a packet: the same with each."""
        return self


@dataclass(frozen=True, slots=True)
class MappedTranslation:
    """A translation that is looked up; what is not in the map is left to the next rule.

    Attributes:
        elements: value of the field, address and port that are put in place.
    """

    kind: str
    name: str
    elements: tuple[tuple[int, int, int], ...]

    def of(self, packet: Packet) -> Translation | None:
        """Return what is to be done to a packet; None where the map says nothing of it."""
        value = _FIELDS[self.name](packet)
        found = next((each for each in self.elements if each[0] == value), None)
        return Translation(self.kind, found[1], found[2]) if found else None


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions, and what is done when all of them hold."""

    matches: tuple[Match | Concatenation, ...]
    action: Verdict | Translation | MappedTranslation | None = None


@dataclass(slots=True)
class Chain:
    """A chain; one without a hook is only jumped to.

    Attributes:
        kind: filter, nat or route.
    """

    name: str
    kind: str = ""
    hook: str = ""
    priority: int = 0
    policy: str = "accept"
    rules: list[Rule] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A table; `version` is 4 or 6 for the families ip and ip6, 0 for inet."""

    version: int = 0
    chains: dict[str, Chain] = field(default_factory=dict)
    sets: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    timeouts: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a packet at a hook.

    Attributes:
        passes: whether it goes on.
        answer: what the sender is told when it does not; empty for silence.
        translation: what is to be done to it.
    """

    passes: bool
    answer: str = ""
    translation: Translation | None = None


PASSES, DROPPED = Decision(True), Decision(False)


@dataclass(slots=True)
class Ruleset:
    """The firewall of a router."""

    tables: dict[tuple[str, str], Table] = field(default_factory=dict)

    def decide(self, hook: str, packet: Packet, *kinds: str, above: int = -1000, below: int = 1000) -> Decision:
        """Return what is done with a packet at a hook, by chains of these kinds whose priority lies between."""
        found = sorted(
            (
                (chain.priority, table, chain)
                for table in self.tables.values()
                for chain in table.chains.values()
                if chain.hook == hook and chain.kind in kinds and above < chain.priority < below
                if table.version in (0, packet.version)
            ),
            key=lambda each: each[0],
        )
        for _, table, chain in found:
            decision = _walk(table.chains, chain, packet, 0) or (PASSES if chain.policy == "accept" else DROPPED)
            if not decision.passes or decision.translation is not None:
                return decision
        return PASSES

    def ports(self) -> set[int]:
        """Return where what is done with a port may change: the first of each span, and the one after its last."""
        found = {0}
        for first, last in self._port_spans():
            found |= {first, last + 1}
        return {each for each in found if each <= 0xFFFF}

    def _port_spans(self) -> Iterator[Span]:
        rules = (rule for table in self.tables.values() for chain in table.chains.values() for rule in chain.rules)
        for rule in rules:
            if isinstance(rule.action, MappedTranslation):
                yield from ((port, port) for port, _, _ in rule.action.elements)
            for match in rule.matches:
                if isinstance(match, Concatenation):
                    at = [place for place, name in enumerate(match.names) if name.endswith("dport")]
                    yield from (element[place] for element in match.elements for place in at)
                elif match.name.endswith("dport"):
                    yield from match.spans


_ENDS: Mapping[str, Decision | None] = {"accept": PASSES, "drop": DROPPED, "reject": None}


def _walk(chains: Mapping[str, Chain], chain: Chain, packet: Packet, depth: int) -> Decision | None:
    """Return what a chain decides; None when its end is reached."""
    for rule in chain.rules:
        if not all(each.holds(packet) for each in rule.matches):
            continue
        if isinstance(rule.action, Translation | MappedTranslation):
            translation = rule.action.of(packet)
            if translation is not None:
                return Decision(True, translation=translation)
            continue
        match rule.action:
            case None | Verdict("continue"):
                continue
            case Verdict("return"):
                return None
            case Verdict(kind, answer) if kind in _ENDS:
                return _ENDS[kind] or Decision(False, answer)
            case Verdict("jump" | "goto" as kind, name) if depth < MOST_JUMPS:
                found = _walk(chains, chains[name], packet, depth + 1)
                if found is not None or kind == "goto":
                    return found
    return None
