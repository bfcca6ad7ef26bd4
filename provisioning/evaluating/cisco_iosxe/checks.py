"""What the configuration of a Cisco IOS-XE router says of the checks of a line.

Each answer is a mapping as JSON knows it, as those of vantage points are: `judging/evaluated.py` reads them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from provisioning.evaluating.cisco_iosxe.answering import answered
from provisioning.evaluating.cisco_iosxe.dhcp import read_lending
from provisioning.evaluating.cisco_iosxe.evaluate import passage
from provisioning.evaluating.cisco_iosxe.port_spans import CALLER_PORT, passages, port_bounds
from provisioning.evaluating.cisco_iosxe.router import Router, read_router
from provisioning.evaluating.packet import Packet
from provisioning.evaluating.passage import Answer, Passage
from provisioning.evaluating.surroundings import Surroundings
from provisioning.model.checks.behind import FirewallCheck, LeaseCheck, NatCheck, SourceFilterCheck
from provisioning.model.checks.check import Address
from provisioning.model.checks.openings import ClosedPortCheck, OpeningCheck, RoutedBlockCheck, ShutCheck
from provisioning.model.checks.scans import ScanCheck
from provisioning.model.expectation import AnyCheck, Expectation
from provisioning.model.port_range import HIGHEST_PORT

Seen = Mapping[str, object]

DOCUMENT = "running-config"

STRANGERS: tuple[Address, ...] = (
    *map(IPv4Address, ("198.51.100.77", "203.0.113.77", "192.0.2.77")),
    *map(IPv6Address, ("3fff:ffe::77", "2001:db8:ffff:ffff::77")),
)
"""Hosts of the internet, of documentation prefixes (RFC 5737, RFC 9637, RFC 3849); one that no route but the default
leads to is taken."""

MOST_CALLERS = 4
"""Of the networks that may use an opening, so many are asked for."""

CALLED_PORT = 443
"""What hosts behind the router call."""


def evaluate_check(
    expectation: Expectation, documents: Mapping[str, str], around: Surroundings
) -> Callable[[AnyCheck], Seen | None]:
    """Return a function that says what a configuration says of a check; None of what it says nothing of."""
    text = documents.get(DOCUMENT, "")
    router = read_router(text, around.learned)
    lan = next((each for each in expectation.checks if isinstance(each, LeaseCheck)), None)
    line = _Line(router, text, around.bearers, around.lan, lan)
    return line.evaluate


_Ports = tuple[int, int, dict[str, object]]
"""First port, last port, and what becomes of packets to them."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line around a router.

    Attributes:
        lease: what its LAN is known by; None without one.
    """

    router: Router
    text: str
    bearers: tuple[str, ...]
    lan: str
    lease: LeaseCheck | None
    _bounds: list[int] = field(default_factory=list)
    _known: dict[tuple[str, Address, str, Address], list[_Ports]] = field(default_factory=dict)

    def evaluate(self, check: AnyCheck) -> Seen | None:
        match check:
            case OpeningCheck():
                return self._opening(check)
            case ShutCheck():
                return self._shut(check)
            case ScanCheck():
                return self._scan(check)
            case ClosedPortCheck():
                tries = [self._try(each, check.port, "tcp") for each in check.addresses]
                return {"tries": [one for some in tries for one in some]}
            case RoutedBlockCheck():
                return {"tries": self._try(check.address, check.port, check.protocol)}
            case NatCheck():
                hosts = [each.first for each in self.lease.pool[:1]] if self.lease else []
                return {"tries": [self._out(each) for each in hosts]}
            case FirewallCheck():
                return {"tries": [self._out(each) for each in _some(check.within)]}
            case SourceFilterCheck():
                return {"tries": [self._out(each) for each in check.sources]}
            case LeaseCheck():
                return self._lease(check)
        return None

    def _opening(self, check: OpeningCheck) -> Seen:
        callers = [each.network_address + (each.num_addresses > 1) for each in check.sources[:MOST_CALLERS]]
        asked = callers or [self._stranger(check.address.version)]
        return {"tries": [one for caller in asked for one in self._tries(check, caller)]}

    def _shut(self, check: ShutCheck) -> Seen | None:
        caller = self._stranger(check.address.version, check.allowed)
        tries = self._tries(check, caller)
        return {"tries": [each for each in tries if any(_within(each, port) for port in check.tried)]}

    def _tries(self, check: OpeningCheck | ShutCheck, caller: Address) -> list[dict[str, object]]:
        ports = check.ports
        # What everybody may use is looked up in what is known of all ports; for a caller of his own, his ports only.
        strange = caller == self._stranger(check.address.version)
        found = [
            each
            for bearer in self.bearers
            for each in (
                self._ports(bearer, check.address, ports.protocol, caller)
                if strange
                else self._all_ports(bearer, check.address, ports.protocol, caller, (ports.first, ports.last))
            )
        ]
        # Ports that nothing tells apart are told together, cut to those that were ordered.
        return [
            {"ports": [max(first, ports.first), min(last, ports.last)], **told}
            for first, last, told in found
            if first <= ports.last and ports.first <= last
        ]

    def _scan(self, check: ScanCheck) -> Seen:
        taken = tuple(network for each in check.limited for network in each.sources)
        caller = self._stranger(check.address.version, taken)
        ends = [each for bearer in self.bearers for each in self._ports(bearer, check.address, "tcp", caller)]
        return {
            "tries": [
                {"ports": [first, last], "from": str(caller), **told}
                for first, last, told in ends
                if told["answer"] != "no"
            ]
        }

    def _ports(self, bearer: str, address: Address, protocol: str, caller: Address) -> list[_Ports]:
        key = (bearer, address, protocol, caller)
        if key not in self._known:
            self._known[key] = list(self._all_ports(*key))
        return self._known[key]

    def _all_ports(
        self, bearer: str, address: Address, protocol: str, caller: Address, among: tuple[int, int] = (1, HIGHEST_PORT)
    ) -> Iterator[_Ports]:
        if not self._bounds:
            self._bounds.extend(port_bounds(self.router))
        first_packet = replace(self._from_outside(bearer, address, protocol), source=caller)
        before: tuple[int, int, dict[str, object], Passage] | None = None
        for first, last, each in passages(self.router, first_packet, self._bounds, among):
            if before is not None and _alike(before[3], each):
                before = (before[0], last, before[2], before[3])
                continue
            if before is not None:
                yield before[:3]
            packet = replace(first_packet, destination_port=first)
            before = (first, last, self._told(packet, each), each)
        if before is not None:
            yield before[:3]

    def _try(self, address: Address, port: int, protocol: str) -> list[dict[str, object]]:
        found = []
        for bearer in self.bearers:
            first = self._from_outside(bearer, address, protocol, port)
            found.append({"address": str(address), **self._told(first, passage(self.router, first))})
        return found

    def _out(self, source: Address) -> dict[str, object]:
        first = Packet(
            protocol="tcp",
            source=source,
            source_port=CALLER_PORT,
            destination=self._stranger(source.version),
            destination_port=CALLED_PORT,
            arrives_on=self.lan,
        )
        found = passage(self.router, first)
        seen_as = str(found.source) if found.source is not None else ""
        return {"address": str(source), "seen_as": seen_as, **self._told(first, found)}

    def _lease(self, check: LeaseCheck) -> Seen | None:
        lending = [each for each in read_lending(self.text) if check.router in each.network]
        return {
            "lent": [[str(first), str(last)] for each in lending for first, last in each.lent],
            "router": next((str(each.router) for each in lending if each.router is not None), ""),
            "not_understood": [line for each in lending for line in each.not_understood],
        }

    def _from_outside(self, bearer: str, address: Address, protocol: str, port: int = 0) -> Packet:
        return Packet(
            protocol="udp" if protocol == "udp" else "tcp",
            source=self._stranger(address.version),
            source_port=CALLER_PORT,
            destination=address,
            destination_port=port,
            arrives_on=bearer,
        )

    def _stranger(self, family: int, but: tuple[IPv4Network | IPv6Network, ...] = ()) -> Address:
        """Return a host of the internet that is in none of these networks."""
        every = [each for each in STRANGERS if each.version == family]
        some = [each for each in every if not any(each in network for network in but)] or every
        return next((each for each in some if self._is_strange(each)), some[-1])

    def _is_strange(self, address: Address) -> bool:
        way = self.router.routing.way(address)
        return way.by_default and not self.router.routing.own(address)

    def _told(self, first: Packet, found: Passage) -> dict[str, object]:
        """Return a passage as JSON knows it; an answer that does not come back is none."""
        back = answered(self.router, first, found)
        lost = back is not None and back.let_in is not Answer.YES
        return {
            "answer": str(back.let_in if lost and back is not None else found.let_in),
            "by": first.arrives_on,
            "to": str(found.destination),
            "shift": found.destination_port - first.destination_port,
            "next_hop": str(found.next_hop) if found.next_hop is not None else "",
            "outwards": bool(found.leaves_by) and set(found.leaves_by) <= set(self.bearers),
            "answer_lost": lost,
            "why": list(back.why if lost and back is not None else found.why),
            "not_understood": [*found.not_understood, *(back.not_understood if back is not None else ())],
        }


def _within(one: Mapping[str, object], port: int) -> bool:
    ends = one["ports"]
    return isinstance(ends, list) and ends[0] <= port <= ends[1]


def _alike(one: Passage, other: Passage) -> bool:
    return (one.let_in, one.destination, one.why) == (other.let_in, other.destination, other.why)


def _some(network: IPv4Network | IPv6Network) -> Iterable[Address]:
    """Return the customer's first and last address of a network; the first host of an IP Pack is the router."""
    if network.num_addresses == 1:
        return (network.network_address,)
    return dict.fromkeys((network.network_address + 2, network.broadcast_address - 1))
