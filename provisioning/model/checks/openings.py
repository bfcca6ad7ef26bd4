"""What is called from the internet: openings, what is shut, the route to the second /57."""

from dataclasses import dataclass
from ipaddress import IPv6Address
from typing import ClassVar

from provisioning.model.checks.check import Address, Check
from provisioning.model.opening import Network
from provisioning.model.port_range import PortRange, Protocol
from provisioning.model.proof import CheckKind
from provisioning.model.verdict import Viewpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningCheck(Check):
    """New connections from the internet to these ports reach their target.

    Attributes:
        address: what is called from outside.
        tried: the ports of the range that are tried: all of a short one, a sample of a long one.
        target: the address that it must arrive at: the LAN host of a port mapping, or `address` itself.
        behind: the viewpoint of the host that has it.
        shift: what is added to a port to get the target's.
        sources: who may connect; empty for everybody. Only a call from there tells whether it is open.
    """

    kind: ClassVar[CheckKind] = CheckKind.OPENING

    address: Address
    ports: PortRange
    tried: tuple[int, ...]
    target: Address
    behind: Viewpoint
    shift: int = 0
    sources: tuple[Network, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShutCheck(Check):
    """These ports are shut to whoever is not allowed to use them: of an opening for some, or of one that was closed.

    Attributes:
        address: what is called from outside.
        tried: the ports of the range that are tried.
        target: where a packet would arrive if they were open.
        allowed: who may connect nevertheless; a call from there tells nothing. Empty for nobody.
    """

    kind: ClassVar[CheckKind] = CheckKind.SHUT

    address: Address
    ports: PortRange
    tried: tuple[int, ...]
    target: Address
    behind: Viewpoint
    shift: int = 0
    allowed: tuple[Network, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedPortCheck(Check):
    """A TCP port is shut on all of these addresses (facts: I-5.2)."""

    kind: ClassVar[CheckKind] = CheckKind.PORT_23

    port: int
    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutedBlockCheck(Check):
    """What is sent from outside to the second /57 arrives at the customer's firewall (facts: I-4.3, X-14).

    Attributes:
        next_hop: the firewall's address on the link; None where it is not known.
    """

    kind: ClassVar[CheckKind] = CheckKind.ROUTED_BLOCK

    address: IPv6Address
    protocol: Protocol
    port: int
    next_hop: IPv6Address | None = None
