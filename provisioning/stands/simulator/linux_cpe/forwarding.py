"""What a simulated router does with a packet: rules, translation, routing, in the order of Linux (nft(8), "Hooks")."""

from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Protocol

from provisioning.stands.simulator.linux_cpe.frr import Frr
from provisioning.stands.simulator.linux_cpe.interfaces import Links
from provisioning.stands.simulator.linux_cpe.nft_rules import Decision, Ruleset
from provisioning.stands.simulator.packets import (
    BLACKHOLE,
    DROPPED,
    FIXED,
    LAN,
    LOCAL,
    MOBILE,
    REJECTED,
    UNROUTED,
    Packet,
    Passage,
)

INTERFACES = {FIXED: "wan0", MOBILE: "wwan0", LAN: "br-lan"}
NOWHERE = ""


class Machine(Protocol):
    """The router, as packets know it."""

    links: Links
    rules: Ruleset

    def frr(self) -> Frr | None:
        """Return what FRR does; None when it does not run."""

    def bearers(self) -> tuple[str, ...]:
        """Return the bearers that lead to the internet at the moment, the best one first."""

    def forwards(self, version: int) -> bool:
        """Return whether the kernel forwards at all."""


def forward(machine: Machine, packet: Packet) -> Passage:
    """Return what becomes of a packet that comes in by an interface; where it went is an interface's name."""
    rules = machine.rules
    for above, below in ((-1000, -200), (-200, 1000)):
        decision = rules.decide("prerouting", packet, "filter", above=above, below=below)
        if not decision.passes:
            return _stopped(decision, packet)
    packet = _translated(machine, packet, "prerouting")
    if _is_own(machine, packet):
        decision = rules.decide("input", packet, "filter")
        return Passage(LOCAL, packet) if decision.passes else _stopped(decision, packet)
    out, gateway = route(machine, packet.version, packet.target)
    if not out or not machine.forwards(packet.version):
        return Passage(UNROUTED, packet)
    if out == BLACKHOLE:
        return Passage(BLACKHOLE, packet)
    packet = replace(packet, goes_out=out, ttl=packet.ttl - 1)
    decision = rules.decide("forward", packet, "filter")
    if not decision.passes:
        return _stopped(decision, packet)
    return Passage(out, _translated(machine, packet, "postrouting"), gateway=gateway, filtered=packet)


def answers(machine: Machine, passage: Passage) -> bool:
    """Return whether what answers a packet gets back to the sender, and what the sender says then gets there."""
    filtered = passage.filtered or passage.packet
    reply, later = passage.packet.back(), replace(filtered, state="established")
    if passage.where == LOCAL:
        return machine.rules.decide("output", replace(reply, came_in=""), "filter").passes and _again(
            machine, later, "input"
        )
    if not machine.rules.decide("prerouting", reply, "filter").passes:
        return False
    return _again(machine, filtered.back(), "forward") and _again(machine, later, "forward")


def call(machine: Machine, packet: Packet) -> Passage:
    """Return how the first packet of a call of the router's own leaves."""
    out, _ = route(machine, packet.version, packet.target)
    sent = replace(packet, goes_out=out, source=_own(machine, out, packet.version))
    if not out or out == BLACKHOLE:
        return Passage(UNROUTED, sent)
    reply = replace(sent.back(), goes_out="")
    passes = machine.rules.decide("output", sent, "filter").passes and _again(machine, reply, "input")
    return Passage(out if passes else DROPPED, sent)


def _again(machine: Machine, packet: Packet, hook: str) -> bool:
    return machine.rules.decide(hook, packet, "filter").passes


def _stopped(decision: Decision, packet: Packet) -> Passage:
    return Passage(REJECTED if decision.answer else DROPPED, packet, decision.answer)


def _translated(machine: Machine, packet: Packet, hook: str) -> Packet:
    """Return a packet as translation leaves it; only the first one of a connection is looked at."""
    if packet.state != "new":
        return packet
    found = machine.rules.decide(hook, packet, "nat").translation
    if found is None:
        return packet
    if found.kind in ("dnat", "redirect"):
        target = found.address if found.address is not None else _own(machine, packet.came_in, packet.version)
        port = found.port or packet.target_port
        return replace(packet, target=target, target_port=port, status=packet.status | {"dnat"})
    source = found.address if found.address is not None else _own(machine, packet.goes_out, packet.version)
    return replace(
        packet, source=source, source_port=found.port or packet.source_port, status=packet.status | {"snat"}
    )


def _own(machine: Machine, interface: str, version: int) -> int:
    found = (int(each.ip) for name, each in machine.links.every() if name == interface and each.version == version)
    return next(found, 0)


def _is_own(machine: Machine, packet: Packet) -> bool:
    return any(each.version == packet.version and int(each.ip) == packet.target for _, each in machine.links.every())


def route(machine: Machine, version: int, target: int) -> tuple[str, str]:
    """Return the interface that leads to an address, and the gateway there; no interface when none does."""
    best: tuple[int, int, str, str] = (-1, 0, NOWHERE, "")
    for name, each in machine.links.every():
        network = each.network
        if network.version == version and _holds(network, target) and machine.links.links[name].up:
            best = max(best, (network.prefixlen, -0, name, ""))
    frr = machine.frr()
    for static in frr.statics if frr is not None else ():
        network = static.network
        if network.version != version or not _holds(network, target):
            continue
        out = BLACKHOLE
        if static.gateway:
            gateway = ip_address(static.gateway)
            out = _on_link(machine, version, int(gateway))
        if out:
            best = max(best, (network.prefixlen, -static.distance, out, static.gateway))
    if best[2]:
        return best[2], best[3]
    for bearer in machine.bearers():
        if _own(machine, bearer, version):
            return bearer, "default"
    return NOWHERE, ""


def _on_link(machine: Machine, version: int, target: int) -> str:
    found = (
        name
        for name, each in machine.links.every()
        if each.version == version and _holds(each.network, target) and machine.links.links[name].up
    )
    return next(found, NOWHERE)


def _holds(network: IPv4Network | IPv6Network, target: int) -> bool:
    first = int(network.network_address)
    return first <= target <= int(network.broadcast_address)
