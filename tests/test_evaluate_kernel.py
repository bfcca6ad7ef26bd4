"""The evaluator against the kernel: the same random rules, real packets, the same answers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from itertools import cycle
from random import Random

import pytest
from frames import (
    FIXED,
    HOSTS,
    INSIDE,
    OUTSIDE,
    ROUTER,
    ROUTER6,
    Router,
    Seen,
    needs_root,
    packet_bytes,
    router,
)
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from renderings import need
from rule_sets import ICMP_TYPES, IP, PORTS, List, Maker, PolicyMaker, callers, hosts
from worlds import soaked

from provisioning.evaluating.cisco_iosxe.answering import answered
from provisioning.evaluating.cisco_iosxe.evaluate import passage
from provisioning.evaluating.cisco_iosxe.router import Router as Evaluated
from provisioning.evaluating.cisco_iosxe.router import read_router
from provisioning.evaluating.packet import ICMP_ECHO, Packet
from provisioning.evaluating.passage import Answer, Passage

pytestmark = needs_root

WAN, LAN = "GigabitEthernet0/0/0", "Vlan1"
INTERFACE = {OUTSIDE: WAN, INSIDE: LAN}
RST = 0x04
TIMES = settings(
    max_examples=soaked(25, 300),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    # A seed has no smaller brother.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
PACKETS = 150
FIRST_PORTS = cycle(range(10000, 60000, PACKETS))
"""The kernel remembers connections from one set of rules to the next: no two of 333 sets have a port in common."""

FIRST = "ip protocol 253 accept"
"""The sentinel of a test passes everywhere."""


@pytest.fixture(scope="module")
def wired() -> Iterator[Router]:
    need("nft", "nsenter", "unshare", "ip")
    with router() as made:
        yield made


def base(outside: str = "", inside: str = "") -> str:
    """Return the configuration of the router between the wires, with more below its interfaces."""
    return (
        "ipv6 unicast-routing\n"
        f"interface Loopback1\n ip address {FIXED} 255.255.255.255\n"
        f"interface {WAN}\n ip address {ROUTER} 255.255.255.0\n ipv6 address {ROUTER6.upper()}/64\n{outside}"
        f"interface {LAN}\n ip address 10.1.0.1 255.255.255.0\n ipv6 address 2001:DB8:1::1/64\n{inside}"
        "ip route 0.0.0.0 0.0.0.0 100.64.0.1\nipv6 route ::/0 3FFF::1\n"
    )


def any_packet(random: Random, family: int) -> Packet:
    protocol = random.choice(("tcp", "tcp", "udp", "icmp"))
    return Packet(
        protocol=protocol,  # type: ignore[arg-type] # one of the three
        source=ip_address(random.choice(callers(family))),
        source_port=random.choice(PORTS),
        destination=ip_address(random.choice(hosts(family))),
        destination_port=random.choice(PORTS) if protocol != "icmp" else 0,
        arrives_on=WAN,
        icmp_type=random.choice(ICMP_TYPES[family]) if protocol == "icmp" else None,
        established=protocol == "tcp" and random.random() < 0.3,
    )


@TIMES
@given(seed=st.integers(0, 2**32), family=st.sampled_from((4, 6)))
def test_an_access_list_permits_what_the_kernel_permits(wired: Router, seed: int, family: int) -> None:
    random = Random(seed)
    made = Maker(random, family).list("IN", callers(family), hosts(family), 12)
    command = "ip access-group" if family == 4 else "ipv6 traffic-filter"
    read = read_router(made.ios + base(f" {command} IN in\n"))
    assert not read.not_understood
    sentinel = f"{FIRST}\n" if family == 4 else ""
    wired.load(
        f"table {IP[family]} t {{\n{made.nft('accept', 'drop')}"
        f"chain before {{\ntype filter hook prerouting priority raw; policy accept;\n{sentinel}"
        "iifname outside jump IN\n}\n}\n"
    )
    packets = {mark: any_packet(random, family) for mark in range(1, PACKETS)}
    arrived = {each.mark for each in wired.send((OUTSIDE, packet_bytes(each, mark)) for mark, each in packets.items())}
    for mark, packet in packets.items():
        told = passage(read, packet)
        assert told.let_in is (Answer.YES if mark in arrived else Answer.NO), (packet, told, made.ios)


@dataclass
class World:
    """A firewall with address translation, in both languages, and packets that no two of which are confused."""

    random: Random
    family: int
    first_port: int
    lists: dict[str, List] = field(default_factory=dict)
    mapped: list[tuple[str, str, int, int]] = field(default_factory=list)
    ios: str = ""
    nft: str = ""

    def __post_init__(self) -> None:
        family, maker = self.family, Maker(self.random, self.family)
        inside, outside = hosts(family), callers(family)
        own = (FIXED, ROUTER) if family == 4 else (ROUTER6,)
        zones = {
            "OI": PolicyMaker(maker, "OI", outside, inside),
            "IO": PolicyMaker(maker, "IO", inside, outside),
            "OS": PolicyMaker(maker, "OS", outside, own),
        }
        wanted = {
            "OUT-IN": (outside, (*inside, *own)),
            "LAN-IN": (inside, outside),
            "OUT-OUT": ((*inside, *own), outside),
        }
        self.lists = {
            name: maker.list(name, *sides, 6) for name, sides in wanted.items() if self.random.random() < 0.5
        }
        self._translate()
        policies, lists = (each.ios for each in zones.values()), (each.ios for each in self.lists.values())
        self.ios = "".join((*policies, *lists)) + self._configuration()
        self.nft = self._rules(
            "".join((zones["OI"].nft("goto ok"), zones["IO"].nft("goto ok"), zones["OS"].nft("accept")))
        )

    def _translate(self) -> None:
        if self.family == 6:
            return
        ports = self.random.sample(PORTS, 4)
        for number, port in enumerate(ports):
            host = self.random.choice(HOSTS[:4])
            local = port if self.random.random() < 0.7 else 9000 + number
            self.mapped.append((self.random.choice(("tcp", "udp")), host, local, port))

    def _configuration(self) -> str:
        command = "ip access-group" if self.family == 4 else "ipv6 traffic-filter"
        used = {name: f" {command} {name} {'out' if name == 'OUT-OUT' else 'in'}\n" for name in self.lists}
        outside = " ip nat outside\n zone-member security OUTSIDE\n" + used.get("OUT-IN", "") + used.get("OUT-OUT", "")
        inside = " ip nat inside\n zone-member security INSIDE\n" + used.get("LAN-IN", "")
        pairs = (("OUTSIDE", "INSIDE", "OI"), ("INSIDE", "OUTSIDE", "IO"), ("OUTSIDE", "self", "OS"))
        text = "zone security INSIDE\nzone security OUTSIDE\n" + "".join(
            f"zone-pair security {name} source {one} destination {other}\n service-policy type inspect {name}\n"
            for one, other, name in pairs
        )
        for protocol, host, local, port in self.mapped:
            text += f"ip nat inside source static {protocol} {host} {local} {FIXED} {port} extendable\n"
        text += "ip nat inside source list LAN interface Loopback1 overload\n"
        return base(outside, inside) + text + "ip access-list standard LAN\n 10 permit 10.1.0.8 0.0.0.7\n"

    def _rules(self, zones: str) -> str:
        first = f"{FIRST}\n" if self.family == 4 else ""
        chains = "".join(each.nft("return", "drop") for each in self.lists.values())
        wires = {"OUT-IN": "iifname outside", "LAN-IN": "iifname inside"}
        before = "".join(f"{wire} jump {name}\n" for name, wire in wires.items() if name in self.lists)
        after = "meta mark 0x10000 oifname outside jump OUT-OUT\n" if "OUT-OUT" in self.lists else ""
        inwards = "".join(
            f"iifname outside ip daddr {FIXED} {protocol} dport {port} dnat to {host}:{local}\n"
            for protocol, host, local, port in self.mapped
        )
        outwards = "".join(
            f"iifname inside oifname outside ip saddr {host} {protocol} sport {local} snat to {FIXED}:{port}\n"
            for protocol, host, local, port in self.mapped
        )
        if self.family == 4:
            outwards += f"iifname inside oifname outside ip saddr 10.1.0.8/29 snat to {FIXED}\n"
        return (
            f"table {IP[self.family]} t {{\n{chains}chain ok {{\nmeta mark set 0x10000\naccept\n}}\n{zones}"
            f"chain before {{\ntype filter hook prerouting priority raw; policy accept;\n{first}{before}}}\n"
            f"chain inwards {{\ntype nat hook prerouting priority dstnat; policy accept;\n{inwards}}}\n"
            f"chain through {{\ntype filter hook forward priority filter; policy drop;\n{first}"
            "ct mark 0x1 ct state established goto ok\niifname outside oifname inside jump OI\n"
            "iifname inside oifname outside jump IO\niifname outside oifname outside goto ok\n}\n"
            "chain own { \ntype filter hook input priority filter; policy accept;\n"
            "ct mark 0x1 ct state established accept\niifname outside jump OS\n}\n"
            f"chain outwards {{\ntype nat hook postrouting priority srcnat; policy accept;\n{outwards}}}\n"
            f"chain after {{\ntype filter hook postrouting priority srcnat + 10; policy accept;\n{first}{after}}}\n"
            "}\n"
        )

    def packets(self) -> dict[int, tuple[str, Packet]]:
        """Return packets by their marks, each with a port of its own."""
        return {mark: self._packet(mark) for mark in range(1, PACKETS)}

    def _packet(self, mark: int) -> tuple[str, Packet]:
        random, family = self.random, self.family
        wire = random.choice((OUTSIDE, INSIDE))
        own = (FIXED, FIXED, FIXED, ROUTER) if family == 4 else (ROUTER6,)
        source = random.choice(callers(family) if wire == OUTSIDE else hosts(family))
        # Called by their own addresses, only hosts that are not translated answer with these on the device, too.
        aims = (*hosts(family)[6:], *own * 3) if wire == OUTSIDE else callers(family)
        protocol = random.choice(("tcp", "tcp", "udp", "icmp"))
        port = random.choice((*PORTS, *[each[3] for each in self.mapped] * 4))
        sending = self.first_port + mark
        if wire == INSIDE and self.mapped and random.random() < 0.2:
            # A host speaks from the very port that is mapped to it; to whom, no other packet of it does.
            port = sending
            protocol, source, sending, _ = random.choice(self.mapped)
        return wire, Packet(
            protocol=protocol,  # type: ignore[arg-type] # one of the three
            source=ip_address(source),
            source_port=sending,
            destination=ip_address(random.choice(aims)),
            destination_port=port if protocol != "icmp" else 0,
            arrives_on=INTERFACE[wire],
            icmp_type=ICMP_ECHO[family] if protocol == "icmp" else None,
            established=protocol == "tcp" and random.random() < 0.1,
        )


@TIMES
@given(seed=st.integers(0, 2**32), family=st.sampled_from((4, 4, 6)))
def test_a_firewall_with_translation_does_what_the_kernel_does(wired: Router, seed: int, family: int) -> None:
    world = World(Random(seed), family, next(FIRST_PORTS))
    read = read_router(world.ios)
    assert not read.not_understood
    wired.load(world.nft)
    packets = world.packets()
    seen = wired.send((wire, packet_bytes(each, mark)) for mark, (wire, each) in packets.items())
    passed = {each.mark: each for each in seen if each.mark in packets}
    at_router = {(each.protocol, each.destination_port) for each in seen if _from_router(each)}
    let_in: dict[int, Passage] = {}
    for mark, (_, packet) in packets.items():
        told = passage(read, packet)
        got_in = mark in passed or (packet.protocol, packet.source_port) in at_router
        assert told.let_in is (Answer.YES if got_in else Answer.NO), (packet, told, world.ios, world.nft)
        if mark in passed and not _from_router(passed[mark]):
            _same(told, passed[mark], packet)
            let_in[mark] = told
    assert _answers(wired, packets, passed, let_in) == {
        mark: _answered(read, packets[mark][1], told) for mark, told in let_in.items()
    }, (world.ios, world.nft)


def _from_router(seen: Seen) -> bool:
    """Return whether the router itself says something: that nobody listens, or an answer to a ping."""
    own = str(seen.source) in (FIXED, ROUTER, ROUTER6)
    return own and (bool(seen.flags & RST) or seen.kind in (0, 1, 3, 129))


def _same(told: Passage, seen: Seen, packet: Packet) -> None:
    assert told.leaves_by == (INTERFACE[seen.wire],)
    assert (told.destination, told.source) == (seen.destination, seen.source)
    if packet.protocol != "icmp":
        assert told.destination_port == seen.destination_port


def _answers(
    wired: Router, packets: dict[int, tuple[str, Packet]], passed: dict[int, Seen], let_in: dict[int, Passage]
) -> dict[int, bool]:
    """Answer every packet that was let in; return which answers came back, from whom and to whom they must."""
    frames = []
    for mark in let_in:
        seen, (_, packet) = passed[mark], packets[mark]
        answer = packet_bytes(_answer(seen, packet), mark, accepts=not packet.established)
        frames.append((seen.wire, answer))
    back = {each.mark: each for each in wired.send(frames) if each.mark in let_in}
    for mark, seen in back.items():
        wire, packet = packets[mark]
        assert (seen.wire, seen.source, seen.destination) == (wire, packet.destination, packet.source)
        assert seen.destination_port == packet.source_port
        assert packet.protocol == "icmp" or seen.source_port == packet.destination_port
    return {mark: mark in back for mark in let_in}


def _answer(seen: Seen, packet: Packet) -> Packet:
    is_ping = packet.protocol == "icmp"
    return Packet(
        protocol=packet.protocol,
        source=seen.destination,
        source_port=seen.destination_port,
        destination=seen.source,
        destination_port=0 if is_ping else seen.source_port,
        arrives_on=INTERFACE[seen.wire],
        icmp_type={4: 0, 6: 129}[packet.family] if is_ping else None,
        established=packet.protocol == "tcp",
    )


def _answered(read: Evaluated, packet: Packet, told: Passage) -> bool:
    answer = answered(read, packet, told)
    assert answer is not None
    assert answer.let_in is not Answer.CANNOT_TELL, answer
    return answer.let_in is Answer.YES
