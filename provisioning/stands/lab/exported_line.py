"""What is exported of a line for the systems of others, as the lab's operator side reads it. Pure.

The format is the one of the files STATE/network/LINE.json, schema 1.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any, TypeVar

SCHEMA = 1

MAX_SPEED = 1e6
"""Mbit/s."""

MAX_PORTS = 256
"""Ports of a target on which somebody answers; an opening of all ports is tried on a few."""


T = TypeVar("T")


class Damaged(ValueError):
    """A file is not what it should be."""


@dataclass(frozen=True, slots=True)
class Block:
    """The IPv6 block of a line, by its parts."""

    block: IPv6Network
    link: IPv6Network
    routed_half: IPv6Network | None
    next_hop: IPv6Address | None


@dataclass(frozen=True, slots=True)
class Server:
    """A target of openings; `ports` are pairs of protocol and number."""

    target: IPv4Address | None
    ports: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ExportedLine:
    """A line with its addresses.

    Attributes:
        line: its name.
        cpe: serial of its router.
        fibre: whether its fixed bearer is a fibre; a copper pair otherwise.
        mobile: whether it has the mobile bearer; then its addresses are told by BGP.
        static: whether the BNG routes to it by itself; with a mobile bearer, where BGP tells of nothing.
        former: prefixes that it had before, and has still for a while.
        rate: downstream and upstream, Mbit/s; None where it is not limited.
        subnet: of the LAN, with `router`, the address of the CPE there.
    """

    line: str
    cpe: str | None
    fibre: bool
    mobile: bool
    static: bool
    rate: tuple[float, float] | None
    management: IPv4Address | None
    fixed_ipv4: IPv4Address | None
    ip_pack: IPv4Network | None
    former: tuple[IPv4Network, ...]
    ipv6: Block | None
    customer_firewall: bool
    servers: tuple[Server, ...]
    subnet: IPv4Network | None
    router: IPv4Address | None

    @property
    def prefixes4(self) -> tuple[IPv4Network, ...]:
        """Its own IPv4 prefixes, on top of the address of the bearer."""
        hosts = (IPv4Network(each) for each in (self.management, self.fixed_ipv4) if each is not None)
        return (*hosts, *((self.ip_pack,) if self.ip_pack is not None else ()), *self.former)


def parse(text: str) -> ExportedLine:
    """Return the line of a file.

    Raises:
        Damaged: when it is none.
    """
    try:
        data = json.loads(text)
        if data["schema"] != SCHEMA:
            raise Damaged(f"schema {data['schema']}")
        return _line(data)
    except Damaged:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise Damaged(f"{type(error).__name__}: {error}") from None


def _line(data: dict[str, Any]) -> ExportedLine:
    rate, ipv6, lan = data["rate"], data["ipv6"], data["lan"]
    return ExportedLine(
        line=str(data["line"]),
        cpe=_maybe(str, data["cpe"]),
        fibre=data["access"] == "fibre",
        mobile="mobile" in data["bearers"],
        static=bool(data.get("static_routes", "mobile" not in data["bearers"])),
        rate=None if rate is None else (_speed(rate["down"]), _speed(rate["up"])),
        management=_maybe(IPv4Address, data["management"]),
        fixed_ipv4=_maybe(IPv4Address, data["fixed_ipv4"]),
        ip_pack=_maybe(_network4, data["ip_pack"]),
        former=tuple(_network4(each) for each in data.get("former_ipv4", ())),
        ipv6=None
        if ipv6 is None
        else Block(
            _network6(ipv6["block"]),
            _network6(ipv6["link"]),
            _maybe(_network6, ipv6["routed_half"]),
            _maybe(_address6, ipv6["next_hop"]),
        ),
        customer_firewall=bool(data["customer_firewall"]),
        servers=tuple(_server(each) for each in data["servers"]),
        subnet=None if lan is None else IPv4Network(lan["subnet"]),
        router=None if lan is None else IPv4Address(lan["router"]),
    )


def _speed(value: Any) -> float:
    speed = float(value)
    if not 0 < speed < MAX_SPEED:
        raise Damaged(f"speed {value}")
    return speed


def _network4(text: str) -> IPv4Network:
    network = IPv4Network(text)
    if network.prefixlen > 30:
        raise Damaged(f"{text} has no place for two")
    return network


def _address6(text: str) -> IPv6Address:
    address = IPv6Address(text)
    # A scope may be any text.
    if address.scope_id is not None:
        raise Damaged(f"{text!r} has a scope")
    return address


def _network6(text: str) -> IPv6Network:
    network = IPv6Network(text)
    if network.prefixlen > 64:
        raise Damaged(f"{text} is smaller than a /64")
    return network


def _maybe(kind: Callable[[str], T], value: str | None) -> T | None:
    return None if value is None else kind(value)


def _server(data: dict[str, Any]) -> Server:
    try:
        target = IPv4Address(data["target"])
    except ValueError:
        target = None  # the customer's firewall by another name
    ports = tuple(dict.fromkeys(each for text in data["ports"] for each in _ports(str(text))))
    return Server(target, ports[:MAX_PORTS])


def _ports(text: str) -> Iterator[tuple[str, int]]:
    """Yield the ports of `tcp/25` or `udp/5000-5010`; none of what is open as a whole."""
    if found := re.fullmatch(r"(tcp|udp)/(\d{1,5})(?:-(\d{1,5}))?", text):
        first = int(found[2])
        for number in range(first, min(int(found[3] or first), first + MAX_PORTS) + 1):
            if 0 < number < 65536:
                yield found[1], number
