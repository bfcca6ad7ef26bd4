"""Access lists of a simulated Cisco router: each packet is decided as the text says, entry by entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import soaked

from provisioning.stands.simulator.cisco_iosxe.forwarding.access_list_entries import read_access_lists, unread_entries
from provisioning.stands.simulator.cisco_iosxe.forwarding.access_lists import AccessList, permits, selects
from provisioning.stands.simulator.cisco_iosxe.forwarding.sections import read_sections
from provisioning.stands.simulator.packets import ICMP, ICMPV6, TCP, UDP, Packet

Network = IPv4Network | IPv6Network
NUMBERS = {"tcp": TCP, "udp": UDP}
PORT_NAMES = {
    ("tcp", 22): "22",
    ("tcp", 23): "telnet",
    ("tcp", 80): "www",
    ("udp", 53): "domain",
    ("udp", 161): "snmp",
}


def lists(text: str) -> dict[str, AccessList]:
    found = read_access_lists(read_sections(text))
    assert unread_entries(found) == []
    return found


def packet(source: str, target: str, protocol: int = TCP, port: int = 80, **more: object) -> Packet:
    address = IPv6Address if ":" in source else IPv4Address
    version = 6 if ":" in source else 4
    return Packet(version, protocol, int(address(source)), int(address(target)), 40000, port, **more)  # type: ignore[arg-type]


# --- an oracle of its own: entries as data, decided with ipaddress ---


@dataclass(frozen=True)
class Rule:
    """An entry as data.

    Attributes:
        protocol: ip, tcp, udp.
        source: and `target`: a network.
        ports: first and last; None for every port.
    """

    permits: bool
    protocol: str
    source: Network
    target: Network
    ports: tuple[int, int] | None

    def written(self) -> str:
        """The entry as IOS writes it."""
        version = self.source.version
        protocol = self.protocol if version == 4 or self.protocol != "ip" else "ipv6"
        words = ["permit" if self.permits else "deny", protocol, _place(self.source), _place(self.target)]
        if self.ports is not None:
            first, last = (PORT_NAMES.get((self.protocol, each), str(each)) for each in self.ports)
            words.append(f"eq {first}" if first == last else f"range {first} {last}")
        return " ".join(words)

    def means(self, one: Packet) -> bool:
        """Whether the entry is about a packet."""
        address = IPv4Address if one.version == 4 else IPv6Address
        if self.protocol != "ip" and NUMBERS[self.protocol] != one.protocol:
            return False
        if address(one.source) not in self.source or address(one.target) not in self.target:
            return False
        return self.ports is None or self.ports[0] <= one.target_port <= self.ports[1]


def _place(network: Network) -> str:
    if network.prefixlen == 0:
        return "any"
    if network.prefixlen == network.max_prefixlen:
        return f"host {str(network.network_address).upper()}"
    if isinstance(network, IPv4Network):
        return f"{network.network_address} {network.hostmask}"
    return str(network).upper()


FOURS: list[Network] = [
    IPv4Network(each) for each in ("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/29", "10.1.2.3/32")
]
SIXES: list[Network] = [
    IPv6Network(each) for each in ("::/0", "2001:db8::/32", "2001:db8:0:80::/57", "2001:db8::10/128")
]
PORTS = [1, 22, 23, 53, 80, 161, 443, 65535]


@st.composite
def rules(draw: st.DrawFn, version: int) -> Rule:
    protocol = draw(st.sampled_from(["ip", "tcp", "udp"]))
    networks = st.sampled_from(FOURS if version == 4 else SIXES)
    two = sorted((draw(st.sampled_from(PORTS)), draw(st.sampled_from(PORTS))))
    ports = (two[0], two[1]) if protocol != "ip" and draw(st.booleans()) else None
    return Rule(draw(st.booleans()), protocol, draw(networks), draw(networks), ports)


def near(network: Network) -> st.SearchStrategy[int]:
    """Return addresses at the edges of a network, and just outside."""
    first, last = int(network.network_address), int(network.broadcast_address)
    most = (1 << network.max_prefixlen) - 1
    return st.sampled_from(sorted({max(0, first - 1), first, (first + last) // 2, last, min(most, last + 1)}))


@st.composite
def packets(draw: st.DrawFn, version: int) -> Packet:
    networks = st.sampled_from(FOURS if version == 4 else SIXES)
    port = min(65535, max(0, draw(st.sampled_from(PORTS)) + draw(st.sampled_from([-1, 0, 1]))))
    source, target = draw(networks.flatmap(near)), draw(networks.flatmap(near))
    return Packet(version, draw(st.sampled_from([TCP, UDP, 47])), source, target, 1024, port)


@settings(max_examples=soaked(200, 5000), deadline=None)
@given(st.data(), st.sampled_from([4, 6]))
def test_the_first_entry_that_means_a_packet_decides(data: st.DataObject, version: int) -> None:
    some: Sequence[Rule] = data.draw(st.lists(rules(version), min_size=1, max_size=6))
    numbered = [(10 * number, each) for number, each in enumerate(some, 1)]
    shuffled = data.draw(st.permutations(numbered))
    head = "ip access-list extended L" if version == 4 else "ipv6 access-list L"
    before = "" if version == 4 else "sequence "
    text = "\n".join(
        [head, " remark of no effect", *(f" {before}{number} {each.written()}" for number, each in shuffled)]
    )
    (found,) = lists(text).values()
    for one in data.draw(st.lists(packets(version), min_size=1, max_size=8)):
        wanted = next((each.permits for each in some if each.means(one)), False)
        assert found.permits(one) == wanted, (text, one)


@settings(max_examples=soaked(100, 2000), deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_a_wildcards_set_bits_do_not_count(address: int, wildcard: int, other: int) -> None:
    text = f"ip access-list extended L\n permit ip {IPv4Address(address)} {IPv4Address(wildcard)} any\n"
    wanted = (address & ~wildcard) == (other & ~wildcard)
    assert lists(text)["L"].permits(Packet(4, UDP, other, 1)) == wanted


@pytest.mark.parametrize(
    ("entry", "yes", "no"),
    [
        ("permit tcp any any gt 1023", 1024, 1023),
        ("permit tcp any any lt 1024", 1023, 1024),
        ("permit tcp any any neq telnet", 22, 23),
        ("permit tcp any any eq 80 443 8443", 443, 8080),
        ("permit tcp any any range 8000 8005", 8005, 8006),
        ("permit tcp any any eq www log", 80, 81),
        ("permit tcp any any eq echo", 7, 8),
    ],
)
def test_ports(entry: str, yes: int, no: int) -> None:
    found = lists(f"ip access-list extended L\n 10 {entry}\n")["L"]
    assert found.permits(packet("10.0.0.1", "10.0.0.2", port=yes))
    assert not found.permits(packet("10.0.0.1", "10.0.0.2", port=no))
    assert not found.permits(packet("10.0.0.1", "10.0.0.2", UDP, yes))


def test_source_ports() -> None:
    found = lists("ip access-list extended L\n 10 permit udp any eq bootps any eq bootpc\n")["L"]
    offer = Packet(4, UDP, 1, 2, 67, 68)
    assert found.permits(offer) and not found.permits(offer.back())


def test_established_is_what_is_not_the_first_packet_of_tcp() -> None:
    found = lists("ip access-list extended L\n 10 permit tcp any any established\n")["L"]
    first = packet("10.0.0.1", "10.0.0.2")
    assert not found.permits(first) and found.permits(first.back())
    assert not found.permits(packet("10.0.0.1", "10.0.0.2", UDP).back())


@pytest.mark.parametrize(
    ("head", "entry", "kind", "protocol"),
    [
        ("ip access-list extended L", "permit icmp any any echo", 8, ICMP),
        ("ip access-list extended L", "permit icmp any any 8 0", 8, ICMP),
        ("ip access-list extended L", "permit icmp any any unreachable", 3, ICMP),
        ("ipv6 access-list L", "sequence 10 permit icmp any any echo-request", 128, ICMPV6),
        ("ipv6 access-list L", "permit icmp any any packet-too-big sequence 10", 2, ICMPV6),
    ],
)
def test_types_of_icmp(head: str, entry: str, kind: int, protocol: int) -> None:
    found = lists(f"{head}\n {entry}\n")["L"]
    version = 4 if protocol == ICMP else 6
    assert found.permits(Packet(version, protocol, 1, 2, kind=kind))
    assert not found.permits(Packet(version, protocol, 1, 2, kind=kind + 1))
    assert not found.permits(Packet(version, TCP, 1, 2, kind=kind))


def test_ipv6_lets_neighbours_discover_each_other_unless_told_otherwise() -> None:
    found = lists(
        "ipv6 access-list L\n sequence 10 permit tcp any any\nipv6 access-list M\n sequence 10 deny ipv6 any any\n"
    )
    solicitation = Packet(6, ICMPV6, 1, 2, kind=135)
    assert found["L"].permits(solicitation) and not found["M"].permits(solicitation)
    assert not found["L"].permits(Packet(6, ICMPV6, 1, 2, kind=134))


def test_standard_lists_know_sources_only() -> None:
    found = lists(
        "access-list 10 permit 10.1.0.0 0.0.255.255\naccess-list 10 deny any\n"
        "ip access-list standard M\n 10 deny host 10.1.2.3\n 20 permit 10.1.2.4\n 30 permit 10.1.2.0 0.0.0.3\n"
        "access-list 101 permit tcp any host 10.0.0.9 eq 22\n"
    )
    assert found["10"].permits(packet("10.1.255.1", "8.8.8.8")) and not found["10"].permits(
        packet("10.2.0.1", "8.8.8.8")
    )
    passed = [each for each in range(8) if found["M"].permits(packet(f"10.1.2.{each}", "8.8.8.8"))]
    assert passed == [0, 1, 2, 4]
    assert found["101"].permits(packet("10.1.1.1", "10.0.0.9", port=22))


def test_object_groups_mean_their_members() -> None:
    found = lists(
        "object-group network SERVERS\n host 10.0.0.1\n 10.0.1.0 255.255.255.0\n range 10.0.2.5 10.0.2.7\n"
        "object-group network ALL\n group-object SERVERS\n host 10.0.3.1\n"
        "object-group service WEB\n tcp eq www\n tcp 443\n udp range 5060 5063\n icmp echo\n"
        " tcp source gt 1023 eq 8443\n"
        "ip access-list extended L\n 10 permit object-group WEB any object-group ALL\n"
    )["L"]
    targets = ["10.0.0.1", "10.0.0.2", "10.0.1.200", "10.0.2.4", "10.0.2.5", "10.0.2.7", "10.0.3.1"]
    assert [found.permits(packet("9.9.9.9", each)) for each in targets] == [True, False, True, False, True, True, True]
    ports = {(TCP, 443): True, (TCP, 8080): False, (UDP, 5061): True, (UDP, 80): False, (TCP, 8443): True}
    assert {key: found.permits(packet("9.9.9.9", "10.0.0.1", *key)) for key in ports} == ports
    assert found.permits(Packet(4, ICMP, 9, int(IPv4Address("10.0.0.1")), kind=8))


def test_a_list_that_does_not_stand_lets_everything_pass_and_chooses_nothing() -> None:
    one = packet("10.0.0.1", "10.0.0.2")
    empty = lists("ip access-list extended EMPTY\n")
    for name in ("EMPTY", "MISSING"):
        assert permits(empty, name, one) and not selects(empty, name, one)


@pytest.mark.parametrize(
    "entry",
    [
        "permit tcp any any eq ssh",
        "permit tcp any any time-range NIGHT",
        "permit tcp any",
        "permit tcp 10.0.0.1 any",
        "permit tcp object-group NONE any",
        "allow ip any any",
        "permit tcp any any dscp ef",
        "permit",
    ],
)
def test_what_nobody_understands_is_told_and_matches_nothing(entry: str) -> None:
    found = read_access_lists(read_sections(f"ip access-list extended L\n 10 {entry}\n"))
    assert unread_entries(found) == [f"L: 10 {entry}"]
    assert not found["L"].permits(packet("10.0.0.1", "10.0.0.2"))
