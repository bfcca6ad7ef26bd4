"""What is open on a line, said by its order form: every opening spelled out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_network
from typing import Final, Literal

from provisioning.model.opening import CUSTOMER_FIREWALL, Network, Opening, opening_order, sorted_sources
from provisioning.model.port_range import ALL_BUT_MANAGEMENT, STANDARD_OPENINGS, PortRange, merge

ALL_PORTS: Final = "all"
"""Towards the customer's firewall: everything but port 23; in a close: whatever is open (facts: X-9)."""

NO_PORTS: Final = "none"
"""Towards the customer's firewall: nothing is open, where silence would open the standard set."""

Target = IPv4Address | Literal["customer_firewall"]

Plain = Mapping[str, object]
"""A form, or a part of one, as a parser hands it over."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of `servers`, and what it opens.

    Attributes:
        openings: ranges that overlap are made one.
    """

    data: Plain
    openings: tuple[Opening, ...]


def openings_of(form: Plain) -> tuple[Opening, ...]:
    """Return what is open on a line, sorted; what two entries open alike stands there once.

    A server without `ports` has the standard set, and so has the firewall that a form announces and names no opening
    for (facts: I-5.1, X-9).

    Args:
        form: the line's order form, accepted, in plain data.

    Raises:
        ValueError: when an entry cannot be read, which an accepted form has none of.
    """
    found = {opening for entry in entries_of(form) for opening in entry.openings}
    return tuple(sorted(found, key=opening_order))


def entries_of(form: Plain) -> list[Entry]:
    """Return the entries of a form; the one that it implies for the customer's firewall comes last.

    Raises:
        ValueError: when an entry cannot be read.
    """
    found = [Entry(each, tuple(_openings(each))) for each in blocks(form.get("servers"))]
    lan = form.get("lan")
    announced = isinstance(lan, Mapping) and lan.get("customer_firewall") is True
    if announced and all(each.data.get("to") != CUSTOMER_FIREWALL for each in found):
        implied = {"to": CUSTOMER_FIREWALL}
        found.append(Entry(implied, tuple(_openings(implied))))
    return found


def blocks(value: object) -> list[Plain]:
    """Return a list of blocks of a form; nothing where there is none."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def item_ports(written: object, *, without: tuple[PortRange, ...] = STANDARD_OPENINGS) -> tuple[PortRange, ...]:
    """Return the ports that an entry names, ranges that overlap made one.

    Args:
        written: the value of `ports`.
        without: what is meant where nothing is written.

    Raises:
        ValueError: when one is not written as a port.
    """
    if written is None:
        return without
    if not isinstance(written, list):
        raise ValueError("ports are a list")
    if written == [ALL_PORTS]:
        return ALL_BUT_MANAGEMENT
    if written == [NO_PORTS]:
        return ()
    return merge(PortRange.parse(str(each)) for each in written)


def item_target(written: object) -> Target:
    """Return whom an entry names as the target.

    Raises:
        ValueError: when it is neither an IPv4 address nor the customer's firewall.
    """
    return CUSTOMER_FIREWALL if written == CUSTOMER_FIREWALL else IPv4Address(str(written))


def item_sources(written: object) -> tuple[Network, ...]:
    """Return whom an entry lets in, sorted; empty for everybody.

    Raises:
        ValueError: when one is no network.
    """
    if written is None:
        return ()
    if not isinstance(written, list) or not written:
        raise ValueError("sources are a list")
    return sorted_sources(ip_network(str(each)) for each in written)


def opened_by(item: Plain) -> Iterator[Opening]:
    """Yield the openings that an entry of `servers`, or of `open` in a request, stands for.

    Raises:
        ValueError: when it cannot be read.
    """
    return _openings(item)


def shifted(ports: PortRange, shift: int) -> int | None:
    """Return the target's port that the first of `ports` leads to; None where nothing is translated."""
    return ports.first + shift if shift else None


def shift_of(opening: Opening) -> int:
    """Return by how much an opening translates its ports."""
    return 0 if opening.to_port is None else opening.to_port - opening.ports.first


def written_ports(ports: Sequence[PortRange]) -> list[str]:
    """Return ports as a form has them."""
    return [str(each) for each in ports]


def _openings(item: Plain) -> Iterator[Opening]:
    target, sources, to_port = item_target(item.get("to")), item_sources(item.get("from")), item.get("to_port")
    if to_port is not None and not isinstance(to_port, int):
        raise ValueError("a port is a number")
    for ports in item_ports(item.get("ports")):
        yield Opening(ports, target, None if to_port == ports.first else to_port, sources)
