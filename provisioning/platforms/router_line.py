"""One line as the documents of its router look at it."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address

from provisioning.model.intent import AddressedIntent, Intent, Lan
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.operator import BearerRouting, Operator


@dataclass(frozen=True, slots=True)
class Bearer:
    """A way to the internet.

    Attributes:
        name: as it is written in names of route maps and access lists.
        interface: on the router.
    """

    name: str
    interface: str
    routing: BearerRouting


@dataclass(frozen=True, slots=True)
class BearerInterfaces:
    """The interfaces of the bearers on a platform."""

    fixed: str
    mobile: str


@dataclass(frozen=True, slots=True)
class RouterLine:
    """What the documents of one router are computed from."""

    addressed: AddressedIntent
    operator: Operator
    secrets: LineSecrets
    lan: Lan
    management: IPv4Address
    serial: str
    on: BearerInterfaces

    @property
    def intent(self) -> Intent:
        """What the line must do."""
        return self.addressed.intent

    @property
    def backed_up(self) -> bool:
        """Whether there is a mobile bearer: then, and only then, the line speaks BGP (facts: I-6.2)."""
        return "mobile" in self.intent.bearers

    @property
    def fixed(self) -> Bearer:
        """The access line."""
        return Bearer("FIXED", self.on.fixed, self.operator.routing.fixed)

    @property
    def mobile(self) -> Bearer:
        """The back-up."""
        return Bearer("MOBILE", self.on.mobile, self.operator.routing.mobile)

    @property
    def bearers(self) -> tuple[Bearer, ...]:
        """The fixed bearer, and the mobile one where there is a back-up."""
        return (self.fixed, self.mobile) if self.backed_up else (self.fixed,)

    @property
    def interfaces(self) -> tuple[str, ...]:
        """The interfaces of the bearers."""
        return tuple(each.interface for each in self.bearers)

    @property
    def label(self) -> str:
        """What the first line of each document says."""
        return f"Line {self.intent.line}, {self.intent.formula}, router {self.serial}. Written by Proviso."

    @property
    def packs(self) -> tuple[IPv4Network, ...]:
        """The IP Packs in force: the line's own, and for a while after a renumbering the one before."""
        return self.addressed.packs

    @property
    def link_address(self) -> IPv6Address | None:
        """The router's own address on the link /64 (facts: X-14)."""
        return self.addressed.ipv6.link.network_address + 1 if self.addressed.ipv6 else None

    @property
    def own_ipv4(self) -> tuple[IPv4Network, ...]:
        """The public addresses of the line, and the one it is managed by: announced on every bearer."""
        return tuple(self._own_ipv4())

    @property
    def lan_ipv4(self) -> tuple[IPv4Network, ...]:
        """The networks that stand on the LAN: its own, and the IP Packs."""
        return (self.lan.subnet, *self.packs)

    def _own_ipv4(self) -> Iterator[IPv4Network]:
        if self.addressed.fixed_ipv4 is not None:
            yield IPv4Network(self.addressed.fixed_ipv4)
        yield from self.packs
        yield IPv4Network(self.management)


def pack_gateway(pack: IPv4Network) -> IPv4Address:
    """Return the router's own address of an IP Pack, its first one: the gateway of the customer's hosts on it."""
    return pack.network_address + 1


def router_line(
    addressed: AddressedIntent, operator: Operator, secrets: LineSecrets, on: BearerInterfaces
) -> RouterLine:
    """Return the line as the documents of its router look at it.

    Raises:
        ValueError: when the line has no router of ours, which the caller has asked before.
    """
    lan, cpe, management = addressed.intent.lan, addressed.intent.cpe, addressed.management
    if lan is None or cpe is None or management is None:
        raise ValueError(f"line {addressed.intent.line} has no router of ours")
    return RouterLine(addressed, operator, secrets, lan, management, cpe.serial, on)
