"""What the product tells the operator's side of its lines: STATE/network/LINE.json, read again when they change."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from pathlib import Path
from typing import Any

SCHEMA = 1
LARGEST = 1024 * 1024
SETTLED_SECONDS = 0.1
"""After a change a folder is read again until it has been at rest for so long: clocks of file systems are coarse."""

USUAL_PORTS = frozenset(("tcp", port) for port in (20, 21, 22, 25, 80, 110, 119, 143, 220, 443))
"""What answers on a customer's firewall (facts: I-5.1), and its sshd."""

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class PortSpan:
    """Ports on which a server listens."""

    protocol: str
    first: int
    last: int

    def __contains__(self, port: object) -> bool:
        return isinstance(port, int) and self.first <= port <= self.last


@dataclass(frozen=True, slots=True)
class Line:
    """A line as others' systems know it.

    Attributes:
        cpe: serial of its router; empty where it is the customer's own.
        ont: serial of its ONT; empty where it has none, or none is told.
        static: whether the BNG routes to it by itself; with a mobile bearer, where BGP tells of nothing.
        rate: Mbit/s down and up; None where nobody states any.
        prefixes: its own, besides the bearer's.
        firewall: addresses of the customer's firewall.
        gateways: its default gateways.
        servers: ports by target in the LAN.
        firewall_ports: that are open on the customer's firewall besides the usual ones.
    """

    name: str
    cpe: str
    ont: str
    fibre: bool
    mobile: bool
    static: bool
    rate: tuple[float, float] | None
    prefixes: tuple[Network, ...]
    block: IPv6Network | None
    firewall: tuple[Address, ...]
    gateways: tuple[Address, ...]
    servers: dict[str, tuple[PortSpan, ...]]
    firewall_ports: tuple[PortSpan, ...]


class Lines:
    """The lines that are told of.

    Args:
        folder: STATE/network; it need not be there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamp = -1
        self._read_at = 0.0
        self._by_cpe: dict[str, Line] = {}
        self._files: dict[str, tuple[tuple[int, int, int], Line | None]] = {}
        self._served: dict[Address, str] = {}

    def of(self, cpe: str) -> Line | None:
        """Return the line of a router."""
        self._look()
        return self._by_cpe.get(cpe)

    def serving(self, address: Address) -> Line | None:
        """Return the line that has an address."""
        self._look()
        if address not in self._served:
            found = (each.cpe for each in self._by_cpe.values() if any(address in one for one in each.prefixes))
            self._served[address] = next(found, "")
        return self._by_cpe.get(self._served[address])

    def __iter__(self) -> Iterator[Line]:
        self._look()
        return iter(self._by_cpe.values())

    def _look(self) -> None:
        try:
            stamp = self._folder.stat().st_mtime_ns
        except OSError:
            stamp = 0
        if stamp == self._stamp and self._read_at - stamp / 1e9 > SETTLED_SECONDS:
            return
        self._stamp, self._read_at = stamp, time.time()
        before, self._by_cpe = self._by_cpe, {}
        for path in sorted(self._folder.glob("*.json")) if stamp else ():
            line = self._line(path)
            if line is not None and line.cpe:
                self._by_cpe.setdefault(line.cpe, line)
        if before != self._by_cpe:
            self._served = {}

    def _line(self, path: Path) -> Line | None:
        try:
            state = path.stat()
            mark = (state.st_mtime_ns, state.st_size, state.st_ino)
            known = self._files.get(path.name)
            if known is None or known[0] != mark:
                with path.open(encoding="utf-8") as file:
                    known = mark, read_line(file.read(LARGEST))
                self._files[path.name] = known
        except (OSError, UnicodeDecodeError):
            return None
        return known[1]


def read_line(text: str) -> Line | None:
    """Return the line of a file; None when it is none: the files are others' and may be anything."""
    try:
        data = json.loads(text)
        return _line(data) if data["schema"] == SCHEMA else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _line(data: dict[str, Any]) -> Line:
    pack, ipv6, rate = data["ip_pack"], data["ipv6"] or {}, data["rate"]
    former = data.get("former_ipv4", [])
    subnet = ip_network(data["lan"]["subnet"]) if data["lan"] else None
    own = [each for each in (data["management"], data["fixed_ipv4"], pack, *former, ipv6.get("block")) if each]
    packs = [each for each in (ip_network(each) for each in (pack, *former) if each) if each.num_addresses > 1]
    firewall, gateways = _firewall(data, packs, ipv6)
    servers = {each["target"]: tuple(_spans(each["ports"])) for each in data["servers"]}
    inside = {target: spans for target, spans in servers.items() if subnet and _lies_in(target, subnet)}
    return Line(
        name=str(data["line"]),
        cpe=data["cpe"] or "",
        ont=data.get("ont") or "",
        fibre=data["access"] == "fibre",
        mobile="mobile" in data["bearers"],
        static=bool(data.get("static_routes", "mobile" not in data["bearers"])),
        rate=(float(rate["down"]), float(rate["up"])) if rate else None,
        prefixes=tuple(ip_network(each) for each in own),
        block=IPv6Network(ipv6["block"]) if ipv6 else None,
        firewall=firewall,
        gateways=gateways,
        servers=inside,
        firewall_ports=tuple(span for target, spans in servers.items() if target not in inside for span in spans),
    )


def _firewall(
    data: dict[str, Any], packs: list[Network], ipv6: dict[str, str | None]
) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
    """Return the addresses that the customer gave his firewall, and its gateways."""
    if not data["customer_firewall"]:
        return (), ()
    addresses: list[Address] = [each[2] for each in packs]
    gateways: list[Address] = [each[1] for each in packs]
    if ipv6.get("next_hop"):
        addresses.append(ip_address(str(ipv6["next_hop"])))
        gateways.append(ip_network(str(ipv6["link"]))[1])
    if ipv6.get("routed_half"):
        addresses.append(ip_network(str(ipv6["routed_half"]))[1])
    return tuple(addresses), tuple(gateways)


def _lies_in(target: str, subnet: Network) -> bool:
    try:
        return ip_address(target) in subnet
    except ValueError:
        return False


def _spans(ports: list[str]) -> Iterator[PortSpan]:
    for each in ports:
        protocol, _, span = each.partition("/")
        first, _, last = span.partition("-")
        if first.isdecimal():
            yield PortSpan(protocol, int(first), int(last or first))
