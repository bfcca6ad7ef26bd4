"""What the network and the hosts around a customer's router ask of it, of whichever platform it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Network, ip_address
from typing import Protocol

from provisioning.stands.simulator.faults import Faults
from provisioning.stands.simulator.lines import Address
from provisioning.stands.simulator.live_calls import LiveCall
from provisioning.stands.simulator.packets import FIXED, Packet, Passage
from provisioning.stands.simulator.world import Host


class RouterSurroundings(Protocol):
    """What a simulated router asks of the world around it."""

    def now(self) -> datetime:
        """Return the time."""

    def faults_of(self, name: str) -> Faults:
        """Return the faults of a host that are in force."""


@dataclass(frozen=True, slots=True)
class Lease:
    """What a DHCP server lends a new host on the LAN.

    Attributes:
        prefix: length of it.
        router: the default gateway; empty when none is told.
        resolvers: as they are told.
        server: who lends it.
    """

    address: str
    prefix: int
    router: str
    resolvers: tuple[str, ...]
    server: str


@dataclass(frozen=True, slots=True)
class BgpSession:
    """A session that the operator holds with a router.

    Attributes:
        side: the bearer that it comes by: `fixed` or `mobile`.
        neighbour: the operator's address, on the bearer's segment.
        neighbour_as: the operator's AS number.
        own_as: that the operator expects of the router.
    """

    side: str
    neighbour: Address
    neighbour_as: int
    own_as: int


class CustomerRouter(Host, Protocol):
    """A router at a customer's, as those around it meet it.

    Attributes:
        number: of the customer, from 1: what the operator's network gives it goes by that.
    """

    number: int

    @property
    def live(self) -> list[LiveCall]:
        """Calls from outside that go on."""

    def carries(self, call: LiveCall) -> bool:
        """Return whether a call goes on."""

    def tick(self) -> None:
        """Have done what was due until now."""

    # --- addresses ---

    def addresses_on(self, side: str) -> Sequence[Address]:
        """Return the addresses of a side, those of IPv4 first as they were set; none while it is down."""

    def owns(self, address: str) -> bool:
        """Return whether an address is one of the router's."""

    def uses(self, address: Address) -> bool:
        """Return whether an address is of a prefix that was delegated to it, and that it uses behind it."""

    # --- packets ---

    def forward(self, packet: Packet, side: str) -> Passage:
        """Return what becomes of a packet that comes in by a side."""

    def answers(self, passage: Passage) -> bool:
        """Return whether what answers a packet gets back to the sender, and what the sender says then gets there."""

    def call(self, packet: Packet) -> Passage:
        """Return how the first packet of a call of the router's own leaves.

        Args:
            packet: without a source, which the router chooses.

        Returns:
            `dropped` also when the answer would not come in.
        """

    def bounds(self) -> set[int]:
        """Return where what is done with a port may change: the first of each span, and the one after its last."""

    # --- services ---

    def listens(self, protocol: str, address: str, port: int, side: str) -> bool:
        """Return whether a service of the router listens there, for who comes by a side."""

    def announces(self, session: BgpSession, address: Address) -> bool:
        """Return whether a BGP session stands, as far as the router goes, and tells of an address."""

    # --- the LAN ---

    def has_port(self, number: int) -> bool:
        """Return whether what hangs on a LAN port, from 1, is on the LAN."""

    def lease(self, client: int) -> Lease | None:
        """Return what a new host on LAN port 1 is lent; None when nobody makes an offer.

        Args:
            client: number that a server goes by who chooses by MAC address.
        """

    def advertised(self) -> Sequence[IPv6Network]:
        """Return the prefixes that hosts on LAN port 1 are told of by router advertisements."""

    def name_servers(self) -> Sequence[str]:
        """Return whom the router asks for names that hosts on the LAN ask it for."""


def address_on(router: CustomerRouter, version: int, bearer: str = FIXED) -> Address:
    """Return a router's address on a bearer, the fixed one unless said; the unspecified one when it has none."""
    found = (each for each in router.addresses_on(bearer) if each.version == version)
    return next(found, ip_address("0.0.0.0" if version == 4 else "::"))  # noqa: S104 - it has none
