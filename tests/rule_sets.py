"""Random rule sets, each written twice: as a Cisco IOS-XE configuration shows it, and as rules of nftables.

Neither is computed from the other: a rule is a few numbers, and both texts come from these.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Network
from random import Random

from frames import HOSTS, HOSTS6

CALLERS = tuple(f"198.18.0.{last}" for last in range(8))
CALLERS6 = tuple(f"3fff:1::{last}" for last in range(8))
PORTS = (1, 20, 22, 23, 24, 25, 53, 79, 80, 81, 123, 161, 443, 1023, 1024, 8000, 8001, 8005, 65534, 65535)
NAMES = {"tcp": {20: "ftp-data", 23: "telnet", 25: "smtp", 53: "domain", 80: "www"}, "udp": {53: "domain", 123: "ntp"}}
ICMP_TYPES = {4: (0, 3, 8, 11), 6: (1, 128, 129, 135, 136)}
ICMP_NAMES = {
    4: {0: "echo-reply", 3: "unreachable", 8: "echo"},
    6: {128: "echo-request", 129: "echo-reply", 135: "nd-ns", 136: "nd-na"},
}
ICMP = {4: "icmp", 6: "icmpv6"}
EVERY = {4: "ip", 6: "ipv6"}
IP = {4: "ip", 6: "ip6"}


@dataclass(frozen=True)
class Twice:
    """The same, in both languages.

    Attributes:
        before: what of the configuration it needs to stand elsewhere.
    """

    ios: str
    nft: str
    before: str = ""


@dataclass(frozen=True)
class List:
    """An access list; in nftables a chain that returns `permit` and `deny` as they are told."""

    name: str
    family: int
    rules: tuple[tuple[bool, Twice], ...]

    @property
    def ios(self) -> str:
        head = f"ip access-list extended {self.name}" if self.family == 4 else f"ipv6 access-list {self.name}"
        lines = [head]
        for number, (permits, rule) in enumerate(self.rules, 1):
            sequence = f"{number * 10}" if self.family == 4 else f"sequence {number * 10}"
            lines.append(f" {sequence} {'permit' if permits else 'deny'} {rule.ios}")
        return "\n".join((*(rule.before for _, rule in self.rules if rule.before), *lines)) + "\n"

    def nft(self, permit: str, deny: str) -> str:
        """Return the chain, with what is to be done with a packet that is permitted, and denied."""
        lines = [f"{rule.nft} {permit if permits else deny}" for permits, rule in self.rules]
        if self.family == 6:
            lines.append(f"icmpv6 type {{ 135, 136 }} {permit}")
        return f"chain {self.name} {{\n" + "\n".join((*lines, deny)) + "\n}\n"


class Maker:
    """Makes random rules of a family."""

    def __init__(self, random: Random, family: int) -> None:
        self.random, self.family = random, family
        self.groups = 0

    def list(self, name: str, sources: tuple[str, ...], destinations: tuple[str, ...], longest: int = 8) -> List:
        count = self.random.randint(1, longest)
        rules = tuple(
            (self.random.random() < 0.6, self.rule(f"{name}-{place}", sources, destinations)) for place in range(count)
        )
        return List(name, self.family, rules)

    def rule(self, name: str, sources: tuple[str, ...], destinations: tuple[str, ...]) -> Twice:
        kind = self.random.choice(("every", "tcp", "tcp", "udp", "icmp", "group" if self.family == 4 else "tcp"))
        source = self.side(f"{name}-FROM", "saddr", sources)
        destination = self.side(f"{name}-TO", "daddr", destinations)
        before = source.before + destination.before
        after = self.random.choice(("", "", " log"))
        if kind == "every":
            ios, nft = f"{EVERY[self.family]} {source.ios} {destination.ios}", f"{source.nft} {destination.nft}"
        elif kind == "group":
            service = self.service(f"{name}-WHAT")
            before += service.before
            ios = f"object-group {service.ios} {source.ios} {destination.ios}"
            nft = f"{source.nft} {destination.nft} {service.nft}"
        elif kind == "icmp":
            message = self.message()
            ios = f"icmp {source.ios} {destination.ios}{message.ios}"
            nft = f"{source.nft} {destination.nft} meta l4proto {ICMP[self.family]} {message.nft}"
        else:
            known = self.random.random() < 0.15 and kind == "tcp"
            come, go = self.ports(kind, "sport", 0.3), self.ports(kind, "dport", 0.8)
            ios = f"{kind} {source.ios}{come.ios} {destination.ios}{go.ios}{' established' if known else ''}"
            nft = f"{source.nft} {destination.nft} meta l4proto {kind} {come.nft} {go.nft}"
            nft += " tcp flags & (ack | rst) != 0" if known else ""
        return Twice(ios + after, nft, before)

    def side(self, name: str, field: str, addresses: tuple[str, ...]) -> Twice:
        kind = self.random.choice(("any", "host", "some", "group"))
        one = self.random.choice(addresses)
        place = f"{IP[self.family]} {field}"
        if kind == "any":
            return Twice("any", "")
        if kind == "host":
            return Twice(f"host {one.upper()}", f"{place} {one}")
        if self.family == 6:
            network = IPv6Network((one, self.random.choice((64, 125, 126, 127))), strict=False)
            return Twice(str(network).upper(), f"{place} {network}")
        if kind == "group":
            return self.group(name, place, addresses)
        bits = self.random.choice((1, 2, 3, 4, 5, 7, 15, 255))
        kept = int(IPv4Address(one)) & ~bits
        return Twice(
            f"{IPv4Address(kept)} {IPv4Address(bits)}",
            f"{place} & {IPv4Address(0xFFFFFFFF ^ bits)} == {IPv4Address(kept)}",
        )

    def group(self, name: str, place: str, addresses: tuple[str, ...]) -> Twice:
        """Return an object group of addresses; in nftables those of the test that are in it."""
        lines, inside = [], set()
        addresses = tuple(sorted(addresses, key=IPv4Address))
        for _ in range(self.random.randint(1, 3)):
            first, last = sorted(self.random.sample(range(len(addresses)), 2))
            kind = self.random.choice(("host", "range", "mask"))
            if kind == "host":
                lines.append(f" host {addresses[first]}")
                inside.add(addresses[first])
            elif kind == "range":
                lines.append(f" range {addresses[first]} {addresses[last]}")
                inside |= set(addresses[first : last + 1])
            else:
                kept = int(IPv4Address(addresses[first])) & ~1
                lines.append(f" {IPv4Address(kept)} 255.255.255.254")
                inside |= {each for each in addresses if int(IPv4Address(each)) & ~1 == kept}
        before = f"object-group network {name}\n description of a test\n" + "\n".join(lines) + "\n"
        return Twice(f"object-group {name}", f"{place} {{ {', '.join(sorted(inside))} }}", before)

    def service(self, name: str) -> Twice:
        """Return an object group of services; what it holds is told as one set of protocol and port."""
        pairs: set[tuple[str, int]] = set()
        lines = []
        for _ in range(self.random.randint(1, 3)):
            kind = self.random.choice(("tcp", "udp", "tcp-udp"))
            first, last = sorted(self.random.sample(PORTS, 2))
            wide = last - first < 64
            lines.append(f" {kind} range {first} {last}" if wide else f" {kind} eq {first}")
            some = range(first, last + 1) if wide else (first,)
            pairs |= {(each, port) for each in kind.split("-") for port in some}
        told = ", ".join(f"{protocol} . {port}" for protocol, port in sorted(pairs))
        before = f"object-group service {name}\n" + "\n".join(lines) + "\n"
        return Twice(name, f"meta l4proto . th dport {{ {told} }}", before)

    def message(self) -> Twice:
        if self.random.random() < 0.4:
            return Twice("", "")
        kind = self.random.choice(ICMP_TYPES[self.family])
        written = ICMP_NAMES[self.family].get(kind, str(kind))
        return Twice(f" {written}", f"{ICMP[self.family]} type {kind}")

    def ports(self, protocol: str, field: str, likely: float) -> Twice:
        if self.random.random() > likely:
            return Twice("", "")
        place = f"th {field}"
        one = self.random.choice(PORTS[1:-1])

        def named(port: int) -> str:
            return NAMES[protocol].get(port, str(port))

        kind = self.random.choice(("eq", "eq", "list", "neq", "lt", "gt", "range"))
        if kind == "neq":
            # All others: nft 1.0.6 makes one comparison of two inequalities beside each other, and negates that.
            return Twice(f" neq {named(one)}", f"{place} {{ 0-{one - 1}, {one + 1}-65535 }}")
        if kind == "eq":
            return Twice(f" eq {named(one)}", f"{place} {one}")
        if kind in ("lt", "gt"):
            return Twice(f" {kind} {named(one)}", f"{place} {'<' if kind == 'lt' else '>'} {one}")
        if kind == "list":
            some = sorted(self.random.sample(PORTS, 3))
            return Twice(f" eq {' '.join(map(named, some))}", f"{place} {{ {', '.join(map(str, some))} }}")
        first, last = sorted(self.random.sample(PORTS, 2))
        return Twice(f" range {named(first)} {named(last)}", f"{place} {first}-{last}")


@dataclass(frozen=True)
class Class:
    """A class of packets and what is done with it."""

    name: str
    lists: tuple[List, ...]
    protocol: str
    all_of: bool
    action: str


class PolicyMaker:
    """Makes random policies of the firewall."""

    def __init__(self, maker: Maker, name: str, sources: tuple[str, ...], destinations: tuple[str, ...]) -> None:
        random = maker.random
        self.name = name
        self.default = random.choice(("drop", "drop", "drop", "pass"))
        self.classes = [
            Class(
                name=f"{name}-C{number}",
                lists=tuple(
                    maker.list(f"{name}-C{number}L{place}", sources, destinations, 4)
                    for place in range(random.randint(1, 2))
                ),
                protocol=random.choice(("", "", "tcp", "udp", "icmp" if maker.family == 4 else "tcp")),
                all_of=random.random() < 0.4,
                action=random.choice(("inspect", "inspect", "pass", "drop")),
            )
            for number in range(random.randint(1, 3))
        ]
        self.family = maker.family

    @property
    def ios(self) -> str:
        text = ""
        for each in self.classes:
            matches = [f" match access-group name {some.name}\n" for some in each.lists]
            matches += [f" match protocol {each.protocol}\n"] if each.protocol else []
            how = "match-all" if each.all_of else "match-any"
            text += f"class-map type inspect {how} {each.name}\n{''.join(matches)}"
        text += f"policy-map type inspect {self.name}\n"
        for each in self.classes:
            text += f" class type inspect {each.name}\n  {each.action}\n"
        text += f" class class-default\n  {self.default}\n"
        return text + "".join(some.ios for each in self.classes for some in each.lists)

    def nft(self, passes: str) -> str:
        """Return the chain `self.name`, and those that it jumps to; a list or protocol that holds sets a bit."""
        chains, body, bit = "", "meta mark set 0x0\n", 1
        for each in self.classes:
            mask = 0
            for some in each.lists:
                chains += some.nft(f"meta mark set meta mark or {bit:#x} return", "return")
                body += f"jump {some.name}\n"
                mask, bit = mask | bit, bit << 1
            if each.protocol:
                protocol = ICMP[self.family] if each.protocol == "icmp" else each.protocol
                body += f"meta l4proto {protocol} meta mark set meta mark or {bit:#x}\n"
                mask, bit = mask | bit, bit << 1
            holds = f"meta mark and {mask:#x} {f'== {mask:#x}' if each.all_of else '!= 0x0'}"
            if each.action == "inspect":
                body += f"{holds} meta l4proto tcp tcp flags & (ack | rst) != 0 drop\n"
                body += f"{holds} ct mark set 0x1 {passes}\n"
            else:
                body += f"{holds} {passes if each.action == 'pass' else 'drop'}\n"
        return f"{chains}chain {self.name} {{\n{body}{passes if self.default == 'pass' else 'drop'}\n}}\n"


def hosts(family: int) -> tuple[str, ...]:
    """Return the hosts inside."""
    return HOSTS if family == 4 else HOSTS6


def callers(family: int) -> tuple[str, ...]:
    """Return the hosts outside."""
    return CALLERS if family == 4 else CALLERS6
