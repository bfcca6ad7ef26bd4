"""Sessions that run through a router from the internet, and which of them a change has closed the way to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from provisioning.model.intent import AddressedIntent
from provisioning.model.opening import Opening
from provisioning.model.port_range import Protocol

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session that somebody on the internet began.

    Attributes:
        source: who began it, with `source_port`.
        target: what he called, with `target_port`.
        host: where that leads, after translation, with `host_port`.
    """

    protocol: Protocol
    source: Address
    source_port: int
    target: Address
    target_port: int
    host: Address
    host_port: int


@dataclass(frozen=True, slots=True)
class EndedSessions:
    """What became of the sessions through what was closed.

    Attributes:
        ended: how many were ended.
        left: how many the router cannot end without ending others; they end once they have been idle for long enough.
    """

    ended: int
    left: int = 0


def sessions_to_end(
    sessions: Iterable[LiveSession], closed: Iterable[Opening], addressed: AddressedIntent
) -> tuple[LiveSession, ...]:
    """Return the sessions that came in by what is closed now, and that nothing which is still open lets in.

    Args:
        sessions: all that the router knows.
        closed: openings that were taken away, or left to fewer.
        addressed: the line as it is now.
    """
    gone, kept = tuple(closed), addressed.intent.openings
    customer = tuple(_customer(addressed))

    def by_any(session: LiveSession, openings: Iterable[Opening]) -> bool:
        return any(_lets_in(each, session, addressed.fixed_ipv4, customer) for each in openings)

    return tuple(each for each in sessions if by_any(each, gone) and not by_any(each, kept))


def _lets_in(
    opening: Opening,
    session: LiveSession,
    fixed: IPv4Address | None,
    customer: tuple[IPv4Network | IPv6Network, ...],
) -> bool:
    if opening.ports.protocol != session.protocol or session.target_port not in opening.ports:
        return False
    if not opening.lets_in(session.source):
        return False
    if not isinstance(opening.target, IPv4Address):
        return any(session.target in each for each in customer)
    arrives = session.target_port - opening.ports.first + opening.target_ports.first
    return session.target == fixed and (session.host, session.host_port) == (opening.target, arrives)


def _customer(addressed: AddressedIntent) -> Iterator[IPv4Network | IPv6Network]:
    yield from addressed.packs
    if addressed.ipv6 is not None and addressed.ipv6.routed_half is not None:
        yield addressed.ipv6.routed_half
